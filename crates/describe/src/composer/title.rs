//! The title, and the product's name as sentences use it: brand, name and size in that order.

use super::casing::{
    brand_as_written, capitalised_word, find_words, with_brand_as_written, without_shouting,
};
use super::rules::Rules;
use super::rules_of;
use crate::facts::qualifying::is_qualified;
use crate::facts::quantity::{Found, Measure, scan};
use crate::facts::{Fact, FactKind, FactValue, Facts, Quantity, Unit, usable_title};

/// The most characters of a name within a sentence.
const NAME_MOST: usize = 110;

/// A product's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    /// The title to publish: brand, name and size.
    pub(super) title: String,
    /// The brand with a blank behind it, where the title begins with it.
    pub(super) prefix: String,
    /// The name as the title has it.
    pub(super) shown: String,
    /// The size with a blank before it, where another field gives it.
    pub(super) suffix: String,
    /// The fields the title rests on.
    pub(super) title_fields: Vec<String>,
    /// The name for sentences: without brand, and without the measures at its end that sentences state.
    pub(super) name: String,
    /// The brand for sentences, unless it is the whole of the name.
    pub(super) brand: Option<String>,
}

impl Names {
    /// The size that the name ends in, with the blank before it; empty where it ends in none.
    pub(super) fn size_at_end(&self) -> &str {
        match scan(&self.shown, None).last() {
            Some(found) if found.start > 0 && found.end == self.shown.len() => {
                self.shown.get(found.start - 1..).filter(|size| size.starts_with(' ')).unwrap_or_default()
            }
            _ => "",
        }
    }
}

/// Names the product, in a title of at most `most` characters; `None` where its title holds nothing usable.
pub(super) fn names(title: &str, facts: &Facts, rules: &Rules, most: usize) -> Option<Names> {
    let usable = without_ornaments(&usable_title(title)?);
    let given_brand = facts.of_kind(&FactKind::Brand).find_map(|fact| match &fact.value {
        FactValue::Text(text) if !NO_BRAND.contains(&text.to_lowercase().as_str()) => Some(text.clone()),
        _ => None,
    });
    let whole = expanded(&usable, facts);
    let brand = given_brand.map(|given| brand_as_written(&given, &usable));
    let (rest, has_brand) = match &brand {
        Some(brand) => without_brand(&whole, brand),
        None => (whole.clone(), Brand::Absent),
    };
    let calm = with_brand_as_written(&without_shouting(&whole), brand.as_deref());
    let rest = with_brand_as_written(&without_shouting(&tidy(&rest)), brand.as_deref());
    let rest = size_last(&without_contradicted(&rest, facts), facts);
    let rest = tidy(&rest);
    // Nothing but the brand and a size: the title is a name of its own.
    let bare = rest.chars().filter(|c| c.is_alphabetic()).count() < 2 || stripped(&rest, facts).is_empty();
    let (rest, brand) = if bare { (tidy(&without_contradicted(&calm, facts)), None) } else { (rest, brand) };

    let shown = capitalised_word(&with_notation(&rest, facts, rules));
    let size = size_to_add(&rest, facts);
    let mut title_fields = vec!["title".to_owned()];
    let prefix = match (&brand, has_brand) {
        (Some(brand), Brand::Removed | Brand::Absent) => format!("{brand} "),
        _ => String::new(),
    };
    if !prefix.is_empty() {
        title_fields.push("brand".to_owned());
    }
    let suffix = size.map(|(text, field)| {
        title_fields.push(field);
        format!(" {}", rules.quantity(&text))
    });
    let suffix = suffix.unwrap_or_default();
    let dangling = rules.dangling;
    let room = most.saturating_sub(prefix.chars().count() + suffix.chars().count());
    let title = match shortened(&shown, room, dangling) {
        // No room for the name between brand and size.
        name if name.is_empty() => shortened(&format!("{prefix}{shown}"), most, dangling),
        name => format!("{prefix}{name}{suffix}"),
    };

    let name = with_notation(&stripped(&rest, facts), facts, rules);
    let name = capitalised_word(&tidy(&shortened(&name, NAME_MOST, dangling)));
    let name = if name.is_empty() { shown.clone() } else { name };
    Some(Names { title, prefix, shown, suffix, title_fields, name, brand })
}

/// Without pictographs, and without a discount at the end: `-30 %` is about a price.
fn without_ornaments(title: &str) -> String {
    let ornament =
        |c: &char| matches!(c, '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    let plain: String = title.chars().map(|c| if ornament(&c) { ' ' } else { c }).collect();
    let plain = tidy(&plain);
    let bare = plain.trim_end_matches(['%', ' ']);
    match bare.rsplit_once(" -") {
        Some((name, number))
            if bare.len() < plain.len()
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            tidy(name)
        }
        _ => plain,
    }
}

/// What suppliers write where there is no brand.
const NO_BRAND: &[&str] = &[
    "n/a",
    "na",
    "none",
    "null",
    "nan",
    "no brand",
    "unbranded",
    "unknown",
    "generic",
    "other",
    "-",
    "--",
    "okänd",
    "okänt",
    "saknas",
    "övrigt",
    "ukendt",
    "ukjent",
    "andet",
    "annet",
    "unbekannt",
    "ohne",
    "sonstige",
];

/// What became of the brand in the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brand {
    Absent,
    Removed,
    /// Part of the name: `Batteri för Bosch`.
    Kept,
}

/// Words before a brand that is not the product's own maker there.
const FITTING: &[&str] = &[
    "för", "till", "for", "fits", "passar", "passer", "passend", "with", "med", "til", "für", "zu", "mit",
    "by", "av", "af", "von", "from", "från", "fra", "to", "and", "och", "og", "und", "&",
];

/// The title without the brand, wherever it stands as whole words.
fn without_brand(title: &str, brand: &str) -> (String, Brand) {
    let Some((from, to)) = find_words(title, brand) else { return (title.to_owned(), Brand::Absent) };
    let before = title[..from].trim_end();
    let word = before.rsplit(' ').next().unwrap_or_default().to_lowercase();
    // A brand in the middle may be part of a phrase; at the start or the end it is a label.
    let middle = !before.is_empty() && !title[to..].trim().is_empty();
    let joined = title[..from].ends_with('-') || title[to..].starts_with(['-', '\'', '’']);
    if FITTING.contains(&word.as_str()) || joined || middle && !title[from..].starts_with(char::is_uppercase)
    {
        return (title.to_owned(), Brand::Kept);
    }
    let rest = format!("{} {}", &title[..from], &title[to..]);
    // Some suppliers write it twice.
    match find_words(rest.trim_start(), brand) {
        Some((0, end)) => (rest.trim_start()[end..].to_owned(), Brand::Removed),
        _ => (rest, Brand::Removed),
    }
}

/// Abbreviations that can mean only one thing, in the product's own language.
fn expanded(title: &str, facts: &Facts) -> String {
    let own = facts.language.as_ref().and_then(rules_of);
    let Some(words) = own.map(|rules| rules.abbreviations) else { return title.to_owned() };
    let expand = |word: &str| {
        let whole = words.iter().find(|(short, _)| word == *short).map(|(_, long)| (*long).to_owned());
        // `m/lock` is "med lock"; `10 m/rulle` never comes here, since a digit stands before.
        let prefix = || {
            let (short, rest) = word.split_at_checked(2)?;
            let (_, long) = words.iter().find(|(s, _)| s.ends_with('/') && *s == short)?;
            rest.starts_with(char::is_alphabetic).then(|| format!("{long} {rest}"))
        };
        whole.or_else(prefix)
    };
    let mut out: Vec<String> = Vec::new();
    for word in title.split(' ') {
        // `10 m` are metres, and a title does not begin with "with".
        let behind_word =
            out.last().is_some_and(|last| last.ends_with(|c: char| c.is_alphabetic() || c == '"'));
        out.push(expand(word).filter(|_| behind_word).unwrap_or_else(|| word.to_owned()));
    }
    out.join(" ")
}

/// The text without amounts that another field contradicts.
fn without_contradicted(text: &str, facts: &Facts) -> String {
    let contradicted: Vec<&Fact> =
        facts.conflicts.iter().flat_map(|c| &c.facts).filter(|fact| fact.source == "title").collect();
    if contradicted.is_empty() {
        return text.to_owned();
    }
    let mut out = text.to_owned();
    for found in scan(text, facts.language.as_ref()).iter().rev() {
        if contradicted.iter().any(|fact| fact.value == FactValue::Quantity(found.quantity.clone())) {
            out.replace_range(found.start..found.end, "");
        }
    }
    out
}

/// A mass or volume that leads the title goes to its end.
fn size_last(text: &str, facts: &Facts) -> String {
    let text = text.trim();
    match scan(text, facts.language.as_ref()).first() {
        Some(found) if found.start == 0 && is_size(&found.quantity) && found.end < text.len() => {
            let rest = text[found.end..].trim_start();
            // `500 g-påse`, `2 l för resan`: the rest is no name of its own.
            let own = rest.starts_with(char::is_alphabetic);
            if own { format!("{rest} {}", &text[..found.end]) } else { text.to_owned() }
        }
        _ => text.to_owned(),
    }
}

fn is_size(quantity: &Quantity) -> bool {
    matches!(quantity.unit.measure(), Measure::Mass | Measure::Volume)
}

/// The net content, where the title names no amount itself.
fn size_to_add(text: &str, facts: &Facts) -> Option<(Quantity, String)> {
    let volume = || facts.of_kind(&FactKind::Volume).find(|fact| fact.source != "title");
    let fact = facts.of_kind(&FactKind::NetContent).next().or_else(volume)?;
    let FactValue::Quantity(quantity) = &fact.value else { return None };
    let named = scan(text, facts.language.as_ref()).iter().any(|found| is_size(&found.quantity));
    let mentioned = quantity.numbers.iter().any(|n| text.contains(&n.to_string()));
    (quantity.count.is_none() && !named && !mentioned).then(|| (quantity.clone(), fact.source.clone()))
}

/// The text with every quantity in the language's notation.
fn with_notation(text: &str, facts: &Facts, rules: &Rules) -> String {
    let mut out = text.to_owned();
    for found in scan(text, facts.language.as_ref()).iter().rev() {
        // `4-pack` reads the same in every language.
        let pack = found.quantity.unit == Unit::Piece && text[found.start..found.end].contains(['p', 'P']);
        // In a foreign name, words stay foreign; symbols are the same everywhere.
        let word = matches!(found.quantity.unit, Unit::Piece | Unit::Inch | Unit::Foot | Unit::PerMinute);
        let washes = found.quantity.unit == Unit::Watt
            && found.quantity.numbers[0] < 200.into()
            && found.quantity.numbers[0].fract().is_zero()
            && facts.of_kind(&FactKind::Power).next().is_none();
        // `EOS R5 C 8 K`, `Moto G 5 G`: a letter may be part of a name; only a fact makes a unit of it.
        let apart = text[found.start..found.end].contains(' ');
        let letter = (found.quantity.unit == Unit::Kelvin
            || apart && matches!(found.quantity.unit, Unit::Ampere | Unit::Volt | Unit::Gram | Unit::Litre))
            && text[..found.end].ends_with(|c: char| c.is_uppercase())
            && found.quantity.numbers.iter().all(|number| number.fract().is_zero())
            && !facts.facts.iter().any(|fact| {
                matches!(&fact.value, FactValue::Quantity(known) if known.agrees_with(&found.quantity))
            });
        let word = word && found.quantity.numbers.iter().all(|n| n.fract().is_zero());
        if pack || washes || letter || word && !rules.is(facts.language.as_ref()) {
            continue;
        }
        let mut shown = rules.quantity(&found.quantity);
        if text[found.end..].starts_with(char::is_alphanumeric) {
            shown.push(' ');
        }
        out.replace_range(found.start..found.end, &shown);
    }
    out
}

/// The text without the measures that sentences state: `Skruvdragare 18V med laddare` is `Skruvdragare med laddare`.
fn stripped(text: &str, facts: &Facts) -> String {
    let stated = |found: &Found| {
        facts.facts.iter().any(|fact| match &fact.value {
            FactValue::Quantity(quantity) => {
                !matches!(fact.kind, FactKind::Other { .. }) && quantity.agrees_with(&found.quantity)
            }
            _ => false,
        })
    };
    let mut kept = without_pack_phrase(text, facts);
    for found in scan(text, facts.language.as_ref()).iter().rev() {
        let Some(behind) = kept.get(found.end..) else { continue };
        let rest = behind.trim_start_matches([' ', ',', '-', '–', '/', '|', '(', ')', '.', '+']);
        let before_with = WITH.iter().any(|with| rest.starts_with(with));
        // A length may belong to the word behind it: `100 mm blad`.
        let loose = found.start > 0
            && match found.quantity.unit.measure() {
                Measure::Length => false,
                // So may a share: `70% cocoa`.
                Measure::Share => !rest.starts_with(char::is_alphabetic),
                _ => true,
            };
        // `30 cm x 20 m` is one measure in two units.
        let before = kept[..found.start].trim_end().rsplit(' ').next().unwrap_or_default();
        let joined = ["x", "X", "×", "+", "/", "&"].contains(&before)
            // `- 6.6 lb can` is a part of its own.
            || matches!(before, "-" | "–") && !rest.is_empty();
        // `Adapter 230 V till 12 V`, `utan spannmål 12 kg kyckling`: within such a title an amount belongs to its words.
        let loose = loose && !is_qualified(text);
        let related = is_qualified(before);
        let removable = rest.is_empty() && !related
            || (before_with || loose) && !related && behind.starts_with([' ', ',', ')']);
        if removable && !joined && !found.relative && !found.diameter && stated(found) {
            kept.replace_range(found.start..found.end, "");
        }
    }
    tidy(&kept)
}

/// Beginnings of what comes with a product.
const WITH: &[&str] =
    &["med ", "inkl", "utan ", "uden ", "uten ", "with ", "incl", "without ", "mit ", "ohne "];

/// `(Pack of 24)` at the end goes, where the number of pieces is a fact.
fn without_pack_phrase(text: &str, facts: &Facts) -> String {
    let at = text
        .to_ascii_lowercase()
        .rfind("pack of ")
        .filter(|_| facts.of_kind(&FactKind::PackSize).next().is_some());
    match at {
        Some(at) if text[at + 8..].trim_end_matches(')').bytes().all(|b| b.is_ascii_digit()) => {
            tidy(&text[..at])
        }
        _ => text.to_owned(),
    }
}

/// Single blanks, no empty brackets, no separators left at the ends.
fn tidy(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace("()", "").replace("( )", "").replace(" ,", ",").replace(",,", ",");
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends: &[char] = &[' ', ',', ';', ':', '-', '–', '—', '|', '/', '.', '&', '*', '_', '!'];
    // `10m+` keeps its sign, a lone one goes.
    let line = line.trim_matches(ends).trim_end_matches(" +").trim_start_matches("+ ");
    let (open, close) = (line.matches('(').count(), line.matches(')').count());
    let line = if open > close { line.trim_end_matches(['(', ' ']) } else { line };
    line.trim_matches(ends).to_owned()
}

/// At most `most` characters, cut between words and never behind one that wants another: `with`, `2 ×`.
pub(super) fn shortened(text: &str, most: usize, dangling: &[&str]) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let cut = match text[..end].rfind(' ') {
        Some(space) if !text[end..].starts_with(' ') => space,
        _ => end,
    };
    let mut kept = tidy(&text[..cut]);
    // A part of its own is better whole or not at all.
    if let Some(comma) = kept.rfind(", ")
        && kept[..comma].chars().count() * 5 >= most * 3
    {
        kept.truncate(comma);
    }
    loop {
        let words: Vec<&str> = kept.split(' ').collect();
        // A number at the cut has lost its unit, and of `for curly hair` nothing stands without the hair.
        let wants = |word: &str| {
            let word = word.to_lowercase();
            dangling.contains(&word.trim_end_matches('.')) || !word.chars().any(char::is_alphabetic)
        };
        let Some(at) = (1..words.len()).rev().take(2).find(|&at| wants(words[at])) else { return kept };
        kept = tidy(&words[..at].join(" "));
    }
}

#[cfg(test)]
mod tests {
    use super::super::english::ENGLISH;
    use super::super::swedish::SWEDISH;
    use super::*;
    use crate::description::TITLE_MOST;
    use berika_catalog::{Language, ProductValues};

    fn of(brand: &str, title: &str, attributes: &[(&str, &str)], rules: &Rules) -> Names {
        let values = ProductValues {
            title: Some(title.to_owned()),
            brand: (!brand.is_empty()).then(|| brand.to_owned()),
            attributes: attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            language: Language::parse("sv").ok(),
            ..ProductValues::default()
        };
        names(title, &Facts::of(&values), rules, TITLE_MOST).unwrap()
    }

    #[test]
    fn brand_name_and_size_stand_in_order() {
        for (brand, title, attributes, expected) in [
            ("Arla", "Mjölk Arla 1,5l", &[][..], "Arla Mjölk 1,5 l"),
            ("FELIX", "KETCHUP FELIX 700 GR.", &[], "Felix Ketchup 700 g"),
            ("Garant", "450g Kaffe mellanrost", &[], "Garant Kaffe mellanrost 450 g"),
            ("Garant", "Tapenade", &[("size", "200g")], "Garant Tapenade 200 g"),
            ("Asta", "Skruvdragare 18V 2x2,0Ah", &[], "Asta Skruvdragare 18 V 2 × 2 Ah"),
            ("Bosch", "Batteri för Bosch 18V", &[], "Batteri för Bosch 18 V"),
            ("Nordan", "Läsk 6x33cl", &[], "Nordan Läsk 6 × 33 cl"),
            ("Nordan", "Gryta m/lock 5 l", &[], "Nordan Gryta med lock 5 l"),
            ("Nordan", "Soppa m fläsk, slang 10 m", &[], "Nordan Soppa med fläsk, slang 10 m"),
            ("Nordan", "FISK I VATTEN 3-PACK", &[], "Nordan Fisk i vatten 3-pack"),
            ("IKEA", "Vas", &[], "IKEA Vas"),
            ("Ek", "Ek Ek bord", &[], "Ek Bord"),
            ("Asta", "🔥🔥 Spel Fjäll 🔥 -30 % !!!", &[], "Asta Spel Fjäll"),
            ("N/A", "Vas Fjäll", &[], "Vas Fjäll"),
            ("RÖLUNDA GÅRD", "Såjord", &[("size", "8l")], "Rölunda Gård Såjord 8 l"),
            ("FIGARO", "Oliver", &[("size", "240/110g")], "Figaro Oliver"),
            ("Nordan", "LED-LAMPA E27 USB", &[], "Nordan Led-lampa E27 USB"),
            ("Varta", "Varta 9V", &[], "Varta 9 V"),
            ("Garant", "Kaffe 500 g", &[("Vikt", "450 g")], "Garant Kaffe"),
        ] {
            assert_eq!(of(brand, title, attributes, &SWEDISH).title, expected, "{title}");
        }
        assert_eq!(of("Arla", "Grädde 7,5 dl 36%", &[], &ENGLISH).title, "Arla Grädde 7.5 dl 36%");
    }

    #[test]
    fn names_lose_the_measures_that_sentences_state() {
        assert_eq!(of("Asta", "Skruvdragare 18V 2x2,0Ah", &[], &SWEDISH).name, "Skruvdragare");
        assert_eq!(
            of("Asta", "Skruvdragare 18V med laddare", &[], &SWEDISH).name,
            "Skruvdragare med laddare"
        );
        assert_eq!(of("Asta", "Batteri 18V Li-ion", &[], &SWEDISH).name, "Batteri Li-ion");
        assert_eq!(
            of("Asta", "Spade 100 mm blad", &[("Bredd", "100 mm")], &SWEDISH).name,
            "Spade 100 mm blad"
        );
        assert_eq!(of("Asta", "Stekpanna 28 cm", &[], &SWEDISH).name, "Stekpanna 28 cm");
        assert_eq!(
            of("Asta", "Kaffe mellanrost, 450 g", &[("Nettovikt", "0,45 kg")], &SWEDISH).name,
            "Kaffe mellanrost"
        );
    }

    #[test]
    fn a_cut_leaves_no_word_that_wants_another() {
        for (text, most, expected) in [
            ("Curl Defining Cream for Curly Hair", 30, "Curl Defining Cream"),
            ("Snacks Glazed Mixes, Classic Nut, Case of 9", 40, "Snacks Glazed Mixes, Classic Nut"),
            ("Coffee beans with 450 g", 21, "Coffee beans"),
            ("Coffee", 20, "Coffee"),
        ] {
            assert_eq!(shortened(text, most, ENGLISH.dangling), expected);
        }
    }

    #[test]
    fn long_titles_are_cut_between_words() {
        let long = "Ordentligt långt namn ".repeat(20);
        let names = of("Asta", &long, &[("Innehåll", "5 l")], &SWEDISH);
        assert!(names.title.chars().count() <= TITLE_MOST);
        assert!(
            names.title.starts_with("Asta Ordentligt") && names.title.ends_with(" 5 l"),
            "{}",
            names.title
        );
    }
}
