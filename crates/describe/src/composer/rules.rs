//! What a language must know to describe a product.

use berika_catalog::Language;
use rust_decimal::Decimal;

use crate::facts::{FactKind, FactValue, Part, Quantity, Word};

/// A language's rules: how facts become clauses and clauses sentences. One file a language.
pub(super) trait Rules: Sync {
    /// The language's tag.
    fn tag(&self) -> &'static str;

    /// Whether these are the rules of `language`.
    fn is(&self, language: Option<&Language>) -> bool {
        language.is_some_and(|language| language.as_str() == self.tag())
    }

    /// The decimal sign and the blank or sign between thousands.
    fn signs(&self) -> (char, char);

    /// What stands behind the number: ` g`, `%`.
    fn unit(&self, quantity: &Quantity) -> String;

    /// The word for "about", before a number.
    fn about(&self) -> &'static str;

    /// A word's form in this language.
    fn word(&self, word: Word) -> &'static str;

    /// A share of a blend: `80 %`.
    fn percent(&self, number: &str) -> String;

    /// `a, b and c`.
    fn list(&self, items: &[String]) -> String;

    /// A foreign name in quotes.
    fn quote(&self, name: &str) -> String;

    /// A measure as an indefinite phrase, `a weight of 450 g`, and as a clause, `the weight is 450 g`.
    fn measure(&self, kind: &FactKind, value: &str) -> Option<(String, String)>;

    /// A clause about pieces, colour, material, size or origin; `several` where the value is more than one.
    fn property(&self, kind: &FactKind, value: &str, several: bool) -> Option<String>;

    /// The sentence that says what the product is.
    fn opening(&self, opening: &Opening<'_>) -> String;

    /// Whether an opening sentence about `name` may go on with measures: `Kettle with lid with a volume of …` may not.
    fn takes_measures(&self, name: &str) -> bool;

    /// `It has a width of 3 cm and a height of 4 cm.`
    fn having(&self, phrases: &str) -> String;

    /// `The supplier also states flavour (lemon).`
    fn supplier_states(&self, items: &str) -> String;

    /// Where in the shop the product stands.
    fn in_category(&self, category: &str, turn: usize) -> String;
}

/// What an opening sentence is made of.
pub(super) struct Opening<'a> {
    /// The product's name without its brand.
    pub(super) name: &'a str,
    /// Whether the name is in the language written; a foreign one is quoted.
    pub(super) own: bool,
    /// The brand.
    pub(super) brand: Option<&'a str>,
    /// Measures as a list of indefinite phrases.
    pub(super) measures: Option<&'a str>,
    /// Which of several turns of phrase to use.
    pub(super) turn: usize,
}

/// A number in the language's notation. Four digits stand together, more are grouped by three.
pub(super) fn number(rules: &dyn Rules, value: Decimal) -> String {
    let (decimal_sign, group_sign) = rules.signs();
    let plain = value.normalize().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left % 3 == 0 && whole.len() > 4 {
            out.push(group_sign);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(decimal_sign);
        out.push_str(fraction);
    }
    out
}

/// `450 g`, `6 × 33 cl`, `40 × 60 cm`, `approx. 820 g`.
pub(super) fn quantity(rules: &dyn Rules, quantity: &Quantity) -> String {
    let numbers: Vec<String> = quantity.numbers.iter().map(|n| number(rules, *n)).collect();
    let count = quantity.count.map(|count| format!("{count} × ")).unwrap_or_default();
    let about = if quantity.approximate { format!("{} ", rules.about()) } else { String::new() };
    format!("{about}{count}{}{}", numbers.join(" × "), rules.unit(quantity))
}

/// The words of a value, and whether there are several. `None` for a text, whose words may be another language's.
pub(super) fn value(rules: &dyn Rules, value: &FactValue) -> Option<(String, bool)> {
    match value {
        FactValue::Quantity(amount) => Some((quantity(rules, amount), amount.numbers[0] != Decimal::ONE)),
        FactValue::Words(parts) => {
            let words: Vec<String> = parts.iter().map(|part| share(rules, part)).collect();
            let shares = parts.iter().any(|part| part.percent.is_some());
            Some((rules.list(&words), parts.len() > 1 && !shares))
        }
        FactValue::Text(_) | FactValue::Verbatim(_) => None,
    }
}

fn share(rules: &dyn Rules, part: &Part) -> String {
    let word = rules.word(part.word);
    match part.percent {
        Some(percent) => format!("{} {word}", rules.percent(&number(rules, percent))),
        None => word.to_owned(),
    }
}

/// `text` with its first letter as a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `items` with commas between and `and` before the last.
pub(super) fn listed(items: &[String], and: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => {
            // An item with an "and" of its own needs a comma to be seen as one.
            let nested = items.iter().any(|item| item.contains(&format!(" {and} ")));
            format!("{}{} {and} {last}", init.join(", "), if nested { "," } else { "" })
        }
    }
}
