//! The columns of an export by the names that the shop system gives them.

use std::collections::HashMap;

use crate::FeedProblem;
use crate::config::FieldRule;
use crate::error::nearest_name;

/// A table's columns, looked up without regard to case.
#[derive(Debug)]
pub(super) struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    pub(super) fn new(names: &[String]) -> Self {
        let places = names.iter().enumerate().rev().map(|(place, name)| (name.to_lowercase(), place));
        Self { names: names.to_vec(), places: places.collect() }
    }

    /// The first of these columns that is there.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.places.get(&name.to_lowercase()).copied())
    }

    /// As [`Self::find`], for what a row cannot do without.
    ///
    /// # Errors
    /// [`FeedProblem::ColumnMissing`]
    pub(super) fn need(&self, field: &str, names: &[&str]) -> Result<usize, FeedProblem> {
        self.find(names).ok_or_else(|| FeedProblem::ColumnMissing {
            field: field.to_owned(),
            column: names.first().copied().unwrap_or_default().to_owned(),
            nearest: nearest_name(
                names.first().copied().unwrap_or_default(),
                self.names.iter().map(String::as_str),
            ),
        })
    }

    /// A rule over those of these columns that are there; `None` where none is.
    pub(super) fn rule(&self, places: &[Option<usize>]) -> Option<FieldRule> {
        let from: Vec<String> = places.iter().flatten().map(|&place| self.names[place].clone()).collect();
        (!from.is_empty()).then(|| FieldRule { from, ..FieldRule::default() })
    }

    /// What the file calls a column.
    pub(super) fn name(&self, place: Option<usize>) -> Option<String> {
        place.and_then(|place| self.names.get(place)).cloned()
    }

    /// All columns with their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.names.iter().map(String::as_str).enumerate()
    }
}
