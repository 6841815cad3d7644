//! Books in a file: a line for each reservation and one for each settlement, only ever added to.
//!
//! A reservation is on the disk before it is given out. A settlement may be lost with the machine's power: what was
//! reserved counts then, which is more.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Book, Budget, Cost, Ledger, LedgerError, Ticket};
use crate::generator::BoxFuture;

/// No line of ours is longer.
const LINE_MOST: u64 = 1024;

/// The shape of the lines.
const VERSION: u32 = 1;

/// Books in a file of one budget. Another process that opens the file meanwhile is refused.
#[derive(Debug, Clone)]
pub struct FileLedger(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    book: Book,
    file: Locked,
    path: PathBuf,
}

/// A file that no other process has. It is unlocked by name and not by closing it: a child process that is just being
/// started holds a copy of it for a moment.
#[derive(Debug)]
struct Locked(File);

impl Drop for Locked {
    fn drop(&mut self) {
        // Closing it unlocks it, too.
        let _unlocked = self.0.unlock();
    }
}

/// The first line: whose books these are.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    ledger: u32,
    budget: String,
    currency: Option<String>,
}

/// Every other line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Entry {
    Reserve(u64, Cost),
    Settle(u64, Cost),
}

impl FileLedger {
    /// Opens the books of the budget called `name`, or begins them. What an earlier process reserved and did not settle is
    /// spent. The amounts of `budget` may be others than they were; its name and currency may not.
    ///
    /// # Errors
    /// [`LedgerError`] where the file cannot be had, is in use, is another budget's, or a line but the last cannot be read.
    pub fn open(path: &Path, name: &str, budget: Budget) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::File { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(path).map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => LedgerError::InUse { path: path.to_owned() },
            TryLockError::Error(source) => failed(source),
        })?;
        let mut file = Locked(file);
        let currency = budget.currency().map(ToString::to_string);
        let head = Head { ledger: VERSION, budget: name.to_owned(), currency };
        let mut book = Book::new(budget);
        let complete = read(&file.0, path, &head, &mut book)?;
        book.close();
        // What was being written when a process ended was never given out.
        file.0.set_len(complete).map_err(failed)?;
        file.0.seek(SeekFrom::End(0)).map_err(failed)?;
        if complete == 0 {
            write_line(&mut file.0, &head).and_then(|()| file.0.sync_all()).map_err(failed)?;
        }
        Ok(Self(Arc::new(Mutex::new(Kept { book, file, path: path.to_owned() }))))
    }

    /// Does what may take the disk's time where it holds up nobody.
    fn with<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Kept) -> Result<T, LedgerError> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, LedgerError>> {
        let kept = Arc::clone(&self.0);
        Box::pin(async move {
            let changing = tokio::task::spawn_blocking(move || {
                change(&mut kept.lock().unwrap_or_else(PoisonError::into_inner))
            });
            changing.await.unwrap_or_else(|stopped| Err(LedgerError::Keeper(Box::new(stopped))))
        })
    }
}

/// Needs a Tokio runtime.
impl Ledger for FileLedger {
    fn reserve(&self, most: Cost) -> BoxFuture<'_, Result<Option<Ticket>, LedgerError>> {
        self.with(move |kept| {
            if !kept.book.fits(most) {
                return Ok(None);
            }
            // In the books first: a line that may have been written must count.
            let ticket = kept.book.reserve(most);
            kept.append(&Entry::Reserve(ticket.0, most))?;
            kept.file.0.sync_data().map_err(|source| kept.failed(source))?;
            Ok(Some(ticket))
        })
    }

    fn settle(&self, ticket: Ticket, cost: Cost) -> BoxFuture<'_, Result<(), LedgerError>> {
        self.with(move |kept| {
            if !kept.book.open.contains_key(&ticket.0) {
                return Err(LedgerError::UnknownTicket(ticket.0));
            }
            kept.append(&Entry::Settle(ticket.0, cost))?;
            kept.book.settle(&ticket, cost)
        })
    }

    fn spent(&self) -> BoxFuture<'_, Result<Cost, LedgerError>> {
        self.with(|kept| Ok(kept.book.spent()))
    }
}

impl Kept {
    fn append(&mut self, entry: &Entry) -> Result<(), LedgerError> {
        let before = self.file.0.metadata().map(|metadata| metadata.len());
        write_line(&mut self.file.0, entry).map_err(|source| {
            // Half a line must not stand in front of the next one.
            let undone = before.and_then(|length| self.file.0.set_len(length));
            self.failed(undone.err().unwrap_or(source))
        })
    }

    fn failed(&self, source: io::Error) -> LedgerError {
        LedgerError::File { path: self.path.clone(), source }
    }
}

/// One write for the whole line: when it returns, the line outlives this process.
fn write_line(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(line)?;
    line.push(b'\n');
    file.write_all(&line)
}

/// Reads the complete lines into `book` and says how many bytes they take.
fn read(file: &File, path: &Path, head: &Head, book: &mut Book) -> Result<u64, LedgerError> {
    let mut reader = BufReader::new(file);
    let (mut complete, mut number, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        let read = (&mut reader).take(LINE_MOST).read_until(b'\n', &mut line);
        let length = read.map_err(|source| LedgerError::File { path: path.to_owned(), source })?;
        number += 1;
        if line.pop() != Some(b'\n') {
            // Nothing of ours is that long: it is no ledger, and must not be cut off.
            if length as u64 == LINE_MOST {
                return Err(damaged(path, number, "it is too long"));
            }
            // A file that is none of ours may have no line break at all.
            if number == 1 && length > 0 && !is_torn(&line, head) {
                return Err(other(path, head, "it does not begin as one"));
            }
            return Ok(complete);
        }
        complete += length as u64;
        if number == 1 {
            match serde_json::from_slice::<Head>(&line) {
                Ok(found) if found == *head => {}
                Ok(found) => {
                    let currency = found.currency.map(|code| format!(" in {code}")).unwrap_or_default();
                    return Err(other(path, head, &format!("it is that of {:?}{currency}", found.budget)));
                }
                Err(_) => return Err(other(path, head, "it does not begin as one")),
            }
            continue;
        }
        let entry =
            serde_json::from_slice(&line).map_err(|error| damaged(path, number, &error.to_string()))?;
        match entry {
            Entry::Reserve(ticket, most) if ticket >= book.next => {
                book.next = ticket;
                book.reserve(most);
            }
            Entry::Reserve(..) => return Err(damaged(path, number, "its ticket was given out before")),
            Entry::Settle(ticket, cost) => book
                .settle(&Ticket(ticket), cost)
                .map_err(|error| damaged(path, number, &error.to_string()))?,
        }
    }
}

/// Whether a line without its end is the beginning of this head.
fn is_torn(line: &[u8], head: &Head) -> bool {
    serde_json::to_vec(head).is_ok_and(|whole| whole.starts_with(line))
}

fn damaged(path: &Path, line: usize, reason: &str) -> LedgerError {
    LedgerError::Damaged { path: path.to_owned(), line, reason: reason.to_owned() }
}

fn other(path: &Path, head: &Head, found: &str) -> LedgerError {
    let currency = head.currency.as_ref().map(|code| format!(" in {code}")).unwrap_or_default();
    LedgerError::Other {
        path: path.to_owned(),
        wanted: format!("{}{currency}", head.budget),
        found: found.to_owned(),
    }
}
