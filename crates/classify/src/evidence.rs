//! Confirmed decisions as the classifier learns from them.

use berika_catalog::CategoryId;

use crate::promise::Trial;

/// A product that a person has decided on. Decisions that the machine wrote are never evidence; leave them out.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// A stable name of the product, such as `supplier/sku`. The order of sums follows it, and with a changed
    /// decision the later one should be the only one given.
    pub key: &'a str,
    /// The confirmed category; `None` where the product belongs to none of ours.
    pub category: Option<&'a CategoryId>,
    /// The product's vector; `None` where it has no text.
    pub vector: Option<&'a [f32]>,
    /// The product's text; empty where it has none.
    pub text: &'a str,
    /// The product's language, where known.
    pub language: Option<&'a berika_catalog::Language>,
    /// The supplier.
    pub supplier: Option<&'a str>,
    /// The supplier's category path, root first; empty where there is none.
    pub supplier_category: &'a [String],
    /// Look-alikes share a number: none of them is judged by what another taught.
    pub group: u64,
    /// When it was decided, in any unit: by the order it is told whether a supplier's category has come to mean
    /// something else. What was decided at one time has no order.
    pub at: i64,
}

/// What became of the decisions given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taught {
    /// Decisions whose text and vector were learnt from.
    pub learnt: usize,
    /// Decisions counted as a vote of the supplier's category.
    pub votes: usize,
    /// Decisions without a usable vector.
    pub without_vector: usize,
    /// Categories named by decisions that are not among the targets (gone, or no leaf), with the number of
    /// decisions; sorted by id.
    pub unknown: Vec<(CategoryId, usize)>,
}

/// A decision as it would have been ranked without it and its look-alikes.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CrossFitted {
    /// The product.
    pub key: String,
    /// The confirmed category; `None`: none of ours.
    pub given: Option<CategoryId>,
    /// Look-alikes share a number.
    pub group: u64,
    /// The candidates with their probabilities, best first.
    pub candidates: Vec<(CategoryId, f32)>,
    /// How sure the first was.
    pub confidence: f32,
}

impl CrossFitted {
    /// What it says of a promise. `audit`: whether the product was drawn for one.
    pub fn trial(&self, audit: bool) -> Trial<'_> {
        Trial { key: &self.key, group: self.group, confidence: self.confidence, right: self.right(), audit }
    }

    /// Whether the first candidate is the confirmed category.
    pub fn right(&self) -> bool {
        let first = self.candidates.first().map(|(id, _)| id);
        first.is_some() && first == self.given.as_ref()
    }
}
