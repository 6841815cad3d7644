//! Amounts with a unit, converted to another unit of the same kind.

use rust_decimal::Decimal;

use crate::number;

/// A unit and how it is written first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Unit {
    /// As it is shown.
    pub(crate) name: &'static str,
    kind: Kind,
    /// How many of the kind's smallest unit it is.
    factor: Decimal,
}

/// What is measured. Only units of one kind are converted into one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mass,
    Length,
    Area,
    Volume,
    Power,
    Energy,
    Voltage,
    Current,
    Time,
    Pressure,
    Frequency,
    Memory,
}

/// The units with their spellings, the one that is shown first. The number is the factor's mantissa, the next one its
/// decimals.
const UNITS: &[(Kind, &[&str], i64, u32)] = &[
    (Kind::Mass, &["mg", "milligram"], 1, 0),
    (Kind::Mass, &["g", "gr", "gram", "gramm", "grams"], 1_000, 0),
    (Kind::Mass, &["hg", "hekto"], 100_000, 0),
    (Kind::Mass, &["kg", "kgs", "kilo", "kilogram", "kilogramm"], 1_000_000, 0),
    (Kind::Mass, &["t", "ton", "tonne"], 1_000_000_000, 0),
    (Kind::Mass, &["oz", "ounce", "ounces"], 28_349_523_125, 6),
    (Kind::Mass, &["lb", "lbs", "pound", "pounds"], 45_359_237, 2),
    (Kind::Length, &["mm", "millimeter", "millimetre"], 1, 0),
    (Kind::Length, &["cm", "centimeter", "centimetre", "zentimeter"], 10, 0),
    (Kind::Length, &["dm", "decimeter"], 100, 0),
    (Kind::Length, &["m", "meter", "metre", "mtr"], 1_000, 0),
    (Kind::Length, &["km", "kilometer"], 1_000_000, 0),
    (Kind::Length, &["in", "\"", "″", "inch", "inches", "tum", "tommer", "zoll"], 254, 1),
    (Kind::Length, &["ft", "foot", "feet"], 3_048, 1),
    (Kind::Area, &["mm²", "mm2"], 1, 0),
    (Kind::Area, &["cm²", "cm2"], 100, 0),
    (Kind::Area, &["m²", "m2", "kvm", "qm"], 1_000_000, 0),
    (Kind::Volume, &["ml", "milliliter"], 1, 0),
    (Kind::Volume, &["cl", "centiliter"], 10, 0),
    (Kind::Volume, &["dl", "deciliter"], 100, 0),
    (Kind::Volume, &["l", "liter", "litre", "ltr"], 1_000, 0),
    (Kind::Volume, &["cm³", "cm3", "ccm"], 1, 0),
    (Kind::Volume, &["m³", "m3"], 1_000_000, 0),
    (Kind::Power, &["mW"], 1, 0),
    (Kind::Power, &["W", "watt"], 1_000, 0),
    (Kind::Power, &["kW", "kilowatt"], 1_000_000, 0),
    (Kind::Power, &["MW"], 1_000_000_000, 0),
    (Kind::Energy, &["Wh"], 1, 0),
    (Kind::Energy, &["kWh"], 1_000, 0),
    (Kind::Voltage, &["mV"], 1, 0),
    (Kind::Voltage, &["V", "volt"], 1_000, 0),
    (Kind::Voltage, &["kV"], 1_000_000, 0),
    (Kind::Current, &["mA"], 1, 0),
    (Kind::Current, &["A", "ampere", "amp"], 1_000, 0),
    (Kind::Time, &["s", "sec", "sek", "sekunder", "seconds"], 1, 0),
    (Kind::Time, &["min", "minuter", "minutes", "minuten"], 60, 0),
    (Kind::Time, &["h", "tim", "timmar", "hours", "stunden"], 3_600, 0),
    (Kind::Pressure, &["Pa"], 1, 0),
    (Kind::Pressure, &["kPa"], 1_000, 0),
    (Kind::Pressure, &["mbar"], 100, 0),
    (Kind::Pressure, &["bar"], 100_000, 0),
    (Kind::Pressure, &["MPa"], 1_000_000, 0),
    (Kind::Frequency, &["Hz"], 1, 0),
    (Kind::Frequency, &["kHz"], 1_000, 0),
    (Kind::Frequency, &["MHz"], 1_000_000, 0),
    (Kind::Frequency, &["GHz"], 1_000_000_000, 0),
    (Kind::Memory, &["MB"], 1, 0),
    (Kind::Memory, &["GB"], 1_000, 0),
    (Kind::Memory, &["TB"], 1_000_000, 0),
];

impl Unit {
    /// The unit of this name. Case counts where it tells two units apart (`mW`, `MW`).
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.trim().trim_end_matches('.');
        let unit = |same: &dyn Fn(&str) -> bool| {
            let found: Vec<_> = UNITS.iter().filter(|(_, names, ..)| names.iter().any(|n| same(n))).collect();
            match found[..] {
                [&(kind, names, mantissa, decimals)] => {
                    Some(Self { name: names[0], kind, factor: Decimal::new(mantissa, decimals) })
                }
                _ => None,
            }
        };
        let folded = name.to_lowercase();
        unit(&|known| known == name).or_else(|| unit(&|known| known.to_lowercase() == folded))
    }

    /// The names of all units, for a message.
    pub(crate) fn names() -> String {
        UNITS.iter().map(|(_, names, ..)| names[0]).collect::<Vec<_>>().join(", ")
    }

    /// The amount in `text` in this unit: `7,5 kg` is `7500 g`. `None` where there is no amount, one of another kind,
    /// or one that could be read in two ways.
    pub(crate) fn convert(self, text: &str, decimal_comma: Option<bool>) -> Option<String> {
        let text = text.trim();
        let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
        // `m2` and `cm3` end with a digit that is no part of the amount.
        let end = text[..end].find(|c: char| c.is_alphabetic() || matches!(c, '"' | '″')).unwrap_or(end);
        let (number, unit) = text.split_at(end);
        let amount = number::decimal(number, decimal_comma).ok()?;
        let from = if unit.trim().is_empty() { self } else { Self::named(unit)? };
        if from.kind != self.kind {
            return None;
        }
        let converted = amount.checked_mul(from.factor)?.checked_div(self.factor)?;
        // More digits than any supplier measures, and a third of an inch still looks like one.
        const DECIMALS: u32 = 6;
        Some(format!("{} {}", converted.round_dp(DECIMALS).normalize(), self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_converted() {
        for (text, unit, expected) in [
            ("7,5 kg", "g", Some("7500 g")),
            ("7.5KG", "g", Some("7500 g")),
            ("450", "g", Some("450 g")),
            ("2 tum", "mm", Some("50.8 mm")),
            ("3/4 tum", "mm", None),
            ("1 lb", "g", Some("453.59237 g")),
            ("2 m2", "cm²", Some("20000 cm²")),
            ("0,75 l", "cl", Some("75 cl")),
            ("1 MW", "kW", Some("1000 kW")),
            ("1 mW", "W", Some("0.001 W")),
            ("1.500 g", "kg", None),
            ("2 kg", "mm", None),
            ("ca 2 kg", "g", None),
            ("2 x 3 kg", "g", None),
            ("kg", "g", None),
        ] {
            assert_eq!(Unit::named(unit).unwrap().convert(text, None).as_deref(), expected, "{text}");
        }
        assert_eq!(Unit::named("kg").unwrap().convert("1.500 g", Some(true)).as_deref(), Some("1.5 kg"));
        assert_eq!(Unit::named("Mw"), None);
    }

    proptest! {
        #[test]
        fn a_larger_amount_converts_to_the_smallest_unit_and_back(amount in 1u32..100_000, at in 0..UNITS.len()) {
            let (kind, names, ..) = UNITS[at];
            let (_, smallest, ..) = UNITS.iter().find(|(other, ..)| *other == kind).unwrap();
            let written = format!("{amount} {}", names[0]);
            let there = Unit::named(smallest[0]).unwrap().convert(&written, Some(false)).unwrap();
            let back = Unit::named(names[0]).unwrap().convert(&there, Some(false)).unwrap();
            prop_assert_eq!(back, written);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _read = Unit::named("g").unwrap().convert(&text, None);
        }
    }
}
