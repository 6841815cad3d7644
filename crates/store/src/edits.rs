//! What people change: the one path by which edits and locks are written, and the log of them.
//!
//! An edit lies in `products.edits` over the supplier's values. It is written together with the hash of the values that
//! hold, the product's revision and a row of the log, or not at all.

mod background;
mod lock;
mod log;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use berika_catalog::edit::{is_ours, same};
use berika_catalog::{Edit, Edits, Product};
use jiff::Timestamp;
use serde_json::Value;

use sqlx::sqlite::SqliteConnection;

pub use background::{Background, FieldChange, TextBackground};
pub use log::LoggedEdit;
pub(crate) use log::{Logged, append};

use crate::open::commit;
use crate::products::{ProductId, stored_product, to_json};
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

/// A change of one field of one product.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEdit {
    /// The product's row.
    pub product: ProductId,
    /// The field, as [`berika_catalog::edit::EditField::name`] has it.
    pub field: String,
    /// What is to become of it.
    pub action: EditAction,
    /// What the person saw: the compare-and-set condition.
    pub seen: Seen,
    /// Why, in the person's words.
    pub note: Option<String>,
    /// Where it was read: a file and row.
    pub origin: Option<String>,
}

/// What is to become of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum EditAction {
    /// This value holds from now on; null clears the field.
    Set(Value),
    /// The edit is taken back: the supplier's value holds again.
    Drop,
    /// The edit stays, although the supplier says something else now.
    Keep,
}

/// A field as somebody saw it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// What would hold without an edit. Of a text that we write: the text as it was written, which is not compared.
    pub unedited: Value,
    /// The value of the edit, where there is one.
    pub edit: Option<Value>,
}

impl Seen {
    /// A field of a product's own as it is.
    pub fn of(product: &Product, field: &str) -> Self {
        Self::among(&product.unedited().fields(), product, field)
    }

    /// As [`Seen::of`], where the fields of [`Product::unedited`] are known.
    pub fn among(unedited: &BTreeMap<String, Value>, product: &Product, field: &str) -> Self {
        let unedited = unedited.get(field).cloned().unwrap_or(Value::Null);
        Self { unedited, edit: product.edits.0.get(field).map(|edit| edit.value.clone()) }
    }
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditOutcome {
    /// It was written.
    Written,
    /// It was so already.
    Nothing,
    /// The field is not what was seen any more: nothing was written.
    Changed,
    /// The product has as many edits as one may have.
    TooMany,
}

impl Store {
    /// Writes changes of fields in their order, at most 500 a transaction, and says of each what became of it.
    ///
    /// Setting a field to the supplier's own value takes an edit of it back, and does nothing where there is none.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the transaction is kept then.
    pub async fn edit(
        &self,
        edits: &[NewEdit],
        by: &str,
        at: Timestamp,
    ) -> Result<Vec<EditOutcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(edits.len());
        // As the log keeps it.
        let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
        let by = &log::plain(by);
        for chunk in edits.chunks(ROWS_PER_TRANSACTION) {
            let doing = "writing edits";
            let mut write = self.write(doing).await?;
            let mut products: BTreeMap<ProductId, Edited> = BTreeMap::new();
            for edit in chunk {
                let edited = match products.entry(edit.product) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => place.insert(Edited::of(read(&mut write, edit.product).await?)),
                };
                let (outcome, logged) = apply(edited, edit, by, at);
                if let Some(logged) = logged {
                    append(&mut write, edit.product, &logged, by, at).await?;
                    edited.changed = true;
                }
                outcomes.push(outcome);
            }
            for (id, edited) in products.iter().filter(|(_, edited)| edited.changed) {
                put(&mut write, *id, &edited.product, at).await?;
            }
            commit(write, doing).await?;
        }
        Ok(outcomes)
    }
}

/// A product whose fields are changed one after another.
struct Edited {
    product: Product,
    /// What would hold without edits, which no edit changes.
    unedited: BTreeMap<String, Value>,
    changed: bool,
}

impl Edited {
    fn of(product: Product) -> Self {
        let unedited = product.unedited().fields();
        Self { product, unedited, changed: false }
    }
}

/// Changes the product as the edit says; what is logged of it, where anything changed.
fn apply<'a>(
    edited: &mut Edited,
    new: &'a NewEdit,
    by: &str,
    at: Timestamp,
) -> (EditOutcome, Option<Logged<'a>>) {
    let ours = is_ours(&new.field);
    let mut now = Seen::among(&edited.unedited, &edited.product, &new.field);
    if ours {
        now.unedited = new.seen.unedited.clone();
    }
    if now != new.seen {
        return (EditOutcome::Changed, None);
    }
    let logged = |action, value: Value, replaced: Value| {
        let origin = new.origin.as_deref();
        let field = Some(new.field.as_str());
        Some(Logged { action, field, value, replaced, origin, note: new.note.as_deref() })
    };
    let edits = &mut edited.product.edits.0;
    let drop = match &new.action {
        EditAction::Drop => true,
        EditAction::Set(value) => !ours && same(&new.field, value, &now.unedited),
        EditAction::Keep => false,
    };
    if drop {
        return match edits.remove(&new.field) {
            None => (EditOutcome::Nothing, None),
            Some(edit) => (EditOutcome::Written, logged("dropped", now.unedited, edit.value)),
        };
    }
    let full = edits.len() >= Edits::MOST;
    match (&new.action, edits.get_mut(&new.field)) {
        (EditAction::Set(value), Some(edit)) if same(&new.field, value, &edit.value) => {
            (EditOutcome::Nothing, None)
        }
        (EditAction::Set(_), None) if full => (EditOutcome::TooMany, None),
        (EditAction::Set(value), _) => {
            let edit = Edit {
                value: value.clone(),
                replaced: now.unedited.clone(),
                by: by.to_owned(),
                at,
                note: new.note.clone(),
            };
            let stood = edits.insert(new.field.clone(), edit).map_or(now.unedited, |edit| edit.value);
            (EditOutcome::Written, logged("set", value.clone(), stood))
        }
        (EditAction::Keep, Some(edit)) if edit.replaced != now.unedited => {
            edit.replaced = now.unedited.clone();
            let value = edit.value.clone();
            (EditOutcome::Written, logged("kept", value, now.unedited))
        }
        (EditAction::Keep | EditAction::Drop, _) => (EditOutcome::Nothing, None),
    }
}

async fn read(write: &mut SqliteConnection, id: ProductId) -> Result<Product, StoreError> {
    let row = sqlx::query(
        "SELECT id, supplier, sku, state, supplier_values, provenance, edits, joined FROM products WHERE id = ?",
    )
    .bind(id.0)
    .fetch_one(write)
    .await
    .map_err(StoreError::statement("writing edits"))?;
    Ok(stored_product(&row)?.product)
}

async fn put(
    write: &mut SqliteConnection,
    id: ProductId,
    product: &Product,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE products SET edits = ?, values_hash = ?, revision = revision + 1, changed_at = ? WHERE id = ?",
    )
    .bind(to_json(&product.edits))
    .bind(product.values().digest().as_str())
    .bind(at.as_millisecond())
    .bind(id.0)
    .execute(write)
    .await
    .map_err(StoreError::statement("writing edits"))?;
    Ok(())
}
