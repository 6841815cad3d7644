//! Products to be described, one JSON object a line.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use berika_catalog::{Gtin, Language, ProductValues};
use serde::Deserialize;
use serde_json::Value;

use crate::json_lines::JsonLines;

/// A product with the name of its category in some languages.
#[derive(Debug)]
pub(crate) struct Product {
    /// Its id, as given.
    pub(crate) id: String,
    /// What is known of it.
    pub(crate) values: ProductValues,
    categories: BTreeMap<Language, String>,
}

impl Product {
    /// Its category's name in `language`.
    pub(crate) fn category(&self, language: &Language) -> Option<&str> {
        self.categories.get(language).map(String::as_str)
    }
}

/// Products as they come from a file.
pub(crate) struct ProductsFile(JsonLines);

#[derive(Deserialize)]
struct Raw {
    id: Value,
    title: Option<String>,
    brand: Option<String>,
    description: Option<String>,
    gtin: Option<Value>,
    #[serde(default)]
    attributes: BTreeMap<String, Value>,
    language: Option<String>,
    category: Option<Category>,
}

/// A name per language; or one in the product's own, alone or at the end of a path.
#[derive(Deserialize)]
#[serde(untagged)]
enum Category {
    ByLanguage(BTreeMap<String, String>),
    Path(Vec<String>),
    Name(String),
}

impl ProductsFile {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        Ok(Self(JsonLines::open(path)?))
    }

    /// The next products, at most `most`; none at the end.
    ///
    /// # Errors
    /// Where a line is no product, naming it.
    pub(crate) fn next(&mut self, most: usize) -> anyhow::Result<Vec<Product>> {
        let mut products = Vec::new();
        while products.len() < most
            && let Some((_, text)) = self.0.next()?
        {
            let read = product(&text);
            products.push(read.with_context(|| format!("{} is no product", self.0.at()))?);
        }
        Ok(products)
    }
}

fn product(text: &str) -> anyhow::Result<Product> {
    let raw: Raw = serde_json::from_str(text).context("expected an object with id, title and attributes")?;
    let id = match raw.id {
        Value::String(id) if !id.trim().is_empty() => id,
        Value::Number(id) => id.to_string(),
        _ => bail!("the id is neither text nor number; give every product one"),
    };
    let language = raw.language.as_deref().map(Language::parse).transpose()?;
    let mut categories = BTreeMap::new();
    match (raw.category, &language) {
        (Some(Category::ByLanguage(names)), _) => {
            for (tag, name) in names {
                categories.insert(Language::parse(&tag)?, name);
            }
        }
        (Some(Category::Name(name)), Some(own)) => {
            categories.insert(own.clone(), name);
        }
        (Some(Category::Path(path)), Some(own)) => {
            categories.extend(path.into_iter().next_back().map(|name| (own.clone(), name)));
        }
        _ => {}
    }
    // A number that is no GTIN is no reason not to describe a product: it only chooses among turns of phrase.
    let gtin = raw.gtin.as_ref().and_then(words).and_then(|gtin| Gtin::parse(&gtin).ok());
    let attributes =
        raw.attributes.iter().filter_map(|(name, value)| Some((name.clone(), words(value)?))).collect();
    let values = ProductValues {
        title: raw.title,
        brand: raw.brand,
        description: raw.description,
        gtin,
        attributes,
        language,
        ..ProductValues::default()
    };
    Ok(Product { id, values, categories })
}

/// A value as a feed would give it.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(values) => {
            let words: Vec<String> = values.iter().filter_map(words).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_becomes_a_product() {
        let product = product(
            r#"{"id": 7, "title": "Kaffe", "gtin": "4006381333931", "language": "sv-SE", "attributes": {"Vikt": 450, "Smak": ["fyllig", "rund"]},
                "category": {"sv": "Kaffe", "en": "Coffee"}}"#,
        )
        .unwrap();
        let english = Language::parse("en").unwrap();
        assert_eq!((product.id.as_str(), product.category(&english)), ("7", Some("Coffee")));
        assert_eq!(product.values.attributes["Smak"], "fyllig, rund");
        assert_eq!(product.values.attributes["Vikt"], "450");
        assert!(product.values.gtin.is_some());
    }

    #[test]
    fn a_category_without_a_language_is_in_the_products_own() {
        let name = |category: &str| {
            let product =
                product(&format!(r#"{{"id": "a", "language": "da", "category": {category}}}"#)).unwrap();
            product.category(&Language::parse("da").unwrap()).map(str::to_owned)
        };
        assert_eq!(name(r#""Ost""#).as_deref(), Some("Ost"));
        assert_eq!(name(r#"["Mad", "Ost"]"#).as_deref(), Some("Ost"));
    }

    #[test]
    fn a_bad_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bad.jsonl");
        std::fs::write(&path, "{\"id\": \"a\"}\n\n{\"title\": \"b\"}\n").unwrap();
        let mut file = ProductsFile::open(&path).unwrap();
        let error = format!("{:#}", file.next(10).unwrap_err());
        assert!(error.contains("bad.jsonl, line 3") && error.contains("missing field `id`"), "{error}");
    }
}
