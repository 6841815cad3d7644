//! Edits as people give them: read by field, compared with what holds, and written by the store's one path.
//!
//! Files of edits are in [`file`], what people and suppliers are at odds about is in [`conflicts`].

pub mod conflicts;
pub mod file;

use std::collections::BTreeMap;

use berika_catalog::edit::{EditField, is_ours, same, visible};
use berika_catalog::{Currency, Edits, ProductKey, ProductValues};
use berika_describe::description::{LONG_MOST, SEO_DESCRIPTION_MOST, SEO_TITLE_MOST, SHORT_MOST, TITLE_MOST};
use berika_store::{EditAction, EditOutcome, NewEdit, Seen, Store, StoreError, StoredProduct};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::Config;

/// A change that somebody asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The product.
    pub product: ProductKey,
    /// The field, as the person names it.
    pub field: String,
    /// What is to become of it.
    pub wish: Wish,
    /// Why, in the person's words.
    pub note: Option<String>,
    /// Where it was read: a file and row.
    pub origin: Option<String>,
}

/// What is to become of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// This is to hold, as it was written: a text, a number, a list, or null, which clears.
    Set(Value),
    /// The edit is to be taken back.
    Drop,
}

/// What a change comes to, before anything is written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Considered {
    /// The product.
    pub product: String,
    /// The field, as it is called.
    pub field: String,
    /// What holds now.
    pub before: Value,
    /// What would hold.
    pub after: Value,
    /// What is to be said of it.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What is to be written, where anything is.
    #[serde(skip)]
    pub change: Option<NewEdit>,
}

/// What is to be said of a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// It changes something.
    Change,
    /// It is so already.
    Same {
        /// In which way.
        why: &'static str,
    },
    /// It cannot be.
    Refused {
        /// Why, and what to do.
        why: String,
    },
}

/// Says what a change would come to.
///
/// # Errors
/// Any statement's failure.
pub async fn consider(store: &Store, config: &Config, asked: &Asked) -> Result<Considered, StoreError> {
    let mut known = Known::read(store, &asked.product).await?;
    let considered = consider_known(store, config, asked, &known).await?;
    Ok(known.admit(considered))
}

/// A product that changes are compared with, read once for all of them.
struct Known {
    stored: Option<StoredProduct>,
    /// What would hold without edits.
    unedited: BTreeMap<String, Value>,
    values: ProductValues,
    /// How many edits it has, those with it that were admitted.
    edits: usize,
}

impl Known {
    async fn read(store: &Store, key: &ProductKey) -> Result<Self, StoreError> {
        let stored = store.product(key).await?;
        let product = stored.as_ref().map(|stored| &stored.product);
        Ok(Self {
            unedited: product.map(|product| product.unedited().fields()).unwrap_or_default(),
            values: product.map(|product| product.values()).unwrap_or_default(),
            edits: product.map_or(0, |product| product.edits.0.len()),
            stored,
        })
    }

    /// Counts a change to the product's edits; refused where it has the most already.
    fn admit(&mut self, considered: Considered) -> Considered {
        let Some(change) = &considered.change else { return considered };
        match (&change.action, change.seen.edit.is_some()) {
            (EditAction::Set(_), false) if self.edits >= Edits::MOST => {
                let why = format!("{}: {TOO_MANY}", considered.product);
                return Considered { verdict: Verdict::Refused { why }, change: None, ..considered };
            }
            (EditAction::Set(_), false) => self.edits += 1,
            (EditAction::Drop, true) => self.edits -= 1,
            _ => {}
        }
        considered
    }
}

/// As [`consider`], of a product that was read.
async fn consider_known(
    store: &Store,
    config: &Config,
    asked: &Asked,
    known: &Known,
) -> Result<Considered, StoreError> {
    let said = |field: &str, verdict| Considered {
        product: asked.product.to_string(),
        field: field.to_owned(),
        before: Value::Null,
        after: Value::Null,
        verdict,
        change: None,
    };
    let refused = |field: &str, why: String| Ok(said(field, Verdict::Refused { why }));
    let Some(stored) = &known.stored else {
        return refused(&asked.field, format!("there is no product {}", asked.product));
    };
    let field = match EditField::named(&asked.field) {
        Ok(field) => field,
        Err(error) => return refused(asked.field.trim(), error.to_string()),
    };
    let note = match note_of(asked.note.as_deref()) {
        Ok(note) => note,
        Err(why) => return refused(field.name(), why),
    };
    let mut seen = Seen::among(&known.unedited, &stored.product, field.name());
    if let Some((language, part)) = field.ours() {
        // What is edited already is taken back, whatever the markets speak now.
        if let (Wish::Set(_), Err(why)) = (&asked.wish, is_described(config, language)) {
            return refused(field.name(), why);
        }
        let written = store.descriptions(stored.id).await?;
        let written = written.iter().find(|description| description.language == language);
        let text = written.and_then(|description| description.text(part)).filter(|text| !text.is_empty());
        seen.unedited = text.map_or(Value::Null, Value::from);
    }
    let wished = match &asked.wish {
        Wish::Drop => None,
        Wish::Set(written) => {
            let currency =
                field.currency(&known.values).or_else(|| usual_currency(config, &asked.product, &field));
            match field.value(written, currency).map_err(|error| error.to_string()) {
                Ok(value) => match fits(&field, &value) {
                    Ok(()) => Some(value),
                    Err(why) => return refused(field.name(), why),
                },
                Err(why) => return refused(field.name(), why),
            }
        }
    };
    let before = seen.edit.clone().unwrap_or_else(|| seen.unedited.clone());
    let after = wished.clone().unwrap_or_else(|| seen.unedited.clone());
    let edited = seen.edit.is_some();
    let ours = is_ours(field.name());
    let same_as = |value: &Value| same(field.name(), &after, value);
    let why = match (&wished, &seen.edit) {
        (None, None) => Some("there is no edit to take back"),
        (Some(_), Some(edit)) if same_as(edit) => Some("it is edited so already"),
        (Some(_), None) if !ours && same_as(&seen.unedited) => Some("is the supplier's value already"),
        _ => None,
    };
    // The supplier's own value over an edit takes the edit back.
    let action = match wished {
        None => EditAction::Drop,
        Some(_) if edited && !ours && same_as(&seen.unedited) => EditAction::Drop,
        Some(value) => EditAction::Set(value),
    };
    let change = why.is_none().then(|| NewEdit {
        product: stored.id,
        field: field.name().to_owned(),
        action,
        seen,
        note,
        origin: asked.origin.clone(),
    });
    let verdict = why.map_or(Verdict::Change, |why| Verdict::Same { why });
    Ok(Considered { before, after, change, ..said(field.name(), verdict) })
}

/// Writes what was considered. Returns for each change what became of it, in their order; `None` where there was nothing
/// to write.
///
/// # Errors
/// Any statement's failure: transactions of 500 changes before it are kept.
pub async fn write(
    store: &Store,
    considered: &[Considered],
    by: &str,
    at: Timestamp,
) -> Result<Vec<Option<EditOutcome>>, StoreError> {
    let changes: Vec<NewEdit> =
        considered.iter().filter_map(|considered| considered.change.clone()).collect();
    let mut outcomes = store.edit(&changes, by, at).await?.into_iter();
    Ok(considered.iter().map(|considered| considered.change.as_ref().and_then(|_| outcomes.next())).collect())
}

/// What to say of an edit more than [`Edits::MOST`].
const TOO_MANY: &str = "the product has 1,000 edits, which is the most; drop some";

/// What to say of a change that was not written after all; `None` where it was.
pub fn failure(outcome: EditOutcome) -> Option<&'static str> {
    match outcome {
        EditOutcome::Written | EditOutcome::Nothing => None,
        EditOutcome::Changed => Some("it changed meanwhile; look again"),
        EditOutcome::TooMany => Some(TOO_MANY),
    }
}

/// Whether products are described in a language; else what to say.
fn is_described(config: &Config, language: &str) -> Result<(), String> {
    let languages = config.languages();
    if languages.iter().any(|known| known.as_str() == language) {
        return Ok(());
    }
    let known: Vec<&str> = languages.iter().map(berika_catalog::Language::as_str).collect();
    Err(format!("no market has the language {language}; products are described in {}", known.join(", ")))
}

/// A note as it is kept.
fn note_of(note: Option<&str>) -> Result<Option<String>, String> {
    const MOST: usize = 1_000;
    let note = visible(note.unwrap_or_default());
    let note = note.trim();
    if note.chars().count() > MOST {
        return Err(format!("the note is longer than {MOST} characters"));
    }
    if note.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("the note has control characters".to_owned());
    }
    Ok((!note.is_empty()).then(|| note.to_owned()))
}

/// The currency of a price that the product does not have yet: the market's of that country, else the supplier's.
fn usual_currency<'c>(config: &'c Config, product: &ProductKey, field: &EditField) -> Option<&'c Currency> {
    if let Some(country) = field.country() {
        let market = config.markets.iter().find(|market| market.country.eq_ignore_ascii_case(country));
        return market.map(|market| &market.currency);
    }
    let supplier = config.suppliers.iter().find(|supplier| supplier.id == product.supplier);
    supplier.and_then(|supplier| supplier.currency.as_ref())
}

/// Whether a text that we write keeps to what holds of such texts; else what to say.
fn fits(field: &EditField, value: &Value) -> Result<(), String> {
    let (Some((_, part)), Some(text)) = (field.ours(), value.as_str()) else { return Ok(()) };
    let most = match part {
        "title" => TITLE_MOST,
        "short" => SHORT_MOST,
        "long" => LONG_MOST,
        "seo_title" => SEO_TITLE_MOST,
        _ => SEO_DESCRIPTION_MOST,
    };
    let count = text.chars().count();
    if count > most {
        return Err(format!("{}: {count} characters, and {most} are the most of it", field.name()));
    }
    if has_markup(text) {
        return Err(format!("{}: it is plain text; HTML is not taken", field.name()));
    }
    Ok(())
}

/// Whether a text holds what a browser would take for a tag or a character reference.
fn has_markup(text: &str) -> bool {
    let tag =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let reference = |rest: &str| {
        let name = rest.split_once(';').map_or("", |(name, _)| name);
        let digits = name.strip_prefix('#').unwrap_or(name);
        (1..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    text.match_indices('<').any(|(at, _)| tag(&text[at + 1..]))
        || text.match_indices('&').any(|(at, _)| reference(&text[at + 1..]))
}

#[cfg(test)]
mod tests;
