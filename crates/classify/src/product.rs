//! A product as the scoring sees it: centred vector, words and the supplier's path.

use crate::lexical::Sketch;
use crate::votes::Path;

/// A product as numbers.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    /// Centred, one long; zero where there is none.
    pub(crate) vector: Vec<f32>,
    /// How far it was from the centre, in units of what is usual; `None` where the catalogue does not tell.
    pub(crate) apart: Option<f32>,
    /// The index of its language's centre.
    pub(crate) centre: usize,
    pub(crate) sketch: Sketch,
    pub(crate) path: Option<Path>,
    /// When it was decided on; `None` for one that is ranked.
    pub(crate) decided: Option<i64>,
    /// Index of the space of its language.
    pub(crate) space: usize,
}
