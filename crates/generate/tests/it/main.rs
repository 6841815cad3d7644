//! Tiny models in files written byte by byte: what the families compute, and what hostile files come to.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod common;
mod families;
mod hostile;
