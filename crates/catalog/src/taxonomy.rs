//! The company's own categories: a forest, parents before children.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Digest, Language};

/// A category's stable id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CategoryId(pub String);

impl CategoryId {
    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CategoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One category as it is written in a taxonomy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The stable id.
    pub id: CategoryId,
    /// The category above, or `None` for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CategoryId>,
    /// The name per language.
    pub names: BTreeMap<Language, String>,
    /// What belongs here, per language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub descriptions: BTreeMap<Language, String>,
    /// What does not belong here, per language. For people: it is never compared with products.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub excludes: BTreeMap<Language, String>,
    /// Other words for it, per language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub synonyms: BTreeMap<Language, Vec<String>>,
    /// Ids in other taxonomies: `google` → `422`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<String, String>,
}

impl Category {
    /// The name in `language`, else in English, else in the first language there is.
    pub fn name(&self, language: &Language) -> &str {
        in_language(&self.names, language).map_or(self.id.as_str(), String::as_str)
    }
}

/// A checked taxonomy: ids are unique, every parent exists and stands before its children, nothing is circular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// The taxonomy's name.
    pub id: String,
    /// Rises by one with each change.
    pub version: u32,
    categories: Vec<Category>,
    parents: Vec<Option<usize>>,
    leaf: Vec<bool>,
    by_id: HashMap<CategoryId, usize>,
}

/// Why a list of categories is no taxonomy. Every fault of its kind is named at once, up to ten.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyError {
    /// There is nothing in it.
    #[error("the taxonomy has no categories")]
    Empty,
    /// Ids that occur more than once.
    #[error("category ids occur more than once: {}", list(.0))]
    Duplicate(Vec<CategoryId>),
    /// Categories whose parent is not there, with the parent.
    #[error("categories name a parent that does not exist: {}", pairs(.0))]
    Orphans(Vec<(CategoryId, CategoryId)>),
    /// Categories that are their own ancestors.
    #[error("categories are their own ancestors: {}", list(.0))]
    Cycle(Vec<CategoryId>),
    /// Categories without a name in any language.
    #[error("categories have no name: {}", list(.0))]
    Nameless(Vec<CategoryId>),
}

impl Taxonomy {
    /// Checks `categories`, which may stand in any order, and puts parents before their children.
    ///
    /// # Errors
    /// [`TaxonomyError`], naming the categories at fault.
    pub fn new(
        id: impl Into<String>,
        version: u32,
        categories: Vec<Category>,
    ) -> Result<Self, TaxonomyError> {
        if categories.is_empty() {
            return Err(TaxonomyError::Empty);
        }
        let nameless = categories.iter().filter(|c| c.names.values().all(|name| name.trim().is_empty()));
        refuse(nameless.map(|c| c.id.clone()), TaxonomyError::Nameless)?;
        let mut seen = HashSet::new();
        let twice = categories.iter().filter(|c| !seen.insert(&c.id));
        refuse(twice.map(|c| c.id.clone()), TaxonomyError::Duplicate)?;
        let orphans = categories
            .iter()
            .filter_map(|c| Some((c, c.parent.as_ref()?)))
            .filter(|(_, parent)| !seen.contains(parent));
        refuse(orphans.map(|(c, parent)| (c.id.clone(), parent.clone())), TaxonomyError::Orphans)?;

        let categories = parents_first(categories)?;
        let by_id: HashMap<_, _> = categories.iter().enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
        let parents: Vec<_> = categories.iter().map(|c| Some(by_id[c.parent.as_ref()?])).collect();
        let mut leaf = vec![true; categories.len()];
        for parent in parents.iter().flatten() {
            leaf[*parent] = false;
        }
        Ok(Self { id: id.into(), version, categories, parents, leaf, by_id })
    }

    /// All categories, parents before children. An index in other methods is a position in this slice.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The position of the category with this id.
    pub fn index_of(&self, id: &CategoryId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The category with this id.
    pub fn get(&self, id: &CategoryId) -> Option<&Category> {
        self.index_of(id).map(|index| &self.categories[index])
    }

    /// Positions of the categories that products are put into: those without children.
    pub fn leaves(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.categories.len()).filter(|&index| self.is_leaf(index))
    }

    /// Whether the category at this position is one that products are put into.
    pub fn is_leaf(&self, index: usize) -> bool {
        self.leaf[index]
    }

    /// The parent's position.
    pub fn parent(&self, index: usize) -> Option<usize> {
        self.parents[index]
    }

    /// Positions from the root down to `index`.
    pub fn path(&self, index: usize) -> Vec<usize> {
        let mut path = vec![index];
        while let Some(parent) = self.parents[path[path.len() - 1]] {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// Names from the root down to `index` in `language`.
    pub fn path_names(&self, index: usize, language: &Language) -> Vec<&str> {
        self.path(index).into_iter().map(|i| self.categories[i].name(language)).collect()
    }

    /// Languages in which at least one category has a name.
    pub fn languages(&self) -> Vec<Language> {
        let mut languages: Vec<_> = self.categories.iter().flat_map(|c| c.names.keys().cloned()).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    /// The hash of all that is written in it, apart from id and version.
    pub fn digest(&self) -> Digest {
        Digest::of_json(&self.categories)
    }
}

/// The value for `language`, else for English, else the first.
pub(crate) fn in_language<'a, T>(values: &'a BTreeMap<Language, T>, language: &Language) -> Option<&'a T> {
    let english = || values.iter().find(|(l, _)| l.as_str() == "en").map(|(_, value)| value);
    values.get(language).or_else(english).or_else(|| values.values().next())
}

fn refuse<T>(
    faults: impl Iterator<Item = T>,
    error: impl FnOnce(Vec<T>) -> TaxonomyError,
) -> Result<(), TaxonomyError> {
    let faults: Vec<T> = faults.take(10).collect();
    if faults.is_empty() { Ok(()) } else { Err(error(faults)) }
}

/// A stable topological order: children stay in file order below their parents.
fn parents_first(categories: Vec<Category>) -> Result<Vec<Category>, TaxonomyError> {
    let mut placed = HashSet::with_capacity(categories.len());
    let mut ordered = Vec::with_capacity(categories.len());
    let mut waiting = categories;
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still_waiting = Vec::new();
        for category in waiting {
            if category.parent.as_ref().is_none_or(|parent| placed.contains(parent)) {
                placed.insert(category.id.clone());
                ordered.push(category);
            } else {
                still_waiting.push(category);
            }
        }
        if still_waiting.len() == before {
            let cycle = still_waiting.iter().take(10).map(|c| c.id.clone()).collect();
            return Err(TaxonomyError::Cycle(cycle));
        }
        waiting = still_waiting;
    }
    Ok(ordered)
}

fn list(ids: &[CategoryId]) -> String {
    ids.iter().map(CategoryId::as_str).collect::<Vec<_>>().join(", ")
}

fn pairs(ids: &[(CategoryId, CategoryId)]) -> String {
    ids.iter().map(|(id, parent)| format!("{id} (parent {parent})")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(id: &str, parent: Option<&str>) -> Category {
        Category {
            id: CategoryId(id.to_owned()),
            parent: parent.map(|p| CategoryId(p.to_owned())),
            names: [(Language::parse("en").unwrap(), id.to_uppercase())].into(),
            descriptions: BTreeMap::new(),
            excludes: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            external_ids: BTreeMap::new(),
        }
    }

    #[test]
    fn children_may_stand_before_their_parents() {
        let taxonomy = Taxonomy::new(
            "own",
            1,
            vec![category("milk", Some("dairy")), category("dairy", Some("food")), category("food", None)],
        )
        .unwrap();
        let milk = taxonomy.index_of(&CategoryId("milk".to_owned())).unwrap();
        let swedish = Language::parse("sv").unwrap();
        assert_eq!(taxonomy.path_names(milk, &swedish), ["FOOD", "DAIRY", "MILK"]);
        assert_eq!(taxonomy.leaves().collect::<Vec<_>>(), [milk]);
    }

    #[test]
    fn a_category_that_excludes_nothing_is_written_as_before_there_were_exclusions() {
        let old = r#"{"id":"milk","parent":"food","names":{"en":"MILK"}}"#;
        let read: Category = serde_json::from_str(old).unwrap();
        assert_eq!(read, category("milk", Some("food")));
        assert_eq!(serde_json::to_string(&read).unwrap(), old);
    }

    #[test]
    fn faults_are_named() {
        let refused = |categories| Taxonomy::new("own", 1, categories).unwrap_err().to_string();
        assert_eq!(refused(vec![]), "the taxonomy has no categories");
        assert!(refused(vec![category("a", Some("b"))]).contains("a (parent b)"));
        assert!(refused(vec![category("a", Some("b")), category("b", Some("a"))]).contains("a, b"));
        assert!(refused(vec![category("a", None), category("a", None)]).contains("more than once: a"));
    }
}
