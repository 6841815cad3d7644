//! Response bodies that no well-behaved server sends.

use axum::body::{Body, Bytes};
use futures_util::stream;
use std::io;
use std::time::Duration;

/// Small enough to be slow, large enough to keep a connection looking alive.
const DRIP_PAUSE: Duration = Duration::from_millis(50);
/// Time for the first half of a truncated body to leave before its connection is cut.
const FLUSH_PAUSE: Duration = Duration::from_millis(20);
/// What an endless answer announces.
pub(crate) const ENDLESS_BYTES: u64 = 10_000_000_000;

/// One byte at a time, with pauses, over and over.
pub(crate) fn dripping() -> Body {
    Body::from_stream(stream::unfold((), |()| async {
        tokio::time::sleep(DRIP_PAUSE).await;
        Some((Ok::<_, io::Error>(Bytes::from_static(b".")), ()))
    }))
}

/// As many bytes as the reader takes.
pub(crate) fn endless() -> Body {
    let block = Bytes::from(vec![b'x'; 65_536]);
    Body::from_stream(stream::repeat_with(move || Ok::<_, io::Error>(block.clone())))
}

/// The first half of `whole`, then the connection is cut.
pub(crate) fn truncated(whole: &[u8]) -> Body {
    let half = Bytes::copy_from_slice(&whole[..whole.len() / 2]);
    Body::from_stream(stream::unfold(Some(half), |left| async {
        match left {
            Some(half) => Some((Ok(half), None)),
            None => {
                tokio::time::sleep(FLUSH_PAUSE).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
        }
    }))
}
