//! Quantities in titles whose unit, or the noun beside them, says what is measured.

use std::collections::HashSet;
use std::sync::LazyLock;

use berika_catalog::Language;

use super::free_text::{Spanned, in_usable_part};
use super::quantity::{Found, Measure, Unit, scan};
use super::{FactKind, FactValue, Quantity};

/// Quantities of a title whose unit says what is measured. `28 cm` is a length, but of what?
pub(super) fn in_title(title: &str, language: Option<&Language>) -> Vec<Spanned> {
    in_usable_part(title, |text| quantities(text, language))
}

fn quantities(title: &str, language: Option<&Language>) -> Vec<Spanned> {
    let all = scan(title, language);
    // `Stige max 150 kg`
    let load = all.iter().find(|found| {
        let before = title[..found.start].trim_end().to_lowercase();
        found.relative
            && found.quantity.unit.measure() == Measure::Mass
            && ["max", "max.", "maks", "maks."].iter().any(|word| before.ends_with(word))
    });
    let load = load.map(|found| {
        (FactKind::MaximumLoad, FactValue::Quantity(found.quantity.clone()), (found.start, found.end))
    });
    let found: Vec<Found> = all.into_iter().filter(|found| !found.relative).collect();
    let lengths = found.iter().filter(|found| found.quantity.unit.measure() == Measure::Length).count();
    let kind = |found: &Found| {
        let length = || (lengths == 1).then(|| length_in_title(title, found)).flatten();
        kind_in_title(found, language)
            .or_else(|| share_in_title(title, found))
            .or_else(length)
            .or_else(|| data_in_title(title, found))
    };
    let mut facts: Vec<Spanned> = found
        .into_iter()
        .filter_map(|found| {
            Some((kind(&found)?, FactValue::Quantity(found.quantity), (found.start, found.end)))
        })
        .collect();
    if facts.iter().all(|(kind, ..)| *kind != FactKind::PackSize) {
        facts.extend(pack_of(title).or_else(|| leading_count(title)).or_else(|| counted(title)));
    }
    facts.extend(load);
    // `Kopieringspapper A4 80g`: of a square metre.
    let sheets = title.split_whitespace().any(|word| matches!(word, "A3" | "A4" | "A5"));
    facts.retain(|(kind, ..)| !(sheets && *kind == FactKind::Weight));
    // `Softener 1.9L 76W` is enough for 76 washes.
    let amount = |kind: &FactKind| matches!(kind, FactKind::Weight | FactKind::Volume);
    let amounts = facts.iter().filter(|(kind, ..)| amount(kind)).count();
    facts.retain(|(kind, value, _)| !(amounts > 0 && *kind == FactKind::Power && is_small_power(value)));
    // `Snapdragon 778G 128GB`
    let stores = facts.iter().any(|(kind, ..)| *kind == FactKind::Storage);
    facts.retain(|(kind, ..)| !(stores && *kind == FactKind::Weight));
    // `Fish 1 kg + coconut milk 400 ml`: two products.
    facts.retain(|(kind, ..)| !(amounts > 1 && amount(kind) && title.contains('+')));
    // `Batteri 18 V med laddare 230 V`: two of a kind, and no telling which is the product's.
    let kinds: Vec<FactKind> = facts.iter().map(|(kind, ..)| kind.clone()).collect();
    facts.retain(|(kind, ..)| kinds.iter().filter(|other| *other == kind).count() == 1);
    facts
}

fn is_small_power(value: &FactValue) -> bool {
    matches!(value, FactValue::Quantity(quantity) if quantity.unit == Unit::Watt && quantity.numbers[0] < 200.into())
}

fn kind_in_title(found: &Found, language: Option<&Language>) -> Option<FactKind> {
    let quantity = &found.quantity;
    // An English bar may be of chocolate.
    let bars = language.is_some_and(|language| language.as_str() != "en");
    let metres = matches!(quantity.unit, Unit::Metre | Unit::Foot);
    Some(match (quantity.unit.measure(), quantity.numbers.len()) {
        // `300 mg` is a dose.
        (Measure::Mass, 1) if quantity.unit != Unit::Milligram => FactKind::Weight,
        (Measure::Volume, 1) => FactKind::Volume,
        (Measure::Length, 1) if found.diameter => FactKind::Diameter,
        // `2 x 5 m` may be two cables of five metres.
        (Measure::Length, 2 | 3) if !metres => FactKind::Dimensions,
        (Measure::Power, 1) if quantity.count.is_none() => FactKind::Power,
        (Measure::Voltage, 1) if quantity.count.is_none() => FactKind::Voltage,
        (Measure::Charge, 1) => FactKind::BatteryCapacity,
        (Measure::LuminousFlux, 1) => FactKind::LuminousFlux,
        (Measure::ColourTemperature, 1) if quantity.numbers[0] >= 1000.into() => FactKind::ColourTemperature,
        (Measure::Torque, 1) => FactKind::Torque,
        (Measure::Frequency, 1) if matches!(quantity.unit, Unit::Megahertz | Unit::Gigahertz) => {
            FactKind::Frequency
        }
        // Of a screen; mains have 50 and 60.
        (Measure::Frequency, 1) if quantity.unit == Unit::Hertz && quantity.numbers[0] >= 75.into() => {
            FactKind::Frequency
        }
        (Measure::Rotation, 1) => FactKind::RotationSpeed,
        (Measure::Pressure, 1) if bars => FactKind::Pressure,
        (Measure::Count, 1) if quantity.numbers[0].fract().is_zero() => FactKind::PackSize,
        _ => return None,
    })
}

/// Of what a share in a title is: `Choklad 70% kakao`, `Rotwein 13 % vol`, `Mellanmjölk 1,5%`. Of dairy it is fat.
fn share_in_title(title: &str, found: &Found) -> Option<FactKind> {
    const COCOA: &[&str] = &["kakao", "cocoa", "cacao"];
    const ALCOHOL: &[&str] = &["vol", "alc", "abv", "alk", "alkohol"];
    const FAT: &[&str] = &["fett", "fat", "fedt"];
    const DAIRY: &[&str] = &[
        "mjölk",
        "filmjölk",
        "yoghurt",
        "yogurt",
        "joghurt",
        "jogurt",
        "kvarg",
        "skyr",
        "grädde",
        "vispgrädde",
        "matlagningsgrädde",
        "gräddfil",
        "fraiche",
        "fraîche",
        "mellanmjölk",
        "lättmjölk",
        "standardmjölk",
        "mælk",
        "minimælk",
        "letmælk",
        "sødmælk",
        "fløde",
        "piskefløde",
        "melk",
        "lettmelk",
        "helmelk",
        "fløte",
        "rømme",
        "milch",
        "vollmilch",
        "quark",
        "topfen",
        "schlagsahne",
        "sauerrahm",
        "milk",
        "quark",
        "lättfil",
        "mellanfil",
        "letmælk",
        "skummetmælk",
    ];
    const DRINK: &[&str] = &[
        "öl",
        "folköl",
        "starköl",
        "lättöl",
        "lager",
        "ale",
        "ipa",
        "pilsner",
        "pils",
        "stout",
        "porter",
        "cider",
        "vin",
        "rödvin",
        "vitvin",
        "øl",
        "hvidvin",
        "rødvin",
        "bier",
        "weißbier",
        "wein",
        "rotwein",
        "weißwein",
        "beer",
        "wine",
    ];
    if found.quantity.unit != Unit::Percent || found.quantity.numbers.len() != 1 {
        return None;
    }
    let number = found.quantity.numbers[0];
    let lower = title.get(found.end..)?.to_lowercase();
    let next = lower.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let written = title[found.start..found.end].to_lowercase();
    if COCOA.contains(&next) {
        return Some(FactKind::CocoaContent);
    }
    if ALCOHOL.contains(&next) || written.contains("vol") || written.contains("abv") {
        return Some(FactKind::AlcoholContent);
    }
    let before = title[..found.start].to_lowercase();
    let dairy = before.split(|c: char| !c.is_alphanumeric()).any(|word| DAIRY.contains(&word));
    let drink = before.split(|c: char| !c.is_alphanumeric()).chain([next]).any(|word| DRINK.contains(&word));
    if drink && !dairy && number <= 20.into() {
        return Some(FactKind::AlcoholContent);
    }
    let ends = next.is_empty() || next.starts_with(|c: char| c.is_ascii_digit());
    (FAT.contains(&next) || dairy && ends && number <= 45.into()).then_some(FactKind::FatContent)
}

/// `3 x Duschgel`, `2x handtvål`, `Green tea bags x 80`: so many at the start or the end.
fn leading_count(title: &str) -> Option<Spanned> {
    // `Green tea bags x 80`
    if let Some((name, last)) = title.rsplit_once(' ')
        && let Some(at) = name.strip_suffix(" x").map(str::len)
        && let Some(number) = last.parse::<u32>().ok().filter(|n| (2..=10_000).contains(n))
        && title[..at].ends_with(char::is_alphabetic)
    {
        let value = FactValue::Quantity(Quantity::new(number.into(), Unit::Piece));
        return Some((FactKind::PackSize, value, (at + 1, title.len())));
    }
    let digits = title.bytes().take_while(u8::is_ascii_digit).count();
    let after = title[digits..].trim_start_matches(' ');
    let rest = after.strip_prefix(['x', 'X', '×'])?;
    let name = rest.strip_prefix(' ')?.trim_start();
    let number: u32 = title[..digits].parse().ok().filter(|n| (2..=1_000).contains(n))?;
    let value = FactValue::Quantity(Quantity::new(number.into(), Unit::Piece));
    name.starts_with(char::is_alphabetic).then_some((
        FactKind::PackSize,
        value,
        (0, title.len() - rest.len()),
    ))
}

/// `Pussel 1000 bitar`, `Notizblock 500 Blatt`: pieces by a noun of their own.
fn counted(title: &str) -> Option<Spanned> {
    const NOUNS: &[&str] = &[
        "delar",
        "bitar",
        "ark",
        "rullar",
        "påsar",
        "blad",
        "dele",
        "brikker",
        "ruller",
        "poser",
        "deler",
        "biter",
        "teile",
        "teilig",
        "tlg",
        "blatt",
        "rollen",
        "beutel",
        "karten",
        "sheets",
        "rolls",
        "bags",
        "tablets",
        "tabletter",
        "tabs",
        "kapslar",
        "kapsler",
        "kapseln",
        "capsules",
        "brickor",
        "kort",
        "wipes",
        "servetter",
        "servietter",
    ];
    let mut found = None;
    let mut at = 0;
    while let Some(offset) = title[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + offset;
        let digits = title[start..].bytes().take_while(u8::is_ascii_digit).count();
        at = start + digits;
        let alone = !title[..start]
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '-' | '/' | 'x'));
        let rest = title[at..].strip_prefix([' ', '-']).unwrap_or(&title[at..]);
        let noun: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
        let number: Option<u32> = title[start..at].parse().ok().filter(|n| (2..=10_000).contains(n));
        let before = title[..start].split_whitespace().next_back().unwrap_or_default().to_lowercase();
        let relative = ["bis", "till", "til", "to", "up", "upp", "max", "för", "for", "für", "op"]
            .contains(&before.as_str());
        let known =
            !relative && rest.len() < title[at..].len() && NOUNS.contains(&noun.to_lowercase().as_str());
        if let Some(number) = number.filter(|_| alone && known) {
            if found.is_some() {
                return None;
            }
            let value = FactValue::Quantity(Quantity::new(number.into(), Unit::Piece));
            found = Some((FactKind::PackSize, value, (start, title.len() - rest.len() + noun.len())));
        }
    }
    found
}

/// `(Pack of 2)`, `förpackning om 6`.
fn pack_of(title: &str) -> Option<Spanned> {
    let lower = title.to_ascii_lowercase();
    let (phrase, at) =
        ["pack of ", "set of ", "case of ", "förpackning om ", "pakke med ", "pakning med ", "packung mit "]
            .iter()
            .find_map(|phrase| lower.find(phrase).map(|at| (phrase, at)))?;
    let digits: String = title[at + phrase.len()..].chars().take_while(char::is_ascii_digit).collect();
    let end = at + phrase.len() + digits.len();
    let whole_word = !title[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '-'));
    let number: u32 = digits.parse().ok().filter(|n| (2..=10_000).contains(n))?;
    let value = FactValue::Quantity(Quantity::new(number.into(), Unit::Piece));
    whole_word.then_some((FactKind::PackSize, value, (at, end)))
}

/// Of a thing that is all length, and of a screen, a single length says what it is: `Hose 25 m`, `TV 55"`.
fn length_in_title(title: &str, found: &Found) -> Option<FactKind> {
    const LONG: &[&str] = &[
        "kabel",
        "cable",
        "cord",
        "sladd",
        "förlängningssladd",
        "ledning",
        "forlængerledning",
        "skjøteledning",
        "slang",
        "slange",
        "hose",
        "schlauch",
        "trädgårdsslang",
        "haveslange",
        "hageslange",
        "gartenschlauch",
        "vattenslang",
        "rep",
        "rope",
        "reb",
        "tov",
        "seil",
        "tau",
        "koppel",
        "hundesnor",
        "hundekoppel",
        "leash",
        "hundeleine",
        "leine",
        "kedja",
        "chain",
        "kæde",
        "kette",
        "ledlist",
        "tejp",
        "tape",
        "klebeband",
        "hdmi-kabel",
        "usb-kabel",
        "laddkabel",
        "ladekabel",
        "opladerkabel",
        "nätverkskabel",
        "netværkskabel",
        "netzwerkkabel",
        "verlängerungskabel",
        "måttband",
        "målebånd",
        "maßband",
        "spännband",
    ];
    const SCREENS: &[&str] = &[
        "tv",
        "monitor",
        "monitors",
        "bildskärm",
        "datorskärm",
        "skärm",
        "skærm",
        "skjerm",
        "fernseher",
        "television",
        "bildschirm",
        "smart-tv",
        "gamingmonitor",
        "gamingskärm",
        "laptop",
        "surfplatta",
        "tablet",
    ];
    static LONG_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| LONG.iter().copied().collect());
    let quantity = &found.quantity;
    if quantity.unit.measure() != Measure::Length || quantity.numbers.len() != 1 || quantity.count.is_some() {
        return None;
    }
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let number = quantity.numbers[0];
    match quantity.unit {
        Unit::Metre | Unit::Foot if words.iter().any(|word| LONG_WORDS.contains(word)) => {
            Some(FactKind::Length)
        }
        Unit::Centimetre if number >= 50.into() && words.iter().any(|word| LONG_WORDS.contains(word)) => {
            Some(FactKind::Length)
        }
        Unit::Inch if words.iter().any(|word| SCREENS.contains(word)) && number >= 7.into() => {
            Some(FactKind::ScreenSize)
        }
        _ => None,
    }
}

/// Data that is stored; memory to work with is another thing.
fn data_in_title(title: &str, found: &Found) -> Option<FactKind> {
    if found.quantity.unit.measure() != Measure::Data || found.quantity.numbers.len() != 1 {
        return None;
    }
    let lower = title.to_lowercase();
    let memory = ["ram", "ddr", "buffer", "cache", "minne", "memory", "arbetsminne"];
    let stick = ["usb-minne", "minneskort", "memory stick", "memory card", "memory stick"]
        .iter()
        .any(|word| lower.contains(word));
    let next = lower
        .get(found.end..)?
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    let works = !stick && memory.iter().any(|word| next.starts_with(word));
    (!works && found.quantity.in_unit(Unit::Gigabyte)?.numbers[0] >= 16.into()).then_some(FactKind::Storage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn washes_are_no_watts() {
        let kinds = |title| in_title(title, None).into_iter().map(|(kind, ..)| kind).collect::<Vec<_>>();
        assert_eq!(kinds("Fabric Softener 1.9L 76W"), [FactKind::Volume]);
        assert_eq!(kinds("Kettle 1.7L 2200W"), [FactKind::Volume, FactKind::Power]);
        assert!(kinds("Puffs 10m+").is_empty());
    }

    #[test]
    fn two_of_a_kind_in_a_title_are_none() {
        assert!(in_title("Batteri 18V laddare 230V", None).is_empty());
        assert_eq!(in_title("Tea bags (Pack of 20)", None)[0].0, FactKind::PackSize);
    }

    #[test]
    fn lengths_of_what_is_all_length_and_of_screens_are_known() {
        let shown = |title: &str| {
            let found = in_title(title, Language::parse("sv").ok().as_ref());
            found.iter().map(|(kind, value, _)| format!("{}: {value}", kind.as_str())).collect::<Vec<_>>()
        };
        assert_eq!(shown("Trädgårdsslang 25 m"), ["length: 25 m"]);
        assert_eq!(shown("USB-C kabel 1,5 m 60 W"), ["length: 1.5 m", "power: 60 W"]);
        assert_eq!(shown("Smart-TV 55\""), ["screen size: 55 in"]);
        assert_eq!(shown("Bärbar dator 8 GB RAM 512 GB SSD"), ["storage: 512 GB"]);
        assert!(shown("Stekpanna 28 cm").is_empty());
        assert!(shown("Kabel 2 m till skärm 27\"").is_empty());
    }
}
