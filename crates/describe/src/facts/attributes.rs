//! One attribute to one fact, or the reason why not.

use std::collections::BTreeMap;

use berika_catalog::Language;
use rust_decimal::Decimal;

use super::age::from_age;
use super::clean::{VALUE_MOST, short_text, verbatim};
use super::names::{Announced, announced};
use super::qualifying;
use super::quantity::{Measure, Unit, scan, unit_alone, whole};
use super::words::{Vocabulary, Word, items, look_up, parts};
use super::{FactKind, FactValue, Part, Reason, codes};

/// The most characters of a size such as `EU 42` or `M/L`.
const SIZE_MOST: usize = 16;

/// The most characters and words of an attribute's own name.
const NAME_MOST: usize = 30;

/// What an attribute says: mostly one fact; a list of labels may hold certifications and diets.
pub(super) type Read = Result<Vec<(FactKind, FactValue)>, Reason>;

/// Reads one attribute.
pub(super) fn read(name: &str, value: &str, language: Option<&Language>) -> Read {
    if name.len() > 200 {
        return Err(Reason::TooLong);
    }
    let (announced, unit) = announced(name);
    match announced {
        Announced::FoodInformation => Err(Reason::FoodInformation),
        Announced::Claim => Err(Reason::Claim),
        Announced::NotAProperty => Err(Reason::NotAProperty),
        Announced::Verbatim(kind) => copied(kind, value),
        Announced::Flag(list, word) => flag(list, word, value, language),
        Announced::Labels => labels(value, language),
        Announced::Other if items(value, Vocabulary::Diets, language).1 && value.len() < 200 => {
            listed(FactKind::Diet, Vocabulary::Diets, value, language)
        }
        Announced::Output => output(value, language),
        Announced::Material if is_recipe(value, language) => copied(FactKind::Ingredients, value),
        Announced::ContentOrIngredients | Announced::Measured(_) if is_recipe(value, language) => {
            copied(FactKind::Ingredients, value)
        }
        Announced::Items(kind) => {
            let list = Vocabulary::of(&kind).ok_or(Reason::Unreadable)?;
            listed(kind, list, value, language)
        }
        Announced::ContentOrIngredients if value.len() > 40 => Err(Reason::FoodInformation),
        announced => {
            let text = short_text(value, VALUE_MOST)?;
            match one(name, &announced, unit, text, language)? {
                // One piece in a package goes without saying.
                (FactKind::PackSize, FactValue::Quantity(one)) if one.numbers == [Decimal::ONE] => {
                    Err(Reason::NotAProperty)
                }
                found => Ok(vec![found]),
            }
        }
    }
}

/// The word that an attribute says the product is *not*: `Vegan: Nej`.
pub(super) fn denied(name: &str, value: &str) -> Option<(FactKind, Word)> {
    let (Announced::Flag(list, word), _) = announced(name) else { return None };
    is_no(value).then(|| (kind_of(list), word))
}

/// An amount whose number and unit stand in two attributes, with their names: `quantity: 500`, `unit: g`.
pub(super) fn amount_in_two_fields<'a>(
    attributes: &'a BTreeMap<String, String>,
    language: Option<&Language>,
) -> Option<(&'a str, &'a str, FactKind, FactValue)> {
    let named = |names: &'static [&'static str]| {
        attributes.iter().find(|(name, _)| names.contains(&name.trim().to_lowercase().as_str()))
    };
    let (unit_name, unit) =
        named(&["unit", "enhet", "enhed", "einheit", "mengeneinheit", "unit_of_measure"])?;
    let (name, number) =
        named(&["quantity", "mängd", "mængde", "mengde", "menge", "amount", "antal", "anzahl", "content"])?;
    let bare = number.trim().starts_with(|c: char| c.is_ascii_digit())
        && number.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if !bare || number.len() > 12 || unit.len() > 20 {
        return None;
    }
    let (kind, value) = amount(&format!("{} {}", number.trim(), unit_alone(unit)?.label()), language)?;
    let piece = matches!(&value, FactValue::Quantity(one) if one.unit == Unit::Piece && one.numbers == [Decimal::ONE]);
    let known = matches!(kind, FactKind::NetContent | FactKind::PackSize) && !piece;
    known.then_some((name.as_str(), unit_name.as_str(), kind, value))
}

fn one(
    name: &str,
    announced: &Announced,
    unit: Option<Unit>,
    text: String,
    language: Option<&Language>,
) -> Result<(FactKind, FactValue), Reason> {
    let code = |kind: FactKind, code: Option<String>| {
        code.map(|code| (kind, FactValue::Text(code))).ok_or(Reason::Unreadable)
    };
    match announced {
        Announced::Measured(kinds) => match measured(&text, language, unit, kinds) {
            Some(found) => Ok(found),
            // `Mått: 250 mm` is a length, but of what?
            None if kinds.iter().any(|(_, kind)| *kind == FactKind::Dimensions) => {
                let quantity = whole(&text, language, unit).ok_or(Reason::Unreadable)?;
                let length = quantity.unit.measure() == Measure::Length;
                length
                    .then(|| (FactKind::Other { name: name.to_owned() }, FactValue::Quantity(quantity)))
                    .ok_or(Reason::Unreadable)
            }
            None => Err(Reason::Unreadable),
        },
        Announced::Pieces => {
            let net = || amount(&text, language).filter(|(kind, _)| *kind == FactKind::NetContent);
            pieces(&text, language).or_else(net).ok_or(Reason::Unreadable)
        }
        Announced::ContentOrIngredients => amount(&text, language).ok_or(Reason::FoodInformation),
        Announced::SizeOrMeasure => match amount(&text, language) {
            // A size in litres may be what a bag holds as well as what a carton does.
            Some((FactKind::NetContent, FactValue::Quantity(q))) if q.unit.measure() == Measure::Volume => {
                Ok((FactKind::Volume, FactValue::Quantity(q)))
            }
            Some(found) => Ok(found),
            // `EU 28 / UK 10`: one size by two systems.
            None if text.starts_with("EU ") && text.contains(" / ") => {
                let size = text.split(" / ").next().unwrap_or(&text).to_owned();
                Ok((FactKind::Size, FactValue::Text(size)))
            }
            None if is_size(&text) && whole(&text, language, None).is_none() => {
                Ok((FactKind::Size, FactValue::Text(text)))
            }
            None => Err(Reason::Unreadable),
        },
        Announced::Colour => words(&text, FactKind::Colour, Vocabulary::Colours, language),
        Announced::Material => words(&text, FactKind::Material, Vocabulary::Materials, language),
        Announced::Origin => match parts(&text, Vocabulary::Countries, language) {
            Some(found) if found.len() == 1 => Ok((FactKind::Origin, FactValue::Words(found))),
            // `Somerset, United Kingdom`
            None if text.matches(',').count() == 1 => {
                let (region, country) = text.split_once(',').ok_or(Reason::Unreadable)?;
                let known =
                    parts(country.trim(), Vocabulary::Countries, language).filter(|found| found.len() == 1);
                let place = parts(region, Vocabulary::Countries, language).is_none() && !denies(region);
                known
                    .filter(|_| place)
                    .map(|found| (FactKind::Origin, FactValue::Words(found)))
                    .ok_or(Reason::Unreadable)
            }
            // A region or a list of countries: what exactly comes from where is not said.
            _ => Err(Reason::Unreadable),
        },
        Announced::EnergyClass => code(FactKind::EnergyClass, codes::energy_class(&text)),
        Announced::LampBase => code(FactKind::LampBase, codes::lamp_base(&text).map(str::to_owned)),
        Announced::ProtectionClass => code(FactKind::ProtectionClass, codes::protection_class(&text)),
        Announced::Age => from_age(&text, language)
            .map(|age| (FactKind::AgeRecommendation, FactValue::Quantity(age)))
            .ok_or(Reason::Unreadable),
        _ => other(name, text, language),
    }
}

/// A list of what food or feed is made of, under a name that may announce something else: at least three items, none of
/// them counted, and a share or a staple among them.
fn is_recipe(value: &str, language: Option<&Language>) -> bool {
    const STAPLES: &[&str] = &[
        "vatten", "salt", "socker", "mjölk", "vand", "sukker", "mælk", "vann", "melk", "wasser", "salz",
        "zucker", "milch", "water", "sugar", "milk", "rapsolja", "rapsolie", "rapsolje", "rapsöl", "reis",
        "rice", "korn", "maize", "mais",
    ];
    let items: Vec<&str> = value.split(',').map(str::trim).collect();
    let lower = value.to_lowercase();
    let staple = lower.split(|c: char| !c.is_alphanumeric()).any(|word| STAPLES.contains(&word));
    items.len() >= 3
        && items.iter().all(|item| item.starts_with(char::is_alphabetic))
        && staple
        && parts(value, Vocabulary::Materials, language).is_none()
}

/// `5 V / 2,4 A`, `20V 3.25A`: voltage and current of an output.
fn output(value: &str, language: Option<&Language>) -> Read {
    let text = short_text(value, VALUE_MOST)?;
    let found = scan(&text, language);
    let of = |measure: Measure, kind: FactKind| {
        let mut of = found.iter().filter(|found| found.quantity.unit.measure() == measure);
        let one =
            of.next().filter(|found| found.quantity.numbers.len() == 1 && found.quantity.count.is_none())?;
        of.next().is_none().then(|| (kind, FactValue::Quantity(one.quantity.clone())))
    };
    let facts: Vec<_> = of(Measure::Voltage, FactKind::Voltage)
        .into_iter()
        .chain(of(Measure::Current, FactKind::Current))
        .collect();
    if facts.is_empty() { Err(Reason::Unreadable) } else { Ok(facts) }
}

/// Ingredients and allergens, word for word.
fn copied(kind: FactKind, value: &str) -> Read {
    if is_yes(value) || is_no(value) || NOTHING.contains(&value.trim().to_lowercase().as_str()) {
        return Err(Reason::NotAProperty);
    }
    Ok(vec![(kind, FactValue::Verbatim(verbatim(value)?))])
}

/// `Glutenfri: Ja`, `Glutenfri: glutenfri`. A "no" is no fact.
fn flag(list: Vocabulary, word: Word, value: &str, language: Option<&Language>) -> Read {
    if is_yes(value) || look_up(value, list, language) == Some(word) {
        return Ok(vec![(kind_of(list), FactValue::Words(vec![Part { percent: None, word }]))]);
    }
    match list {
        // `Maskintvätt: 40 °C`
        Vocabulary::Care => listed(FactKind::Care, list, value, language),
        _ => Err(Reason::NotAProperty),
    }
}

/// A list of certifications and diets. Each item stands for itself: those not known are left aside.
fn labels(value: &str, language: Option<&Language>) -> Read {
    let of = |kind: FactKind, list| {
        let (parts, _) = items(value, list, language);
        (!parts.is_empty()).then_some((kind, FactValue::Words(parts)))
    };
    let certifications = of(FactKind::Certification, Vocabulary::Certifications);
    let found: Vec<_> = certifications.into_iter().chain(of(FactKind::Diet, Vocabulary::Diets)).collect();
    if found.is_empty() { Err(Reason::Claim) } else { Ok(found) }
}

/// Diets or care instructions.
fn listed(kind: FactKind, list: Vocabulary, value: &str, language: Option<&Language>) -> Read {
    let (mut parts, all) = items(value, list, language);
    if !all && kind == FactKind::Care && denies(value) {
        // "40 degrees, not in the machine": what is denied and not understood may be what is.
        let lost = value
            .split(['.', ';', '\n', '|', ','])
            .any(|item| denies(item) && items(item, list, language).0.is_empty());
        if lost {
            return Err(Reason::Unreadable);
        }
        // "Not bleach, tumble drying, …": behind a "not", what is said may be denied too, unless all is understood.
        parts = value
            .split(['.', ';', '\n', '|'])
            .flat_map(|sentence| {
                let mut denied = false;
                let safe = sentence.split(',').filter(|item| {
                    denied |= denies(item);
                    !denied || denies(item)
                });
                items(&safe.collect::<Vec<_>>().join(","), list, language).0
            })
            .collect();
    }
    match parts.is_empty() {
        true if kind == FactKind::Diet => Err(Reason::Claim),
        true => Err(Reason::Unreadable),
        false => Ok(vec![(kind, FactValue::Words(parts))]),
    }
}

fn denies(text: &str) -> bool {
    const NOT: &[&str] = &["må", "får", "tål"];
    qualifying::denies(text)
        || text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| NOT.contains(&word))
}

fn kind_of(list: Vocabulary) -> FactKind {
    match list {
        Vocabulary::Diets => FactKind::Diet,
        Vocabulary::Certifications => FactKind::Certification,
        _ => FactKind::Care,
    }
}

fn is_yes(value: &str) -> bool {
    ["ja", "yes", "true", "y", "j", "1", "sant", "wahr"].contains(&value.trim().to_lowercase().as_str())
}

fn is_no(value: &str) -> bool {
    ["nej", "nei", "nein", "no", "false", "n", "0", "falskt", "falsch"]
        .contains(&value.trim().to_lowercase().as_str())
}

/// Words of data, not of people.
const NOTHING: &[&str] = &[
    "-",
    "n/a",
    "na",
    "nan",
    "none",
    "null",
    "saknas",
    "okänd",
    "unknown",
    "inga",
    "ingen",
    "ingen info",
    "se förpackning",
    "see pack",
];

/// A measure whose unit fits one of `kinds`.
fn measured(
    text: &str,
    language: Option<&Language>,
    unit: Option<Unit>,
    kinds: &[(Measure, FactKind)],
) -> Option<(FactKind, FactValue)> {
    let sides = kinds.iter().any(|(_, kind)| *kind == FactKind::Dimensions).then(|| bare_sides(text));
    let quantity = whole(sides.as_deref().unwrap_or(text), language, unit)?;
    let (_, kind) = kinds.iter().find(|(measure, _)| *measure == quantity.unit.measure())?;
    let sides = quantity.numbers.len();
    let fits = match kind {
        FactKind::Dimensions => (2..=3).contains(&sides),
        _ => sides == 1,
    };
    fits.then_some((kind.clone(), FactValue::Quantity(quantity)))
}

/// `B60 x H80 x D40 cm (BxHxD)` less the letters that name the sides.
fn bare_sides(text: &str) -> String {
    let open = text.find('(').unwrap_or(text.len());
    let named =
        |inside: &str| inside.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ')' | '×' | '/' | '*'));
    let text = if named(&text[open..].replace('(', "")) { &text[..open] } else { text };
    let mut bare = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let side = matches!(c, 'B' | 'H' | 'D' | 'L' | 'W' | 'T' | 'b' | 'h' | 'd' | 'w' | 't')
            && !last.is_alphanumeric();
        let next = chars.peek().copied();
        if side && next.is_some_and(|next| next.is_ascii_digit() || matches!(next, ' ' | ':')) {
            while chars.next_if(|c| matches!(c, ' ' | ':')).is_some() {}
        } else {
            bare.push(c);
        }
        last = c;
    }
    bare.trim().to_owned()
}

/// `500 g`, `6 x 33 cl`, `40 x 60 cm`, `12 st`: kinds told by the unit alone.
fn amount(text: &str, language: Option<&Language>) -> Option<(FactKind, FactValue)> {
    const KINDS: &[(Measure, FactKind)] = &[
        (Measure::Mass, FactKind::NetContent),
        (Measure::Volume, FactKind::NetContent),
        (Measure::Length, FactKind::Dimensions),
    ];
    measured(text, language, None, KINDS).or_else(|| {
        let counted = text.ends_with(['p', 'P']) || whole(text, language, None)?.unit == Unit::Piece;
        counted.then(|| pieces(text, language)).flatten()
    })
}

fn pieces(text: &str, language: Option<&Language>) -> Option<(FactKind, FactValue)> {
    // `10p` counts eggs; elsewhere `1080p` counts lines.
    let text = text
        .strip_suffix(['p', 'P'])
        .filter(|n| n.bytes().all(|b| b.is_ascii_digit()) && n.len() < 4)
        .unwrap_or(text);
    // `12 poser`, `8 Rollen`: one noun for the piece.
    let noun = text.split_once(' ').filter(|(number, noun)| {
        number.bytes().all(|b| b.is_ascii_digit())
            && noun.len() <= 20
            && noun.chars().all(char::is_alphabetic)
    });
    let known =
        whole(text, language, Some(Unit::Piece)).or_else(|| whole(noun?.0, language, Some(Unit::Piece)));
    let quantity = known?;
    let sensible = quantity.unit == Unit::Piece
        && quantity.count.is_none()
        && quantity.numbers.len() == 1
        && quantity.numbers[0].fract().is_zero();
    sensible.then_some((FactKind::PackSize, FactValue::Quantity(quantity)))
}

/// Known words in every language; else, in the product's own, the words as they are.
fn words(
    text: &str,
    kind: FactKind,
    list: Vocabulary,
    language: Option<&Language>,
) -> Result<(FactKind, FactValue), Reason> {
    if let Some(found) = parts(text, list, language) {
        return Ok((kind, FactValue::Words(found)));
    }
    // No colour and no material of its own: "assorted", "PU on polyester".
    const NOT_ONE: &[&str] = &[
        "assorterade",
        "assorterat",
        "assorteret",
        "assorterte",
        "assorted",
        "sortiert",
        "blandade",
        "blandede",
        "diverse",
        "div",
        "auf",
        "på",
        "on",
        "mixed",
        "various",
        "olika",
    ];
    if text.to_lowercase().split_whitespace().any(|word| NOT_ONE.contains(&word)) {
        return Err(Reason::Unreadable);
    }
    if qualifying::denies(text) {
        return Err(Reason::Unreadable);
    }
    let plain = text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '/'));
    let short = text.split_whitespace().count() <= 3;
    if plain && short { Ok((kind, FactValue::Text(text.to_owned()))) } else { Err(Reason::Unreadable) }
}

/// Codes and short words: `M`, `XL`, `EU 42`, `38/40`, `One size`.
fn is_size(text: &str) -> bool {
    text.chars().count() <= SIZE_MOST
        && text != "0"
        // `240/110g` is an amount that was not understood.
        && !text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_lowercase())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '/' | '-' | '.' | ',' | '½'))
}

/// A property under the supplier's own name: stated in the product's own language only.
fn other(name: &str, text: String, language: Option<&Language>) -> Result<(FactKind, FactValue), Reason> {
    let name = short_text(name, NAME_MOST)?;
    let plain = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'));
    if !plain || name.split_whitespace().count() > 3 || name.chars().count() < 3 || is_camel(&name) {
        return Err(Reason::NotAProperty);
    }
    if is_yes(&text) || is_no(&text) || NOTHING.contains(&text.to_lowercase().as_str()) {
        return Err(Reason::NotAProperty);
    }
    // What the law regulates needs more than a name of the supplier's own.
    const CLAIMING: &[&str] = &[
        "effect",
        "effekt",
        "verkan",
        "wirkung",
        "virkning",
        "benefit",
        "award",
        "utmärkelse",
        "auszeichnung",
        "pris",
        "garanti",
        "garantie",
        "warranty",
        "footprint",
        "bra för",
        "good for",
        "gut für",
        "godt for",
    ];
    let lower = name.to_lowercase();
    let words =
        || text.split(|c: char| !c.is_alphanumeric()).chain(name.split(' ')).filter(|word| !word.is_empty());
    let free = [" plast", " plastic", " pfas", " bpa", " palm"]
        .iter()
        .any(|what| text.to_lowercase().contains(what))
        && qualifying::denies(&text);
    if CLAIMING.iter().any(|word| lower == *word || lower.starts_with(&format!("{word} ")))
        || words().any(crate::guard::is_claim_word)
        || free
    {
        return Err(Reason::Claim);
    }
    if let Some(quantity) = whole(&text, language, None) {
        return Ok((FactKind::Other { name }, FactValue::Quantity(quantity)));
    }
    // A property is a few words; a full stop, colon or semicolon makes it a text of its own.
    let sentence = text.contains(['!', '?', ';', ':', '|', '"', '(', ')', '”', '='])
        || text.ends_with('.')
        || text.contains(". ");
    if sentence || text.split_whitespace().count() > 5 || !text.chars().any(char::is_alphanumeric) {
        return Err(Reason::Unreadable);
    }
    // Digits alone say nothing without a unit; long ones are numbers of articles.
    if !text.chars().any(char::is_alphabetic) {
        return Err(Reason::NotAProperty);
    }
    Ok((FactKind::Other { name }, FactValue::Text(text)))
}

/// `baseColour`: a name of a data field, not of a property.
fn is_camel(name: &str) -> bool {
    name.chars().zip(name.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
}
