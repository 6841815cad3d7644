//! What can go wrong between Berika and its memory.

use std::path::PathBuf;

use berika_catalog::{CategoryId, TaxonomyError};

/// A failure of the store. Every variant says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process works on the same store.
    #[error("another berika process works on {}; wait for it to end", .0.display())]
    InUse(PathBuf),
    /// The lock file cannot be made or opened.
    #[error("cannot open the lock file {}; check that the folder exists and is writable", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// There is no store yet, and reading does not make one.
    #[error("there is no store at {}; `berika run` makes it", .0.display())]
    Absent(PathBuf),
    /// SQLite cannot open the file.
    #[error("cannot open the store {}; check the path, its permissions and that it is a berika store", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// SQLite's answer.
        source: sqlx::Error,
    },
    /// The store was written by a newer program.
    #[error("the store is of schema version {found}, this program knows {known}; use a newer berika")]
    TooNew {
        /// The file's version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The store was written by an older program, and reading does not change it.
    #[error(
        "the store is of schema version {found}, this program reads {known}; `berika run` brings it up to date"
    )]
    TooOld {
        /// The file's version.
        found: i64,
        /// The one this program reads.
        known: i64,
    },
    /// The disk is full. Nothing of the running transaction was kept; what was written before is safe.
    #[error("the disk that holds the store is full; free some space and run again")]
    DiskFull(#[source] sqlx::Error),
    /// Another program holds the database's lock.
    #[error(
        "the store is locked by another program (a backup or a database browser?); close it and run again"
    )]
    Busy(#[source] sqlx::Error),
    /// A statement failed otherwise.
    #[error("the store failed while {doing}")]
    Statement {
        /// What was being done.
        doing: &'static str,
        /// SQLite's answer.
        source: sqlx::Error,
    },
    /// A stored value cannot be read back.
    #[error("the store holds {what} that cannot be read; restore the file from a backup")]
    Corrupt {
        /// Which value.
        what: String,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A decision names a category that the taxonomy does not have.
    #[error("there is no category {category} in taxonomy {taxonomy} version {version}")]
    UnknownCategory {
        /// The category.
        category: CategoryId,
        /// The taxonomy.
        taxonomy: String,
        /// Its version.
        version: u32,
    },
    /// The taxonomy is another version than the one that was to be changed, or changed back.
    #[error(
        "taxonomy {taxonomy} is at version {found}, not {expected}: it was changed since; make a new plan"
    )]
    TaxonomyMoved {
        /// The taxonomy.
        taxonomy: String,
        /// The last version there is.
        found: u32,
        /// The one that was expected.
        expected: u32,
    },
    /// An application of a plan is being made or taken back, or that was stopped or killed.
    #[error("nothing was changed: {run} {go_on}")]
    UnderWay {
        /// The application's run.
        run: String,
        /// What goes on with it.
        go_on: String,
    },
    /// A category may only go while nothing is confirmed in it.
    #[error(
        "change {change} lets category {category} go only while nothing is confirmed in it, and people confirmed {products} \
         products there; say `confirmed: review` in the change to return them to review, or `confirmed: follow` where \
         another category takes its place"
    )]
    Confirmed {
        /// The category.
        category: CategoryId,
        /// The change's number, from 1.
        change: usize,
        /// Products confirmed in it.
        products: u64,
    },
    /// A stored taxonomy no longer passes its own checks.
    #[error("the stored taxonomy {id} version {version} is damaged; import it again")]
    Taxonomy {
        /// The taxonomy.
        id: String,
        /// Its version.
        version: u32,
        /// What is wrong with it.
        source: TaxonomyError,
    },
}

impl StoreError {
    /// Sorts a failed statement by what the user can do about it.
    pub(crate) fn statement(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        const SQLITE_BUSY: i32 = 5;
        const SQLITE_FULL: i32 = 13;
        move |source| {
            let code = source.as_database_error().and_then(|e| e.code()?.parse::<i32>().ok());
            // The low byte is the primary result code; the rest says more of it.
            match code.map(|code| code & 0xff) {
                Some(SQLITE_FULL) => Self::DiskFull(source),
                Some(SQLITE_BUSY) => Self::Busy(source),
                _ => Self::Statement { doing, source },
            }
        }
    }

    /// A value in the store that cannot be read.
    pub(crate) fn corrupt<E>(what: impl Into<String>) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let what = what.into();
        move |source| Self::Corrupt { what, source: source.into() }
    }
}
