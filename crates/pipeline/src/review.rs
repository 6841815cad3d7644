//! Review: which products a person should look at next, what helps to decide, and what one decision settles.

mod decide;
mod help;
mod next;
mod order;

use berika_catalog::ProductValues;
use berika_classify::Ranking;
use serde_json::Value;

pub use decide::{DecideError, Settled, decide, look_alikes_at_odds};
pub(crate) use help::help;
pub use help::{Alike, Help, NearestProduct, Offer};
pub use next::{Next, Offered, next};
pub(crate) use order::stage;

/// The text that products are compared by word for word: brand, title and description.
pub fn telling_text(values: &ProductValues) -> String {
    let parts = [&values.brand, &values.title, &values.description];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The probabilities of the first and the second candidate; zero where there is none.
pub fn first_two(ranking: &Ranking) -> [f32; 2] {
    [0, 1].map(|at| ranking.candidates.get(at).map_or(0.0, |candidate| candidate.probability))
}

/// The ranking as it was stored. What another version of the program stored and this one cannot read counts as none.
pub(crate) fn stored_ranking(candidates: &Value, confidence: f64) -> Ranking {
    let candidates = serde_json::from_value(candidates.clone()).unwrap_or_default();
    Ranking { candidates, confidence: confidence as f32, ..Ranking::default() }
}
