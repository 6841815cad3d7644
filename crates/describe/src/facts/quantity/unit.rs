//! Units of measure: what they measure, how they are written, how they relate.

use rust_decimal::Decimal;
use serde::Serialize;

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Measure {
    Mass,
    Volume,
    Length,
    Power,
    Voltage,
    Charge,
    Energy,
    Current,
    Frequency,
    LuminousFlux,
    ColourTemperature,
    Data,
    Torque,
    Rotation,
    Pressure,
    Temperature,
    Sound,
    Time,
    Age,
    Share,
    Count,
}

macro_rules! units {
    ($($unit:ident $measure:ident $symbol:literal $factor:expr;)*) => {
        /// A unit of measure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[expect(missing_docs, reason = "the names say it all")]
        pub enum Unit {
            $($unit,)*
        }

        impl Unit {
            /// What the unit measures.
            pub fn measure(self) -> Measure {
                match self {
                    $(Self::$unit => Measure::$measure,)*
                }
            }

            /// The international symbol. Units that languages write differently (pieces, inches, turns per minute)
            /// are spelt by each language's rules.
            pub fn symbol(self) -> &'static str {
                match self {
                    $(Self::$unit => $symbol,)*
                }
            }

            /// The symbol for tables, where a piece has a name.
            pub(in crate::facts) fn label(self) -> &'static str {
                if self == Self::Piece { "pcs" } else { self.symbol() }
            }

            /// How many base units one is, the base unit being the first of its measure with a factor of 1.
            pub(super) fn in_base(self) -> Decimal {
                // Written as (mantissa, scale): no float is involved.
                let (mantissa, scale): (i64, u32) = match self {
                    $(Self::$unit => $factor,)*
                };
                Decimal::new(mantissa, scale)
            }
        }
    };
}

units! {
    Milligram Mass "mg" (1, 3);
    Gram Mass "g" (1, 0);
    Hectogram Mass "hg" (100, 0);
    Kilogram Mass "kg" (1000, 0);
    Ounce Mass "oz" (28349523125, 9);
    Pound Mass "lb" (45359237, 5);
    Millilitre Volume "ml" (1, 0);
    Centilitre Volume "cl" (10, 0);
    Decilitre Volume "dl" (100, 0);
    Litre Volume "l" (1000, 0);
    FluidOunce Volume "fl oz" (295735295625, 10);
    Millimetre Length "mm" (1, 0);
    Centimetre Length "cm" (10, 0);
    Metre Length "m" (1000, 0);
    Inch Length "in" (254, 1);
    Foot Length "ft" (3048, 1);
    Watt Power "W" (1, 0);
    Kilowatt Power "kW" (1000, 0);
    Volt Voltage "V" (1, 0);
    MilliampereHour Charge "mAh" (1, 0);
    AmpereHour Charge "Ah" (1000, 0);
    WattHour Energy "Wh" (1, 0);
    KilowattHour Energy "kWh" (1000, 0);
    Milliampere Current "mA" (1, 0);
    Ampere Current "A" (1000, 0);
    Hertz Frequency "Hz" (1, 0);
    Megahertz Frequency "MHz" (1000000, 0);
    Gigahertz Frequency "GHz" (1000000000, 0);
    Lumen LuminousFlux "lm" (1, 0);
    Kelvin ColourTemperature "K" (1, 0);
    Megabyte Data "MB" (1, 0);
    Gigabyte Data "GB" (1000, 0);
    Terabyte Data "TB" (1000000, 0);
    NewtonMetre Torque "Nm" (1, 0);
    PerMinute Rotation "rpm" (1, 0);
    Bar Pressure "bar" (1, 0);
    Celsius Temperature "°C" (1, 0);
    Decibel Sound "dB" (1, 0);
    Minute Time "min" (1, 0);
    Hour Time "h" (60, 0);
    Month Age "months" (1, 0);
    Year Age "years" (12, 0);
    Percent Share "%" (1, 0);
    Piece Count "" (1, 0);
}

/// Spellings compared without case, longest first where one begins another.
const SPELLINGS: &[(&str, Unit)] = &[
    ("milligram", Unit::Milligram),
    ("milligramm", Unit::Milligram),
    ("mg", Unit::Milligram),
    ("kilogram", Unit::Kilogram),
    ("kilogramm", Unit::Kilogram),
    ("kilo", Unit::Kilogram),
    ("kgs", Unit::Kilogram),
    ("kg", Unit::Kilogram),
    ("hektogram", Unit::Hectogram),
    ("hg", Unit::Hectogram),
    ("gramm", Unit::Gram),
    ("gms", Unit::Gram),
    ("gm", Unit::Gram),
    ("grams", Unit::Gram),
    ("gram", Unit::Gram),
    ("gr", Unit::Gram),
    ("g", Unit::Gram),
    ("fl oz", Unit::FluidOunce),
    ("fl. oz", Unit::FluidOunce),
    ("fl.oz", Unit::FluidOunce),
    ("floz", Unit::FluidOunce),
    ("fluid ounces", Unit::FluidOunce),
    ("fluid ounce", Unit::FluidOunce),
    ("oz", Unit::Ounce),
    ("ounces", Unit::Ounce),
    ("ounce", Unit::Ounce),
    ("lbs", Unit::Pound),
    ("lb", Unit::Pound),
    ("pounds", Unit::Pound),
    ("pound", Unit::Pound),
    ("milliliter", Unit::Millilitre),
    ("milliliters", Unit::Millilitre),
    ("millilitres", Unit::Millilitre),
    ("millilitre", Unit::Millilitre),
    ("ml", Unit::Millilitre),
    ("centiliter", Unit::Centilitre),
    ("centilitre", Unit::Centilitre),
    ("cl", Unit::Centilitre),
    ("deciliter", Unit::Decilitre),
    ("decilitre", Unit::Decilitre),
    ("dl", Unit::Decilitre),
    ("liters", Unit::Litre),
    ("litres", Unit::Litre),
    ("liter", Unit::Litre),
    ("litre", Unit::Litre),
    ("ltr", Unit::Litre),
    ("lit", Unit::Litre),
    ("l", Unit::Litre),
    ("millimeter", Unit::Millimetre),
    ("millimeters", Unit::Millimetre),
    ("millimetres", Unit::Millimetre),
    ("millimetre", Unit::Millimetre),
    ("mm", Unit::Millimetre),
    ("centimeter", Unit::Centimetre),
    ("centimeters", Unit::Centimetre),
    ("centimetres", Unit::Centimetre),
    ("centimetre", Unit::Centimetre),
    ("cm", Unit::Centimetre),
    ("meter", Unit::Metre),
    ("metre", Unit::Metre),
    ("meters", Unit::Metre),
    ("metres", Unit::Metre),
    ("tum", Unit::Inch),
    ("tommer", Unit::Inch),
    ("tomme", Unit::Inch),
    ("zoll", Unit::Inch),
    ("inches", Unit::Inch),
    ("inch", Unit::Inch),
    ("\"", Unit::Inch),
    ("”", Unit::Inch),
    ("″", Unit::Inch),
    ("ft", Unit::Foot),
    ("feet", Unit::Foot),
    ("foot", Unit::Foot),
    ("kwh", Unit::KilowattHour),
    ("kw", Unit::Kilowatt),
    ("kilowatt", Unit::Kilowatt),
    ("watt", Unit::Watt),
    ("watts", Unit::Watt),
    ("wh", Unit::WattHour),
    ("w", Unit::Watt),
    ("volt", Unit::Volt),
    ("volts", Unit::Volt),
    ("v", Unit::Volt),
    ("mah", Unit::MilliampereHour),
    ("ah", Unit::AmpereHour),
    ("mhz", Unit::Megahertz),
    ("ghz", Unit::Gigahertz),
    ("hz", Unit::Hertz),
    ("lumen", Unit::Lumen),
    ("lumens", Unit::Lumen),
    ("lm", Unit::Lumen),
    ("kelvin", Unit::Kelvin),
    ("varv/min", Unit::PerMinute),
    ("v/min", Unit::PerMinute),
    ("omdr./min", Unit::PerMinute),
    ("u/min", Unit::PerMinute),
    ("rpm", Unit::PerMinute),
    ("omdr/min", Unit::PerMinute),
    ("o/min", Unit::PerMinute),
    ("r/min", Unit::PerMinute),
    ("°c", Unit::Celsius),
    ("º c", Unit::Celsius),
    ("° c", Unit::Celsius),
    ("ºc", Unit::Celsius),
    ("db(a)", Unit::Decibel),
    ("db", Unit::Decibel),
    ("%", Unit::Percent),
    ("% vol", Unit::Percent),
    ("%vol", Unit::Percent),
    ("% abv", Unit::Percent),
    ("vol%", Unit::Percent),
    ("vol-%", Unit::Percent),
    ("percent", Unit::Percent),
    ("prozent", Unit::Percent),
    ("prosent", Unit::Percent),
    ("procent", Unit::Percent),
    ("stycken", Unit::Piece),
    ("stück", Unit::Piece),
    ("stk", Unit::Piece),
    ("stykker", Unit::Piece),
    ("stykk", Unit::Piece),
    ("styck", Unit::Piece),
    ("stck", Unit::Piece),
    ("st", Unit::Piece),
    ("pieces", Unit::Piece),
    ("piece", Unit::Piece),
    ("pcs", Unit::Piece),
    ("pce", Unit::Piece),
    ("pk", Unit::Piece),
    ("pc", Unit::Piece),
    ("count", Unit::Piece),
    ("ct", Unit::Piece),
    ("-pack", Unit::Piece),
    ("-p", Unit::Piece),
    ("pack", Unit::Piece),
    ("pakk", Unit::Piece),
    ("-pakk", Unit::Piece),
    ("-pak", Unit::Piece),
    ("-pk", Unit::Piece),
    ("er-pack", Unit::Piece),
    ("er pack", Unit::Piece),
    ("er-packung", Unit::Piece),
    ("er packung", Unit::Piece),
    ("pak", Unit::Piece),
];

/// Spellings where case tells: `M` is a size, `m` a metre; `nm` is no newton metre.
const CASED: &[(&str, Unit)] = &[
    ("Nm", Unit::NewtonMetre),
    ("bar", Unit::Bar),
    ("m", Unit::Metre),
    ("mA", Unit::Milliampere),
    ("A", Unit::Ampere),
    ("K", Unit::Kelvin),
    ("MB", Unit::Megabyte),
    ("GB", Unit::Gigabyte),
    ("TB", Unit::Terabyte),
];

/// Too common as words of their own to be believed in running text.
const ONLY_ALONE: &[(&str, Unit)] = &[
    ("in", Unit::Inch),
    ("timmar", Unit::Hour),
    ("timer", Unit::Hour),
    ("stunden", Unit::Hour),
    ("hours", Unit::Hour),
    ("hour", Unit::Hour),
    ("hrs", Unit::Hour),
    ("hr", Unit::Hour),
    ("timme", Unit::Hour),
    ("stunde", Unit::Hour),
    ("std", Unit::Hour),
    ("tim", Unit::Hour),
    ("h", Unit::Hour),
    ("minuter", Unit::Minute),
    ("minutter", Unit::Minute),
    ("minuten", Unit::Minute),
    ("minutes", Unit::Minute),
    ("minut", Unit::Minute),
    ("minute", Unit::Minute),
    ("min", Unit::Minute),
    ("år", Unit::Year),
    ("years", Unit::Year),
    ("jahre", Unit::Year),
    ("månader", Unit::Month),
    ("måneder", Unit::Month),
    ("months", Unit::Month),
    ("monate", Unit::Month),
    ("M", Unit::Metre),
    // UN/ECE Recommendation 20, as in BMEcat.
    ("mmt", Unit::Millimetre),
    ("cmt", Unit::Centimetre),
    ("mtr", Unit::Metre),
    ("inh", Unit::Inch),
    ("mgm", Unit::Milligram),
    ("grm", Unit::Gram),
    ("kgm", Unit::Kilogram),
    ("mlt", Unit::Millilitre),
    ("clt", Unit::Centilitre),
    ("dlt", Unit::Decilitre),
    ("vlt", Unit::Volt),
    ("wtt", Unit::Watt),
    ("kwt", Unit::Kilowatt),
    ("amh", Unit::AmpereHour),
    ("e09", Unit::MilliampereHour),
    ("amp", Unit::Ampere),
    ("htz", Unit::Hertz),
    ("lum", Unit::Lumen),
    ("kel", Unit::Kelvin),
    ("nu", Unit::NewtonMetre),
    ("cel", Unit::Celsius),
    ("2n", Unit::Decibel),
    ("p1", Unit::Percent),
    ("hur", Unit::Hour),
    ("1/min", Unit::PerMinute),
    ("min-1", Unit::PerMinute),
    ("c62", Unit::Piece),
    ("h87", Unit::Piece),
];

/// The unit at the start of `text` with its length in bytes. It must end where a word ends.
pub(super) fn unit(text: &str, alone: bool) -> Option<(Unit, usize)> {
    let cased = CASED.iter().filter(|(spelling, _)| text.starts_with(spelling));
    let folded = SPELLINGS.iter().filter(|(spelling, _)| starts_with_folded(text, spelling));
    let extra = ONLY_ALONE.iter().filter(|(spelling, _)| alone && starts_with_folded(text, spelling));
    cased
        .chain(folded)
        .chain(extra)
        .filter(|(spelling, _)| ends_word(text, spelling))
        .max_by_key(|(spelling, _)| spelling.len())
        .map(|(spelling, unit)| (*unit, spelling.len()))
}

fn starts_with_folded(text: &str, spelling: &str) -> bool {
    let mut chars = text.chars();
    spelling.chars().all(|wanted| chars.next().is_some_and(|c| c.to_lowercase().eq(wanted.to_lowercase())))
        // Folding may change lengths (`İ`); then the spelling is none of ours.
        && text.is_char_boundary(spelling.len())
        && text[..spelling.len()].chars().count() == spelling.chars().count()
}

fn ends_word(text: &str, spelling: &str) -> bool {
    let rest = &text[spelling.len()..];
    let mut next = rest.chars();
    match next.next() {
        None => true,
        // `200 g/m²`, `18V-55`: a part of something else.
        // `7m+` are months.
        Some('/' | '²' | '³' | '+') => false,
        Some('-' | '–') => !next.next().is_some_and(char::is_alphanumeric),
        // `21,6gx10`, `40cmx60cm`
        Some('x' | 'X') => next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
    }
}
