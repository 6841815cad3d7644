//! Prices as suppliers write them: with a currency, as a range, with words on tax.

use berika_catalog::{Currency, Money};
use rust_decimal::Decimal;

use super::{NumberError, decimal};

/// What a price's text says: an amount and, if named, the currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The amount.
    pub amount: Decimal,
    /// The currency, where the text names it by code or sign.
    pub currency: Option<Currency>,
    /// What the text says beside them.
    pub beside: Option<Beside>,
}

/// What stands beside a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// A second price, or a word such as "from": the amount is the lowest of a range.
    Range,
    /// Words on tax or on the unit: `inkl. moms`, `/st`.
    Words,
}

impl Price {
    /// The price in `otherwise` where it names no currency of its own.
    pub fn in_currency(self, otherwise: Option<&Currency>) -> Option<Money> {
        let currency = self.currency.or_else(|| otherwise.cloned())?;
        Some(Money { amount: self.amount, currency })
    }
}

/// Words for the lowest of several prices.
const FROM: [&str; 7] = ["från", "fr", "from", "fra", "ab", "alkaen", "starting"];

/// Words on tax.
const TAX: [&str; 32] = [
    "inkl",
    "incl",
    "inc",
    "inklusive",
    "including",
    "exkl",
    "exl",
    "excl",
    "ex",
    "exklusive",
    "excluding",
    "utan",
    "med",
    "uden",
    "uten",
    "ohne",
    "mit",
    "zzgl",
    "plus",
    "sis",
    "netto",
    "brutto",
    "moms",
    "momsen",
    "mva",
    "vat",
    "tax",
    "mwst",
    "ust",
    "alv",
    "btw",
    "veroton",
];

/// Words for one piece.
const PIECE: [&str; 14] =
    ["st", "stk", "styck", "pcs", "pc", "piece", "stück", "kpl", "ea", "each", "per", "pr", "je", "à"];

/// Reads `149.00 DKK`, `SEK 1 149,50`, `€ 12,50`, `149:-` or a bare number; of `från 199` and `199-299 kr` the lowest
/// price; and leaves out what `199 kr inkl. moms` and `199 kr/st` say beside the price. `usual` is the supplier's
/// currency: it tells which krona `kr` is and which dollar `$` is.
///
/// # Errors
/// [`NumberError`]
pub fn price(
    text: &str,
    decimal_comma: Option<bool>,
    usual: Option<&Currency>,
) -> Result<Price, NumberError> {
    let plain = single(text, decimal_comma, usual);
    // Words are looked at only where the text is no price without.
    if plain != Err(NumberError::NotANumber) {
        return plain;
    }
    let (text, beside) = without_words(text);
    let Some((low, high)) = range(&text) else {
        let beside = Some(beside.ok_or(NumberError::NotANumber)?);
        return single(&text, decimal_comma, usual).map(|price| Price { beside, ..price });
    };
    let low = single(low, decimal_comma, usual)?;
    let high = single(high, decimal_comma, usual)?;
    let currencies_differ =
        low.currency.is_some() && high.currency.is_some() && low.currency != high.currency;
    if low.amount > high.amount || currencies_differ {
        return Err(NumberError::NotANumber);
    }
    Ok(Price { currency: low.currency.or(high.currency), beside: Some(Beside::Range), ..low })
}

/// What the numbers in a price's text say of its decimal separator: true for a comma, `None` where nothing.
pub(crate) fn evidence(text: &str) -> Option<bool> {
    let is_number = |c: char| c.is_ascii_digit();
    let number = &text[text.find(is_number)?..text.rfind(is_number)? + 1];
    let digits: String = number.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')).collect();
    decimal(&digits, None).ok()?;
    match super::decimal_separator(&digits, None).ok()? {
        Some(at) => Some(digits[at..].starts_with(',')),
        None => digits.contains(['.', ',']).then(|| digits.contains('.')),
    }
}

/// One price without words.
fn single(text: &str, decimal_comma: Option<bool>, usual: Option<&Currency>) -> Result<Price, NumberError> {
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit();
    let start = text.find(is_number).ok_or(NumberError::NotANumber)?;
    let end = text.rfind(is_number).ok_or(NumberError::NotANumber)? + 1;
    // ".95" and "-3" begin before their first digit.
    let start = text[..start].trim_end_matches(['.', ',', '-', '+', '\u{2212}']).len();
    let (before, number, after) = (text[..start].trim(), &text[start..end], text[end..].trim());
    // `5,00-`, as some systems write it, is below zero; `149:-` and `149-` are a habit.
    let minus_behind = after.starts_with(['-', '\u{2212}']) && number.contains([',', '.']);
    let after = after.trim_start_matches([':', ',', '.', '-', '–', '—']).trim();
    // "149:50" is an old way to write öre.
    let amount = match number.split_once(':') {
        Some((whole, cents)) if cents.len() == 2 => decimal(&format!("{whole}.{cents}"), Some(false)),
        _ => decimal(number, decimal_comma),
    }?;
    if (amount.is_sign_negative() || (minus_behind && amount.scale() > 0)) && !amount.is_zero() {
        return Err(NumberError::Negative);
    }
    let currency = match (before, after) {
        ("", "") => None,
        (word, "") | ("", word) => Some(currency(word, usual).ok_or(NumberError::NotANumber)?),
        _ => return Err(NumberError::NotANumber),
    };
    Ok(Price { amount, currency, beside: None })
}

/// The text without words on tax and pieces, and what was left out.
fn without_words(text: &str) -> (String, Option<Beside>) {
    let mut beside = None;
    let mut kept: Vec<&str> = Vec::new();
    let has_tax = text.split_whitespace().any(|word| TAX.contains(&bare(word).as_str()));
    let words: Vec<&str> = text.split_whitespace().collect();
    let digit = |c: char| c.is_ascii_digit();
    for (at, word) in words.iter().copied().enumerate() {
        // What stands between two numbers is no word beside one: `5 per 10`.
        let between = kept.last().is_some_and(|word| word.ends_with(digit))
            && words.get(at + 1).is_some_and(|word| word.starts_with(digit));
        let (head, unit) = word.split_once('/').unwrap_or((word, ""));
        let bare_word = bare(word);
        if FROM.contains(&bare_word.as_str()) {
            beside = Some(Beside::Range);
        } else if TAX.contains(&bare_word.as_str())
            || (PIECE.contains(&bare_word.as_str()) && !between)
            || (has_tax && bare_word.ends_with('%'))
        {
            beside = beside.or(Some(Beside::Words));
        } else if PIECE.contains(&bare(unit).as_str()) {
            beside = beside.or(Some(Beside::Words));
            kept.push(head);
        } else {
            kept.push(word);
        }
    }
    (kept.join(" "), beside)
}

/// A word without what stands around it.
fn bare(word: &str) -> String {
    word.trim_matches(['(', ')', '.', ',', ':', ';', '/', '*']).to_lowercase()
}

/// The two prices of `199 - 299 kr`.
fn range(text: &str) -> Option<(&str, &str)> {
    let digit = |part: &str| part.contains(|c: char| c.is_ascii_digit());
    let mut dashes = text
        .match_indices(['-', '–', '—'])
        .filter(|(at, dash)| digit(&text[..*at]) && digit(&text[at + dash.len()..]));
    let (at, dash) = dashes.next()?;
    dashes.next().is_none().then(|| (&text[..at], &text[at + dash.len()..]))
}

fn currency(word: &str, usual: Option<&Currency>) -> Option<Currency> {
    let among = |codes: &[&str]| usual.filter(|c| codes.contains(&c.as_str())).cloned();
    let code = |code: &str| Currency::parse(code).ok();
    match word.trim_end_matches('.').to_lowercase().as_str() {
        "€" | "euro" => code("EUR"),
        "£" => code("GBP"),
        "$" => among(&["USD", "CAD", "AUD", "NZD", "SGD", "HKD"]).or_else(|| code("USD")),
        "zł" => code("PLN"),
        "kr" | "kronor" | "kroner" => among(&["SEK", "DKK", "NOK", "ISK"]),
        word if FROM.contains(&word) || TAX.contains(&word) || PIECE.contains(&word) => None,
        word if word.len() == 3 => code(word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sek() -> Currency {
        Currency::parse("SEK").unwrap()
    }

    #[test]
    fn currencies_in_the_cell_are_read() {
        for (text, amount, code) in [
            ("149.00 DKK", "149.00", Some("DKK")),
            ("SEK 1 149,50", "1149.50", Some("SEK")),
            ("€ 12,50", "12.50", Some("EUR")),
            ("12,50€", "12.50", Some("EUR")),
            ("149 kr.", "149", Some("SEK")),
            ("149:-", "149", None),
            ("149-", "149", None),
            ("149:50", "149.50", None),
            ("1 149,-", "1149", None),
            ("99", "99", None),
        ] {
            let read = price(text, None, Some(&sek())).unwrap();
            assert_eq!(read.amount.to_string(), amount, "{text}");
            assert_eq!(read.currency.as_ref().map(Currency::as_str), code, "{text}");
            assert_eq!(read.beside, None, "{text}");
        }
        for text in ["-5 SEK", "5,00-", "1.234,50-", "EUR 5,00-", "5,00 -"] {
            assert_eq!(price(text, None, None), Err(NumberError::Negative), "{text}");
        }
        for text in ["5 10", "199 25", "5 per 10", "12,50 per 100", "10 000 0 SEK"] {
            assert_eq!(price(text, None, None), Err(NumberError::NotANumber), "{text}");
        }
        for text in
            ["149 kr", "på begäran", "10 SEK 20", "199 kr/kg", "2026-11-30", "299-199", "10 SEK - 20 EUR"]
        {
            assert_eq!(price(text, None, None), Err(NumberError::NotANumber), "{text}");
        }
    }

    #[test]
    fn ranges_and_words_leave_the_price() {
        for (text, amount, beside) in [
            ("från 199", "199", Beside::Range),
            ("Från 199:-", "199", Beside::Range),
            ("fra 199 kr", "199", Beside::Range),
            ("ab 12,50 €", "12.50", Beside::Range),
            ("199-299", "199", Beside::Range),
            ("1 199 kr – 1 299 kr", "1199", Beside::Range),
            ("199 kr inkl. moms", "199", Beside::Words),
            ("199,00 (exkl. 25% moms)", "199.00", Beside::Words),
            ("12,50 EUR zzgl. MwSt.", "12.50", Beside::Words),
            ("199 kr/st", "199", Beside::Words),
            ("199:-/st", "199", Beside::Words),
            ("199 kr per styck", "199", Beside::Words),
            ("from 12.50 EUR incl. VAT", "12.50", Beside::Range),
        ] {
            let read = price(text, None, Some(&sek())).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((read.amount.to_string().as_str(), read.beside), (amount, Some(beside)), "{text}");
        }
    }

    #[test]
    fn a_price_tells_of_its_separator_or_of_none() {
        for (text, comma) in [
            ("149,00 kr", Some(true)),
            ("1.234.567", Some(true)),
            ("1 234.5", Some(false)),
            ("1,234.56", Some(false)),
            ("1,234", None),
            ("149", None),
            ("på begäran", None),
            ("10 SEK 20", None),
        ] {
            assert_eq!(evidence(text), comma, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,30}|(från |ab )?[0-9 .,:-]{0,12}(kr|EUR|/st| inkl. moms)?") {
            if let Ok(price) = price(&text, Some(true), None) {
                prop_assert!(!price.amount.is_sign_negative() || price.amount.is_zero());
            }
            let _evidence = evidence(&text);
        }
    }
}
