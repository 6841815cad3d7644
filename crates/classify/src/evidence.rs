//! Confirmed decisions as the classifier learns from them.

use berika_catalog::CategoryId;

/// A product that a person has put into a category. Decisions that the machine wrote are never evidence; leave them
/// out, as well as those that say "none of ours" (they teach nothing yet).
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// A stable name of the product, such as `supplier/sku`. The order of sums follows it, and with a changed
    /// decision the later one should be the only one given.
    pub key: &'a str,
    /// The confirmed category.
    pub category: &'a CategoryId,
    /// The product's vector; `None` where it has no text.
    pub vector: Option<&'a [f32]>,
    /// The product's language, where known.
    pub language: Option<&'a berika_catalog::Language>,
    /// The supplier.
    pub supplier: Option<&'a str>,
    /// The supplier's category path, root first; empty where there is none.
    pub supplier_category: &'a [String],
}

/// What became of the decisions given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taught {
    /// Decisions that changed a category's vector.
    pub blended: usize,
    /// Decisions counted as a vote of the supplier's category.
    pub votes: usize,
    /// Decisions without a usable vector.
    pub without_vector: usize,
    /// Categories named by decisions that are not among the targets (gone, or no leaf), with the number of
    /// decisions; sorted by id.
    pub unknown: Vec<(CategoryId, usize)>,
}
