//! Facts in titles and descriptions, with the place where each stands.

use berika_catalog::Language;

use super::quantity::{Found, Measure, Unit, scan};
use super::{FactKind, FactValue, Quantity, attributes};

/// A fact with its first byte and the one after its last.
pub(super) type Spanned = (FactKind, FactValue, (usize, usize));

/// The most bytes of a title and of a description that are read.
const TITLE_READ: usize = 2_000;
const DESCRIPTION_READ: usize = 20_000;

/// Quantities of a title whose unit says what is measured. `28 cm` is a length, but of what?
pub(super) fn in_title(title: &str, language: Option<&Language>) -> Vec<Spanned> {
    in_usable_part(title, |text| quantities(text, language))
}

/// What `read` finds in a title and in its usable part too: nothing is read from an address or a script.
pub(super) fn in_usable_part(title: &str, read: impl Fn(&str) -> Vec<Spanned>) -> Vec<Spanned> {
    let title = super::clean::head(title, TITLE_READ);
    let Some(usable) = super::clean::usable_title(&title) else { return Vec::new() };
    let mut facts = read(&title);
    if usable == title {
        return facts;
    }
    let clean = read(&usable);
    facts.retain(|(kind, value, _)| clean.iter().any(|(k, v, _)| k == kind && v == value));
    facts
}

fn quantities(title: &str, language: Option<&Language>) -> Vec<Spanned> {
    let found: Vec<Found> = scan(title, language).into_iter().filter(|found| !found.relative).collect();
    let kind = |found: &Found| kind_in_title(found, language).or_else(|| share_in_title(title, found));
    let mut facts: Vec<Spanned> = found
        .into_iter()
        .filter_map(|found| {
            Some((kind(&found)?, FactValue::Quantity(found.quantity), (found.start, found.end)))
        })
        .collect();
    if facts.iter().all(|(kind, ..)| *kind != FactKind::PackSize) {
        facts.extend(pack_of(title).or_else(|| leading_count(title)));
    }
    // `Softener 1.9L 76W` is enough for 76 washes.
    let amount = |kind: &FactKind| matches!(kind, FactKind::Weight | FactKind::Volume);
    let amounts = facts.iter().filter(|(kind, ..)| amount(kind)).count();
    facts.retain(|(kind, value, _)| !(amounts > 0 && *kind == FactKind::Power && is_small_power(value)));
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
        (Measure::Mass, 1) => FactKind::Weight,
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

/// `3 x Duschgel`, `2x handtvål`: so many at the start.
fn leading_count(title: &str) -> Option<Spanned> {
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

/// `Vikt: 450 g` on a line of its own. Only names that announce something known count: a line such as `Obs: …` is
/// running text.
pub(super) fn in_description(description: &str, language: Option<&Language>) -> Vec<Spanned> {
    let description = super::clean::head(description, DESCRIPTION_READ);
    let mut facts = Vec::new();
    let mut start = 0;
    for line in description.split_inclusive(['\n', '\r']) {
        let at = start;
        start += line.len();
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '•' | '*' | '·'));
        let whole = value.trim();
        if name.len() > 60 || whole.is_empty() {
            continue;
        }
        let Ok(read) = attributes::read(name, whole.trim_end_matches('.'), language) else { continue };
        let from = at + (line.len() - value.trim_start().len());
        for (kind, value) in read {
            match value {
                // The full stop belongs to a text that is copied.
                FactValue::Verbatim(_) => {
                    facts.push((kind, FactValue::Verbatim(whole.to_owned()), (from, from + whole.len())));
                }
                _ if whole.len() > 120 || matches!(kind, FactKind::Other { .. } | FactKind::Size) => {}
                value => facts.push((kind, value, (from, from + whole.trim_end_matches('.').len()))),
            }
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_point_at_the_text_they_were_read_from() {
        let title = "Åkers skruvdragare 18V 2x2,0Ah";
        let found = in_title(title, Language::parse("sv").ok().as_ref());
        let spans: Vec<(&str, &str)> =
            found.iter().map(|(kind, _, (from, to))| (kind.as_str(), &title[*from..*to])).collect();
        assert_eq!(spans, [("voltage", "18V"), ("battery capacity", "2x2,0Ah")]);

        let text = "Fin kanna.\n- Vikt: 1,2 kg\nObs: tål 5 kg\nFärg: blå.";
        let found = in_description(text, Language::parse("sv").ok().as_ref());
        let spans: Vec<(&str, &str)> =
            found.iter().map(|(kind, _, (from, to))| (kind.as_str(), &text[*from..*to])).collect();
        assert_eq!(spans, [("weight", "1,2 kg"), ("colour", "blå")]);
    }

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
}
