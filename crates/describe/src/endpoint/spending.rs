//! Reservations of calls that run beside one another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Mutex, Notify};

use super::budget::Cost;
use super::ledger::{Ledger, LedgerError, Ticket};

/// Hands out reservations. A call that does not fit waits for its neighbours to settle: they reserved the most that they
/// could cost and mostly cost less.
pub(crate) struct Spending {
    ledger: Arc<dyn Ledger>,
    /// One asks at a time, so that who is refused while nobody else has a reservation knows that the budget is spent.
    gate: Mutex<()>,
    held: AtomicUsize,
    freed: Notify,
}

/// A reservation. Dropped, it stays: what was sent and not answered may have cost it all.
pub(crate) struct Reservation<'a> {
    spending: &'a Spending,
    ticket: Ticket,
    _held: Held<'a>,
}

/// Counts a reservation that this process may yet settle.
struct Held<'a>(&'a Spending);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.held.fetch_sub(1, Ordering::SeqCst);
        self.0.freed.notify_waiters();
    }
}

impl Spending {
    pub(crate) fn new(ledger: Arc<dyn Ledger>) -> Self {
        Self { ledger, gate: Mutex::default(), held: AtomicUsize::new(0), freed: Notify::new() }
    }

    /// Reserves `most`, or `None` where the budget does not cover it even once all neighbours have settled.
    pub(crate) async fn reserve(&self, most: Cost) -> Result<Option<Reservation<'_>>, LedgerError> {
        loop {
            // Made before the books are asked, so that no settlement in between is missed.
            let freed = self.freed.notified();
            {
                let _gate = self.gate.lock().await;
                let alone = self.held.load(Ordering::SeqCst) == 0;
                if let Some(ticket) = self.ledger.reserve(most).await? {
                    self.held.fetch_add(1, Ordering::SeqCst);
                    return Ok(Some(Reservation { spending: self, ticket, _held: Held(self) }));
                }
                if alone {
                    return Ok(None);
                }
            }
            freed.await;
        }
    }

    /// What is spent, with all that is reserved.
    pub(crate) async fn spent(&self) -> Result<Cost, LedgerError> {
        self.ledger.spent().await
    }
}

impl Reservation<'_> {
    /// Puts what it cost in its place. Where that fails the reservation stays.
    pub(crate) async fn settle(self, cost: Cost) -> Result<(), LedgerError> {
        self.spending.ledger.settle(self.ticket, cost).await
    }
}
