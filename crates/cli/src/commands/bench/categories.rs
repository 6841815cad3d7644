//! The categories to choose from: those of a file, else the paths that occur in the labelled files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use berika_catalog::{Category, CategoryId, Language, Taxonomy};
use berika_classify::{Targets, taxonomy_file};

use super::labelled_file::{self, LabelledRow};

/// Joins the names of a path to an id; in no name.
const SEPARATOR: &str = "\u{1f}";

/// The categories and how rows name them.
#[derive(Debug)]
pub(super) struct Categories {
    /// What the classifier chooses from.
    pub(super) targets: Targets,
    /// The language in which rows name categories.
    language: Language,
    by_path: HashMap<Vec<String>, usize>,
}

impl Categories {
    /// Those of `file`: a taxonomy as JSONL, or rows with a `category`. The rows that train tell in which of the
    /// taxonomy's languages categories are named.
    ///
    /// # Errors
    /// If the file cannot be read or is neither, naming file and line.
    pub(super) fn of_file(file: &Path, train: &[LabelledRow]) -> anyhow::Result<Self> {
        let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
        if !is_taxonomy(&bytes) {
            let rows = labelled_file::read(file)?;
            if rows.is_empty() {
                bail!(
                    "{} has no category that products may be put into; give it at least one",
                    file.display()
                );
            }
            return Self::of_paths(&paths(&rows), common_language(train));
        }
        let name = file.display().to_string();
        let format = taxonomy_file::Format::Jsonl;
        let taxonomy = taxonomy_file::read(&name, format, &english(), "categories", 1, &bytes)?;
        let languages = taxonomy.languages();
        let targets = Targets::leaves(Arc::new(taxonomy));
        let named_in = |language: &Language| {
            let by_path = by_path(&targets, language);
            train.iter().filter(|row| by_path.contains_key(&row.truth[0])).count()
        };
        // English where nothing tells: it stands before the languages that name equally many.
        let language = std::iter::once(english())
            .filter(|language| languages.contains(language))
            .chain(languages.iter().cloned())
            .rev()
            .max_by_key(|language| named_in(language))
            .unwrap_or_else(english);
        Ok(Self { by_path: by_path(&targets, &language), targets, language })
    }

    /// The paths that occur in the labelled rows.
    ///
    /// # Errors
    /// If there are none.
    pub(super) fn of_rows(train: &[LabelledRow], test: &[LabelledRow]) -> anyhow::Result<Self> {
        let mut all = paths(train);
        all.extend(paths(test));
        Self::of_paths(&all, common_language(train))
    }

    fn of_paths(paths: &BTreeSet<Vec<String>>, language: Language) -> anyhow::Result<Self> {
        let mut categories = BTreeMap::new();
        for path in paths {
            for level in 1..=path.len() {
                let id = |end: usize| CategoryId(path[..end].join(SEPARATOR));
                categories.entry(path[..level].to_vec()).or_insert_with(|| Category {
                    id: id(level),
                    parent: (level > 1).then(|| id(level - 1)),
                    names: [(language.clone(), path[level - 1].clone())].into(),
                    descriptions: BTreeMap::new(),
                    excludes: BTreeMap::new(),
                    synonyms: BTreeMap::new(),
                    external_ids: BTreeMap::new(),
                });
            }
        }
        let taxonomy = Arc::new(Taxonomy::new("labelled", 1, categories.into_values().collect())?);
        let place = |path: &Vec<String>| taxonomy.index_of(&CategoryId(path.join(SEPARATOR)));
        let positions: Vec<usize> = paths.iter().filter_map(place).collect();
        let targets = Targets::at(Arc::clone(&taxonomy), positions);
        Ok(Self { by_path: by_path(&targets, &language), targets, language })
    }

    /// The id of the category with this path, if products may be put into it.
    pub(super) fn id(&self, path: &[String]) -> Option<&CategoryId> {
        self.by_path.get(path).map(|&index| &self.targets.taxonomy().categories()[index].id)
    }

    /// The names from the root down to a category.
    pub(super) fn path(&self, index: usize) -> Vec<String> {
        self.targets.taxonomy().path_names(index, &self.language).into_iter().map(str::to_owned).collect()
    }

    /// How many there are to choose from.
    pub(super) fn len(&self) -> usize {
        self.targets.categories().len()
    }
}

fn english() -> Language {
    Language::parse("en").expect("a language tag")
}

/// The language of most rows, English if none says: paths have no language of their own.
fn common_language(rows: &[LabelledRow]) -> Language {
    let mut counts: BTreeMap<&Language, usize> = BTreeMap::new();
    for language in rows.iter().filter_map(|row| row.values.language.as_ref()) {
        *counts.entry(language).or_default() += 1;
    }
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or_else(english, |(language, _)| language.clone())
}

/// A shelf that products only *also* stand on (`category_alt`) is no choice: what is nowhere a first category has no
/// products of its own to tell it by.
fn paths(rows: &[LabelledRow]) -> BTreeSet<Vec<String>> {
    rows.iter().filter_map(|row| row.truth.first().cloned()).collect()
}

fn by_path(targets: &Targets, language: &Language) -> HashMap<Vec<String>, usize> {
    let taxonomy = targets.taxonomy();
    let mut by_path = HashMap::new();
    for &index in targets.categories() {
        let path = taxonomy.path_names(index, language).into_iter().map(str::to_owned).collect();
        by_path.entry(path).or_insert(index);
    }
    by_path
}

/// Whether the first line that is not empty is a category and no labelled row.
fn is_taxonomy(bytes: &[u8]) -> bool {
    let first = bytes.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    let object = first.and_then(|line| serde_json::from_slice::<serde_json::Value>(line.trim_ascii()).ok());
    object.is_some_and(|object| object.get("names").is_some() && object.get("category").is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use berika_catalog::ProductValues;

    fn row(paths: &[&str], language: &str) -> LabelledRow {
        let truth = paths.iter().map(|path| path.split('/').map(str::to_owned).collect()).collect();
        let values = ProductValues { language: Language::parse(language).ok(), ..ProductValues::default() };
        LabelledRow { line: 1, id: "a".to_owned(), supplier: None, values, truth }
    }

    #[test]
    fn every_first_path_that_occurs_can_be_chosen_and_no_other() {
        let train = [row(&["Food/Milk", "Drinks"], "sv"), row(&["Food"], "sv")];
        let test = [row(&["Food/Tea/Green"], "en")];
        let categories = Categories::of_rows(&train, &test).unwrap();
        let mut found: Vec<String> =
            categories.targets.categories().iter().map(|&index| categories.path(index).join("/")).collect();
        found.sort();
        assert_eq!(found, ["Food", "Food/Milk", "Food/Tea/Green"]);
        assert!(categories.id(&["Food".to_owned(), "Tea".to_owned()]).is_none());
        assert_eq!(categories.targets.languages(), [Language::parse("sv").unwrap()]);
    }

    #[test]
    fn a_taxonomy_is_read_in_the_language_that_the_rows_use() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.jsonl");
        let lines = concat!(
            "{\"id\": \"f\", \"names\": {\"sv\": \"Mat\", \"en\": \"Food\"}}\n",
            "{\"id\": \"m\", \"parent\": \"f\", \"names\": {\"sv\": \"Mjölk\", \"en\": \"Milk\"}}\n"
        );
        std::fs::write(&file, lines).unwrap();
        let swedish = Categories::of_file(&file, &[row(&["Mat/Mjölk"], "en")]).unwrap();
        assert_eq!(swedish.path(swedish.targets.categories()[0]), ["Mat", "Mjölk"]);
        let english = Categories::of_file(&file, &[]).unwrap();
        assert_eq!(english.path(english.targets.categories()[0]), ["Food", "Milk"]);
        assert_eq!(english.len(), 1);
    }
}
