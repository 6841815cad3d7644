//! The figures by name.

use serde::{Deserialize, Serialize};

/// A figure of a [`Report`](crate::Report), each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Share of rows whose first candidate is accepted.
    Top1,
    /// Share of rows with an accepted path among the first three candidates.
    Top3,
    /// Share of rows with an accepted path among the first five candidates.
    Top5,
    /// F1 per true category, averaged with equal weight.
    MacroF1,
    /// F1 over the levels of paths.
    HierarchicalF1,
    /// Share of rows accepted without a look.
    Accepted,
    /// Share of the rows accepted without a look that are right.
    AcceptedPrecision,
    /// Largest share of rows, the surest first, of which at least 95 % are right.
    #[serde(rename = "coverage_at_95")]
    CoverageAt95,
    /// Largest share of rows, the surest first, of which at least 98 % are right.
    #[serde(rename = "coverage_at_98")]
    CoverageAt98,
    /// Expected calibration error over ten bins of equally many rows.
    Ece,
    /// Area under the curve of risk over coverage.
    Aurc,
}

impl Figure {
    /// Every figure, in the order in which they are shown.
    pub const ALL: [Figure; 11] = [
        Self::Top1,
        Self::Top3,
        Self::Top5,
        Self::MacroF1,
        Self::HierarchicalF1,
        Self::Accepted,
        Self::AcceptedPrecision,
        Self::CoverageAt95,
        Self::CoverageAt98,
        Self::Ece,
        Self::Aurc,
    ];

    /// Its name in files and arguments.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Top1 => "top1",
            Self::Top3 => "top3",
            Self::Top5 => "top5",
            Self::MacroF1 => "macro_f1",
            Self::HierarchicalF1 => "hierarchical_f1",
            Self::Accepted => "accepted",
            Self::AcceptedPrecision => "accepted_precision",
            Self::CoverageAt95 => "coverage_at_95",
            Self::CoverageAt98 => "coverage_at_98",
            Self::Ece => "ece",
            Self::Aurc => "aurc",
        }
    }

    /// The figure of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }

    /// Whether more of it is better; for the two errors less is.
    #[must_use]
    pub fn more_is_better(self) -> bool {
        !matches!(self, Self::Ece | Self::Aurc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_one_name_everywhere() {
        for figure in Figure::ALL {
            assert_eq!(Figure::named(figure.name()), Some(figure));
            assert_eq!(serde_json::to_value(figure).unwrap(), figure.name());
        }
        assert_eq!(Figure::named("accuracy"), None);
    }
}
