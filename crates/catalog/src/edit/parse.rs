//! Which fields a person may write, and what may stand in each.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{Country, Currency, Gtin, GtinError, Language, Money, ProductValues};

/// The most characters of a text that a person writes.
pub const TEXT_MOST: usize = 20_000;

/// The most characters of a title, a name or an address.
const LINE_MOST: usize = 2_000;

/// The most entries of a list.
const ENTRIES_MOST: usize = 100;

/// The names of the texts that we write.
const PARTS: [&str; 5] = ["title", "short", "long", "seo_title", "seo_description"];

/// A field that a person may write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditField {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A text of one line.
    Line,
    /// A text of several lines.
    Text,
    Gtin,
    Money,
    Number,
    Date,
    Language,
    Addresses,
    Path,
}

/// Why a field cannot be written so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// There is no such field, or it is none that a person writes.
    #[error("there is no field {0:?} to edit; there are {FIELDS}")]
    Unknown(String),
    /// The category is decided on, which the classifier learns from.
    #[error("a category is decided on, not edited: `berika decide SUPPLIER/SKU CATEGORY`")]
    Category,
    /// A GTIN that is none.
    #[error("{field}: {source}")]
    Gtin {
        /// The field.
        field: String,
        /// Which rule it breaks.
        source: GtinError,
    },
    /// The value does not fit the field.
    #[error("{field}: {problem}")]
    Value {
        /// The field.
        field: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

/// The fields, as messages name them.
const FIELDS: &str = "title, brand, gtin, mpn, description, supplier_category, price, images, language, best_before, \
    stock, attributes.NAME, market_prices.COUNTRY, localized.LANGUAGE.title, localized.LANGUAGE.description and, of the \
    texts that we write, texts.LANGUAGE.title, short, long, seo_title, seo_description";

impl EditField {
    /// The field with this name; languages and countries in any case.
    ///
    /// # Errors
    /// [`FieldError`] where there is none that a person may write.
    pub fn named(name: &str) -> Result<Self, FieldError> {
        let name = name.trim();
        let unknown = || FieldError::Unknown(shortened(name));
        let known = |name: String, kind| Ok(Self { name, kind });
        let (head, rest) = name.split_once('.').unwrap_or((name, ""));
        match (head, rest) {
            ("category", _) => Err(FieldError::Category),
            ("title" | "brand" | "mpn", "") => known(name.to_owned(), Kind::Line),
            ("description", "") => known(name.to_owned(), Kind::Text),
            ("gtin", "") => known(name.to_owned(), Kind::Gtin),
            ("price", "") => known(name.to_owned(), Kind::Money),
            ("stock", "") => known(name.to_owned(), Kind::Number),
            ("best_before", "") => known(name.to_owned(), Kind::Date),
            ("language", "") => known(name.to_owned(), Kind::Language),
            ("images", "") => known(name.to_owned(), Kind::Addresses),
            ("supplier_category", "") => known(name.to_owned(), Kind::Path),
            ("attributes", attribute) => {
                let fits = !attribute.trim().is_empty() && attribute.chars().count() <= 200;
                if !fits || attribute.contains(is_hidden) {
                    return Err(unknown());
                }
                known(format!("attributes.{}", attribute.trim()), Kind::Line)
            }
            ("market_prices", country) => {
                let country = Country::parse(country).map_err(|_| unknown())?;
                known(format!("market_prices.{country}"), Kind::Money)
            }
            ("localized" | "texts", rest) => {
                let (language, part) = rest.split_once('.').ok_or_else(unknown)?;
                let language = primary(language).ok_or_else(unknown)?;
                let kind = match (head, part) {
                    ("localized", "title") => Kind::Line,
                    ("localized", "description") | ("texts", "long") => Kind::Text,
                    ("texts", part) if PARTS.contains(&part) => Kind::Line,
                    _ => return Err(unknown()),
                };
                known(format!("{head}.{language}.{part}"), kind)
            }
            _ => Err(unknown()),
        }
    }

    /// The field's name, as in [`ProductValues::fields`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Of a text that we write, its language and which of the texts it is.
    pub fn ours(&self) -> Option<(&str, &str)> {
        self.name.strip_prefix(super::OURS)?.split_once('.')
    }

    /// The country whose price it is.
    pub fn country(&self) -> Option<&str> {
        self.name.strip_prefix("market_prices.")
    }

    /// The currency in which the product has this price already.
    pub fn currency<'v>(&self, values: &'v ProductValues) -> Option<&'v Currency> {
        let price = match self.country() {
            Some(country) => values
                .market_prices
                .iter()
                .find(|(known, _)| known.as_str() == country)
                .map(|(_, price)| price),
            None => values.price.as_ref(),
        };
        price.map(|price| &price.currency)
    }

    /// The value that was written, as [`ProductValues::fields`] would have it; null where nothing was, which clears the
    /// field. `written` is a text, a number, a list of texts or null; `currency` is that of a price without one.
    ///
    /// # Errors
    /// [`FieldError`] where it does not fit the field.
    pub fn value(&self, written: &Value, currency: Option<&Currency>) -> Result<Value, FieldError> {
        let text = match written {
            Value::Null => return Ok(Value::Null),
            Value::String(text) => visible(text).trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Array(_) if matches!(self.kind, Kind::Addresses | Kind::Path) => written.to_string(),
            _ => {
                return Err(self.refused("give a text, a number or, of images and supplier_category, a list"));
            }
        };
        if text.is_empty() {
            return Ok(Value::Null);
        }
        match self.kind {
            Kind::Line => self.line(&text).map(Value::from),
            Kind::Text => self.lines(&text).map(Value::from),
            Kind::Gtin => match Gtin::parse(&text) {
                Ok(gtin) => Ok(json!(gtin)),
                Err(source) => Err(FieldError::Gtin { field: self.name.clone(), source }),
            },
            Kind::Money => self.money(&text, currency).map(|money| json!(money)),
            Kind::Number => match self.decimal(&text)? {
                number if number.is_sign_negative() && !number.is_zero() => {
                    Err(self.refused("there are no fewer than 0 in stock"))
                }
                number => Ok(json!(number)),
            },
            Kind::Date => match text.parse::<jiff::civil::Date>() {
                Ok(date) if text.len() == 10 => Ok(json!(date)),
                _ => Err(self.refused(&format!("{:?} is no date such as 2026-05-31", shortened(&text)))),
            },
            Kind::Language => match primary(&text) {
                Some(language) => Ok(json!(language)),
                None => Err(self.refused(&format!(
                    "{:?} is no language such as sv: two or three letters, without a region",
                    shortened(&text)
                ))),
            },
            Kind::Addresses => self.addresses(&text),
            Kind::Path => self.path(&text),
        }
    }

    fn line(&self, text: &str) -> Result<String, FieldError> {
        if text.contains(char::is_control) {
            return Err(self.refused("it is one line: no line breaks, tabs or control characters"));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        self.no_longer(&words.join(" "), LINE_MOST)
    }

    fn lines(&self, text: &str) -> Result<String, FieldError> {
        let text = text.replace("\r\n", "\n");
        if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(self.refused("no control characters but line breaks and tabs"));
        }
        self.no_longer(&text, TEXT_MOST)
    }

    fn no_longer(&self, text: &str, most: usize) -> Result<String, FieldError> {
        match text.chars().count() {
            count if count > most => {
                Err(self
                    .refused(&format!("{count} characters, of which at most {most} are kept; shorten it")))
            }
            _ => Ok(text.to_owned()),
        }
    }

    fn decimal(&self, text: &str) -> Result<Decimal, FieldError> {
        let digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
        let number = text.parse::<Decimal>().ok().filter(|_| digits);
        number.ok_or_else(|| self.refused(&format!("{:?} is no number such as 12.50", shortened(text))))
    }

    fn money(&self, text: &str, currency: Option<&Currency>) -> Result<Money, FieldError> {
        let (amount, named) = match text.split_once(char::is_whitespace) {
            Some((amount, named)) => (amount, Some(named)),
            None => (text, None),
        };
        let amount = self.decimal(amount)?;
        if amount.is_sign_negative() {
            return Err(self.refused("a price is not negative"));
        }
        let currency = match (named, currency) {
            (Some(named), _) => Currency::parse(named).map_err(|error| self.refused(&error.to_string()))?,
            (None, Some(currency)) => currency.clone(),
            (None, None) => {
                return Err(
                    self.refused("name the currency, as in 12.50 EUR: neither product nor supplier has one")
                );
            }
        };
        Ok(Money { amount, currency })
    }

    fn addresses(&self, text: &str) -> Result<Value, FieldError> {
        let addresses = match self.list(text)? {
            Some(list) => list,
            None => text.split_whitespace().map(str::to_owned).collect(),
        };
        for address in &addresses {
            let web = address.starts_with("https://") || address.starts_with("http://");
            if !web || address.contains(|c: char| c.is_whitespace() || c.is_control()) {
                return Err(self.refused(&format!("{:?} is no address of the web", shortened(address))));
            }
        }
        self.entries(&addresses)
    }

    fn path(&self, text: &str) -> Result<Value, FieldError> {
        let path = match self.list(text)? {
            Some(list) => list,
            None => text.split('>').map(|name| name.trim().to_owned()).collect(),
        };
        if path.iter().any(|name| name.trim().is_empty()) {
            return Err(self.refused("a name of the path is empty; write it Root > Branch > Leaf"));
        }
        self.entries(&path)
    }

    /// The entries of a JSON list; `None` where the text is none.
    fn list(&self, text: &str) -> Result<Option<Vec<String>>, FieldError> {
        if !text.starts_with('[') {
            return Ok(None);
        }
        let list: Vec<String> = serde_json::from_str(text)
            .map_err(|_| self.refused("it begins like a JSON list of texts and is none"))?;
        Ok(Some(list.iter().map(|entry| visible(entry).into_owned()).collect()))
    }

    fn entries(&self, entries: &[String]) -> Result<Value, FieldError> {
        if entries.len() > ENTRIES_MOST {
            return Err(self.refused(&format!("{} entries, at most {ENTRIES_MOST} are kept", entries.len())));
        }
        let entries: Result<Vec<String>, FieldError> = entries.iter().map(|entry| self.line(entry)).collect();
        // An empty list clears.
        entries.map(|entries| if entries.is_empty() { Value::Null } else { json!(entries) })
    }

    fn refused(&self, problem: &str) -> FieldError {
        FieldError::Value { field: self.name.clone(), problem: problem.to_owned() }
    }
}

/// The text without the characters that show nothing and can turn, hide or split a text: feeds lose them, too. Control
/// characters stay, and are refused.
pub fn visible(text: &str) -> Cow<'_, str> {
    let format = |c: char| is_hidden(c) && !c.is_control();
    if text.contains(format) { Cow::Owned(text.replace(format, "")) } else { Cow::Borrowed(text) }
}

/// Control and format characters.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A language that is written without a region or another part that would be lost.
fn primary(text: &str) -> Option<Language> {
    if text.contains(['-', '_']) { None } else { Language::parse(text).ok() }
}

/// Messages quote what was written, which may be megabytes.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sek() -> Currency {
        Currency::parse("SEK").unwrap()
    }

    fn value(name: &str, text: &str) -> Result<Value, FieldError> {
        EditField::named(name)?.value(&json!(text), Some(&sek()))
    }

    fn refusal(name: &str, text: &str) -> String {
        value(name, text).unwrap_err().to_string()
    }

    #[test]
    fn each_field_has_its_form() {
        for (field, text, expected) in [
            ("title", " Mjölk 3 % ", json!("Mjölk 3 %")),
            ("description", "Rad 1\r\nRad 2", json!("Rad 1\nRad 2")),
            ("gtin", "4006381-333931", json!("04006381333931")),
            ("price", "12.50", json!({"amount": "12.50", "currency": "SEK"})),
            ("market_prices.dk", "99 dkk", json!({"amount": "99", "currency": "DKK"})),
            ("stock", "3", json!("3")),
            ("best_before", "2026-05-31", json!("2026-05-31")),
            ("language", "SWE", json!("sv")),
            (
                "images",
                "https://a.example/1.jpg https://a.example/2.jpg",
                json!(["https://a.example/1.jpg", "https://a.example/2.jpg"]),
            ),
            ("images", r#"["https://a.example/1.jpg"]"#, json!(["https://a.example/1.jpg"])),
            ("supplier_category", "Mat > Ost och smör", json!(["Mat", "Ost och smör"])),
            ("attributes.Max. last", "5 kg", json!("5 kg")),
            ("localized.DA.title", "Mælk", json!("Mælk")),
            ("texts.sv.short", "Färsk mjölk.", json!("Färsk mjölk.")),
            ("brand", "  ", Value::Null),
            ("brand", " \u{feff}", Value::Null),
            ("title", "Ost\u{202e}\u{200b}  1\u{a0}kg", json!("Ost 1 kg")),
            ("description", "Ost\u{202e}\n\tmjuk", json!("Ost\n\tmjuk")),
            ("supplier_category", "[\"Mat\", \"\\u202eOst\"]", json!(["Mat", "Ost"])),
            ("images", "[]", Value::Null),
        ] {
            assert_eq!(value(field, text).unwrap(), expected, "{field}");
        }
        assert_eq!(EditField::named("market_prices.dk").unwrap().name(), "market_prices.DK");
        assert_eq!(EditField::named("texts.SV.seo_title").unwrap().ours(), Some(("sv", "seo_title")));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_would() {
        for (field, text, part) in [
            ("titel", "x", "there are title, brand, gtin"),
            ("variants", "x", "no field"),
            ("texts.sv.body", "x", "texts.LANGUAGE.title"),
            ("localized.da", "x", "no field"),
            ("attributes.", "x", "no field"),
            ("category", "x", "berika decide"),
            ("gtin", "4006381333932", "check digit should be 1"),
            ("price", "12,50", "such as 12.50"),
            ("price", "-1", "not negative"),
            ("price", "1 kronor", "ISO 4217"),
            ("price", "1e5", "no number"),
            ("stock", "many", "no number"),
            ("best_before", "31/5 2026", "such as 2026-05-31"),
            ("stock", "-3", "fewer than 0"),
            ("language", "1", "no language"),
            ("language", "xx-foo", "without a region"),
            ("localized.xx-invalid.title", "x", "no field"),
            ("texts.sv_SE.title", "x", "no field"),
            ("attributes.Fe\u{202e}tt", "x", "no field"),
            ("supplier_category", "[\"Mat\", \"\u{200b}\"]", "empty"),
            ("title", "a\u{1b}[2J", "control characters"),
            ("description", "a\u{1b}[2J", "control characters"),
            ("images", "file:///etc/passwd", "no address of the web"),
            ("images", "[1]", "JSON list"),
            ("supplier_category", "Mat > > Ost", "empty"),
            ("title", "a\nb", "one line"),
        ] {
            let message = refusal(field, text);
            assert!(message.contains(part), "{field}={text}: {message}");
        }
        let long = "x".repeat(LINE_MOST + 1);
        assert!(refusal("title", &long).contains("2001 characters"));
        let unpriced = EditField::named("price").unwrap().value(&json!("1"), None).unwrap_err().to_string();
        assert!(unpriced.contains("name the currency"), "{unpriced}");
        let object = EditField::named("title").unwrap().value(&json!({"a": 1}), None);
        assert!(object.unwrap_err().to_string().contains("give a text"));
    }

    proptest! {
        #[test]
        fn what_is_taken_fits_the_field(
            name in "(title|brand|description|gtin|price|stock|best_before|language|images|supplier_category)",
            text in "[0-9]{1,13}( [a-z]{3})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|.{0,60}"
        ) {
            let field = EditField::named(&name).unwrap();
            if let Ok(value) = field.value(&json!(text), Some(&sek())) {
                let held = crate::product::with_fields(&ProductValues::default(), &[(field.name(), &value)]);
                let known = held.fields().remove(field.name()).unwrap_or(Value::Null);
                prop_assert!(super::super::same(field.name(), &known, &value), "{} {}", known, value);
            }
        }

        #[test]
        fn no_name_and_no_text_ends_in_a_panic(name in ".{0,40}|(texts|localized|attributes)\\..{0,20}", text in ".{0,80}") {
            if let Err(error) = value(&name, &text) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
