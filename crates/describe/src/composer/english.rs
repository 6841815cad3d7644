//! English: decimal point, a blank before a unit but none before the per cent sign.
//!
//! Verbs never have the product's name as their subject: `Batteries` would want `have` and `Battery` `has`, and which
//! it is cannot be told from a supplier's title.

use super::rules::{Opening, Rules, listed};
use crate::facts::{FactKind, Quantity, Unit, Word};

/// The rules of English.
pub(super) struct English;

impl Rules for English {
    fn tag(&self) -> &'static str {
        "en"
    }

    fn signs(&self) -> (char, char) {
        ('.', ',')
    }

    fn unit(&self, quantity: &Quantity) -> String {
        let one = quantity.numbers == [rust_decimal::Decimal::ONE];
        let unit = match quantity.unit {
            Unit::Percent => return "%".to_owned(),
            Unit::Piece if one => "piece",
            Unit::Piece => "pieces",
            Unit::Inch if one => "inch",
            Unit::Inch => "inches",
            Unit::Hour if one => "hour",
            Unit::Hour => "hours",
            Unit::Minute if one => "minute",
            Unit::Minute => "minutes",
            other => other.symbol(),
        };
        format!(" {unit}")
    }

    fn about(&self) -> &'static str {
        "approx."
    }

    fn word(&self, word: Word) -> &'static str {
        word.english()
    }

    fn percent(&self, number: &str) -> String {
        format!("{number}%")
    }

    fn list(&self, items: &[String]) -> String {
        listed(items, "and")
    }

    fn quote(&self, name: &str) -> String {
        format!("“{}”", name.replace('"', "'"))
    }

    fn measure(&self, kind: &FactKind, value: &str) -> Option<(String, String)> {
        let noun = match kind {
            FactKind::Dimensions => {
                return Some((format!("dimensions of {value}"), format!("the dimensions are {value}")));
            }
            FactKind::NetContent => "pack size",
            FactKind::Weight => "weight",
            FactKind::Volume => "volume",
            FactKind::Length => "length",
            FactKind::Width => "width",
            FactKind::Height => "height",
            FactKind::Depth => "depth",
            FactKind::Diameter => "diameter",
            FactKind::Thickness => "thickness",
            FactKind::CableLength => "cable length",
            FactKind::ScreenSize => "screen size",
            FactKind::Power => "power",
            FactKind::Voltage => "voltage",
            FactKind::BatteryCapacity => "battery capacity",
            FactKind::Current => "current",
            FactKind::Frequency => "frequency",
            FactKind::LuminousFlux => "luminous flux",
            FactKind::ColourTemperature => "colour temperature",
            FactKind::Storage => "storage capacity",
            FactKind::Torque => "torque",
            FactKind::RotationSpeed => "speed",
            FactKind::Pressure => "pressure",
            FactKind::NoiseLevel => "noise level",
            FactKind::MaximumLoad => "maximum load",
            FactKind::BurnTime => "burn time",
            FactKind::RunTime => "run time",
            FactKind::FatContent => "fat content",
            FactKind::AlcoholContent => "alcohol content",
            FactKind::CocoaContent => "cocoa content",
            _ => return None,
        };
        let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        Some((format!("{article} {noun} of {value}"), format!("the {noun} is {value}")))
    }

    fn property(&self, kind: &FactKind, value: &str, several: bool) -> Option<String> {
        Some(match kind {
            FactKind::PackSize => format!("the pack contains {value}"),
            FactKind::Colour if several => format!("the colours are {value}"),
            FactKind::Colour => format!("the colour is {value}"),
            FactKind::Material if several => format!("the materials are {value}"),
            FactKind::Material => format!("the material is {value}"),
            FactKind::Size => format!("the size is {value}"),
            FactKind::Origin => format!("the country of origin is {value}"),
            _ => return None,
        })
    }

    fn opening(&self, opening: &Opening<'_>) -> String {
        let Opening { name, brand, measures, turn, .. } = *opening;
        let name = match opening.own {
            true => with_article(name),
            false => self.quote(name),
        };
        let measures = measures.map(|measures| format!(" with {measures}")).unwrap_or_default();
        match brand {
            Some(brand) if turn.is_multiple_of(3) => format!("{brand} offers {name}{measures}."),
            Some(brand) if turn % 3 == 1 => format!("From {brand} you get {name}{measures}."),
            Some(brand) => format!("This product from {brand} is {name}{measures}."),
            None if turn.is_multiple_of(2) => format!("This product is {name}{measures}."),
            None => format!("Here you get {name}{measures}."),
        }
    }

    fn takes_measures(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        // A title in another Nordic language or German has a "with" of its own.
        const WITH: &[&str] = &[
            " with ",
            ", ",
            " and ",
            " without ",
            " incl",
            " for ",
            " to ",
            " med ",
            " och ",
            " mit ",
            " für ",
        ];
        !WITH.iter().any(|word| lower.contains(word))
    }

    fn having(&self, phrases: &str) -> String {
        format!("The product has {phrases}.")
    }

    fn supplier_states(&self, items: &str) -> String {
        format!("The supplier also states {items}.")
    }

    fn in_category(&self, category: &str, turn: usize) -> String {
        match turn % 3 {
            0 => format!("You will find the product under {category}."),
            1 => format!("The product is listed under {category}."),
            _ => format!("Look for the product under {category}."),
        }
    }
}

/// `the Claw Hammer`, `the AA Batteries`: right for one, several and stuff. A name with a determiner has its own.
fn with_article(name: &str) -> String {
    const DETERMINERS: &[&str] = &["the", "a", "an", "my", "your", "our", "this", "that"];
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    if DETERMINERS.contains(&first.as_str()) { name.to_owned() } else { format!("the {name}") }
}
