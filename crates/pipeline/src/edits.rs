//! Edits as people give them: read by field, compared with what holds, and written by the store's one path.
//!
//! Files of edits are in [`file`], what people and suppliers are at odds about is in [`conflicts`].

pub mod conflicts;
pub mod file;

use berika_catalog::edit::{EditField, is_ours, same};
use berika_catalog::{Currency, ProductKey};
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
    let stored = store.product(&asked.product).await?;
    consider_stored(store, config, asked, stored.as_ref()).await
}

/// As [`consider`], of a product that was read.
async fn consider_stored(
    store: &Store,
    config: &Config,
    asked: &Asked,
    stored: Option<&StoredProduct>,
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
    let Some(stored) = stored else {
        return refused(&asked.field, format!("there is no product {}", asked.product));
    };
    let field = match EditField::named(&asked.field) {
        Ok(field) => field,
        Err(error) => return refused(asked.field.trim(), error.to_string()),
    };
    let mut seen = Seen::of(&stored.product, field.name());
    if let Some((language, part)) = field.ours() {
        if let Err(why) = is_described(config, language) {
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
            let values = stored.product.values();
            let currency = field.currency(&values).or_else(|| usual_currency(config, &asked.product, &field));
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
        note: asked.note.clone(),
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

/// What to say of a change that was not written after all; `None` where it was.
pub fn failure(outcome: EditOutcome) -> Option<&'static str> {
    match outcome {
        EditOutcome::Written | EditOutcome::Nothing => None,
        EditOutcome::Changed => Some("it changed meanwhile; look again"),
        EditOutcome::TooMany => Some("the product has 1,000 edits, which is the most; drop some"),
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
mod tests {
    use super::*;

    #[test]
    fn texts_of_ours_are_plain_and_keep_their_limits() {
        let field = |name: &str| EditField::named(name).unwrap();
        let refusal = |name: &str, text: &str| fits(&field(name), &text.into()).unwrap_err();
        assert!(refusal("texts.sv.title", &"x".repeat(151)).contains("150 are the most"));
        assert!(refusal("texts.sv.short", &"x".repeat(701)).contains("700"));
        assert!(refusal("texts.sv.seo_title", &"x".repeat(61)).contains("60"));
        assert!(refusal("texts.sv.seo_description", &"x".repeat(161)).contains("160"));
        for text in ["<b>ost</b>", "a <!-- b", "ost &amp; bröd", "&#60;", "</p>"] {
            assert!(refusal("texts.sv.long", text).contains("plain text"), "{text}");
        }
        for text in ["3 < 4 & 5 > 2", "R&D; avdelningen", "Ost & bröd", "a <3 b"] {
            let verdict = fits(&field("texts.sv.long"), &text.into());
            assert_eq!(verdict.is_ok(), text != "R&D; avdelningen", "{text}: {verdict:?}");
        }
        assert!(
            fits(&field("description"), &"<b>".into()).is_ok(),
            "what suppliers say is not ours to forbid"
        );
    }
}
