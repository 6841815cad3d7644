//! The labelled rows and the categories to choose from, read and looked at.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;
use berika_classify::promise::Promise;

use super::super::categories::Categories;
use super::super::labelled_file::{self, LabelledRow};
use super::arguments::Args;

/// What is measured on.
#[derive(Debug)]
pub(super) struct Input {
    /// Rows to learn from.
    pub(super) train: Vec<LabelledRow>,
    /// The name of their file.
    pub(super) train_file: String,
    /// Rows to measure on; at least one.
    pub(super) test: Vec<LabelledRow>,
    /// The categories to choose from; at least one.
    pub(super) categories: Categories,
    /// What is promised of rows that are accepted without a look.
    pub(super) promise: Promise,
    /// What a reader of the figures should know.
    pub(super) notes: Vec<String>,
}

/// Reads what is measured on.
///
/// # Errors
/// If a file cannot be read, a row is not as it should be (naming file and line), or nothing can be measured with them.
pub(super) fn read(args: &Args) -> anyhow::Result<Input> {
    let train = labelled_file::read(&args.train)?;
    let test = labelled_file::read(&args.test)?;
    if test.is_empty() {
        bail!("{} has no rows; give at least one labelled product", args.test.display());
    }
    let categories = match &args.categories {
        Some(file) => Categories::of_file(file, &train)?,
        None => Categories::of_rows(&train, &test)?,
    };
    let mut notes = Vec::new();
    if let Some(file) = &args.categories {
        same_taxonomy(&args.train, &train, file, &categories)?;
        notes.extend(same_taxonomy(&args.test, &test, file, &categories)?);
    }
    if categories.len() == 1 {
        notes.push("there is only one category to choose from: whatever is offered is right".to_owned());
    }
    let (train_file, promise) = (args.train.display().to_string(), Promise::new(args.promise)?);
    Ok(Input { train, train_file, test, categories, promise, notes })
}

impl Input {
    /// A note if the rows that count as labels, more than one, are all of one category.
    pub(super) fn one_class(&self, labelled: &[usize]) -> Option<String> {
        let classes: BTreeSet<&Vec<String>> = labelled.iter().map(|&row| &self.train[row].truth[0]).collect();
        let only = classes
            .first()
            .filter(|_| classes.len() == 1 && labelled.len() > 1 && self.categories.len() > 1)?;
        let (count, category) = (labelled.len(), only.join(" > "));
        Some(format!("all {count} labels are of one category, {category:?}: they say nothing of the others"))
    }
}

/// Whether the rows of `file` are labelled in the categories given: a note where some rows are not, which then cannot be
/// right.
///
/// # Errors
/// If none is.
fn same_taxonomy(
    file: &Path,
    rows: &[LabelledRow],
    taxonomy: &Path,
    categories: &Categories,
) -> anyhow::Result<Option<String>> {
    let strange = |row: &&LabelledRow| row.truth.iter().all(|path| categories.id(path).is_none());
    let Some(first) = rows.iter().find(strange) else {
        return Ok(None);
    };
    let (file, taxonomy, path) = (file.display(), taxonomy.display(), first.truth[0].join(" > "));
    let count = rows.iter().filter(strange).count();
    if count == rows.len() {
        bail!(
            "no row of {file} is labelled with a category of {taxonomy} (line {}: {path:?} is not among the categories \
             given); is it labelled in another taxonomy, or another language of this one?",
            first.line
        );
    }
    let of = rows.len();
    Ok(Some(format!(
        "{count} of {of} rows of {file} have a category that is not in {taxonomy} and count as wrong (first in line {}: \
         {path:?})",
        first.line
    )))
}
