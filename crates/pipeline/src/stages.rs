//! The stages, one a file. Their order is in [`crate::flow`].

pub(crate) mod categorise;
pub(crate) mod deliver;
pub(crate) mod describe;
pub(crate) mod embed;
pub(crate) mod import;
pub(crate) mod publish;
pub(crate) mod text;

use berika_store::ROWS_PER_TRANSACTION;

/// Rows that a stage asks the store for at once.
pub(crate) const PAGE: usize = ROWS_PER_TRANSACTION;
