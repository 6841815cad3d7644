//! The only place that makes an HTTP client: address guard, deadline, size cap, conditional fetch.
//!
//! Every request that leaves Berika goes through [`Client`]. It connects only to addresses that its
//! [`AddressPolicy`] permits (checked on what a name *resolved to*, not on the name), ends at one deadline over the
//! whole exchange, reads a bounded number of bytes, uses no proxy and follows no redirect by itself.
//!
//! Not here: what a fetched file means (`feeds`), signing and the retry schedule of webhooks (`deliver`).
//! Connections speak HTTP/1.1 only: giving up on an answer then closes its connection and disturbs no neighbour.

mod address;
mod call;
mod client;
mod download;
mod error;
mod fetch;
mod headers;
mod post;
mod resolver;
mod retry;
mod secret;
mod secret_source;
mod shown;

pub use address::{AddressPolicy, BlockedAddress, InvalidAddressRange};
pub use bytes::Bytes;
pub use call::{CallAnswer, CallRequest};
pub use client::{Client, ClientError};
pub use download::Partial;
pub use error::{ExchangeError, FetchError};
pub use fetch::{FetchRequest, Fetched, FetchedBody};
pub use headers::HeaderFault;
pub use post::{PostError, PostOutcome, PostRequest};
pub use resolver::ResolveError;
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use secret_source::{SecretError, SecretSource};
pub use shown::{error_chain, redacted};
pub use url::Url;
