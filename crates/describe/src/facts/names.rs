//! Attribute names in Swedish, English, German, Danish and Norwegian, and what they announce.

mod left_out;
mod measures;
mod properties;

use std::collections::HashMap;
use std::sync::LazyLock;

use left_out::{CLAIMS, FOOD, INTERNAL};
use measures::{Kinds, MEASURES, NET};
use properties::PROPERTIES;

use super::FactKind;
use super::quantity::{Measure, Unit, unit_alone};
use super::words::{Vocabulary, Word, flagged};

/// What a name announces.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Announced {
    /// A measure of one of these kinds, told by the unit.
    Measured(Kinds),
    /// Pieces in a package.
    Pieces,
    /// A measure where the value is one, else words: `Size: 500 g`, `Size: M`.
    SizeOrMeasure,
    /// A colour.
    Colour,
    /// A material.
    Material,
    /// A country.
    Origin,
    /// What is copied or left out, never phrased.
    FoodInformation,
    /// `Innehåll`: an amount, or else a list of ingredients.
    ContentOrIngredients,
    /// Diets or care instructions.
    Items(FactKind),
    /// Certifications, and diets among them.
    Labels,
    /// The name is a known word and the value says whether it holds: `Glutenfri: Ja`.
    Flag(Vocabulary, Word),
    /// Ingredients or allergens, copied word for word.
    Verbatim(FactKind),
    /// Voltage and current given out.
    Output,
    /// The class of the energy label.
    EnergyClass,
    /// The base of a lamp.
    LampBase,
    /// The protection class.
    ProtectionClass,
    /// The age from which it is recommended.
    Age,
    /// A mark, certificate or claim.
    Claim,
    /// A number, flag or text of the supplier's own.
    NotAProperty,
    /// A property under its own name.
    Other,
}

/// Every name and what it announces.
static NAMES: LazyLock<HashMap<&'static str, Announced>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (names, kinds) in MEASURES {
        all.extend(names.split_whitespace().map(|name| (name, Announced::Measured(kinds))));
    }
    for (names, announced) in PROPERTIES {
        all.extend(names.split_whitespace().map(|name| (name, announced.clone())));
    }
    all
});

/// What `name` announces, and the unit that the name itself gives, as in `Vikt (g)`.
pub(super) fn announced(name: &str) -> (Announced, Option<Unit>) {
    // `Made in` ends with no inch.
    if let Some(announced) = NAMES.get(fold(name).as_str()) {
        return (announced.clone(), None);
    }
    let (bare, unit) = split_unit(name);
    let folded = fold(bare);
    if let Some(unit) = unit_alone(&bare.to_lowercase())
        .filter(|u| u.measure() == Measure::Mass || u.measure() == Measure::Volume)
    {
        return (Announced::Measured(NET), Some(unit));
    }
    if let Some(announced) = NAMES.get(folded.as_str()) {
        return (announced.clone(), unit);
    }
    if let Some((list, word)) = flagged(bare) {
        return (Announced::Flag(list, word), None);
    }
    let holds = |parts: &str| parts.split_whitespace().any(|part| folded.contains(part));
    let internal =
        INTERNAL.split_whitespace().any(|part| folded == part || part.len() > 3 && folded.contains(part));
    let announced = match () {
        () if holds(FOOD) => Announced::FoodInformation,
        () if holds(CLAIMS) => Announced::Claim,
        () if internal || folded.is_empty() => Announced::NotAProperty,
        () => Announced::Other,
    };
    (announced, unit)
}

/// Whether `name`, as words of a text, is a known name of a measure.
pub(super) fn announces_measure(name: &str) -> bool {
    matches!(NAMES.get(fold(name).as_str()), Some(Announced::Measured(_)))
}

/// `Vikt (g)`, `Vikt [g]`, `weight_g`, `Vikt, g` → name and unit.
fn split_unit(name: &str) -> (&str, Option<Unit>) {
    let name = name.trim().trim_end_matches(':').trim_end();
    let inner = name.strip_suffix([')', ']']).and_then(|rest| rest.rsplit_once(['(', '[']));
    let tail = || name.rsplit_once(['_', ',', ' ']);
    let found = |(bare, unit): (&'_ str, &str)| unit_alone(unit).map(|unit| (bare.len(), unit));
    match inner.and_then(found).or_else(|| tail().and_then(found)) {
        Some((length, unit)) => (name[..length].trim_end(), Some(unit)),
        None => (name, None),
    }
}

fn fold(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::measures::MASS;
    use super::*;

    #[test]
    fn names_of_five_languages_announce_the_same() {
        for name in ["Vikt", "Weight", "Gewicht", "Vægt", "Vekt", "vikt:"] {
            assert_eq!(announced(name).0, Announced::Measured(MASS), "{name}");
        }
        for name in ["Färg", "Colour", "base_colour", "Farbe", "Farve", "Farge"] {
            assert_eq!(announced(name).0, Announced::Colour, "{name}");
        }
        assert_eq!(announced("Vikt (kg)"), (Announced::Measured(MASS), Some(Unit::Kilogram)));
        assert_eq!(announced("weight_g"), (Announced::Measured(MASS), Some(Unit::Gram)));
        assert_eq!(announced("grams"), (Announced::Measured(NET), Some(Unit::Gram)));
    }

    #[test]
    fn food_information_claims_and_bookkeeping_are_no_properties() {
        assert_eq!(announced("Näringsvärde").0, Announced::FoodInformation);
        assert_eq!(announced("Salt per 100 g").0, Announced::FoodInformation);
        assert_eq!(announced("Miljövänlig").0, Announced::Claim);
        assert_eq!(announced("compare_price").0, Announced::NotAProperty);
        assert_eq!(announced("Smak").0, Announced::Other);
    }

    #[test]
    fn a_name_announces_one_thing() {
        let all = MEASURES.iter().map(|(names, _)| *names).chain(PROPERTIES.iter().map(|(names, _)| *names));
        let names: Vec<&str> = all.flat_map(str::split_whitespace).collect();
        assert_eq!(names.len(), NAMES.len());
        assert!(names.iter().all(|name| *name == fold(name)));
    }
}
