//! Which products a plan looks at.

use std::collections::BTreeSet;

use berika_catalog::{CategoryId, Taxonomy};
use berika_store::{ShadowProduct, StoreError};

use super::filter::{Condition, FilterError};
use super::plan::Selection;
use crate::Engine;

/// The most categories that are named to somebody who asked for one that is not there.
const MOST_NAMED: usize = 8;

/// Why products cannot be chosen so.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A condition.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A supplier that nobody knows.
    #[error("there is no supplier {asked}; there are: {known}")]
    UnknownSupplier {
        /// The one asked for.
        asked: String,
        /// Those there are.
        known: String,
    },
    /// A category that the taxonomy does not have.
    #[error("there is no category {asked} in taxonomy {taxonomy} version {version}; {known}")]
    UnknownCategory {
        /// The one asked for.
        asked: CategoryId,
        /// The taxonomy's name.
        taxonomy: String,
        /// Its version.
        version: u32,
        /// Those there are, or those of like names.
        known: String,
    },
}

/// A supplier whose products are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// The supplier.
    pub(crate) supplier: String,
    /// Only in these categories; `None`: wherever they are.
    pub(crate) categories: Option<Vec<String>>,
}

/// The products that are looked at. The default is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Chosen {
    /// Suppliers in their order.
    pub(crate) looks: Vec<Look>,
    conditions: Vec<Condition>,
    /// Categories that go: products in them are looked at whatever was chosen, because they cannot stay.
    gone: BTreeSet<String>,
}

impl Chosen {
    /// What `selection` says of the products in the store, and with it the products in categories that go.
    ///
    /// # Errors
    /// [`SelectionError`], naming what there is instead.
    pub(crate) async fn of(
        engine: &Engine,
        selection: &Selection,
        taxonomy: &Taxonomy,
        gone: impl IntoIterator<Item = &CategoryId>,
    ) -> Result<Self, SelectionError> {
        let conditions =
            selection.filters.iter().map(|filter| Condition::parse(filter)).collect::<Result<_, _>>()?;
        let stored = engine.store.suppliers_with_products().await?;
        let configured = engine.config.suppliers.iter().map(|supplier| supplier.id.as_str().to_owned());
        let known: BTreeSet<String> = configured.chain(stored.iter().cloned()).collect();
        if let Some(asked) = selection.suppliers.iter().find(|asked| !known.contains(*asked)) {
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            return Err(SelectionError::UnknownSupplier { asked: asked.clone(), known });
        }
        let categories = below(taxonomy, &selection.categories)?;
        let gone: BTreeSet<String> = gone.into_iter().map(ToString::to_string).collect();
        let look = |supplier: String| {
            let asked = selection.suppliers.is_empty() || selection.suppliers.contains(&supplier);
            let categories = match (&categories, asked) {
                (None, true) => None,
                (Some(categories), true) => Some(categories.union(&gone).cloned().collect()),
                (_, false) if gone.is_empty() => return None,
                (_, false) => Some(gone.iter().cloned().collect()),
            };
            Some(Look { supplier, categories })
        };
        Ok(Self { looks: stored.into_iter().filter_map(look).collect(), conditions, gone })
    }

    /// Whether a product of a page is looked at.
    pub(crate) fn holds(&self, product: &ShadowProduct) -> bool {
        let category = product.standing.as_ref().and_then(|standing| standing.category.as_ref());
        category.is_some_and(|category| self.gone.contains(category))
            || self.conditions.iter().all(|condition| condition.holds(product))
    }
}

/// These categories and all below them; `None` where none is named.
fn below(taxonomy: &Taxonomy, asked: &[CategoryId]) -> Result<Option<BTreeSet<String>>, SelectionError> {
    if asked.is_empty() {
        return Ok(None);
    }
    let mut tops = BTreeSet::new();
    for category in asked {
        tops.insert(taxonomy.index_of(category).ok_or_else(|| unknown(taxonomy, category))?);
    }
    let all = (0..taxonomy.categories().len())
        .filter(|index| taxonomy.path(*index).iter().any(|above| tops.contains(above)))
        .map(|index| taxonomy.categories()[index].id.to_string());
    Ok(Some(all.collect()))
}

fn unknown(taxonomy: &Taxonomy, asked: &CategoryId) -> SelectionError {
    let mut ids: Vec<&str> = taxonomy.categories().iter().map(|category| category.id.as_str()).collect();
    let all = ids.len() <= MOST_NAMED;
    if !all {
        let far = |id: &str| strsim::jaro_winkler(id, asked.as_str());
        ids.sort_by(|a, b| far(b).total_cmp(&far(a)));
    }
    let named = ids[..ids.len().min(MOST_NAMED)].join(", ");
    SelectionError::UnknownCategory {
        asked: asked.clone(),
        taxonomy: taxonomy.id.clone(),
        version: taxonomy.version,
        known: if all { format!("there are: {named}") } else { format!("the nearest are: {named}") },
    }
}
