//! A product as the scoring sees it: centred vector, words and the supplier's path.

use crate::lexical::Sketch;
use crate::votes::Path;

/// A product as numbers.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    /// Centred, one long; zero where there is none.
    pub(crate) vector: Vec<f32>,
    pub(crate) sketch: Sketch,
    pub(crate) path: Option<Path>,
    /// Index of the space of its language.
    pub(crate) space: usize,
}
