//! The numbers of the method, with their reasons. All of them are part of the classifier's recipe.

use serde::{Deserialize, Serialize};

/// The numbers of the method. One set for all catalogues; the defaults were chosen over shop catalogues in four
/// languages, none of them part of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How many confirmed products a category's description weighs as much as. Between 1 and 4 accuracy differs by
    /// less than two points, and which is best differs by catalogue.
    pub prior_weight: f64,
    /// How many products the fallback of a centre weighs as much as. Little depends on it beyond a hundred products.
    pub centre_shrink: f64,
    /// The most that the supplier's category can add to a score.
    pub vote_weight: f64,
    /// How many decisions the vote of a supplier's category needs to reach half of [`Self::vote_weight`].
    pub vote_shrink: f64,
    /// The temperature of the softmax that makes a confidence of scores. Lower is surer. At the default the mean
    /// confidence is nearest to the accuracy over the catalogues measured, and still off by up to a quarter on one of
    /// them: it is no probability.
    pub temperature: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { prior_weight: 2.0, centre_shrink: 20.0, vote_weight: 0.3, vote_shrink: 3.0, temperature: 0.06 }
    }
}
