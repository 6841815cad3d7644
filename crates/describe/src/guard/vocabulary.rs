//! The words that sentences may hold without a field behind them, and the words that they may not.
//!
//! The lists stand in text files beside this one, so that people can review them; they are read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::inflection::Tongue;
use crate::facts::FactKind;

/// What a word is in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Joins things of one kind.
    And,
    /// Says nothing by itself.
    Neutral,
    /// "About", before a number.
    About,
    /// "From": a maker or a country follows.
    From,
    /// "Under", "up to": before a number it says another one.
    Limit,
    /// Whoever gives the facts.
    Supplier,
    /// "Contains": an amount follows, or food information word for word.
    Contains,
    /// "May contain": food information follows word for word.
    MayContain,
    /// Says what a number or word is about.
    Noun(Vec<FactKind>),
    /// The same as an adjective behind the number.
    After(Vec<FactKind>),
    /// "Not", "without".
    Negation,
    /// "We", "I".
    Person,
    /// Compares, praises or promises.
    Comparison,
    /// A number in letters.
    Number,
}

/// The words of one language. Longer phrases come before their beginnings.
#[derive(Debug)]
pub(super) struct Vocabulary {
    phrases: HashMap<&'static str, Vec<(Vec<&'static str>, Role)>>,
}

impl Vocabulary {
    /// The vocabulary of a language, read once.
    pub(super) fn of(tongue: Tongue) -> &'static Self {
        static ALL: LazyLock<HashMap<Tongue, Vocabulary>> = LazyLock::new(|| {
            Tongue::ALL.into_iter().map(|tongue| (tongue, Vocabulary::read(text_of(tongue)))).collect()
        });
        &ALL[&tongue]
    }

    fn read(text: &'static str) -> Self {
        let mut phrases: HashMap<&'static str, Vec<(Vec<&'static str>, Role)>> = HashMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, words)) = line.split_once(": ") else { continue };
            for written in words.split_whitespace() {
                let (adjective, plain) =
                    written.strip_prefix('>').map_or((false, written), |plain| (true, plain));
                let words: Vec<&'static str> =
                    plain.split('_').map(|word| word.trim_end_matches(['.', ':'])).collect();
                if let Some(role) = role(name, adjective) {
                    phrases.entry(words[0]).or_default().push((words, role));
                }
            }
        }
        for list in phrases.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { phrases }
    }

    /// The longest phrase at the start of `words`, with its number of words.
    pub(super) fn longest<'w>(
        &self,
        mut words: impl Iterator<Item = &'w str> + Clone,
    ) -> Option<(&Role, usize)> {
        let whole = words.clone();
        let first = words.next()?;
        self.phrases.get(first)?.iter().find_map(|(phrase, role)| {
            let mut spoken = whole.clone();
            phrase.iter().all(|word| spoken.next() == Some(*word)).then_some((role, phrase.len()))
        })
    }

    /// What a single word is.
    pub(super) fn role(&self, word: &str) -> Option<&Role> {
        self.longest(std::iter::once(word)).map(|(role, _)| role)
    }

    /// Whether a word, or a form of it, compares or praises.
    pub(super) fn compares(&self, word: &str) -> bool {
        let is = |word: &str| matches!(self.role(word), Some(Role::Comparison));
        const ENDINGS: &[&str] =
            &["", "e", "er", "en", "em", "es", "t", "a", "s", "ly", "are", "ere", "ste", "aste", "este"];
        ENDINGS.iter().any(|end| {
            let stem = word.strip_suffix(end).filter(|stem| end.is_empty() || stem.chars().count() > 3);
            stem.is_some_and(is)
        })
    }

    /// Whether a word says nothing by itself.
    pub(super) fn is_neutral(&self, word: &str) -> bool {
        matches!(self.role(word), Some(Role::Neutral | Role::Limit | Role::And | Role::Supplier))
    }

    #[cfg(test)]
    pub(super) fn words(&self) -> impl Iterator<Item = (String, &Role)> {
        self.phrases.values().flatten().map(|(words, role)| (words.join(" "), role))
    }
}

fn text_of(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::Swedish => include_str!("vocabulary/sv.txt"),
        Tongue::Danish => include_str!("vocabulary/da.txt"),
        Tongue::Norwegian => include_str!("vocabulary/no.txt"),
        Tongue::German => include_str!("vocabulary/de.txt"),
        Tongue::English => include_str!("vocabulary/en.txt"),
    }
}

fn role(name: &str, adjective: bool) -> Option<Role> {
    Some(match name {
        "and" => Role::And,
        "neutral" => Role::Neutral,
        "about" => Role::About,
        "from" => Role::From,
        "limit" => Role::Limit,
        "supplier" => Role::Supplier,
        "contains" => Role::Contains,
        "may-contain" => Role::MayContain,
        "negation" => Role::Negation,
        "person" => Role::Person,
        "comparison" => Role::Comparison,
        "number" => Role::Number,
        kinds => {
            let kinds: Vec<FactKind> = kinds.split(',').map(kind).collect::<Option<_>>()?;
            if adjective { Role::After(kinds) } else { Role::Noun(kinds) }
        }
    })
}

fn kind(name: &str) -> Option<FactKind> {
    use FactKind as K;
    const KINDS: &[FactKind] = &[
        K::Brand,
        K::NetContent,
        K::Volume,
        K::ScreenSize,
        K::Storage,
        K::Power,
        K::Voltage,
        K::BatteryCapacity,
        K::Torque,
        K::RotationSpeed,
        K::LuminousFlux,
        K::ColourTemperature,
        K::Pressure,
        K::Current,
        K::Frequency,
        K::FatContent,
        K::AlcoholContent,
        K::CocoaContent,
        K::BurnTime,
        K::RunTime,
        K::Dimensions,
        K::Length,
        K::Width,
        K::Height,
        K::Depth,
        K::Diameter,
        K::Thickness,
        K::CableLength,
        K::Weight,
        K::MaximumLoad,
        K::NoiseLevel,
        K::PackSize,
        K::Colour,
        K::Material,
        K::Size,
        K::Origin,
        K::Diet,
        K::Certification,
        K::EnergyClass,
        K::LampBase,
        K::ProtectionClass,
        K::AgeRecommendation,
        K::Care,
        K::Ingredients,
        K::Allergens,
    ];
    KINDS.iter().find(|kind| format!("{kind:?}").to_lowercase() == name.replace('-', "")).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Vocabulary as FactWords;
    use crate::guard::claims::{self, Regulated};
    use berika_catalog::Language;

    #[test]
    fn every_line_has_a_role() {
        for tongue in Tongue::ALL {
            for line in text_of(tongue).lines().filter(|line| !line.starts_with('#')) {
                let name = line.split(": ").next().unwrap();
                assert!(role(name, false).is_some() && line.contains(": "), "{tongue:?}: {line}");
            }
        }
    }

    #[test]
    fn no_harmless_word_claims_anything_or_is_a_value() {
        let harmless = |role: &Role| {
            matches!(
                role,
                Role::Neutral
                    | Role::Supplier
                    | Role::And
                    | Role::About
                    | Role::From
                    | Role::Noun(_)
                    | Role::After(_)
            )
        };
        for (tongue, tag) in Tongue::ALL.into_iter().zip(["sv", "da", "no", "de", "en"]) {
            let language = Language::parse(tag).unwrap();
            let values: Vec<&str> = FactWords::ALL
                .iter()
                .flat_map(|list| list.words())
                .flat_map(|word| word.spellings(&language))
                .collect();
            for (word, role) in Vocabulary::of(tongue).words().filter(|(_, role)| harmless(role)) {
                let claim = claims::of(&word);
                // The Norwegian article is a German egg.
                let claim = claim.filter(|_| (tag, word.as_str()) != ("no", "ei"));
                let label = matches!(role, Role::Noun(_));
                assert!(
                    label || !matches!(claim, Some(Regulated::Claim | Regulated::Food)),
                    "{tag} {word}: {claim:?}"
                );
                assert!(!values.iter().any(|value| value.to_lowercase() == word), "{tag} {word} is a value");
            }
        }
    }
}
