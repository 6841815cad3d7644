//! A product's public document, composed of what the stages wrote.

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::{CategoryId, Document, Language, Taxonomy};
use berika_describe::{Author, Description};
use berika_store::{Categorisation, CategoryNames, GoneCategory, StalePublication, StoredDescription};
use serde_json::{Value, json};

/// The document of a product, or `None` where it is not settled: no accepted category, or a language for which the
/// description stage has not had its say. "Nothing could be written" is a say: the product goes out without a text.
/// `structured`: texts by models in the form that Google wants.
pub(crate) fn compose(
    stale: &StalePublication,
    taxonomy: &Taxonomy,
    languages: &[Language],
    structured: bool,
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
    for language in languages {
        let written = stale.descriptions.iter().find(|d| d.language == language.as_str()).and_then(read);
        let edited = stale.product.edits.texts(language);
        for (name, value) in texts(written.as_ref(), &edited, structured) {
            put(format!("texts.{language}.{name}"), value);
        }
    }
    for (name, value) in stale.product.values().fields() {
        put(format!("fields.{name}"), value);
    }
    Some(Document(document))
}

/// The document of a published product of which a person has said since that it belongs to none of our categories, or
/// whose published category no longer holds: its fields, and neither category nor texts. `None` for any other product.
pub(crate) fn put_aside(stale: &StalePublication, taxonomy: &Taxonomy) -> Option<Document> {
    let gone = published_category(stale, taxonomy).is_some_and(|id| !is_leaf(taxonomy, &id));
    stale.published.as_ref()?;
    let rejected = stale.categorisation.as_ref().filter(|c| c.verdict == "reject");
    let by_person = rejected.is_some_and(|categorisation| categorisation.decision.is_some());
    if !by_person && !stale.withdrawn && !gone {
        return None;
    }
    let mut document = BTreeMap::from([("state".to_owned(), json!("active"))]);
    if by_person {
        document.insert("category.decided_by".to_owned(), json!("person"));
    }
    let fields = stale.product.values().fields();
    document.extend(fields.into_iter().map(|(name, value)| (format!("fields.{name}"), value)));
    Some(Document(document))
}

/// The document of a published product that is joined into another one: where to look instead. `None` where it was never
/// published.
pub(crate) fn joined(stale: &StalePublication) -> Option<Document> {
    stale.published.as_ref()?;
    let leader = stale.joined_into.as_ref()?;
    Some(Document(BTreeMap::from([
        ("state".to_owned(), json!("joined")),
        ("joined_into.supplier".to_owned(), json!(leader.supplier)),
        ("joined_into.sku".to_owned(), json!(leader.sku)),
    ])))
}

/// The document of a published product of which nothing new is settled: the published one, with its category as that is called
/// now and where it lies now. `None` where the published category no longer holds, or where there is none.
pub(crate) fn followed(
    stale: &StalePublication,
    taxonomy: &Taxonomy,
    former: &FormerCategories,
) -> Option<Document> {
    let was = published_category(stale, taxonomy)?;
    // An id that is given again may stand for either of two: what no longer holds of it is not followed.
    let now = match (is_leaf(taxonomy, &was), stale.withdrawn) {
        (true, false) => was,
        (true, true) => return None,
        (false, _) => former.now(&was).filter(|now| is_leaf(taxonomy, now))?.clone(),
    };
    let index = taxonomy.index_of(&now)?;
    let mut document = stale.published.clone()?;
    for (name, value) in &mut document.0 {
        let language = name.strip_prefix("category.path.").and_then(|code| Language::parse(code).ok());
        if let Some(language) = language {
            *value = json!(taxonomy.path_names(index, &language));
        }
    }
    document.0.insert("category.id".to_owned(), json!(now));
    Some(document)
}

/// What became of the categories of earlier versions.
pub(crate) struct FormerCategories {
    pub(crate) names: CategoryNames,
    pub(crate) gone: BTreeMap<CategoryId, GoneCategory>,
}

impl FormerCategories {
    fn now(&self, id: &CategoryId) -> Option<&CategoryId> {
        let (version, now) = self.names.only(id)?;
        self.gone.get(id).is_none_or(|gone| gone.version < version).then_some(now)
    }
}

/// The category that is published of a product, where it is one of this taxonomy's.
fn published_category(stale: &StalePublication, taxonomy: &Taxonomy) -> Option<CategoryId> {
    let said = |name: &str| stale.published.as_ref()?.0.get(name)?.as_str();
    let own = said("category.taxonomy") == Some(taxonomy.id.as_str());
    said("category.id").filter(|_| own).map(|id| CategoryId(id.to_owned()))
}

fn is_leaf(taxonomy: &Taxonomy, id: &CategoryId) -> bool {
    taxonomy.index_of(id).is_some_and(|index| taxonomy.is_leaf(index))
}

/// The document of a published product that its supplier no longer lists: as last published, but retired, with its category
/// as that is called now, and without category and texts where that no longer holds.
pub(crate) fn retired(
    stale: &StalePublication,
    taxonomy: &Taxonomy,
    former: &FormerCategories,
) -> Option<Document> {
    let followed = followed(stale, taxonomy, former);
    let own = published_category(stale, taxonomy).is_some();
    let lost = followed.is_none() && (stale.withdrawn || own);
    let mut document = followed.or_else(|| stale.published.clone())?;
    if lost {
        document.0.retain(|name, _| !name.starts_with("category.") && !name.starts_with("texts."));
    }
    // Nor the leader that it had before it was parted.
    document.0.retain(|name, _| !name.starts_with("joined_into."));
    document.0.insert("state".to_owned(), json!("retired"));
    Some(document)
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

/// A description as the store keeps it.
pub(crate) fn stored(description: &Description) -> Value {
    // Its types have string keys and hold no numbers that JSON lacks.
    serde_json::to_value(description).unwrap_or_default()
}

/// A description as it was stored; `None` where there is none, or where a newer program wrote it: the product is then
/// published without texts rather than not at all.
pub(crate) fn read(stored: &StoredDescription) -> Option<Description> {
    serde_json::from_value(stored.description.clone()?).ok()
}

/// The texts in a language, what they rest on and what wrote them: those of the description, with what a person wrote over
/// them or wants left out. Where a model wrote, the mark that it is made by AI goes with them; Google wants such a text in
/// another field than one that people or rules wrote, which `structured` asks for.
fn texts(
    description: Option<&Description>,
    edited: &BTreeMap<&str, Option<&str>>,
    structured: bool,
) -> Vec<(String, Value)> {
    let by_person: BTreeMap<&str, &str> =
        edited.iter().filter_map(|(part, text)| Some((*part, (*text)?))).collect();
    let mut put: Vec<(String, Value)> =
        by_person.iter().map(|(part, text)| ((*part).to_owned(), json!(text))).collect();
    if !by_person.is_empty() {
        put.push(("by_person".to_owned(), json!(by_person.keys().collect::<Vec<_>>())));
    }
    let Some(description) = description else {
        if !by_person.is_empty() {
            put.push(("generator".to_owned(), json!("person")));
        }
        return put;
    };
    let texts = description.texts();
    let written = || {
        let written = texts.iter().filter(|(_, text)| !text.text.is_empty());
        written.filter(|(part, _)| !edited.contains_key(part.as_str()))
    };
    let sentences = written().flat_map(|(_, text)| &text.sentences);
    let fields: BTreeSet<&str> =
        sentences.flat_map(|sentence| &sentence.fields).map(String::as_str).collect();
    let origin = &description.origin;
    let by_model: Vec<&str> =
        written().filter(|(_, text)| text.by == Author::Model).map(|(part, _)| part.as_str()).collect();
    put.extend(written().map(|(part, text)| match text.by {
        Author::Model if structured => (
            format!("structured_{}", part.as_str()),
            json!({ "digital_source_type": DIGITAL_SOURCE, "content": text.text }),
        ),
        _ => (part.as_str().to_owned(), json!(text.text)),
    }));
    let html = description.long_html.iter().filter(|_| !edited.contains_key("long"));
    put.extend(html.map(|html| ("long_html".to_owned(), json!(html))));
    put.push(("rests_on".to_owned(), json!(fields)));
    let all_by_person = !by_person.is_empty() && written().next().is_none();
    let generator = if all_by_person { "person" } else { origin.generator.as_str() };
    put.push(("generator".to_owned(), json!(generator)));
    if !by_model.is_empty() {
        put.push((
            "ai".to_owned(),
            json!({
                "texts": by_model,
                "digital_source_type": DIGITAL_SOURCE,
                "model": origin.model,
                "prompt": origin.prompt,
            }),
        ));
    }
    put
}

/// IPTC's term for what a trained model made, as Google and the AI Act's code of practice use it.
const DIGITAL_SOURCE: &str = "trained_algorithmic_media";

#[cfg(test)]
mod tests {
    use berika_catalog::taxonomy_change::Gone;
    use berika_catalog::{
        Category, Edits, Joined, Product, ProductKey, ProductState, ProductValues, Provenance, SupplierId,
    };
    use berika_describe::guard::Report;
    use berika_describe::{Origin, Text};
    use berika_store::ProductId;

    use super::*;

    fn by_model() -> Description {
        let text = |text: &str| Text { text: text.to_owned(), by: Author::Model, ..Text::default() };
        Description {
            language: Language::parse("sv").unwrap(),
            title: text("Te"),
            short: text("Svart te."),
            long: text("Svart te i påsar."),
            long_html: Some("<p>Svart te i påsar.</p>".to_owned()),
            seo_title: Text::default(),
            seo_description: Text::default(),
            origin: Origin {
                generator: "local".to_owned(),
                model: Some("m".to_owned()),
                prompt: Some("p".to_owned()),
                recipe: "r".to_owned(),
            },
            report: Report::default(),
            left_out: Vec::new(),
        }
    }

    fn put(edited: &[(&str, Option<&str>)], structured: bool) -> BTreeMap<String, Value> {
        texts(Some(&by_model()), &edited.iter().copied().collect(), structured).into_iter().collect()
    }

    #[test]
    fn a_persons_text_takes_the_place_of_a_models_and_its_mark() {
        let put_all = put(&[], true);
        assert_eq!(put_all["ai"]["texts"], json!(["title", "short", "long"]));
        assert!(put_all.contains_key("structured_title") && !put_all.contains_key("by_person"));

        let edited = put(&[("title", Some("Earl Grey")), ("long", None)], true);
        assert_eq!((&edited["title"], &edited["by_person"]), (&json!("Earl Grey"), &json!(["title"])));
        assert_eq!((&edited["ai"]["texts"], &edited["generator"]), (&json!(["short"]), &json!("local")));
        for gone in ["structured_title", "long", "structured_long", "long_html"] {
            assert!(!edited.contains_key(gone), "{gone}");
        }

        let all = put(&[("title", Some("Earl Grey")), ("short", Some("Te.")), ("long", None)], false);
        assert_eq!((&all["generator"], all.get("ai")), (&json!("person"), None));
        let alone: BTreeMap<String, Value> =
            texts(None, &[("title", Some("Te")), ("short", None)].into(), false).into_iter().collect();
        assert_eq!((&alone["title"], &alone["generator"], alone.len()), (&json!("Te"), &json!("person"), 3));
        assert!(texts(None, &[("short", None)].into(), false).is_empty());
    }

    fn taxonomy(leaf: &str) -> Taxonomy {
        let category = |id: &str, parent: Option<&str>| Category {
            id: CategoryId(id.to_owned()),
            parent: parent.map(|parent| CategoryId(parent.to_owned())),
            names: [(Language::parse("en").unwrap(), id.to_uppercase())].into(),
            descriptions: BTreeMap::new(),
            excludes: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            external_ids: BTreeMap::new(),
        };
        Taxonomy::new("own", 2, vec![category("drinks", None), category(leaf, Some("drinks"))]).unwrap()
    }

    /// Published in milk, and in review since.
    fn in_review(withdrawn: bool) -> StalePublication {
        let document = [
            ("state", json!("active")),
            ("category.id", json!("milk")),
            ("category.taxonomy", json!("own")),
            ("category.path.en", json!(["FOOD", "MILK"])),
            ("texts.en.title", json!("Milk")),
        ];
        let document = document.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        StalePublication {
            id: ProductId::default(),
            product: Product {
                key: ProductKey { supplier: SupplierId::new("a").unwrap(), sku: "1".to_owned() },
                state: ProductState::Active,
                supplier_values: ProductValues::default(),
                provenance: Provenance::default(),
                edits: Edits::default(),
                joined: Joined::default(),
            },
            revision: 2,
            categorisation: None,
            descriptions: Vec::new(),
            version: 1,
            published: Some(Document(document)),
            withdrawn,
            joined_into: None,
        }
    }

    fn former(renamed: bool, gone: Option<u32>) -> FormerCategories {
        let (milk, dairy) = (CategoryId("milk".to_owned()), CategoryId("dairy".to_owned()));
        let renames = renamed.then(|| (milk.clone(), 2, dairy));
        let why = Gone { why: "it was deleted".to_owned(), into: Vec::new() };
        let gone = gone.map(|version| (milk, GoneCategory { version, gone: why }));
        FormerCategories { names: renames.into_iter().collect(), gone: gone.into_iter().collect() }
    }

    #[test]
    fn what_is_published_of_a_category_follows_it_while_nothing_new_is_settled() {
        let id = |document: &Document| document.0.get("category.id").cloned();
        let moved = followed(&in_review(false), &taxonomy("milk"), &former(false, None)).unwrap();
        assert_eq!(
            (id(&moved), &moved.0["category.path.en"]),
            (Some(json!("milk")), &json!(["DRINKS", "MILK"]))
        );
        for withdrawn in [true, false] {
            let stale = in_review(withdrawn);
            let renamed = followed(&stale, &taxonomy("dairy"), &former(true, None)).unwrap();
            assert_eq!(id(&renamed), Some(json!("dairy")));
            assert_eq!(renamed.0["category.path.en"], json!(["DRINKS", "DAIRY"]));
            assert_eq!(renamed.0["texts.en.title"], json!("Milk"), "what was written stays");
            // Gone, or gone after another category that was called so was renamed.
            for former in [former(false, Some(2)), former(true, Some(3))] {
                assert_eq!(followed(&stale, &taxonomy("dairy"), &former), None);
                let aside = put_aside(&stale, &taxonomy("dairy")).unwrap();
                assert_eq!((id(&aside), aside.0.get("texts.en.title")), (None, None));
            }
        }
        // The id may be another category's now.
        assert_eq!(followed(&in_review(true), &taxonomy("milk"), &former(true, None)), None);
        assert!(put_aside(&in_review(false), &taxonomy("milk")).is_none());
    }

    #[test]
    fn a_retired_product_shows_no_category_that_is_gone() {
        let stays = retired(&in_review(false), &taxonomy("milk"), &former(false, None)).unwrap();
        assert_eq!((&stays.0["state"], &stays.0["category.id"]), (&json!("retired"), &json!("milk")));
        assert_eq!(stays.0["texts.en.title"], json!("Milk"));
        let renamed = retired(&in_review(true), &taxonomy("dairy"), &former(true, None)).unwrap();
        assert_eq!(renamed.0["category.id"], json!("dairy"));
        let gone = retired(&in_review(true), &taxonomy("dairy"), &former(false, Some(2))).unwrap();
        assert_eq!(gone.0, [("state".to_owned(), json!("retired"))].into());
        let again = StalePublication { published: Some(gone.clone()), ..in_review(false) };
        assert_eq!(retired(&again, &taxonomy("dairy"), &former(false, Some(2))), Some(gone), "said once");
    }

    #[test]
    fn a_retired_product_that_was_parted_points_nowhere() {
        let joined = [("state", "joined"), ("joined_into.supplier", "a"), ("joined_into.sku", "1")];
        let document = joined.map(|(field, value)| (field.to_owned(), json!(value))).into();
        let parted = StalePublication { published: Some(Document(document)), ..in_review(false) };
        let gone = retired(&parted, &taxonomy("milk"), &former(false, None)).unwrap();
        assert_eq!(gone.0, [("state".to_owned(), json!("retired"))].into());
    }
}
