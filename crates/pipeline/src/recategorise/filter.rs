//! Conditions on products, as a person writes them: `brand=Asta`, `title~kettle`, `confidence<0.8`.

use berika_catalog::ProductState;
use berika_store::ShadowProduct;
use serde_json::Value;

/// Fields of a product that stand for themselves.
const FIELDS: [&str; 13] = [
    "title",
    "brand",
    "gtin",
    "mpn",
    "description",
    "supplier_category",
    "price",
    "images",
    "language",
    "best_before",
    "stock",
    "group_id",
    "variants",
];

/// Fields of which there are several, each with a name of its own.
const NAMED: [&str; 3] = ["attributes.", "market_prices.", "localized."];

/// A condition that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// There is no comparison in it.
    #[error(
        "the filter {0:?} compares nothing; write FIELD=VALUE, FIELD!=VALUE, FIELD~TEXT, confidence<0.8 or confidence>0.8"
    )]
    NoComparison(String),
    /// There is no such field.
    #[error(
        "the filter {filter:?}: there is no field {field:?}; there are verdict, category, confidence, state, {}, \
         attributes.NAME, market_prices.COUNTRY and localized.LANGUAGE.title", FIELDS.join(", ")
    )]
    UnknownField {
        /// The whole condition.
        filter: String,
        /// The field.
        field: String,
    },
    /// Only confidence is more or less.
    #[error("the filter {filter:?}: only confidence can be compared with {sign}; use = != or ~ for {field}")]
    NotOrdered {
        /// The whole condition.
        filter: String,
        /// The field.
        field: String,
        /// `<` or `>`.
        sign: char,
    },
    /// Confidence is not so.
    #[error(
        "the filter {filter:?}: {value:?} is no confidence; write a number from 0 to 1 behind confidence< or confidence>"
    )]
    NoConfidence {
        /// The whole condition.
        filter: String,
        /// What stands for the number.
        value: String,
    },
    /// There is no such word.
    #[error("the filter {filter:?}: {field} is one of {words}")]
    UnknownWord {
        /// The whole condition.
        filter: String,
        /// The field.
        field: &'static str,
        /// What it may be.
        words: &'static str,
    },
}

/// What is asked of a field.
#[derive(Debug, Clone, PartialEq)]
enum Comparison {
    /// It is this text; with an empty text, there is none.
    Is(String),
    /// It is another text, or there is none.
    IsNot(String),
    /// It contains this, in small letters.
    Contains(String),
    /// It is less.
    Below(f64),
    /// It is more.
    Above(f64),
}

/// A condition on products.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    field: String,
    comparison: Comparison,
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`FilterError`], naming what is wrong with it.
    pub(crate) fn parse(filter: &str) -> Result<Self, FilterError> {
        let none = || FilterError::NoComparison(filter.to_owned());
        let at = filter.find(['=', '~', '<', '>', '!']).ok_or_else(none)?;
        let (field, rest) = (filter[..at].trim(), &filter[at..]);
        let (sign, value) = match rest.strip_prefix("!=") {
            Some(value) => ('!', value),
            None if rest.starts_with('!') => return Err(none()),
            None => (rest.chars().next().ok_or_else(none)?, &rest[1..]),
        };
        let value = value.trim();
        if field.is_empty() || (sign == '~' && value.is_empty()) {
            return Err(none());
        }
        let ours = ["verdict", "category", "confidence", "state"].contains(&field);
        let named = NAMED.iter().any(|group| field.len() > group.len() && field.starts_with(group));
        if !ours && !named && !FIELDS.contains(&field) {
            return Err(FilterError::UnknownField { filter: filter.to_owned(), field: field.to_owned() });
        }
        let comparison = match sign {
            '<' | '>' if field != "confidence" => {
                return Err(FilterError::NotOrdered {
                    filter: filter.to_owned(),
                    field: field.to_owned(),
                    sign,
                });
            }
            '<' => Comparison::Below(confidence(filter, value)?),
            '>' => Comparison::Above(confidence(filter, value)?),
            _ if field == "confidence" => {
                return Err(FilterError::NoConfidence { filter: filter.to_owned(), value: value.to_owned() });
            }
            '=' => Comparison::Is(value.to_owned()),
            '!' => Comparison::IsNot(value.to_owned()),
            _ => Comparison::Contains(value.to_lowercase()),
        };
        if let Comparison::Is(word) | Comparison::IsNot(word) = &comparison {
            known_word(filter, field, word)?;
        }
        Ok(Self { field: field.to_owned(), comparison })
    }

    /// Whether a product fulfils it. A field that a product lacks is an empty text.
    pub(crate) fn holds(&self, product: &ShadowProduct) -> bool {
        let standing = product.standing.as_ref();
        let text = match self.field.as_str() {
            "confidence" => {
                let confidence = standing.map(|standing| standing.confidence);
                return match self.comparison {
                    Comparison::Below(limit) => confidence.is_some_and(|confidence| confidence < limit),
                    Comparison::Above(limit) => confidence.is_some_and(|confidence| confidence > limit),
                    _ => false,
                };
            }
            "verdict" => standing.map(|standing| standing.verdict.clone()).unwrap_or_default(),
            "category" => standing.and_then(|standing| standing.category.clone()).unwrap_or_default(),
            "state" => product.state.as_str().to_owned(),
            field => product.values.fields().get(field).map(text).unwrap_or_default(),
        };
        match &self.comparison {
            Comparison::Is(value) => text == *value,
            Comparison::IsNot(value) => text != *value,
            Comparison::Contains(part) => text.to_lowercase().contains(part),
            Comparison::Below(_) | Comparison::Above(_) => false,
        }
    }
}

fn confidence(filter: &str, value: &str) -> Result<f64, FilterError> {
    let number = value.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| FilterError::NoConfidence { filter: filter.to_owned(), value: value.to_owned() })
}

/// Words of ours are checked: a condition that nothing can fulfil is a mistake.
fn known_word(filter: &str, field: &str, word: &str) -> Result<(), FilterError> {
    let unknown = |field, words| Err(FilterError::UnknownWord { filter: filter.to_owned(), field, words });
    let states = [ProductState::Active, ProductState::Missing, ProductState::Retired];
    match field {
        "verdict" if !["accept", "review", "reject"].contains(&word) => {
            unknown("verdict", "accept, review and reject")
        }
        "state" if !states.iter().any(|state| state.as_str() == word) => {
            unknown("state", "active, missing and retired")
        }
        _ => Ok(()),
    }
}

/// A field's value as it is compared: lists as paths, prices with their currency.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text).collect::<Vec<_>>().join(" > "),
        Value::Object(money) => match (money.get("amount"), money.get("currency")) {
            (Some(amount), Some(currency)) => format!("{} {}", text(amount), text(currency)),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recategorise::tally::tests::product;

    fn holds(filter: &str) -> bool {
        let mut product = product("P 00", "accept", Some("tea"), 0.75);
        let values = serde_json::json!({
            "title": "Earl Grey, 50 Bags", "brand": "Asta", "attributes": {"Max. last": "3=4 kg"},
            "supplier_category": ["Hot drinks", "Tea"], "price": {"amount": "12.50", "currency": "EUR"},
        });
        product.values = serde_json::from_value(values).unwrap();
        Condition::parse(filter).unwrap().holds(&product)
    }

    #[test]
    fn conditions_look_at_fields_and_at_how_a_product_stands() {
        let fulfilled = [
            "brand=Asta",
            "brand = Asta",
            "brand!=asta",
            "mpn=",
            "mpn!=7",
            "title~EARL",
            "attributes.Max. last=3=4 kg",
            "attributes.Colour=",
            "supplier_category=Hot drinks > Tea",
            "price=12.50 EUR",
            "verdict=accept",
            "category!=coffee",
            "state=active",
            "confidence<0.8",
            "confidence>0.7",
        ];
        for filter in fulfilled {
            assert!(holds(filter), "{filter}");
        }
        let others = [
            "brand=asta",
            "brand!=Asta",
            "mpn~7",
            "title~coffee",
            "verdict=review",
            "confidence<0.75",
            "confidence>0.75",
        ];
        for filter in others {
            assert!(!holds(filter), "{filter}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_condition_is_said() {
        let wrong = |filter: &str| Condition::parse(filter).unwrap_err();
        for nothing in ["", "brand", "=Asta", "brand!Asta", "title~"] {
            assert!(matches!(wrong(nothing), FilterError::NoComparison(_)), "{nothing}");
        }
        for unknown in ["colour=red", "attributes.=red", "edits=1"] {
            assert!(matches!(wrong(unknown), FilterError::UnknownField { .. }), "{unknown}");
        }
        assert!(matches!(wrong("stock<5"), FilterError::NotOrdered { sign: '<', .. }));
        for number in ["confidence<1.2", "confidence>x", "confidence=0.5", "confidence<NaN"] {
            assert!(matches!(wrong(number), FilterError::NoConfidence { .. }), "{number}");
        }
        for word in ["verdict=accepted", "state!=gone"] {
            assert!(matches!(wrong(word), FilterError::UnknownWord { .. }), "{word}");
        }
    }
}
