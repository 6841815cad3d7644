//! A voice from its file: what is wrong is said with its line and what to do.

use std::path::{Path, PathBuf};

use super::words::Phrase;
use super::{Limits, Voice, WORDS_MOST, html};
use crate::Part;
use crate::facts::is_claim;

/// The most bytes of a voice file.
const FILE_MOST: usize = 256 << 10;

/// The most entries of each list.
const ENTRIES_MOST: usize = 2_000;

/// The most characters of a word or phrase.
const PHRASE_MOST: usize = 80;

/// The fewest words of a sentence that a voice may ask for, and the fewest characters of a text.
const WORDS_LEAST: usize = 8;
const CHARACTERS_LEAST: usize = 20;

/// A voice file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("voice file {}{}: {message}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct VoiceError {
    /// The file.
    pub path: PathBuf,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Voice {
    /// Reads a voice from the text of the file at `path`, which is for messages only.
    ///
    /// # Errors
    /// [`VoiceError`], where the text is no voice or asks for what no voice may have.
    pub fn parse(text: &str, path: &Path) -> Result<Self, VoiceError> {
        let wrong = |line, message| VoiceError { path: path.to_owned(), line, message };
        if text.len() > FILE_MOST {
            return Err(wrong(None, format!("it has {} bytes, at most {FILE_MOST} are read", text.len())));
        }
        let voice: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| line_of(text, span.start));
            wrong(line, error.message().trim().replace('\n', " "))
        })?;
        match voice.fault() {
            None => Ok(voice),
            Some((key, entry, message)) => Err(wrong(place(text, key, &entry), message)),
        }
    }

    /// What no voice may have: its key, the text to look for, and what to do.
    fn fault(&self) -> Option<(&'static str, String, String)> {
        self.fault_of_lengths().or_else(|| self.fault_of_words()).or_else(|| self.fault_of_examples())
    }

    fn fault_of_lengths(&self) -> Option<(&'static str, String, String)> {
        let most = Limits::default();
        for part in Part::ALL {
            let (asked, most) = (self.limits.of(part), most.of(part));
            if !(CHARACTERS_LEAST..=most).contains(&asked) {
                let name = part.as_str();
                let message =
                    format!("{name} = {asked} is not from {CHARACTERS_LEAST} to {most}: write one that is");
                return Some((name, String::new(), message));
            }
        }
        if !(WORDS_LEAST..=WORDS_MOST).contains(&self.sentence_words_most) {
            let asked = self.sentence_words_most;
            let message = format!(
                "sentence_words_most = {asked} is not from {WORDS_LEAST} to {WORDS_MOST}: write one that is"
            );
            return Some(("sentence_words_most", String::new(), message));
        }
        let tag = self.html.iter().find(|tag| !html::TAGS.contains(&tag.as_str()))?;
        Some((
            "html",
            tag.clone(),
            format!("{tag:?} is no tag that texts have: use {}", html::TAGS.join(", ")),
        ))
    }

    fn fault_of_words(&self) -> Option<(&'static str, String, String)> {
        let lists = [
            ("banned", self.banned.len()),
            ("preferred", self.preferred.len()),
            ("neutral", self.neutral.len()),
            ("examples", self.examples.len()),
        ];
        if let Some((key, length)) = lists.into_iter().find(|(_, length)| *length > ENTRIES_MOST) {
            return Some((
                key,
                String::new(),
                format!("{key} has {length} entries, at most {ENTRIES_MOST} are read"),
            ));
        }
        let phrases = self.banned.iter().map(|word| ("banned", word));
        let from = self.preferred.iter().map(|(from, _)| ("preferred", from));
        for (key, phrase) in phrases.chain(from) {
            let star = phrase.trim_end_matches('*').contains('*')
                || phrase.ends_with("**")
                || phrase.ends_with(" *");
            if Phrase::new(phrase).is_empty() || phrase.chars().count() > PHRASE_MOST || star || phrase == "*"
            {
                let message = format!(
                    "{phrase:?} is no word or phrase: a `*` may stand at the end of its last word only"
                );
                return Some((key, phrase.clone(), message));
            }
        }
        let to = self.preferred.iter().map(|(_, to)| ("preferred", to));
        for (key, word) in to.chain(self.neutral.iter().map(|word| ("neutral", word))) {
            let plain = word.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’'))
                && word.chars().any(char::is_alphabetic)
                && word.chars().count() <= PHRASE_MOST;
            if !plain {
                let message =
                    format!("{word:?} is not made of letters: write a word without numbers and signs");
                return Some((key, word.clone(), message));
            }
            if is_claim(word) || word.split_whitespace().any(crate::guard::is_regulated) {
                let message =
                    format!("{word:?} is a claim, which only a product's own fields can prove: take it out");
                return Some((key, word.clone(), message));
            }
        }
        None
    }

    fn fault_of_examples(&self) -> Option<(&'static str, String, String)> {
        let odd = self.examples.iter().find(|example| example.ok && example.breaks.is_some())?;
        Some((
            "text",
            odd.text.clone(),
            "an example with ok = true breaks no rule: take `breaks` out".to_owned(),
        ))
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

/// The line that holds `entry` behind the key, or the key's own.
fn place(text: &str, key: &str, entry: &str) -> Option<usize> {
    let mut from = None;
    for (number, line) in text.lines().enumerate() {
        let is_key =
            line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']));
        if is_key {
            from = Some(number + 1);
        }
        if from.is_some() && !entry.is_empty() && line.contains(entry) {
            return Some(number + 1);
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::{Address, Rule, Tone};

    fn parse(text: &str) -> Result<Voice, String> {
        Voice::parse(text, Path::new("se.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_voice_is_read_whole() {
        let voice = parse(
            "name = 'se'\ntone = 'friendly'\naddress = 'informal'\nbanned = ['billig*', 'bäst i test']\n\
             preferred = [['skruvmaskin', 'skruvdragare']]\nsentence_words_most = 20\nhtml = ['p', 'br']\n\
             [limits]\ntitle = 70\n[[examples]]\ntext = 'Billigast i stan.'\nok = false\nbreaks = 'banned'\n",
        )
        .unwrap();
        assert_eq!((voice.tone, voice.address), (Tone::Friendly, Address::Informal));
        assert_eq!((voice.limits.title, voice.limits.short), (70, Limits::default().short));
        assert_eq!(voice.examples[0].breaks, Some(Rule::Banned));
        assert_eq!(parse(""), Ok(Voice::default()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, expected) in [
            ("tone = 'loud'", "voice file se.toml, line 1: unknown variant"),
            ("\ntonne = 'formal'", "voice file se.toml, line 2: unknown field"),
            ("[limits]\ntitle = 151", "voice file se.toml, line 2: title = 151 is not from 20 to 150"),
            (
                "sentence_words_most = 2",
                "voice file se.toml, line 1: sentence_words_most = 2 is not from 8 to 50",
            ),
            ("html = ['p',\n'script']", "voice file se.toml, line 2: \"script\" is no tag"),
            ("banned = ['*']", "voice file se.toml, line 1: \"*\" is no word"),
            ("banned = ['a* b']", "voice file se.toml, line 1: \"a* b\" is no word"),
            ("neutral = ['fin', '18 V']", "voice file se.toml, line 1: \"18 V\" is not made of letters"),
            (
                "preferred = [['mjölk', 'ekologisk mjölk']]",
                "voice file se.toml, line 1: \"ekologisk mjölk\" is a claim",
            ),
            (
                "examples = [{ text = 'a', ok = true, breaks = 'banned' }]",
                "voice file se.toml: an example with ok",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
