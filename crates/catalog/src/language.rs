//! Languages as BCP 47 primary subtags, given or detected.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language: the primary subtag of a BCP 47 tag in lower case (`sv`, `da`, `de`, `en`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// A text that is no language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no language tag such as \"sv\" or \"sv-SE\"")]
pub struct InvalidLanguage(String);

impl Language {
    /// Reads a tag such as `sv`, `sv-SE` or `EN_gb`, or an ISO 639-2 code of BMEcat such as `swe`; the region is
    /// dropped.
    ///
    /// # Errors
    /// [`InvalidLanguage`] unless the primary subtag is two or three letters.
    pub fn parse(text: &str) -> Result<Self, InvalidLanguage> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(InvalidLanguage(text.chars().take(20).collect()));
        }
        let two = match primary.as_str() {
            "swe" => "sv",
            "dan" => "da",
            "deu" | "ger" => "de",
            "eng" => "en",
            "nor" | "nob" | "nno" | "nb" | "nn" => "no",
            "fin" => "fi",
            "nld" | "dut" => "nl",
            "fra" | "fre" => "fr",
            other => other,
        };
        Ok(Self(two.to_owned()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language that `text` is most likely in, or `None` where it is too short or too unsure to say.
    ///
    /// Only the languages of our markets are considered: on the few words of a title, each further language makes
    /// the guess worse.
    pub fn detect(text: &str) -> Option<Self> {
        use whatlang::Lang;
        const CONSIDERED: [(Lang, &str); 6] = [
            (Lang::Swe, "sv"),
            (Lang::Dan, "da"),
            (Lang::Nob, "no"),
            (Lang::Deu, "de"),
            (Lang::Eng, "en"),
            (Lang::Fin, "fi"),
        ];
        const ENOUGH_LETTERS: usize = 20;
        let sample: String = text.chars().take(2_000).collect();
        if sample.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH_LETTERS {
            return None;
        }
        let detector = whatlang::Detector::with_allowlist(CONSIDERED.iter().map(|(lang, _)| *lang).collect());
        let info = detector.detect(&sample)?;
        let (_, tag) = CONSIDERED.iter().find(|(lang, _)| *lang == info.lang())?;
        (info.confidence() >= 0.5).then(|| Self((*tag).to_owned()))
    }
}

impl TryFrom<String> for Language {
    type Error = InvalidLanguage;
    fn try_from(text: String) -> Result<Self, InvalidLanguage> {
        Self::parse(&text)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_reduced_to_the_primary_subtag() {
        for (text, tag) in [("sv-SE", "sv"), ("EN_gb", "en"), ("deu", "de"), (" da ", "da"), ("nb-NO", "no")]
        {
            assert_eq!(Language::parse(text).unwrap().as_str(), tag);
        }
        assert!(Language::parse("").is_err());
        assert!(Language::parse("s1").is_err());
    }

    #[test]
    fn sentences_are_recognised_and_scraps_are_not() {
        let of = |text| Language::detect(text).map(|l| l.as_str().to_owned());
        assert_eq!(of("Mjölken kommer från svenska gårdar och är pastöriserad").as_deref(), Some("sv"));
        assert_eq!(of("The kettle boils a litre of water in under three minutes").as_deref(), Some("en"));
        assert_eq!(
            of("Der Akkuschrauber wird mit zwei Akkus und einem Ladegerät geliefert").as_deref(),
            Some("de")
        );
        assert_eq!(of("18V 2x2,0Ah"), None);
    }
}
