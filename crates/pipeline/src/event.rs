//! What an event says.

use std::collections::BTreeMap;

use berika_catalog::{Document, Origin, Product};
use berika_deliver::{EventError, event_body};
use berika_store::DueEvent;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A product has a new public version.
pub const PRODUCT_ENRICHED: &str = "product.enriched";

/// A product's supplier no longer lists it.
pub const PRODUCT_RETIRED: &str = "product.retired";

/// A product is now part of another one.
pub const PRODUCT_JOINED: &str = "product.joined";

/// The bytes of an event, made once, at its first attempt:
///
/// ```json
/// {"type": "product.enriched", "timestamp": "…", "data": {
///   "product": {"supplier": "nordmat", "sku": "NM-10021", "version": 3},
///   "changed": ["category.id", "texts.sv.title"],
///   "previous": {"category.id": "…"},
///   "document": {"state": "active", "category": {…}, "texts": {…}, "fields": {…}},
///   "provenance": {"fields.price": {"file": "…", "row": 17, "column": "Pris"}}
/// }}
/// ```
///
/// `document` is the whole product as of this version; `changed` names what differs from what this endpoint was told
/// before, and `previous` what stood there (texts of over 200 bytes by their hash). `provenance` says for each changed
/// supplier field where its value was delivered.
///
/// # Errors
/// [`EventError`] where not even shortened bytes fit.
pub fn body(due: &DueEvent, now: Timestamp) -> Result<Vec<u8>, EventError> {
    let nothing = Document::default();
    let change = due.document.change_since(due.base.as_ref().unwrap_or(&nothing));
    let data = json!({
        "product": {
            "supplier": due.product.key.supplier,
            "sku": due.product.key.sku,
            "version": due.version,
        },
        "changed": change.changed,
        "previous": change.previous,
        "document": due.document.nested(),
        "provenance": provenance(&due.product, &change.changed),
    });
    let Value::Object(data) = data else { unreachable!("json! of braces is an object") };
    event_body(&due.event, now, data)
}

/// Where the changed supplier fields come from: the delivery's cell, the product that is the same article, or the person who
/// set them.
fn provenance(product: &Product, changed: &[String]) -> BTreeMap<String, Value> {
    let origin = |name: &str| -> Option<Value> {
        let field = name.strip_prefix("fields.")?;
        if let Some(edit) = product.edits.0.get(field) {
            return Some(json!({"person": edit.by, "at": edit.at}));
        }
        if let Some(joined) = product.joined.0.get(field) {
            return Some(json!({"joined_from": joined.from, "reason": joined.reason}));
        }
        let origin: &Origin = product.provenance.get(field)?;
        Some(json!(origin))
    };
    changed.iter().filter_map(|name| Some((name.clone(), origin(name)?))).collect()
}
