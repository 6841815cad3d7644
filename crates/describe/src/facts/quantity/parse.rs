//! Quantities found in text: `7,5 dl`, `2 x 1.5 Ah`, `40 x 60 cm`, `500 ml x 6`, `ca 820 g`, `4-pack`.

use berika_catalog::Language;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Quantity;
use super::unit::{Measure, Unit, unit, unit as unit_of};
use crate::facts::number::{Blanks, number};

/// A quantity that stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The quantity.
    pub quantity: Quantity,
    /// Its first byte; a word for "about" belongs to it.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Whether it is the amount of something else: `up to 25 kg`, `för 10 l`.
    pub relative: bool,
    /// Whether a sign for diameter stands before it.
    pub diameter: bool,
}

const ABOUT: &[&str] = &[
    "ca", "ca.", "ca:", "c:a", "cirka", "circa", "approx", "approx.", "about", "ungefär", "omkring", "etwa",
    "zirka",
];

/// Words after which an amount is not the product's own.
const RELATIVE: &[&str] = &[
    "max",
    "max.",
    "maks",
    "maks.",
    "maxi",
    "till",
    "til",
    "för",
    "for",
    "for:",
    "to",
    "from",
    "från",
    "fra",
    "från:",
    "ab",
    "bis",
    "für",
    "min",
    "min.",
    "minst",
    "mindst",
    "under",
    "over",
    "över",
    "upp",
    "up",
    "upto",
    "bei",
    "per",
    "pro",
    "à",
    "a",
    "per:",
    "of",
    "av",
    "af",
    "von",
    "mit",
    "with",
    "med",
    "and",
    "och",
    "und",
    "og",
    "every",
    "varje",
    "motsvarar",
    "ersätter",
    "replaces",
    "ersetzt",
    "ersetzen",
    "erstatter",
    "entspricht",
    "svarer",
    "tilsvarer",
    "equals",
    "vde",
    "cat",
    "ii",
    "iii",
    "iv",
    "isolerad",
    "insulated",
    "isoliert",
];

/// All quantities in `text` of which it is certain what the number and the unit are, in order and without overlap.
/// `language` tells what a comma means. Ranges, numbers within codes (`GSR 18V-55`), numbers without a unit and units
/// that are common words (`h`, `in`, `bar`) are left out: a number that is not found here may well be a measure.
pub fn scan(text: &str, language: Option<&Language>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + offset;
        let parsed = (starts_number(text, start) && !is_behind_tyre_size(text, start))
            .then(|| quantity_at(&text[start..], language, Blanks::Separate, false));
        match parsed.flatten() {
            Some((quantity, length))
                if !is_network(&text[start..start + length]) && !closes_quote(text, start, length) =>
            {
                let end = start + length;
                found.push(with_surroundings(text, quantity, start, end));
                at = end;
            }
            _ => at = start + text[start..].bytes().take_while(u8::is_ascii_digit).count(),
        }
    }
    found
}

/// The quantity that is the whole of `text`; a bare number is in `default`, if given.
pub(crate) fn whole(text: &str, language: Option<&Language>, default: Option<Unit>) -> Option<Quantity> {
    let text = text.trim();
    let (approximate, text) = match text.find(|c: char| c.is_ascii_digit()) {
        Some(at) if is_about(text[..at].trim_end()) => (true, &text[at..]),
        _ => (false, text),
    };
    let complete = |length: usize| matches!(text[length..].trim(), "" | ".");
    let with_unit = quantity_at(text, language, Blanks::Group, true).filter(|(_, length)| complete(*length));
    let quantity = match (with_unit, default) {
        (Some((quantity, _)), _) => quantity,
        (None, Some(unit)) => {
            let (numbers, length) = numbers(text, language, Blanks::Group)?;
            complete(length).then_some(())?;
            assemble(&numbers, unit)?
        }
        (None, None) => return None,
    };
    Some(Quantity { approximate, ..quantity })
}

/// The unit that is the whole of `text`, as in the name `Vikt (g)`.
pub(crate) fn unit_alone(text: &str) -> Option<Unit> {
    let text = text.trim().trim_end_matches('.');
    unit(text, true).filter(|(_, length)| *length == text.len()).map(|(unit, _)| unit)
}

fn quantity_at(
    text: &str,
    language: Option<&Language>,
    blanks: Blanks,
    alone: bool,
) -> Option<(Quantity, usize)> {
    let (mut numbers, mut end) = numbers(text, language, blanks)?;
    let gap = text[end..].len() - text[end..].trim_start_matches([' ', '\u{a0}']).len();
    let (unit, length) = unit(&text[end + gap..], alone)?;
    end += gap + length;
    if gap > 1 {
        return None;
    }
    if numbers.len() > 1 {
        return Some((assemble(&numbers, unit)?, end));
    }
    // `40 cm x 60 cm` and `500 ml x 6`.
    while let Some((next, length)) = times(&text[end..], false).and_then(|sign| {
        let (next, length) = number(&text[end + sign..], language, blanks)?;
        Some((next, sign + length))
    }) {
        let after = &text[end + length..];
        let gap = after.len() - after.trim_start().len();
        match unit_of(&after[gap..], alone) {
            Some((same, more)) if same == unit && unit.measure() == Measure::Length && numbers.len() < 3 => {
                numbers.push(next);
                end += length + gap + more;
            }
            None if numbers.len() == 1 && countable(unit) && next.fract().is_zero() => {
                let quantity = Quantity { count: Some(count(next)?), ..Quantity::new(numbers[0], unit) };
                return Some((quantity, end + length));
            }
            _ => break,
        }
    }
    Some((assemble(&numbers, unit)?, end))
}

/// One to three numbers with a multiplication sign between, and how many bytes they take.
fn numbers(text: &str, language: Option<&Language>, blanks: Blanks) -> Option<(Vec<Decimal>, usize)> {
    let (first, mut end) = number(text, language, blanks)?;
    let mut numbers = vec![first];
    while numbers.len() < 4 {
        let Some(sign) = times(&text[end..], true) else { break };
        let Some((next, length)) = number(&text[end + sign..], language, blanks) else { break };
        numbers.push(next);
        end += sign + length;
    }
    (numbers.len() < 4).then_some((numbers, end))
}

/// The length of a multiplication sign with its blanks.
fn times(text: &str, digit_before: bool) -> Option<usize> {
    let rest = text.trim_start_matches([' ', '\u{a0}']);
    let sign = rest.chars().next().filter(|c| matches!(c, 'x' | 'X' | '×' | '*'))?;
    // `AX3000` is a name.
    if sign == 'X'
        && rest.len() == text.len()
        && text[1..].starts_with(|c: char| c.is_ascii_digit())
        && !digit_before
    {
        return None;
    }
    let after = rest[sign.len_utf8()..].trim_start_matches([' ', '\u{a0}']);
    Some(text.len() - after.len())
}

/// Several numbers are sides of a length, or a count and one piece.
fn assemble(numbers: &[Decimal], unit: Unit) -> Option<Quantity> {
    if numbers.iter().any(|n| n.is_zero() || n.is_sign_negative()) {
        return None;
    }
    match numbers {
        [number] => Some(Quantity::new(*number, unit)),
        sides if unit.measure() == Measure::Length => {
            Some(Quantity { numbers: sides.to_vec(), ..Quantity::new(sides[0], unit) })
        }
        [pieces, each] if countable(unit) && pieces.fract().is_zero() => {
            Some(Quantity { count: Some(count(*pieces)?), ..Quantity::new(*each, unit) })
        }
        _ => None,
    }
}

fn countable(unit: Unit) -> bool {
    matches!(
        unit.measure(),
        Measure::Mass | Measure::Volume | Measure::Charge | Measure::Power | Measure::Voltage
    )
}

fn count(number: Decimal) -> Option<u32> {
    number.to_u32().filter(|n| (1..=10_000).contains(n))
}

/// The sign behind the 3 of `"Harbour No. 3"` is no inch.
fn closes_quote(text: &str, start: usize, length: usize) -> bool {
    let sign = text[start..start + length].chars().next_back();
    let open =
        |sign| text[..start].chars().filter(|c| *c == sign || sign == '”' && *c == '“').count() % 2 == 1;
    sign.is_some_and(|sign| matches!(sign, '"' | '”') && open(sign))
}

/// `5G` is a telephone network.
fn is_network(text: &str) -> bool {
    matches!(text, "2G" | "3G" | "4G" | "5G" | "6G")
}

/// Whether a number may start at `start`: not within a word, a range, a fraction, a date or another number.
fn starts_number(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    match before.next() {
        None => true,
        Some('Ø' | 'ø') => !before.next().is_some_and(char::is_alphanumeric),
        Some(c) if c.is_alphanumeric() => false,
        Some('.' | ',' | '/' | '+' | '±' | '<' | '>' | '≤' | '≥' | '~' | '#' | '&' | ';' | '_' | '=') => {
            false
        }
        // `4-9 kg` is a range, `-18 °C` below zero.
        Some('-' | '–' | '—') => false,
        Some(' ' | '\u{a0}') => {
            // `4 - 9 kg` is a range; in `2 500 g` it cannot be told whether there are two numbers or one.
            let earlier = text[..start].trim_end();
            let bare = earlier.trim_end_matches(['-', '–', '—', '/']).trim_end();
            let range = bare.len() < earlier.len() && bare.ends_with(|c: char| c.is_ascii_digit());
            let word = earlier.rsplit(char::is_whitespace).next().unwrap_or_default();
            let thousands = (1..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
            let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
            !(range || thousands && digits == 3)
        }
        Some(_) => true,
    }
}

/// `205/55 R16 91V`: what follows the size of a tyre are its load and speed.
fn is_behind_tyre_size(text: &str, start: usize) -> bool {
    text[..start].split_whitespace().rev().take(3).any(|word| {
        let size: String = word.chars().take(6).collect();
        let mut parts = size.split('/');
        let digits = |part: Option<&str>, count| {
            part.is_some_and(|part| {
                part.len() >= count && part.bytes().take(count).all(|b| b.is_ascii_digit())
            })
        };
        word.as_bytes().get(3) == Some(&b'/') && digits(parts.next(), 3) && digits(parts.next(), 2)
    })
}

fn is_about(word: &str) -> bool {
    ABOUT.contains(&word.to_lowercase().as_str())
}

fn with_surroundings(text: &str, mut quantity: Quantity, start: usize, end: usize) -> Found {
    let before = text[..start].trim_end();
    let word_at = before
        .rfind(char::is_whitespace)
        .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let word = &before[word_at..];
    let diameter = before.ends_with('Ø') || word == "ø" || word.ends_with('ø') && word.chars().count() == 1;
    let lower = word.to_lowercase();
    // `60W equivalent`, `300 W peak`, `9W = 60W`: of another thing, or at another time.
    const BEHIND: &[&str] = &[
        "equivalent",
        "eq",
        "equiv",
        "motsvarande",
        "tilsvarende",
        "äquivalent",
        "peak",
        "=",
        "vergleichbar",
    ];
    let next = text[end..].trim_start().split(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    let compared = BEHIND.contains(&next.trim_matches([',', ')', '('])) || word == "=";
    let start = if is_about(&lower) {
        quantity.approximate = true;
        word_at
    } else {
        start
    };
    Found { quantity, start, end, relative: compared || RELATIVE.contains(&lower.as_str()), diameter }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn swedish() -> Option<Language> {
        Language::parse("sv").ok()
    }

    fn show(quantity: &Quantity) -> String {
        let numbers: Vec<String> = quantity.numbers.iter().map(ToString::to_string).collect();
        let count = quantity.count.map(|count| format!("{count} of ")).unwrap_or_default();
        let about = if quantity.approximate { "about " } else { "" };
        format!("{about}{count}{} {}", numbers.join("x"), quantity.unit.symbol()).trim_end().to_owned()
    }

    fn found(text: &str) -> Vec<String> {
        scan(text, swedish().as_ref()).iter().map(|f| show(&f.quantity)).collect()
    }

    #[test]
    fn usual_notations_are_read() {
        for (text, expected) in [
            ("Grädde 7,5 dl", "7.5 dl"),
            ("Batteri 2 x 1.5 Ah", "2 of 1.5 Ah"),
            ("Tavla 40x60cm", "40x60 cm"),
            ("Låda 40 cm x 60 cm x 20 cm", "40x60x20 cm"),
            ("Läsk 6x33cl", "6 of 33 cl"),
            ("Läsk 33 cl x 6", "6 of 33 cl"),
            ("Skruvdragare 18V", "18 V"),
            ("Mjölk 1,5%", "1.5 %"),
            ("KETCHUP 700 GR.", "700 g"),
            ("Glass 1,75L", "1.75 l"),
            ("Lamm ca: 820g", "about 820 g"),
            ("Tvål 4-pack", "4"),
            ("Lampa 2700K", "2700 K"),
            ("Borr Ø 28 mm", "28 mm"),
            ("Granola 12 oz", "12 oz"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
        assert_eq!(found("Vattenkokare 1,7 l 2200 W"), ["1.7 l", "2200 W"]);
        assert_eq!(found("Lampa E27 806lm 2700K"), ["806 lm", "2700 K"]);
    }

    #[test]
    fn what_only_looks_like_a_quantity_is_none() {
        for text in [
            "Blöjor 4-9 kg",
            "Oliver 240/110g",
            "DHP485 borr",
            "Telefon 5G",
            "Borste 200 g/m²",
            "GSR 18V-55",
            "T-shirt 2 M",
            "Artikel 12345678901 g",
            "Nr 2 500 g",
            "7-9 g",
            "EDT \"Hamn nr 3\" herr",
            "Puré 7m+",
            "0 g",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn amounts_of_something_else_are_marked() {
        let relative = |text: &str| scan(text, None).iter().map(|f| f.relative).collect::<Vec<_>>();
        assert_eq!(relative("Krok max 25 kg"), [true]);
        assert_eq!(relative("Gjutjärnskrok för 10 l"), [true]);
        assert_eq!(relative("Skruvmejsel VDE 1000 V"), [true]);
        assert_eq!(relative("Kaffe 450 g"), [false]);
    }

    #[test]
    fn a_whole_value_may_lack_its_unit() {
        let read = |text, unit| whole(text, swedish().as_ref(), unit).map(|q| show(&q));
        assert_eq!(read("1 500 W", None).as_deref(), Some("1500 W"));
        assert_eq!(read("450", Some(Unit::Gram)).as_deref(), Some("450 g"));
        assert_eq!(read("0,45 kg", Some(Unit::Gram)).as_deref(), Some("0.45 kg"));
        assert_eq!(read("ca 1,5 kg", None).as_deref(), Some("about 1.5 kg"));
        assert_eq!(read("450 g netto", None), None);
        assert_eq!(unit_alone("g"), Some(Unit::Gram));
        assert_eq!(unit_alone("gul"), None);
    }

    #[test]
    fn one_amount_in_two_units_or_as_a_total_agrees() {
        let read = |text| whole(text, swedish().as_ref(), None).unwrap();
        assert!(read("0,5 kg").agrees_with(&read("500 g")));
        assert!(read("6x33 cl").agrees_with(&read("1,98 l")));
        assert!(read("6x33 cl").agrees_with(&read("33 cl")));
        assert!(!read("500 g").agrees_with(&read("450 g")));
        assert!(!read("500 g").agrees_with(&read("500 ml")));
    }

    proptest! {
        #[test]
        fn any_text_is_scanned_and_every_quantity_stands_where_it_says(text in "\\PC{0,60}|[0-9a-zA-Z ,.xØ%/\"-]{0,60}") {
            let mut last = 0;
            for found in scan(&text, None) {
                prop_assert!(found.start >= last && found.end > found.start);
                prop_assert!(text[found.start..found.end].contains(|c: char| c.is_ascii_digit()));
                last = found.end;
            }
            whole(&text, None, Some(Unit::Gram));
        }
    }
}
