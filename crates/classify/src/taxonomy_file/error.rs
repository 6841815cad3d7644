//! What can be wrong with a taxonomy file.

use berika_catalog::{CategoryId, TaxonomyError};

/// Why a file is no taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyFileError {
    /// More bytes than are read.
    #[error(
        "{file} has {bytes} bytes and at most {most} are read; split the taxonomy or leave out what is not needed"
    )]
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
        /// The cap.
        most: usize,
    },
    /// Not UTF-8.
    #[error("{file}, line {line}: not UTF-8; save the file as UTF-8")]
    NotText {
        /// The file.
        file: String,
        /// Line of the first wrong byte, from 1.
        line: usize,
    },
    /// A line that is not written as the format wants it.
    #[error("{file}, line {line}: {problem}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong and what to do.
        problem: String,
    },
    /// The same id twice.
    #[error("{file}, line {line}: category id {id} is already on line {first}; ids must be unique")]
    Duplicate {
        /// The file.
        file: String,
        /// Line of the second, from 1.
        line: usize,
        /// The id.
        id: CategoryId,
        /// Line of the first.
        first: usize,
    },
    /// A parent that is not there.
    #[error(
        "{file}, line {line}: category {id} names parent {parent}, which is not in the file; add it or correct the id"
    )]
    Orphan {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The category.
        id: CategoryId,
        /// The parent.
        parent: CategoryId,
    },
    /// More categories than are read.
    #[error("{file} has more than {most} categories; leave out the branches that are not needed")]
    TooMany {
        /// The file.
        file: String,
        /// The cap.
        most: usize,
    },
    /// A change that is not written as it should be.
    #[error("{file}, change {number}: {problem}")]
    InChange {
        /// The file.
        file: String,
        /// The change's number, from 1.
        number: usize,
        /// What is wrong and what to do.
        problem: String,
    },
    /// More changes than are read.
    #[error("{file} has more than {most} changes; make them in several files, one after the other")]
    TooManyChanges {
        /// The file.
        file: String,
        /// The cap.
        most: usize,
    },
    /// The categories make no taxonomy.
    #[error("{file}: {source}")]
    Structure {
        /// The file.
        file: String,
        /// Why.
        source: TaxonomyError,
    },
}

impl TaxonomyFileError {
    pub(super) fn line(file: &str, line: usize, problem: impl Into<String>) -> Self {
        Self::Line { file: file.to_owned(), line, problem: problem.into() }
    }
}
