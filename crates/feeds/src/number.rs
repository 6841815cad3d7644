//! Decimal numbers as suppliers write them; prices are in `price`.

mod price;

use rust_decimal::Decimal;

pub(crate) use price::evidence;
pub use price::{Beside, Price, price};

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Something else than digits, a sign and separators.
    #[error("this is no number")]
    NotANumber,
    /// One separator with three digits behind it, and nothing that says which it is.
    #[error("the separator may mean thousands or a fraction; set format.decimal_comma")]
    Ambiguous,
    /// More digits than a decimal holds.
    #[error("the number has too many digits")]
    TooLong,
    /// A price below zero.
    #[error("a price cannot be negative")]
    Negative,
}

/// Reads a number.
///
/// Where both separators stand, the last is the decimal one; a separator that stands twice separates thousands; one
/// that has not three digits behind it is the decimal one. Only what is still open then is settled by
/// `decimal_comma`.
///
/// # Errors
/// [`NumberError`]
pub fn decimal(text: &str, decimal_comma: Option<bool>) -> Result<Decimal, NumberError> {
    if !sound_gaps(text) {
        return Err(NumberError::NotANumber);
    }
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’'))
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    let digits = compact.strip_prefix(['+', '-']).unwrap_or(&compact);
    let sound = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',');
    if !digits.bytes().all(sound) || !digits.bytes().any(|b| b.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let point = decimal_separator(digits, decimal_comma)?;
    let (whole, fraction) = match point {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    if !sound_thousands(whole) || fraction.contains(['.', ',']) {
        return Err(NumberError::NotANumber);
    }
    let mut plain = String::with_capacity(compact.len() + 2);
    if compact.starts_with('-') {
        plain.push('-');
    }
    plain.extend(whole.chars().filter(char::is_ascii_digit));
    if plain.is_empty() || plain == "-" {
        plain.push('0');
    }
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    Decimal::from_str_exact(&plain).map_err(|_| NumberError::TooLong)
}

/// Blanks and apostrophes separate thousands or stand behind a sign: `5 10` are two numbers.
fn sound_gaps(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['+', '-', '\u{2212}']).trim_start();
    let mut groups = text.split(|c: char| c.is_whitespace() || matches!(c, '\'' | '’'));
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let Some(first) = groups.next() else { return true };
    let rest: Vec<&str> = groups.collect();
    let Some((last, middle)) = rest.split_last() else { return true };
    let whole = last.split(['.', ',']).next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && digits(first)
        && middle.iter().chain([&whole]).all(|group| group.len() == 3 && digits(group))
}

/// Where the decimal separator stands, if there is one.
fn decimal_separator(digits: &str, decimal_comma: Option<bool>) -> Result<Option<usize>, NumberError> {
    let last = |separator| digits.rfind(separator);
    let count = |separator: char| digits.matches(separator).count();
    let (at, separator) = match (last('.'), last(',')) {
        (None, None) => return Ok(None),
        (Some(point), Some(comma)) => return Ok(Some(point.max(comma))),
        (Some(point), None) => (point, '.'),
        (None, Some(comma)) => (comma, ','),
    };
    if count(separator) > 1 {
        return Ok(None);
    }
    let behind = digits.len() - at - 1;
    // "0,125" and "1234,567" can be no thousands.
    if behind != 3 || at == 0 || at > 3 || digits.starts_with('0') {
        return Ok(Some(at));
    }
    match decimal_comma {
        Some(comma) if comma == (separator == ',') => Ok(Some(at)),
        Some(_) => Ok(None),
        None => Err(NumberError::Ambiguous),
    }
}

/// Groups of three behind a first group of one to three, all with one separator; or no separator at all.
fn sound_thousands(whole: &str) -> bool {
    if whole.contains('.') && whole.contains(',') {
        return false;
    }
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_none() || ((1..=3).contains(&first.len()) && rest.all(|group| group.len() == 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, comma: Option<bool>) -> Result<String, NumberError> {
        decimal(text, comma).map(|number| number.to_string())
    }

    #[test]
    fn separators_are_told_apart() {
        for (text, number) in [
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1 234,5", "1234.5"),
            ("1\u{a0}234", "1234"),
            ("1'234.50", "1234.50"),
            ("1.234.567", "1234567"),
            ("0,125", "0.125"),
            ("149,00", "149.00"),
            (",95", "0.95"),
            ("\u{2212}3", "-3"),
        ] {
            for comma in [None, Some(true), Some(false)] {
                assert_eq!(read(text, comma).as_deref(), Ok(number), "{text}");
            }
        }
        assert_eq!(read("1,234", None), Err(NumberError::Ambiguous));
        assert_eq!(read("1,234", Some(true)).as_deref(), Ok("1.234"));
        assert_eq!(read("1,234", Some(false)).as_deref(), Ok("1234"));
        assert_eq!(read("1.234", Some(true)).as_deref(), Ok("1234"));
        for text in [
            "",
            "-",
            "12a",
            "1.2.3",
            "1,23,4.5",
            "1.234.5,6",
            "1,2.3,4",
            "5 10",
            "10 000 0",
            "1,5 200",
            "1234 567",
        ] {
            assert_eq!(read(text, Some(true)), Err(NumberError::NotANumber), "{text}");
        }
        assert_eq!(read(&"9".repeat(40), None), Err(NumberError::TooLong));
    }

    proptest! {
        #[test]
        fn any_amount_is_read_back_in_either_style(units in 0u64..10_000_000_000, cents in 0u32..100) {
            let expected = format!("{units}.{cents:02}");
            prop_assert_eq!(read(&expected, None).unwrap(), expected.clone());
            prop_assert_eq!(read(&expected.replace('.', ","), None).unwrap(), expected);
        }
    }
}
