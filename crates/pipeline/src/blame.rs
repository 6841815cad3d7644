//! Where everything that is said of a product comes from: who or what, when, and what it replaced.

use std::collections::BTreeMap;

use berika_catalog::edit::is_ours;
use berika_catalog::{Decision, Origin, Product, ProductKey, ProductState};
use berika_describe::{Author, Part};
use berika_store::{Background, Categorisation, LoggedEdit, Store, StoreError, StoredDescription};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::document;

/// Where everything that is said of a product comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Blame {
    /// The product.
    pub product: String,
    /// Whether its supplier lists it.
    pub state: ProductState,
    /// Whether no machine may change its category and texts.
    pub locked: bool,
    /// Its fields by name, those that a person cleared among them.
    pub fields: Vec<FieldBlame>,
    /// Its category.
    pub category: Option<CategoryBlame>,
    /// Its texts by language and part.
    pub texts: Vec<FieldBlame>,
}

/// One field or text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldBlame {
    /// The field.
    pub field: String,
    /// What holds; null where a person cleared it.
    pub value: Value,
    /// Where it comes from.
    pub from: From,
    /// Since when it holds; absent where that is not known.
    pub at: Option<Timestamp>,
    /// What stood there before; null where nothing did.
    pub replaced: Value,
    /// What the supplier says now, where a person edited the field and the supplier changed it since.
    pub theirs: Option<Value>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum From {
    /// The supplier's delivery.
    Supplier {
        /// The cell.
        #[serde(flatten)]
        origin: Option<Origin>,
    },
    /// A person.
    Person {
        /// Who.
        name: String,
        /// Why, in the person's words.
        note: Option<String>,
        /// Where it was read: a file and row.
        origin: Option<String>,
    },
    /// A product that is joined into this one.
    Joined {
        /// Which.
        product: String,
        /// Why.
        reason: String,
    },
    /// Rules that phrase what the fields say.
    Composer {
        /// How.
        recipe: String,
        /// In which run.
        run: Option<String>,
    },
    /// A language model.
    Model {
        /// Which.
        model: Option<String>,
        /// How.
        recipe: String,
        /// In which run.
        run: Option<String>,
    },
}

/// The category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryBlame {
    /// The category; `None` where none is settled.
    pub category: Option<String>,
    /// `accept`, `review` or `reject`.
    pub verdict: String,
    /// How sure the classifier was.
    pub confidence: f64,
    /// The classifier's version and policy.
    pub recipe: String,
    /// The run it is from.
    pub run: Option<String>,
    /// When that run began.
    pub at: Option<Timestamp>,
    /// The decision it follows, where a person decided.
    pub decision: Option<Decision>,
    /// Why, as sentences.
    pub reasons: Vec<String>,
}

/// The history of one field.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// The field as it is now; absent where neither supplier nor person say anything of it.
    pub now: Option<FieldBlame>,
    /// What the supplier says now, under any edit; null where nothing.
    pub supplier: Value,
    /// Where the supplier says so.
    pub origin: Option<Origin>,
    /// What people did to it, oldest first, and where the supplier came round.
    pub log: Vec<LoggedEdit>,
}

/// Says where everything that is said of a product comes from; `None` where there is no such product.
///
/// # Errors
/// Any statement's failure.
pub async fn blame(store: &Store, key: &ProductKey) -> Result<Option<Blame>, StoreError> {
    let Some(stored) = store.product(key).await? else { return Ok(None) };
    let background = store.background(stored.id).await?;
    // The last word on each field names where it was read.
    let log = store.edit_log(stored.id, None).await?;
    let read_in: BTreeMap<&str, Option<&str>> =
        log.iter().filter_map(|logged| Some((logged.field.as_deref()?, logged.origin.as_deref()))).collect();
    let descriptions = store.descriptions(stored.id).await?;
    let category = match store.categorisation(stored.id).await? {
        Some(categorisation) => Some(category(store, categorisation, &background).await?),
        None => None,
    };
    Ok(Some(Blame {
        product: key.to_string(),
        state: stored.product.state,
        locked: background.locked,
        fields: fields(&stored.product, &background, &read_in),
        category,
        texts: texts(&stored.product, &descriptions, &background, &read_in),
    }))
}

/// The history of one field or text; `None` where there is no such product.
///
/// # Errors
/// Any statement's failure.
pub async fn history(store: &Store, key: &ProductKey, field: &str) -> Result<Option<History>, StoreError> {
    let (Some(stored), Some(blame)) = (store.product(key).await?, blame(store, key).await?) else {
        return Ok(None);
    };
    let all = if is_ours(field) { blame.texts } else { blame.fields };
    Ok(Some(History {
        now: all.into_iter().find(|blamed| blamed.field == field),
        supplier: stored.product.supplier_values.fields().remove(field).unwrap_or(Value::Null),
        origin: stored.product.provenance.get(field).cloned(),
        log: store.edit_log(stored.id, Some(field)).await?,
    }))
}

fn fields(
    product: &Product,
    background: &Background,
    read_in: &BTreeMap<&str, Option<&str>>,
) -> Vec<FieldBlame> {
    let mut values = product.values().fields();
    // What a person cleared holds nothing, and somebody did that.
    values.extend(
        product
            .edits
            .fields()
            .filter(|(_, edit)| edit.value.is_null())
            .map(|(field, edit)| (field.to_owned(), edit.value.clone())),
    );
    let own = product.supplier_values.fields();
    let mut theirs: BTreeMap<String, Value> =
        product.conflicts().into_iter().map(|conflict| (conflict.field, conflict.theirs)).collect();
    values
        .into_iter()
        .map(|(field, value)| {
            let changed = background.changed_fields.get(&field);
            let (from, at, replaced) = if let Some(edit) = product.edits.0.get(&field) {
                (by_person(product, &field, read_in), Some(edit.at), edit.replaced.clone())
            } else if let Some(joined) = product.joined.0.get(&field) {
                let (product, reason) = (joined.from.to_string(), joined.reason.clone());
                let replaced = own.get(&field).cloned().unwrap_or(Value::Null);
                (From::Joined { product, reason }, None, replaced)
            } else {
                let origin = product.provenance.get(field.as_str()).cloned();
                let at = changed.map_or(background.created_at, |changed| changed.at);
                let replaced = changed.map_or(Value::Null, |changed| changed.replaced.clone());
                (From::Supplier { origin }, Some(at), replaced)
            };
            FieldBlame { theirs: theirs.remove(&field), field, value, from, at, replaced }
        })
        .collect()
}

fn texts(
    product: &Product,
    descriptions: &[StoredDescription],
    background: &Background,
    read_in: &BTreeMap<&str, Option<&str>>,
) -> Vec<FieldBlame> {
    let mut texts: BTreeMap<String, FieldBlame> = BTreeMap::new();
    for stored in descriptions {
        let Some(description) = document::read(stored) else { continue };
        let ground = background.texts.get(&stored.language);
        let run = ground.map(|ground| ground.run.clone());
        let at = stored.written_at.or_else(|| ground.and_then(|ground| ground.at));
        for part in Part::ALL {
            let text = description.text(part);
            if text.text.is_empty() {
                continue;
            }
            let (recipe, run) = (stored.recipe.clone(), run.clone());
            let from = match text.by {
                Author::Composer => From::Composer { recipe, run },
                Author::Model => From::Model { model: description.origin.model.clone(), recipe, run },
            };
            let field = format!("texts.{}.{}", stored.language, part.as_str());
            let value = Value::from(text.text.as_str());
            let replaced = Value::Null;
            texts.insert(field.clone(), FieldBlame { field, value, from, at, replaced, theirs: None });
        }
    }
    for (field, edit) in product.edits.0.iter().filter(|(field, _)| is_ours(field)) {
        let blamed = FieldBlame {
            field: field.clone(),
            value: edit.value.clone(),
            from: by_person(product, field, read_in),
            at: Some(edit.at),
            replaced: edit.replaced.clone(),
            theirs: None,
        };
        texts.insert(field.clone(), blamed);
    }
    texts.into_values().collect()
}

fn by_person(product: &Product, field: &str, read_in: &BTreeMap<&str, Option<&str>>) -> From {
    let edit = product.edits.0.get(field);
    From::Person {
        name: edit.map(|edit| edit.by.clone()).unwrap_or_default(),
        note: edit.and_then(|edit| edit.note.clone()),
        origin: read_in.get(field).copied().flatten().map(str::to_owned),
    }
}

async fn category(
    store: &Store,
    categorisation: Categorisation,
    background: &Background,
) -> Result<CategoryBlame, StoreError> {
    let decision = match categorisation.decision {
        Some(id) => store.decision(id).await?,
        None => None,
    };
    Ok(CategoryBlame {
        category: categorisation.category,
        verdict: categorisation.verdict,
        confidence: categorisation.confidence,
        recipe: categorisation.recipe,
        run: background.categorised_in.clone(),
        at: decision.as_ref().map(|decision| decision.at).or(background.categorised_at),
        decision,
        reasons: categorisation.reasons,
    })
}
