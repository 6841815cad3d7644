//! A product's public document, composed of what the stages wrote.

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::{CategoryId, Document, Language, Taxonomy};
use berika_store::{Categorisation, StalePublication, StoredDescription};
use serde_json::{Value, json};

/// The document of a product, or `None` where it is not settled: no accepted category, or a language for which the
/// description stage has not had its say. "Nothing could be written" is a say: the product goes out without a text.
pub(crate) fn compose(
    stale: &StalePublication,
    taxonomy: &Taxonomy,
    languages: &[Language],
) -> Option<Document> {
    let categorisation = stale.categorisation.as_ref().filter(|c| c.verdict == "accept")?;
    let category = CategoryId(categorisation.category.clone()?);
    let index = taxonomy.index_of(&category)?;
    let described: BTreeSet<&str> = stale.descriptions.iter().map(|d| d.language.as_str()).collect();
    if !languages.iter().all(|language| described.contains(language.as_str())) {
        return None;
    }

    let mut document = BTreeMap::new();
    let mut put = |name: String, value: Value| {
        document.insert(name, value);
    };
    put("state".to_owned(), json!("active"));
    put("category.id".to_owned(), json!(category));
    put("category.taxonomy".to_owned(), json!(taxonomy.id));
    for language in languages {
        put(format!("category.path.{language}"), json!(taxonomy.path_names(index, language)));
    }
    for (name, value) in how_decided(categorisation) {
        put(format!("category.{name}"), value);
    }
    for description in
        stale.descriptions.iter().filter(|d| languages.iter().any(|l| l.as_str() == d.language))
    {
        for (name, value) in texts(description) {
            put(format!("texts.{}.{name}", description.language), value);
        }
    }
    for (name, value) in stale.product.values().fields() {
        put(format!("fields.{name}"), value);
    }
    Some(Document(document))
}

/// The document of a published product of which a person has said since that it belongs to none of our categories: its
/// fields, and neither category nor texts. `None` for any other product.
pub(crate) fn put_aside(stale: &StalePublication) -> Option<Document> {
    let categorisation = stale.categorisation.as_ref().filter(|c| c.verdict == "reject")?;
    categorisation.decision.and(stale.published.as_ref())?;
    let mut document = BTreeMap::from([
        ("state".to_owned(), json!("active")),
        ("category.decided_by".to_owned(), json!("person")),
    ]);
    let fields = stale.product.values().fields();
    document.extend(fields.into_iter().map(|(name, value)| (format!("fields.{name}"), value)));
    Some(Document(document))
}

/// The document of a product that its supplier no longer lists: as last published, but retired. `None` where that has
/// been said.
pub(crate) fn retired(published: &Document) -> Option<Document> {
    let mut document = published.clone();
    let before = document.0.insert("state".to_owned(), json!("retired"));
    (before != Some(json!("retired"))).then_some(document)
}

fn how_decided(categorisation: &Categorisation) -> Vec<(&'static str, Value)> {
    if categorisation.decision.is_some() {
        return vec![("decided_by", json!("person"))];
    }
    // Two digits: a third would send an event that says nothing.
    let confidence = (categorisation.confidence * 100.0).round() / 100.0;
    vec![
        ("decided_by", json!("machine")),
        ("confidence", json!(confidence)),
        ("confidence_kind", json!("calibrated")),
        // Null where nothing is promised of what was accepted so.
        ("promise", json!(categorisation.promise)),
    ]
}

fn texts(description: &StoredDescription) -> Vec<(&'static str, Value)> {
    let (Some(title), Some(short)) = (&description.title, &description.short) else { return Vec::new() };
    let sentences = description.sentences.get("short").and_then(Value::as_array);
    let mut fields: BTreeSet<&str> = sentences
        .into_iter()
        .flatten()
        .filter_map(|sentence| sentence.get("fields")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let title_fields = description.sentences.get("title").and_then(Value::as_array);
    fields.extend(title_fields.into_iter().flatten().filter_map(Value::as_str));
    vec![
        ("title", json!(title)),
        ("short", json!(short)),
        ("rests_on", json!(fields)),
        ("generator", json!(description.recipe.split('-').next().unwrap_or_default())),
    ]
}
