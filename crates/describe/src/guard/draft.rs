//! A model's draft of one text: its sentences judged, what is left assembled.

use std::collections::HashSet;

use super::judge::Verdict;
use super::{Guard, Removed, Why, sentences};
use crate::{Author, Part, Sentence, Text};

/// The most characters of a removed sentence that are remembered.
const REMEMBERED_MOST: usize = 300;

/// What the guard left of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The text; `None` where too little is left of it.
    pub text: Option<Text>,
    /// How many sentences were looked at.
    pub checked: u32,
    /// Those that were taken out.
    pub removed: Vec<Removed>,
}

impl Guard<'_> {
    /// Judges the paragraphs of a draft and assembles what is left within the voice's limits.
    ///
    /// A title passes whole or not at all, and names the product. Of a short text and of a page's description at least one
    /// sentence, of a long text two must be left, and they must name the product and state a fact (a long text two).
    pub fn text(&self, part: Part, paragraphs: &[String]) -> Guarded {
        match part {
            Part::Title | Part::SeoTitle => self.line(part, paragraphs),
            Part::Short | Part::Long | Part::SeoDescription => self.prose(part, paragraphs),
        }
    }

    fn line(&self, part: Part, paragraphs: &[String]) -> Guarded {
        let whole = paragraphs.join(" ");
        let line = whole.trim();
        let draft = line.strip_suffix('.').unwrap_or(line);
        let line = self.preferred(draft);
        if line.is_empty() {
            return Guarded { text: None, checked: 0, removed: Vec::new() };
        }
        let most = self.request.voice.limits.of(part);
        let judged = self.judge(draft).and_then(|verdict| match verdict.names_whole {
            _ if words(draft)
                .any(|word| VERBS.contains(&word.as_str()) && !self.own.to_lowercase().contains(&word)) =>
            {
                Err((Why::NotAText, "a sentence for a title".to_owned()))
            }
            _ if line.chars().count() > most => {
                Err((Why::NoRoom, format!("{} characters", line.chars().count())))
            }
            true => Ok(verdict),
            false => Err((Why::Groundless, "it does not name the product".to_owned())),
        });
        match judged {
            Ok(verdict) => {
                let sentence = Sentence { text: line.clone(), fields: verdict.fields };
                let text = Text { text: line, sentences: vec![sentence], by: Author::Model };
                Guarded { text: Some(text), checked: 1, removed: Vec::new() }
            }
            Err((why, words)) => {
                Guarded { text: None, checked: 1, removed: vec![removed(part, &line, why, &words)] }
            }
        }
    }

    fn prose(&self, part: Part, paragraphs: &[String]) -> Guarded {
        let most = self.request.voice.limits.of(part);
        let between = if part == Part::Long { "\n\n" } else { " " };
        let mut guarded = Guarded { text: None, checked: 0, removed: Vec::new() };
        let mut text = Text { text: String::new(), sentences: Vec::new(), by: Author::Model };
        let mut length = 0;
        let mut seen = HashSet::new();
        let mut said = Verdict::default();
        for paragraph in paragraphs {
            let mut begun = false;
            for sentence in sentences(paragraph) {
                guarded.checked += 1;
                let draft = sentence;
                let sentence = self.preferred(&draft);
                let joint = match (text.text.is_empty(), begun) {
                    (true, _) => "",
                    (false, true) => " ",
                    (false, false) => between,
                };
                let added = joint.chars().count() + sentence.chars().count();
                let judged = match self.judge(&draft) {
                    Ok(_) if !seen.insert(sentence.to_lowercase()) => {
                        Err((Why::NotAText, "said before".to_owned()))
                    }
                    Ok(_) if !is_whole(&draft, &self.own) => {
                        Err((Why::NotAText, "no whole sentence".to_owned()))
                    }
                    Ok(_) if length + added > most => Err((Why::NoRoom, format!("{added} characters"))),
                    judged => judged,
                };
                match judged {
                    Ok(verdict) => {
                        text.text.push_str(joint);
                        text.text.push_str(&sentence);
                        length += added;
                        begun = true;
                        said.names |= verdict.names;
                        said.facts.extend(&verdict.facts);
                        text.sentences.push(Sentence { text: sentence, fields: verdict.fields });
                    }
                    Err((why, words)) => guarded.removed.push(removed(part, &sentence, why, &words)),
                }
            }
        }
        said.facts.sort_unstable();
        said.facts.dedup();
        let needed = if part == Part::Long { 2 } else { 1 };
        let enough = text.sentences.len() >= needed && said.names && said.facts.len() >= needed;
        guarded.text = enough.then_some(text);
        guarded
    }
}

/// Verbs that make a sentence of a title, and that no statement begins or ends with.
const VERBS: &[&str] =
    &["är", "har", "er", "ist", "sind", "hat", "is", "are", "has", "kommer", "kommt", "comes"];

/// Whether it begins with a capital, a number or the name, ends with a full stop, has its quotes in pairs, and is no half of a
/// sentence: `50 cl.` is what an abbreviation left of one.
fn is_whole(sentence: &str, own: &str) -> bool {
    let opening: &[char] = &['"', '”', '“', '„', '«', '»', '\'', '‘'];
    let start = sentence.trim_start_matches(opening);
    let begins = !start.starts_with(char::is_lowercase)
        || own.starts_with(start.split(' ').next().unwrap_or_default());
    let ends = sentence.trim_end_matches(['"', '”', '“', '«', '»', '’', ')']).ends_with(['.', '!', '…']);
    let spoken: Vec<String> = words(sentence).collect();
    let lettered = spoken
        .iter()
        .filter(|word| word.chars().all(char::is_alphabetic) && word.chars().count() > 2)
        .count();
    let count = |signs: &[char]| sentence.chars().filter(|c| signs.contains(c)).count();
    let paired = count(&['«', '»', '„', '“', '”']).is_multiple_of(2);
    let is_verb = |word: Option<&String>| word.is_some_and(|word| VERBS.contains(&word.as_str()));
    begins && ends && paired && lettered >= 1 && !is_verb(spoken.first()) && !is_verb(spoken.last())
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn removed(part: Part, sentence: &str, why: Why, words: &str) -> Removed {
    let head = |text: &str| text.chars().take(REMEMBERED_MOST).collect();
    Removed { part, sentence: head(sentence), why, words: head(words) }
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn halves_of_sentences_are_none() {
        for whole in ["Vikten är 215 g.", "Dette er «Kulepenn» fra Skrivo.", "Asta Hammare."] {
            assert!(is_whole(whole, "Asta Hammare"), "{whole}");
        }
        for half in [
            "215 g.",
            "Dette er «Ballpoint Pens blue 0,7 mm fra Skrivo.",
            "50 cl.",
            "och röd färg.",
            "Vikten är",
        ] {
            assert!(!is_whole(half, "Asta Hammare"), "{half}");
        }
    }
}
