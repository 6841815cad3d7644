//! Published change to signed request to outcome: signing, schedule, endpoint health.
//!
//! The parts of a delivery in the order of their use:
//! 1. [`event_body`] makes the bytes of an event, once; from its first attempt on they are frozen with its id.
//! 2. [`attempt`] signs these bytes for the present moment and posts them to an [`Endpoint`], within one deadline.
//! 3. [`next`] decides from the typed [`Outcome`] what becomes of the event, [`pause_until`] whether the endpoint is to be
//!    left alone for a while.
//!
//! Everything but the attempt is a pure function of its arguments; time and randomness are among them. The loop over
//! what is due, and what is remembered between attempts, live elsewhere (`pipeline`, `store`).
//! Format and schedule are those of Standard Webhooks 1.0.0.

mod attempt;
mod endpoint;
mod event;
mod fit;
mod pause;
mod retry_after;
mod schedule;
mod signing;

pub use attempt::{Attempt, FrozenEvent, Outcome, attempt};
pub use endpoint::{DEFAULT_DEADLINE, Endpoint, EndpointError};
pub use event::{EventError, MAX_BODY_BYTES, event_body};
pub use pause::pause_until;
pub use retry_after::LONGEST_RETRY_AFTER;
pub use schedule::{ATTEMPTS, Next, PAUSES, SLOW_DOWN, next};
pub use signing::{Signer, SigningError};
