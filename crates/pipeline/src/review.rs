//! Review: which products a person should look at next, and what helps to decide.

use berika_catalog::ProductValues;
use berika_classify::{Parameters, Ranking};

/// The text that products are compared by word for word: brand, title, and description.
pub fn telling_text(values: &ProductValues) -> String {
    let parts = [&values.brand, &values.title, &values.description];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The probabilities of the first and the second candidate, as far as a ranking tells them: uncalibrated.
pub fn probabilities(ranking: &Ranking) -> [f32; 2] {
    let temperature = Parameters::default().temperature as f32;
    match &ranking.candidates[..] {
        [] => [0.0, 0.0],
        [_] => [ranking.confidence, 0.0],
        [first, second, ..] => {
            [ranking.confidence, ranking.confidence * ((second.score - first.score) / temperature).exp()]
        }
    }
}
