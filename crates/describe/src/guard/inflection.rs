//! Whether a word is another form of a word that stands in a field.

/// A language with a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tongue {
    Swedish,
    Danish,
    Norwegian,
    German,
    English,
}

impl Tongue {
    pub(super) const ALL: [Self; 5] =
        [Self::Swedish, Self::Danish, Self::Norwegian, Self::German, Self::English];

    pub(super) fn of(tag: &str) -> Option<Self> {
        match tag {
            "sv" => Some(Self::Swedish),
            "da" => Some(Self::Danish),
            "no" => Some(Self::Norwegian),
            "de" => Some(Self::German),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Endings of number, case, gender and definiteness; none that compares and none that makes another part of speech.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Swedish => &[
                "", "a", "an", "ans", "ar", "arna", "arnas", "as", "e", "en", "ens", "er", "erna", "et",
                "ets", "n", "na", "ns", "or", "orna", "ornas", "r", "s", "t",
            ],
            Self::Danish => &[
                "", "e", "en", "ens", "er", "erne", "ernes", "et", "ets", "n", "ne", "ns", "r", "rne", "s",
                "t", "ts",
            ],
            Self::Norwegian => &[
                "", "a", "e", "en", "ene", "enes", "ens", "er", "ers", "et", "ets", "n", "ne", "ns", "r",
                "s", "t",
            ],
            Self::German => &["", "e", "em", "en", "er", "ern", "es", "n", "ns", "s"],
            Self::English => &["", "'s", "es", "ies", "s", "y"],
        }
    }
}

/// The fewest letters that two forms share.
const STEM_LEAST: usize = 4;

/// The fewest where the field's word is whole within the other.
const WHOLE_LEAST: usize = 3;

/// Whether `word` is `source` or a form of it; both in lower case.
pub(super) fn is_form_of(word: &str, source: &str, tongue: Option<Tongue>) -> bool {
    if word == source {
        return true;
    }
    let Some(tongue) = tongue else { return false };
    if !source.ends_with(char::is_alphabetic)
        || word.chars().any(|c| !c.is_alphabetic() && c != '-' && c != '\'')
    {
        return false;
    }
    let shared: usize =
        word.chars().zip(source.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let letters = word[..shared].chars().count();
    // The ending may begin before the forms part: `batteri` and `batterier`.
    let endings = tongue.endings();
    for back in 0..=2 {
        let Some(stem) = letters.checked_sub(back) else { break };
        let at: usize = word.chars().take(stem).map(char::len_utf8).sum();
        let (mine, theirs) = (&word[at..], &source[at..]);
        let least = if theirs.is_empty() && mine.len() <= 2 { WHOLE_LEAST } else { STEM_LEAST };
        if stem < least {
            break;
        }
        if tongue == Tongue::English
            && (mine.starts_with('y') || theirs.starts_with('y') || mine == "ies" || theirs == "ies")
        {
            if matches!((mine, theirs), ("y", "ies") | ("ies", "y")) {
                return true;
            }
            continue;
        }
        if endings.contains(&mine) && endings.contains(&theirs) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_endings_pass_and_other_words_do_not() {
        let is = |word, source, tag| is_form_of(word, source, Tongue::of(tag));
        for (word, source, tag) in [
            ("kannan", "kanna", "sv"),
            ("kannor", "kanna", "sv"),
            ("skruvdragarens", "skruvdragare", "sv"),
            ("batterierna", "batteri", "sv"),
            ("taket", "tak", "sv"),
            ("skruemaskinen", "skruemaskin", "no"),
            ("flasken", "flaske", "da"),
            ("schraubers", "schrauber", "de"),
            ("flaschen", "flasche", "de"),
            ("batteries", "battery", "en"),
            ("boxes", "box", "en"),
            ("kettle's", "kettle", "en"),
        ] {
            assert!(is(word, source, tag), "{word} of {source}");
        }
        for (word, source, tag) in [
            ("starkare", "stark", "sv"),
            ("starkast", "stark", "sv"),
            ("glasögon", "glas", "sv"),
            ("ekologisk", "ek", "sv"),
            ("vitare", "vit", "sv"),
            ("mattad", "matta", "sv"),
            ("bomb", "bomull", "sv"),
            ("kafé", "kaffe", "sv"),
            ("stål", "stol", "sv"),
            ("lighter", "light", "en"),
            ("fresher", "fresh", "en"),
            ("grip", "grips it", "en"),
            ("steel", "steed", "en"),
            ("woolly", "wool", "en"),
            ("stärker", "stark", "de"),
            ("holzig", "holz", "de"),
            ("kleinste", "klein", "de"),
            ("a", "as", "en"),
        ] {
            assert!(!is(word, source, tag), "{word} of {source}");
        }
    }
}
