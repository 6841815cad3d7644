//! The products that models are compared on, and what is right of them.

use std::collections::HashMap;

use berika_catalog::{CategoryId, ProductValues, Taxonomy};

/// The products.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Those drawn at random for audit that a person decided on.
    Audits,
    /// Products of a file.
    Labelled(Vec<LabelledProduct>),
}

impl Rows {
    /// Where more of them come from.
    pub(super) fn hint(&self) -> &'static str {
        match self {
            Self::Audits => {
                "decide on the audits that `berika review next` shows first, or give labelled products with --labelled"
            }
            Self::Labelled(_) => "give more labelled products whose categories are the taxonomy's",
        }
    }
}

/// A product of a file.
#[derive(Debug, Clone)]
pub struct LabelledProduct {
    /// Its id in the file.
    pub id: String,
    /// Its supplier, where the file names it.
    pub supplier: Option<String>,
    /// What is known of it.
    pub values: ProductValues,
    /// The right categories, any of them: names from the root down, or an id alone.
    pub truth: Vec<Vec<String>>,
}

/// The leaves by what a file may call them.
pub(super) struct Names<'t> {
    taxonomy: &'t Taxonomy,
    by_path: HashMap<Vec<String>, CategoryId>,
}

impl<'t> Names<'t> {
    pub(super) fn of(taxonomy: &'t Taxonomy) -> Self {
        let mut by_path = HashMap::new();
        for language in taxonomy.languages() {
            for leaf in taxonomy.leaves() {
                let path: Vec<String> =
                    taxonomy.path_names(leaf, &language).into_iter().map(str::to_owned).collect();
                by_path.entry(path).or_insert_with(|| taxonomy.categories()[leaf].id.clone());
            }
        }
        Self { taxonomy, by_path }
    }

    /// The leaves that a product's labels name; empty where they name none.
    pub(super) fn read(&self, truth: &[Vec<String>]) -> Vec<CategoryId> {
        let one = |path: &Vec<String>| {
            let by_id = || {
                let [id] = path.as_slice() else { return None };
                let id = CategoryId(id.clone());
                let index = self.taxonomy.index_of(&id)?;
                self.taxonomy.is_leaf(index).then_some(id)
            };
            self.by_path.get(path).cloned().or_else(by_id)
        };
        truth.iter().filter_map(one).collect()
    }
}
