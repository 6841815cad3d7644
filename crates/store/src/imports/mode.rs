//! What a supplier's deliveries may do.

use serde::{Deserialize, Serialize};

/// What a supplier's deliveries may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportMode {
    /// New products are taken in, known ones are changed.
    #[default]
    CreateAndUpdate,
    /// Known products are changed, others are left out.
    UpdateOnly,
    /// New products are taken in; known ones stay as they are, and none goes missing.
    CreateOnly,
    /// Nothing is taken in: it is read, judged and reported.
    ReportOnly,
}

impl ImportMode {
    /// Whether products not known before are taken in.
    pub fn creates(self) -> bool {
        matches!(self, Self::CreateAndUpdate | Self::CreateOnly)
    }

    /// Whether known products are changed, or marked as missing.
    pub fn changes_known(self) -> bool {
        matches!(self, Self::CreateAndUpdate | Self::UpdateOnly)
    }

    /// Which rows the mode leaves out, for tables.
    pub fn leaves_out(self) -> &'static str {
        match self {
            Self::CreateAndUpdate => "none",
            Self::UpdateOnly => "of products not known: this supplier only updates",
            Self::CreateOnly => "of known products: this supplier only creates",
            Self::ReportOnly => "all: this supplier is only reported on",
        }
    }
}
