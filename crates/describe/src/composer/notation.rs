//! Numbers, quantities, lists and quotes in a language's notation.

use berika_catalog::Language;
use rust_decimal::Decimal;

use super::rules::Rules;
use crate::facts::{FactValue, Part, Quantity, Unit};

impl Rules {
    /// Whether these are the rules of `language`.
    pub(super) fn is(&self, language: Option<&Language>) -> bool {
        language.is_some_and(|language| language.as_str() == self.tag)
    }

    /// A number. Four digits stand together, more are grouped by three.
    pub(super) fn number(&self, value: Decimal) -> String {
        let plain = value.normalize().to_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut out = String::with_capacity(plain.len() + 4);
        for (at, digit) in whole.chars().enumerate() {
            let left = whole.len() - at;
            if at > 0 && left % 3 == 0 && whole.len() > 4 {
                out.push(self.thousands);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(self.decimal);
            out.push_str(fraction);
        }
        out
    }

    /// `450 g`, `6 × 33 cl`, `40 × 60 cm`, `approx. 820 g`.
    pub(super) fn quantity(&self, quantity: &Quantity) -> String {
        let numbers: Vec<String> = quantity.numbers.iter().map(|n| self.number(*n)).collect();
        let count = quantity.count.map(|count| format!("{count} × ")).unwrap_or_default();
        let about = if quantity.approximate { format!("{} ", self.about) } else { String::new() };
        let one = quantity.numbers == [Decimal::ONE];
        let unit = match quantity.unit {
            Unit::Percent => self.percent.to_owned(),
            unit => format!(" {}", (self.unit)(unit, one)),
        };
        format!("{about}{count}{}{unit}", numbers.join(" × "))
    }

    /// The words of a value, and whether there are several. `None` for a text, whose words may be another language's.
    pub(super) fn value(&self, value: &FactValue, language: &Language) -> Option<(String, bool)> {
        match value {
            FactValue::Quantity(amount) => Some((self.quantity(amount), amount.numbers[0] != Decimal::ONE)),
            FactValue::Words(parts) => {
                let words =
                    parts.iter().map(|part| self.share(part, language)).collect::<Option<Vec<_>>>()?;
                let shares = parts.iter().any(|part| part.percent.is_some());
                Some((self.list(&words), parts.len() > 1 && !shares))
            }
            FactValue::Text(_) | FactValue::Verbatim(_) => None,
        }
    }

    fn share(&self, part: &Part, language: &Language) -> Option<String> {
        let word = part.word.in_language(language)?;
        Some(match part.percent {
            Some(percent) => format!("{}{} {word}", self.number(percent), self.percent),
            None => word.to_owned(),
        })
    }

    /// `a, b and c`.
    pub(super) fn list(&self, items: &[String]) -> String {
        // An item with an "and" of its own needs a comma to be seen as one.
        self.joined(items, items.iter().any(|item| self.is_list(item)))
    }

    /// `the width is 3 cm and the height is 4 cm`.
    pub(super) fn clauses(&self, clauses: &[String]) -> String {
        self.joined(clauses, self.comma || clauses.iter().any(|clause| self.is_list(clause)))
    }

    /// `a, b and c`, with or without a comma before the "and".
    pub(super) fn joined(&self, items: &[String], comma: bool) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [init @ .., last] => {
                format!("{}{} {} {last}", init.join(", "), if comma { "," } else { "" }, self.and)
            }
        }
    }

    /// Whether `text` has an "and" of its own.
    pub(super) fn is_list(&self, text: &str) -> bool {
        text.split(' ').any(|word| word == self.and)
    }

    /// A name in quotes.
    pub(super) fn quote(&self, name: &str) -> String {
        // Behind a number the sign would be read as inches.
        if name.ends_with(|c: char| c.is_ascii_digit()) && self.quotes.1 == '”' {
            return name.to_owned();
        }
        // A quoted name has no quotes of its own kind within, but inches.
        let mut within = String::with_capacity(name.len() + 6);
        for c in name.chars() {
            within.push(match c {
                '"' | '”' if within.ends_with(|c: char| c.is_ascii_digit()) => '"',
                '"' | '“' | '”' | '„' | '«' | '»' => '\'',
                other => other,
            });
        }
        format!("{}{within}{}", self.quotes.0, self.quotes.1)
    }
}

/// `text` with its first letter as a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A word with a capital only at its start, without it.
pub(super) fn uncapitalised(text: &str) -> String {
    let plain = text.chars().skip(1).all(|c| !c.is_uppercase());
    if plain { text.to_lowercase() } else { text.to_owned() }
}

/// `template` with its places in braces filled. What is filled in is never read as a template itself.
pub(super) fn fill(template: &str, places: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else { break };
        let place = &rest[open + 1..open + close];
        out.push_str(places.iter().find(|(name, _)| *name == place).map_or("", |(_, text)| text));
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        let filled = fill("{a} and {b}, {c}.", &[("a", "{b}"), ("b", "1")]);
        assert_eq!(filled, "{b} and 1, .");
    }
}
