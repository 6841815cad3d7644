//! Countries, for what holds in one market only.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ISO 3166-1 country code: two upper-case letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country(String);

/// A text that is no country code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no ISO 3166-1 country code such as \"SE\"")]
pub struct InvalidCountry(String);

impl Country {
    /// Reads a two-letter code in any case.
    ///
    /// # Errors
    /// [`InvalidCountry`] for anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidCountry> {
        let code = text.trim().to_ascii_uppercase();
        if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(InvalidCountry(text.chars().take(20).collect()))
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Country {
    type Error = InvalidCountry;
    fn try_from(text: String) -> Result<Self, InvalidCountry> {
        Self::parse(&text)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        country.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_two_letters() {
        assert_eq!(Country::parse(" dk ").unwrap().as_str(), "DK");
        for text in ["", "D", "DNK", "D1", "Ö"] {
            assert!(Country::parse(text).is_err(), "{text}");
        }
    }
}
