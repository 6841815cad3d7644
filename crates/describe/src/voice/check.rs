//! Sentences held to a voice.

use berika_catalog::Language;
use serde::{Deserialize, Serialize};

use super::words::{Phrase, lower_words};
use super::{Address, Tone, Voice, VoiceExample};
use crate::Part;

/// A rule of a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// A banned word or phrase, or one that another is preferred to.
    Banned,
    /// A sentence of too many words, or a text of too many characters.
    Length,
    /// The wrong form of address.
    Address,
    /// An exclamation mark, or a contraction in a formal voice.
    Tone,
}

impl Rule {
    /// The rule in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Banned => "banned",
            Self::Length => "length",
            Self::Address => "address",
            Self::Tone => "tone",
        }
    }
}

/// A rule that a sentence breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// The rule.
    pub rule: Rule,
    /// The words that break it.
    pub words: String,
}

/// What became of an example of a voice file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExampleVerdict {
    /// Its number, from 1.
    pub number: usize,
    /// The example.
    pub example: VoiceExample,
    /// The rule it broke, and where.
    pub found: Option<Breach>,
}

impl ExampleVerdict {
    /// Whether the voice judged it as the file says.
    pub fn as_expected(&self) -> bool {
        let rule = self.found.as_ref().map(|breach| breach.rule);
        match (self.example.ok, self.example.breaks) {
            (true, _) => rule.is_none(),
            (false, None) => rule.is_some(),
            (false, Some(wanted)) => rule == Some(wanted),
        }
    }
}

/// Judges examples by the code that judges published texts.
pub fn check(voice: &Voice, examples: &[VoiceExample]) -> Vec<ExampleVerdict> {
    let judged = |(index, example): (usize, &VoiceExample)| {
        let too_long = example.part.and_then(|part| voice.check_length(part, &example.text).err());
        let sentences = crate::guard::sentences(&example.text);
        let broken =
            || sentences.iter().find_map(|s| voice.check_sentence(s, example.language.as_ref()).err());
        ExampleVerdict { number: index + 1, example: example.clone(), found: too_long.or_else(broken) }
    };
    examples.iter().enumerate().map(judged).collect()
}

impl Voice {
    /// Whether a sentence keeps to the voice. Without a language the form of address is not looked at.
    ///
    /// # Errors
    /// The [`Breach`] of the first rule that it does not keep.
    pub fn check_sentence(&self, sentence: &str, language: Option<&Language>) -> Result<(), Breach> {
        self.check_sentence_about(sentence, language, &[])
    }

    /// The same for a sentence with names of products in it, whose words are their own.
    pub(crate) fn check_sentence_about(
        &self,
        sentence: &str,
        language: Option<&Language>,
        names: &[&str],
    ) -> Result<(), Breach> {
        let breach = |rule, words: String| Err(Breach { rule, words });
        let named = |word: &str| names.iter().any(|name| lower_words(name).iter().any(|own| own == word));
        let spoken = lower_words(sentence);
        if spoken.len() > self.sentence_words_most {
            return breach(Rule::Length, format!("{} words", spoken.len()));
        }
        let unwanted = self.banned.iter().chain(self.preferred.iter().map(|(from, _)| from));
        for phrase in unwanted {
            if let Some((from, to)) = Phrase::new(phrase).find(&spoken, 0)
                && !spoken[from..to].iter().all(|word| named(word))
            {
                return breach(Rule::Banned, spoken[from..to].join(" "));
            }
        }
        let marks = sentence.chars().filter(|c| *c == '!').count();
        if marks > usize::from(self.tone == Tone::Friendly) {
            return breach(Rule::Tone, "!".to_owned());
        }
        if self.tone == Tone::Formal
            && let Some(contraction) = contraction(sentence)
        {
            return breach(Rule::Tone, contraction);
        }
        match language.and_then(|language| wrong_address(self.address, sentence, language)) {
            Some(word) => breach(Rule::Address, word),
            None => Ok(()),
        }
    }

    /// Whether a text has room in its part.
    ///
    /// # Errors
    /// A [`Breach`] of [`Rule::Length`].
    pub fn check_length(&self, part: Part, text: &str) -> Result<(), Breach> {
        let length = text.chars().count();
        let fits = length <= self.limits.of(part);
        fits.then_some(()).ok_or_else(|| Breach { rule: Rule::Length, words: format!("{length} characters") })
    }
}

/// `it's`, `don't`, `you’ll`.
fn contraction(sentence: &str) -> Option<String> {
    const ENDS: &[&str] = &["n't", "'re", "'ll", "'ve", "'m", "'d"];
    const WHOLE: &[&str] = &["it's", "that's", "here's", "there's", "what's", "let's"];
    sentence.split_whitespace().find_map(|word| {
        let word = word.replace('’', "'").to_lowercase();
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        (WHOLE.contains(&word) || ENDS.iter().any(|end| word.ends_with(end))).then(|| word.to_owned())
    })
}

/// A pronoun of the other form. English has one form, and a German or Nordic formal one is told by its capital within a
/// sentence: at its beginning `Sie` may be a plural.
fn wrong_address(address: Address, sentence: &str, language: &Language) -> Option<String> {
    let (informal, formal): (&[&str], &[&str]) = match language.as_str() {
        "sv" => (&["du", "dig", "din", "ditt", "dina"], &["Ni", "Er", "Ert", "Era"]),
        "da" => (&["du", "dig", "din", "dit", "dine"], &["De", "Dem", "Deres"]),
        "no" => (&["du", "deg", "din", "ditt", "dine", "di"], &["De", "Dem", "Deres"]),
        "de" => (
            &[
                "du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner", "deines", "ihr", "euch",
                "euer", "eure",
            ],
            &["Sie", "Ihnen", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres"],
        ),
        _ => return None,
    };
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_informal =
        |word: &str| informal.contains(&word.to_lowercase().as_str()) && !formal.contains(&word);
    match address {
        Address::None => None,
        Address::Informal => words.iter().skip(1).find(|word| formal.contains(word)),
        Address::Formal => words.iter().find(|word| is_informal(word)),
    }
    .map(|word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice() -> Voice {
        Voice {
            banned: vec!["billig*".to_owned(), "bäst i test".to_owned()],
            preferred: vec![("skruvmaskin".to_owned(), "skruvdragare".to_owned())],
            sentence_words_most: 8,
            ..Voice::default()
        }
    }

    fn rule(voice: &Voice, sentence: &str, language: &str) -> Option<Rule> {
        let language = Language::parse(language).unwrap();
        voice.check_sentence(sentence, Some(&language)).err().map(|breach| breach.rule)
    }

    #[test]
    fn banned_words_are_whole_words_or_beginnings() {
        for (sentence, broken) in [
            ("Billigaste kannan.", true),
            ("Bäst  i test!", true),
            ("Den är bäst i testet.", false),
            ("Obilligt val.", false),
            ("En skruvmaskin.", true),
            ("En skruvdragare.", false),
        ] {
            let found = rule(&voice(), sentence, "sv") == Some(Rule::Banned);
            assert_eq!(found, broken, "{sentence}");
        }
        assert_eq!(rule(&voice(), "Ett två tre fyra fem sex sju åtta nio.", "sv"), Some(Rule::Length));
    }

    #[test]
    fn tone_and_address_are_kept() {
        let with = |tone, address| Voice { tone, address, ..Voice::default() };
        let friendly = with(Tone::Friendly, Address::None);
        assert_eq!(rule(&friendly, "Här är kannan!", "sv"), None);
        assert_eq!(rule(&friendly, "Här är kannan!!", "sv"), Some(Rule::Tone));
        assert_eq!(rule(&with(Tone::Neutral, Address::None), "Här är kannan!", "sv"), Some(Rule::Tone));
        assert_eq!(rule(&with(Tone::Formal, Address::None), "It's a kettle.", "en"), Some(Rule::Tone));
        let informal = with(Tone::Neutral, Address::Informal);
        let formal = with(Tone::Neutral, Address::Formal);
        assert_eq!(rule(&informal, "Hier finden Sie die Kanne.", "de"), Some(Rule::Address));
        assert_eq!(rule(&informal, "Hier findest du die Kanne.", "de"), None);
        assert_eq!(rule(&formal, "Hier findest du die Kanne.", "de"), Some(Rule::Address));
        assert_eq!(rule(&formal, "Hier finden Sie Ihre Kanne.", "de"), None);
        assert_eq!(rule(&formal, "Du hittar kannan här.", "sv"), Some(Rule::Address));
        assert_eq!(rule(&formal, "You find the kettle here.", "en"), None);
    }

    #[test]
    fn preferred_words_replace_others_but_not_in_names() {
        let voice = voice();
        assert_eq!(
            voice.apply_preferred("Skruvmaskin, en skruvmaskin.", &[]),
            "Skruvdragare, en skruvdragare."
        );
        assert_eq!(
            voice.apply_preferred("Bosch Skruvmaskin X är en skruvmaskin.", &["Bosch Skruvmaskin X"]),
            "Bosch Skruvmaskin X är en skruvdragare."
        );
    }

    #[test]
    fn examples_are_judged_as_texts_are() {
        let example = |text: &str, ok, breaks| VoiceExample {
            text: text.to_owned(),
            ok,
            breaks,
            language: None,
            part: Some(Part::SeoTitle),
        };
        let examples = [
            example("Kannan är röd. Den är billig.", false, Some(Rule::Banned)),
            example("Kannan är röd.", true, None),
            example("Kannan är billig.", true, None),
            example(&"Kannan är röd. ".repeat(9), false, Some(Rule::Length)),
        ];
        let verdicts: Vec<bool> =
            check(&voice(), &examples).iter().map(ExampleVerdict::as_expected).collect();
        assert_eq!(verdicts, [true, true, false, true]);
    }
}
