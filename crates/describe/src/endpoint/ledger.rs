//! What was spent and what may still be: nothing is sent that is not reserved first.

mod file;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::budget::{Budget, Cost};
use crate::generator::BoxFuture;

pub use file::FileLedger;

/// Keeps the books of one budget. What is reserved and never settled is spent: a process that was killed may have sent it.
pub trait Ledger: Send + Sync {
    /// Reserves `most`, so that it outlives this process, or answers `None` where the budget does not cover it.
    fn reserve(&self, most: Cost) -> BoxFuture<'_, Result<Option<Ticket>, LedgerError>>;

    /// Puts what it really cost in place of what was reserved.
    fn settle(&self, ticket: Ticket, cost: Cost) -> BoxFuture<'_, Result<(), LedgerError>>;

    /// What is spent, with all that is reserved.
    fn spent(&self) -> BoxFuture<'_, Result<Cost, LedgerError>>;
}

/// A reservation, to be settled once.
#[derive(Debug, PartialEq, Eq)]
pub struct Ticket(pub u64);

/// Why the books cannot be kept. Nothing may be sent then.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be read or written.
    #[error("the ledger {} cannot be kept", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Somebody else has it open.
    #[error("the ledger {} is in use by another process", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// It is no ledger, or one of another budget.
    #[error("{} is not the ledger of the budget {wanted:?}: {found}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// The budget's name and currency.
        wanted: String,
        /// What the file is.
        found: String,
    },
    /// A line in the middle cannot be read.
    #[error("line {line} of the ledger {} cannot be read: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing is reserved under this ticket.
    #[error("nothing is reserved under ticket {0}")]
    UnknownTicket(u64),
    /// Another keeper's error.
    #[error("the books cannot be kept")]
    Keeper(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Books that end with the process.
#[derive(Debug)]
pub struct MemoryLedger(Mutex<Book>);

impl MemoryLedger {
    /// Empty books for this budget.
    pub fn new(budget: Budget) -> Self {
        Self(Mutex::new(Book::new(budget)))
    }

    fn with<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ledger for MemoryLedger {
    fn reserve(&self, most: Cost) -> BoxFuture<'_, Result<Option<Ticket>, LedgerError>> {
        let ticket = self.with(|book| book.fits(most).then(|| book.reserve(most)));
        Box::pin(std::future::ready(Ok(ticket)))
    }

    fn settle(&self, ticket: Ticket, cost: Cost) -> BoxFuture<'_, Result<(), LedgerError>> {
        let settled = self.with(|book| book.settle(&ticket, cost));
        Box::pin(std::future::ready(settled))
    }

    fn spent(&self) -> BoxFuture<'_, Result<Cost, LedgerError>> {
        Box::pin(std::future::ready(Ok(self.with(|book| book.spent()))))
    }
}

/// The sums.
#[derive(Debug)]
struct Book {
    budget: Budget,
    settled: Cost,
    open: BTreeMap<u64, Cost>,
    next: u64,
}

impl Book {
    fn new(budget: Budget) -> Self {
        Self { budget, settled: Cost::default(), open: BTreeMap::new(), next: 1 }
    }

    fn spent(&self) -> Cost {
        self.open.values().fold(self.settled, |sum, cost| sum.plus(*cost))
    }

    fn fits(&self, most: Cost) -> bool {
        self.budget.covers(self.spent().plus(most))
    }

    fn reserve(&mut self, most: Cost) -> Ticket {
        let ticket = self.next;
        self.next += 1;
        self.open.insert(ticket, most);
        Ticket(ticket)
    }

    fn settle(&mut self, ticket: &Ticket, cost: Cost) -> Result<(), LedgerError> {
        self.open.remove(&ticket.0).ok_or(LedgerError::UnknownTicket(ticket.0))?;
        self.settled = self.settled.plus(cost);
        Ok(())
    }

    /// Counts all that is open as spent for good: nobody is left to settle it.
    fn close(&mut self) {
        self.settled = self.spent();
        self.open.clear();
    }
}

#[cfg(test)]
mod tests;
