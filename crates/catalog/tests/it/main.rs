//! Contracts over simulated suppliers: ordinary weeks are not held, and each way of going wrong is.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod breaches;
mod ordinary;
mod scene;
