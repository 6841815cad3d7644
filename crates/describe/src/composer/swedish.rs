//! Swedish: decimal comma, a blank before every unit and the per cent sign.
//!
//! The product's own name is never inflected and takes no article; clauses are built round words of our own, whose
//! gender is known. Verbs agree with anything in Swedish, so the name may be singular or plural.

use super::rules::{Opening, Rules, listed};
use crate::facts::{FactKind, Quantity, Unit, Word};

/// The rules of Swedish.
pub(super) struct Swedish;

impl Rules for Swedish {
    fn tag(&self) -> &'static str {
        "sv"
    }

    fn signs(&self) -> (char, char) {
        (',', '\u{a0}')
    }

    fn unit(&self, quantity: &Quantity) -> String {
        let one = quantity.numbers == [rust_decimal::Decimal::ONE];
        let unit = match quantity.unit {
            Unit::Piece => "st",
            Unit::Inch => "tum",
            Unit::Foot => "fot",
            Unit::PerMinute => "varv/min",
            Unit::Hour if one => "timme",
            Unit::Hour => "timmar",
            Unit::Minute if one => "minut",
            Unit::Minute => "minuter",
            other => other.symbol(),
        };
        format!(" {unit}")
    }

    fn about(&self) -> &'static str {
        "ca"
    }

    fn word(&self, word: Word) -> &'static str {
        word.swedish()
    }

    fn percent(&self, number: &str) -> String {
        format!("{number} %")
    }

    fn list(&self, items: &[String]) -> String {
        listed(items, "och")
    }

    fn quote(&self, name: &str) -> String {
        format!("”{}”", name.replace('"', "'"))
    }

    fn measure(&self, kind: &FactKind, value: &str) -> Option<(String, String)> {
        let (indefinite, definite) = match kind {
            FactKind::NetContent => ("en förpackningsstorlek på", "förpackningsstorleken är"),
            FactKind::Weight => ("en vikt på", "vikten är"),
            FactKind::Volume => ("en volym på", "volymen är"),
            FactKind::Dimensions => ("måtten", "måtten är"),
            FactKind::Length => ("en längd på", "längden är"),
            FactKind::Width => ("en bredd på", "bredden är"),
            FactKind::Height => ("en höjd på", "höjden är"),
            FactKind::Depth => ("ett djup på", "djupet är"),
            FactKind::Diameter => ("en diameter på", "diametern är"),
            FactKind::Thickness => ("en tjocklek på", "tjockleken är"),
            FactKind::CableLength => ("en kabellängd på", "kabellängden är"),
            FactKind::ScreenSize => ("en skärmstorlek på", "skärmstorleken är"),
            FactKind::Power => ("en effekt på", "effekten är"),
            FactKind::Voltage => ("en spänning på", "spänningen är"),
            FactKind::BatteryCapacity => ("en batterikapacitet på", "batterikapaciteten är"),
            FactKind::Current => ("en strömstyrka på", "strömstyrkan är"),
            FactKind::Frequency => ("en frekvens på", "frekvensen är"),
            FactKind::LuminousFlux => ("ett ljusflöde på", "ljusflödet är"),
            FactKind::ColourTemperature => ("en färgtemperatur på", "färgtemperaturen är"),
            FactKind::Storage => ("ett lagringsutrymme på", "lagringsutrymmet är"),
            FactKind::Torque => ("ett vridmoment på", "vridmomentet är"),
            FactKind::RotationSpeed => ("ett varvtal på", "varvtalet är"),
            FactKind::Pressure => ("ett tryck på", "trycket är"),
            FactKind::NoiseLevel => ("en ljudnivå på", "ljudnivån är"),
            FactKind::MaximumLoad => ("en maximal belastning på", "den maximala belastningen är"),
            FactKind::BurnTime => ("en brinntid på", "brinntiden är"),
            FactKind::RunTime => ("en drifttid på", "drifttiden är"),
            FactKind::FatContent => ("en fetthalt på", "fetthalten är"),
            FactKind::AlcoholContent => ("en alkoholhalt på", "alkoholhalten är"),
            FactKind::CocoaContent => ("en kakaohalt på", "kakaohalten är"),
            _ => return None,
        };
        Some((format!("{indefinite} {value}"), format!("{definite} {value}")))
    }

    fn property(&self, kind: &FactKind, value: &str, several: bool) -> Option<String> {
        Some(match kind {
            FactKind::PackSize => format!("förpackningen innehåller {value}"),
            FactKind::Colour if several => format!("färgerna är {value}"),
            FactKind::Colour => format!("färgen är {value}"),
            FactKind::Material if several => format!("materialen är {value}"),
            FactKind::Material => format!("materialet är {value}"),
            FactKind::Size => format!("storleken är {value}"),
            FactKind::Origin => format!("ursprungslandet är {value}"),
            _ => return None,
        })
    }

    fn opening(&self, opening: &Opening<'_>) -> String {
        let Opening { name, brand, measures, turn, own } = *opening;
        let quoted = self.quote(name);
        let name = if own { name } else { &quoted };
        match (brand, measures) {
            (Some(brand), Some(measures)) if turn.is_multiple_of(3) || has_with(name) => {
                format!("{name} från {brand} har {measures}.")
            }
            (Some(brand), Some(measures)) if turn % 3 == 1 => {
                format!("Från {brand} kommer {name} med {measures}.")
            }
            (Some(brand), Some(measures)) => format!("{name} är en produkt från {brand} med {measures}."),
            (Some(brand), None) if turn.is_multiple_of(3) => format!("{name} kommer från {brand}."),
            (Some(brand), None) if turn % 3 == 1 => format!("Från {brand} kommer {name}."),
            (Some(brand), None) => format!("{name} är en produkt från {brand}."),
            (None, Some(measures)) if turn.is_multiple_of(2) || has_with(name) => {
                format!("{name} har {measures}.")
            }
            (None, Some(measures)) => format!("Det här är {name} med {measures}."),
            (None, None) => format!("Det här är {name}."),
        }
    }

    fn takes_measures(&self, _name: &str) -> bool {
        // `… har …` goes with any name.
        true
    }

    fn having(&self, phrases: &str) -> String {
        format!("Produkten har {phrases}.")
    }

    fn supplier_states(&self, items: &str) -> String {
        format!("Leverantören anger även {items}.")
    }

    fn in_category(&self, category: &str, turn: usize) -> String {
        match turn % 3 {
            0 => format!("Du hittar produkten under {category}."),
            1 => format!("Produkten finns under {category}."),
            _ => format!("Produkten ligger under {category} i sortimentet."),
        }
    }
}

/// Whether `name` reads badly before "med".
fn has_with(name: &str) -> bool {
    let lower = name.to_lowercase();
    [" med ", " och ", " utan ", " inkl", " till ", " för ", " with "].iter().any(|word| lower.contains(word))
}
