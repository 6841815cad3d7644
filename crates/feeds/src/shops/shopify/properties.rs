//! What a Shopify export says of a product beside its own columns: metafields, tags, what Google Shopping is told.

use crate::csv::KeptRow;

use super::super::columns::Columns;
use super::super::made::Made;

/// Columns that are properties, with the names they go by.
pub(super) struct Properties {
    named: Vec<(usize, String)>,
    metafields: Vec<(usize, String)>,
    condition: Option<usize>,
    grams: Option<usize>,
}

impl Properties {
    pub(super) fn new(columns: &Columns) -> Self {
        let named = ["Tags", "Google Shopping / Gender", "Google Shopping / Age Group"];
        let named = named.iter().filter_map(|name| {
            let short = name.rsplit(" / ").next().unwrap_or(name);
            Some((columns.find(&[name])?, short.to_owned()))
        });
        let metafields = columns.iter().filter_map(|(place, name)| Some((place, metafield(name)?)));
        Self {
            named: named.collect(),
            metafields: metafields.collect(),
            condition: columns.find(&["Google Shopping / Condition"]),
            grams: columns.find(&["Variant Grams", "Weight value (grams)"]),
        }
    }

    /// Adds the properties in a product's main row, and the weight where all rows agree on it.
    pub(super) fn add_to(&self, made: &mut Made, main: &KeptRow, rows: &[KeptRow]) {
        for (column, name) in &self.named {
            made.property(name, main.text(Some(*column)));
        }
        for (column, name) in &self.metafields {
            made.property(name, readable(main.text(Some(*column)).trim()));
        }
        // Nearly every product is new; only what is not tells anything.
        let condition = main.text(self.condition).trim();
        if !condition.eq_ignore_ascii_case("new") {
            made.property("Condition", condition);
        }
        let mut weights =
            rows.iter().map(|row| row.text(self.grams).trim()).filter(|grams| !grams.is_empty());
        if let Some(grams) = weights.next().filter(|grams| grams.bytes().any(|b| (b'1'..=b'9').contains(&b)))
            && weights.all(|other| other == grams)
        {
            made.property("Weight", format!("{} g", grams.strip_suffix(".0").unwrap_or(grams)));
        }
    }
}

/// The name of the metafield in a column: `Material (product.metafields.custom.material)` as Shopify writes it,
/// `Metafield: custom.material [single_line_text_field]` as its export apps do. Ratings and the texts for search
/// engines are no properties.
fn metafield(column: &str) -> Option<String> {
    let (name, path) = match column.split_once("(product.metafields.") {
        Some((name, path)) => (name.trim(), path.trim_end().trim_end_matches(')')),
        None => {
            let rest = column.strip_prefix("Metafield:")?.trim();
            ("", rest.split_once('[').map_or(rest, |(path, _)| path).trim())
        }
    };
    let (namespace, key) = path.split_once('.').unwrap_or(("", path));
    if matches!(namespace, "reviews" | "global") || namespace.starts_with("shopify--discovery") {
        return None;
    }
    let name = if name.is_empty() { key } else { name };
    (!name.is_empty()).then(|| name.to_owned())
}

/// A metafield's value without its JSON: lists become `a, b`, measures `10 cm`. References to other records of the
/// shop say nothing outside of it.
fn readable(value: &str) -> String {
    if value.starts_with("gid://") {
        return String::new();
    }
    if !value.starts_with(['[', '{']) {
        return value.replace("; ", ", ");
    }
    match serde_json::from_str(value) {
        Ok(json) => plain(&json).unwrap_or_default(),
        Err(_) => value.to_owned(),
    }
}

fn plain(json: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match json {
        Value::String(text) => (!text.starts_with("gid://")).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(parts) => Some(parts.iter().filter_map(plain).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let (value, unit) = (plain(members.get("value")?)?, members.get("unit").and_then(plain));
            Some(unit.map_or_else(|| value.clone(), |unit| format!("{value} {}", unit.to_lowercase())))
        }
        Value::Null => None,
    }
}
