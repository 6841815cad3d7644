//! A product as its supplier tells it, and how one delivery's word changes what is known.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Country, Digest, Edits, Gtin, Joined, Language, Money, Origin, ProductKey, Provenance};

/// Everything a supplier may say about a product. All fields are optional: what was not said is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProductValues {
    /// The product's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The global trade item number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<Gtin>,
    /// The maker's part number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mpn: Option<String>,
    /// The supplier's description as plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Named properties in the supplier's own words.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The supplier's own category, root first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supplier_category: Vec<String>,
    /// The price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Addresses of pictures, most important first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    /// Prices that hold in one country only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub market_prices: BTreeMap<Country, Money>,
    /// The language of title, description and attributes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The supplier's texts in further languages.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub localized: BTreeMap<Language, LocalizedTexts>,
    /// The date of minimum durability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_before: Option<Date>,
    /// Units in stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<Decimal>,
    /// What ties variants together that the supplier lists apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    /// Variants that the supplier lists within this product.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
}

/// A product's texts in one of several languages that a supplier delivers side by side.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalizedTexts {
    /// The product's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The supplier's description as plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// One sellable form of a product: a size, a colour.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variant {
    /// The variant's own article number.
    pub sku: String,
    /// The variant's own GTIN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<Gtin>,
    /// What tells it from its siblings: `Size` → `M`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The variant's own price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Units in stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<Decimal>,
    /// Addresses of pictures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}

/// One product as one delivery tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRecord {
    /// Which product.
    pub key: ProductKey,
    /// What was said.
    pub values: ProductValues,
    /// Where each value stands in the delivery.
    pub provenance: Provenance,
}

/// What a delivery's silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryKind {
    /// The whole assortment: an absent field is cleared, an absent product goes missing.
    Full,
    /// Changes only: nothing absent is touched.
    Delta,
}

/// Whether the supplier still lists a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProductState {
    /// In the supplier's last complete delivery.
    Active,
    /// Absent from the last full delivery, perhaps only for now.
    Missing,
    /// Absent from as many full deliveries as `retire_after` says.
    Retired,
}

impl ProductState {
    /// The word used in the store and in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Missing => "missing",
            Self::Retired => "retired",
        }
    }
}

/// A product as it is remembered: the supplier's last word and, apart from it, what people changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Which product.
    pub key: ProductKey,
    /// Whether the supplier still lists it.
    pub state: ProductState,
    /// The last values the supplier gave.
    pub supplier_values: ProductValues,
    /// Where each supplier value came from: the delivery that last *changed* it.
    pub provenance: Provenance,
    /// What people set, with the supplier value that each replaced.
    pub edits: Edits,
    /// What it takes from the products joined into it.
    pub joined: Joined,
}

impl Product {
    /// The values that hold: the supplier's, with those of joined products over them, and people's edits over both.
    pub fn values(&self) -> ProductValues {
        self.edits.over(&self.joined.over(&self.supplier_values))
    }
}

impl ProductValues {
    /// The hash by which a change of any value is seen.
    pub fn digest(&self) -> Digest {
        Digest::of_json(self)
    }

    /// What is known after a delivery of `kind` said `said`: everything it said, and of a delta's silence what was
    /// known before. Attributes, texts in further languages and prices of markets are added to the known ones by name.
    pub fn after(&self, said: &ProductValues, kind: DeliveryKind) -> ProductValues {
        if kind == DeliveryKind::Full {
            return said.clone();
        }
        let mut attributes = self.attributes.clone();
        attributes.extend(said.attributes.clone());
        let mut market_prices = self.market_prices.clone();
        market_prices.extend(said.market_prices.clone());
        let mut localized = self.localized.clone();
        for (language, texts) in &said.localized {
            let known = localized.entry(language.clone()).or_default();
            known.title = newer(&texts.title, &known.title);
            known.description = newer(&texts.description, &known.description);
        }
        ProductValues {
            title: newer(&said.title, &self.title),
            brand: newer(&said.brand, &self.brand),
            gtin: newer(&said.gtin, &self.gtin),
            mpn: newer(&said.mpn, &self.mpn),
            description: newer(&said.description, &self.description),
            attributes,
            supplier_category: newer_list(&said.supplier_category, &self.supplier_category),
            price: newer(&said.price, &self.price),
            images: newer_list(&said.images, &self.images),
            market_prices,
            language: newer(&said.language, &self.language),
            localized,
            best_before: newer(&said.best_before, &self.best_before),
            stock: newer(&said.stock, &self.stock),
            group_id: newer(&said.group_id, &self.group_id),
            variants: newer_list(&said.variants, &self.variants),
        }
    }

    /// The values as flat JSON by field name; what is named itself is given one by one: `attributes.NAME`,
    /// `market_prices.DK`, `localized.da.title`.
    pub fn fields(&self) -> BTreeMap<String, Value> {
        let whole =
            serde_json::to_value(self).expect("product values have string keys and serialise to JSON");
        let Value::Object(whole) = whole else { return BTreeMap::new() };
        let mut flat = BTreeMap::new();
        for (name, value) in whole {
            let depth = named_depth(&name);
            flatten(name, value, depth, &mut flat);
        }
        flat
    }
}

/// How many levels of names stand below a field.
pub(crate) fn named_depth(field: &str) -> usize {
    match field {
        "attributes" | "market_prices" => 1,
        "localized" => 2,
        _ => 0,
    }
}

/// The values with others in `fields`, or without those whose value is null. A value that does not fit its field is
/// passed over.
pub(crate) fn with_fields(values: &ProductValues, fields: &[(&str, &Value)]) -> ProductValues {
    if fields.is_empty() {
        return values.clone();
    }
    if let Some(values) = with_all(values, fields) {
        return values;
    }
    // Halves find the few that do not fit without a round through JSON for each that does.
    let (one, other) = fields.split_at(fields.len() / 2);
    if one.is_empty() {
        return values.clone();
    }
    with_fields(&with_fields(values, one), other)
}

/// The values with others in all `fields`; `None` where one does not fit.
fn with_all(values: &ProductValues, fields: &[(&str, &Value)]) -> Option<ProductValues> {
    let mut whole = serde_json::to_value(values).ok()?;
    for (field, value) in fields {
        put(whole.as_object_mut()?, field, value)?;
    }
    serde_json::from_value(whole).ok()
}

/// Puts a value in its place, or takes out what stands there where it is null; `None` where there is no such place.
fn put(whole: &mut serde_json::Map<String, Value>, field: &str, value: &Value) -> Option<()> {
    // `attributes.Max. last` is one level of names, `localized.da.title` two.
    let levels = field.split_once('.').map_or(0, |(head, _)| named_depth(head));
    let mut parts = field.splitn(levels + 1, '.');
    let mut map = whole;
    let mut name = parts.next()?;
    for part in parts {
        let inner = map.entry(name).or_insert_with(|| Value::Object(serde_json::Map::new()));
        (map, name) = (inner.as_object_mut()?, part);
    }
    if value.is_null() {
        map.remove(name);
    } else {
        map.insert(name.to_owned(), value.clone());
    }
    Some(())
}

fn flatten(name: String, value: Value, depth: usize, flat: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(named) if depth > 0 => {
            for (key, value) in named {
                flatten(format!("{name}.{key}"), value, depth - 1, flat);
            }
        }
        value => {
            flat.insert(name, value);
        }
    }
}

/// The origins after a delivery: the new origin where the value changed, the old where it did not.
///
/// A row that moved within the file, or a file that was only named anew, changes no origin: provenance says where a
/// value was last *changed*, and an unchanged feed writes nothing.
pub fn provenance_after(
    before: (&ProductValues, &Provenance),
    after: &ProductValues,
    delivered: &Provenance,
) -> Provenance {
    let (old_values, new_values) = (before.0.fields(), after.fields());
    let origin = |name: &String| -> Option<Origin> {
        let unchanged = old_values.get(name) == new_values.get(name);
        let old = before.1.get(name.as_str()).filter(|_| unchanged);
        old.or_else(|| delivered.get(name.as_str())).or_else(|| before.1.get(name.as_str())).cloned()
    };
    new_values.keys().filter_map(|name| Some((name.clone().into(), origin(name)?))).collect()
}

fn newer<T: Clone>(said: &Option<T>, known: &Option<T>) -> Option<T> {
    said.as_ref().or(known.as_ref()).cloned()
}

fn newer_list<T: Clone>(said: &[T], known: &[T]) -> Vec<T> {
    if said.is_empty() { known.to_vec() } else { said.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(title: &str, attributes: &[(&str, &str)]) -> ProductValues {
        ProductValues {
            title: Some(title.to_owned()),
            attributes: attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..ProductValues::default()
        }
    }

    fn origin(row: u64) -> Origin {
        Origin { file: "feed.csv".into(), row, column: None, rule: None, original: None }
    }

    #[test]
    fn a_delta_clears_nothing_and_a_full_delivery_clears_what_it_leaves_out() {
        let known = ProductValues { brand: Some("Asta".to_owned()), ..values("Kanna", &[("Färg", "Röd")]) };
        let said = values("Kanna 1 l", &[("Volym", "1 l")]);

        let delta = known.after(&said, DeliveryKind::Delta);
        assert_eq!(delta.brand.as_deref(), Some("Asta"));
        assert_eq!(delta.title.as_deref(), Some("Kanna 1 l"));
        assert_eq!(delta.attributes.len(), 2);

        assert_eq!(known.after(&said, DeliveryKind::Full), said);
    }

    #[test]
    fn provenance_stays_with_the_delivery_that_changed_the_value() {
        let before = values("Kanna", &[("Färg", "Röd")]);
        let known: Provenance = [("title".into(), origin(2)), ("attributes.Färg".into(), origin(2))].into();
        let after = values("Kanna", &[("Färg", "Blå")]);
        let delivered: Provenance =
            [("title".into(), origin(9)), ("attributes.Färg".into(), origin(9))].into();

        let merged = provenance_after((&before, &known), &after, &delivered);
        assert_eq!(merged["title"].row, 2);
        assert_eq!(merged["attributes.Färg"].row, 9);
    }

    #[test]
    fn values_survive_json() {
        let mut known = values("Kanna", &[("Färg", "Röd")]);
        known.price = Some(Money {
            amount: "12.50".parse().unwrap(),
            currency: crate::Currency::parse("sek").unwrap(),
        });
        let json = serde_json::to_string(&known).unwrap();
        assert!(json.contains(r#""amount":"12.50""#), "{json}");
        assert_eq!(serde_json::from_str::<ProductValues>(&json).unwrap(), known);
    }

    #[test]
    fn texts_and_prices_of_markets_are_fields_of_their_own_and_a_delta_adds_to_them() {
        let language = |tag| Language::parse(tag).unwrap();
        let texts = |title: Option<&str>, description: Option<&str>| LocalizedTexts {
            title: title.map(str::to_owned),
            description: description.map(str::to_owned),
        };
        let money =
            Money { amount: "99.50".parse().unwrap(), currency: crate::Currency::parse("DKK").unwrap() };
        let known = ProductValues {
            localized: [(language("da"), texts(Some("Kande"), Some("Af stål")))].into(),
            market_prices: [(Country::parse("dk").unwrap(), money)].into(),
            ..values("Kanna", &[])
        };
        let names: Vec<String> = known.fields().into_keys().collect();
        assert_eq!(names, ["localized.da.description", "localized.da.title", "market_prices.DK", "title"]);
        assert_ne!(known.digest(), values("Kanna", &[]).digest());

        let said = ProductValues {
            localized: [
                (language("da"), texts(Some("Kande 1 l"), None)),
                (language("no"), texts(Some("Mugge"), None)),
            ]
            .into(),
            ..ProductValues::default()
        };
        let after = known.after(&said, DeliveryKind::Delta);
        assert_eq!(after.localized[&language("da")], texts(Some("Kande 1 l"), Some("Af stål")));
        assert_eq!((after.localized.len(), after.market_prices.len()), (2, 1));
    }
}
