//! What a plan says.

use berika_catalog::taxonomy_change::{Change, ChangeError, Changed, changed, replaced};
use berika_catalog::{Category, CategoryId, Digest, ProductKey, Taxonomy};
use berika_store::AuditDraw;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::summary::Summary;

/// The form of plan files that this program writes and reads.
pub const FORMAT: u32 = 1;

/// What would change, product by product, and what that follows from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`FORMAT`].
    pub berika_plan: u32,
    /// Its id.
    pub id: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub made_by: String,
    /// What it follows from: it is applied only where this still holds.
    pub basis: Basis,
    /// Which products were looked at.
    pub selection: Selection,
    /// The change of the taxonomy that is part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxonomy: Option<TaxonomyStep>,
    /// For people.
    pub summary: Summary,
    /// What it does, in the order of keys.
    pub moves: Vec<Move>,
}

/// What a plan follows from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The store's name (`Store::identity`).
    pub store: String,
    /// The taxonomy's name.
    pub taxonomy: String,
    /// Its version in the store when the plan was made.
    pub version: u32,
    /// The hash of that version.
    pub taxonomy_digest: Digest,
    /// The last row of the decision log; 0 where it was empty.
    pub decisions: i64,
    /// The model as the configuration names it.
    pub model: String,
    /// How vectors are computed; `None` where nothing was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<String>,
    /// How products were judged: classifier and policy; `None` where nothing was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<String>,
    /// What was promised of what is accepted.
    pub promise: f64,
}

/// Which products were looked at. Empty lists leave nothing out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selection {
    /// Of these suppliers.
    pub suppliers: Vec<String>,
    /// In these categories or below.
    pub categories: Vec<CategoryId>,
    /// That fulfil all of these conditions, as they were written.
    pub filters: Vec<String>,
}

/// A change of the taxonomy with what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxonomyStep {
    /// The changes, in their order; empty where a whole new taxonomy is taken over.
    pub changes: Vec<Change>,
    /// The new taxonomy.
    pub categories: Vec<Category>,
}

impl TaxonomyStep {
    /// What the step makes of `before`.
    ///
    /// # Errors
    /// [`ChangeError`]: the changes cannot be made on `before`, or make something else than the step says.
    pub fn changed(&self, before: &Taxonomy) -> Result<Changed, ChangeError> {
        if self.changes.is_empty() {
            let after = Taxonomy::new(before.id.clone(), before.version, self.categories.clone());
            return Ok(replaced(before, after.map_err(ChangeError::Taxonomy)?));
        }
        let changed = changed(before, &self.changes)?;
        if changed.taxonomy.categories() != self.categories {
            return Err(ChangeError::Differs);
        }
        Ok(changed)
    }
}

impl From<&Changed> for TaxonomyStep {
    fn from(changed: &Changed) -> Self {
        let categories = changed.taxonomy.categories().to_vec();
        Self { changes: changed.changes.clone(), categories }
    }
}

/// What happens to one product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The product.
    pub product: ProductKey,
    /// How it stood when the plan was made, in the words of the taxonomy before the plan's change.
    pub from: Standing,
    /// How it is to stand.
    pub to: Judged,
    /// The row of the decision on it; part of what must not change until the plan is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<i64>,
    /// The hash of what its category follows from (`texts.evidence_hash`); the same.
    pub evidence: Digest,
    /// Its text composed anew, where that is another one than is stored: for another model or template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<NewText>,
}

/// How a product stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// `accept`, `review` or `reject`.
    pub verdict: String,
    /// The category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// The probability that the first candidate is right.
    #[serde(with = "single")]
    pub confidence: f64,
    /// How it was judged (`categorisations.recipe`).
    pub recipe: String,
}

/// How a product is judged: the columns of a categorisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// `accept`, `review` or `reject`.
    pub verdict: String,
    /// The category, of the taxonomy after the plan's change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// The probability that the first candidate is right.
    #[serde(with = "single")]
    pub confidence: f64,
    /// The five best.
    pub candidates: Candidates,
    /// Why.
    pub reasons: Vec<String>,
    /// How it was judged.
    pub recipe: String,
    /// The share that is promised, where it is accepted with a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<f64>,
    /// Where it is drawn for audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditDraw>,
}

/// The five best categories as JSON, kept as it is written: a tree of values for each of a hundred thousand products would
/// take most of the memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Candidates(Box<RawValue>);

impl Candidates {
    /// The JSON.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The JSON as a tree, as a categorisation holds it.
    pub fn to_value(&self) -> Value {
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }
}

impl From<&Value> for Candidates {
    fn from(value: &Value) -> Self {
        Self(RawValue::from_string(value.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl PartialEq for Candidates {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

/// Confidences are computed as 32 bits and stored as 64; written as the 32 bits they are, they are read back exactly.
mod single {
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::cast_possible_truncation, reason = "it is a 32-bit number, or one near to it")]
    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f32(*value as f32)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        f32::deserialize(deserializer).map(f64::from)
    }
}

/// A text composed anew: the columns of `texts`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewText {
    /// The template.
    pub recipe: String,
    /// The text.
    pub text: String,
    /// Its hash.
    pub text_hash: Digest,
    /// The hash of what a category follows from, with this text.
    pub evidence_hash: Digest,
    /// The hash of what a description follows from.
    pub facts_hash: Digest,
}
