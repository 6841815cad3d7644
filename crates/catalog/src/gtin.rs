//! Global Trade Item Numbers (GS1 General Specifications, section 7.9: check digit).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A GTIN with a right check digit, kept as 14 digits with leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gtin(String);

/// Why a text is refused as a GTIN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Excel's scientific notation: the last digits are lost and cannot be had back from this cell.
    #[error("{0:?} is a GTIN that a spreadsheet turned into scientific notation; export the column as text")]
    Scientific(String),
    /// Characters that are no digits.
    #[error("{0:?} is no GTIN: only digits are allowed")]
    NotDigits(String),
    /// Another number of digits than 8, 12, 13 or 14.
    #[error("{0:?} is no GTIN: it has {1} digits, not 8, 12, 13 or 14")]
    Length(String, usize),
    /// The last digit does not follow from the others.
    #[error("{0:?} is no GTIN: its check digit should be {1}")]
    CheckDigit(String, u8),
    /// A well-known placeholder that identifies nothing.
    #[error("{0:?} is a placeholder, not an identifier")]
    Placeholder(String),
}

impl GtinError {
    /// A word for counting damaged GTINs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Scientific(_) => "scientific-notation",
            Self::NotDigits(_) => "not-digits",
            Self::Length(..) => "length",
            Self::CheckDigit(..) => "check-digit",
            Self::Placeholder(_) => "placeholder",
        }
    }
}

impl Gtin {
    /// Reads a GTIN-8, -12, -13 or -14; spaces and hyphens between digits are dropped.
    ///
    /// # Errors
    /// [`GtinError`], saying which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        let text = text.trim();
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
        if is_scientific(&digits) {
            return Err(GtinError::Scientific(shorten(text)));
        }
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(GtinError::NotDigits(shorten(text)));
        }
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return Err(GtinError::Length(shorten(text), digits.len()));
        }
        if is_placeholder(&digits) {
            return Err(GtinError::Placeholder(digits));
        }
        let expected = check_digit(&digits.as_bytes()[..digits.len() - 1]);
        if digits.as_bytes()[digits.len() - 1] - b'0' != expected {
            return Err(GtinError::CheckDigit(digits, expected));
        }
        Ok(Self(format!("{digits:0>14}")))
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// False for numbers that a shop or a region hands out itself (GS1 prefixes 02, 04 and 20-29): they identify
    /// nothing outside that shop.
    pub fn is_global(&self) -> bool {
        // Position 0 is the packaging indicator; the GS1 prefix follows.
        let prefix = &self.0[1..3];
        !(matches!(prefix, "02" | "04") || prefix.starts_with('2'))
    }
}

impl TryFrom<String> for Gtin {
    type Error = GtinError;
    fn try_from(text: String) -> Result<Self, GtinError> {
        Self::parse(&text)
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> String {
        gtin.0
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The check digit over the digits left of it: weights 3, 1, 3, 1, … from the right.
fn check_digit(digits: &[u8]) -> u8 {
    let weigh = |(i, b): (usize, &u8)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 };
    let sum: u32 = digits.iter().rev().enumerate().map(weigh).sum();
    ((10 - sum % 10) % 10) as u8
}

/// `4,00638E+12` or `4.00638e12`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    numeric(exponent.strip_prefix('+').unwrap_or(exponent))
        && mantissa.split(['.', ',']).count() <= 2
        && mantissa.split(['.', ',']).all(numeric)
}

fn is_placeholder(digits: &str) -> bool {
    let first = &digits[..1];
    digits.bytes().all(|b| b == first.as_bytes()[0])
        || matches!(
            digits,
            "1234567890128" | "01234567890128" | "123456789012" | "12345670" | "1234567890123"
        )
}

/// Error messages quote supplier text, which may be megabytes.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_numbers_are_padded_to_fourteen_digits() {
        for (text, padded) in [
            ("4006381333931", "04006381333931"),
            ("036000291452", "00036000291452"),
            ("96385074", "00000096385074"),
        ] {
            assert_eq!(Gtin::parse(text).unwrap().as_str(), padded);
        }
        assert_eq!(Gtin::parse(" 4006381-333931 ").unwrap().as_str(), "04006381333931");
    }

    #[test]
    fn each_kind_of_damage_has_its_own_error() {
        assert!(matches!(Gtin::parse("4006381333932"), Err(GtinError::CheckDigit(_, 1))));
        assert!(matches!(Gtin::parse("4,00638E+12"), Err(GtinError::Scientific(_))));
        assert!(matches!(Gtin::parse("4.00638e12"), Err(GtinError::Scientific(_))));
        assert!(matches!(Gtin::parse("0000000000000"), Err(GtinError::Placeholder(_))));
        assert!(matches!(Gtin::parse("1234567890128"), Err(GtinError::Placeholder(_))));
        assert!(matches!(Gtin::parse("400638133393"), Err(GtinError::CheckDigit(..))));
        assert!(matches!(Gtin::parse("12345"), Err(GtinError::Length(_, 5))));
        assert!(matches!(Gtin::parse("E"), Err(GtinError::NotDigits(_))));
        assert!(matches!(Gtin::parse(""), Err(GtinError::NotDigits(_))));
    }

    #[test]
    fn shop_internal_numbers_are_not_global() {
        assert!(Gtin::parse("4006381333931").unwrap().is_global());
        assert!(!Gtin::parse("2000000000015").map(|g| g.is_global()).unwrap_or(true));
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_is_right(body in "[1-9][0-9]{11}") {
            let right = (0..10).filter(|d| {
                !matches!(Gtin::parse(&format!("{body}{d}")), Err(GtinError::CheckDigit(..)))
            });
            prop_assert_eq!(right.count(), 1);
        }

        #[test]
        fn what_is_taken_reads_back_as_itself(text in "[0-9 -]{6,18}|.{0,60}") {
            if let Ok(gtin) = Gtin::parse(&text) {
                prop_assert_eq!(gtin.as_str().len(), 14);
                prop_assert_eq!(Gtin::parse(gtin.as_str()), Ok(gtin.clone()));
            }
        }
    }
}
