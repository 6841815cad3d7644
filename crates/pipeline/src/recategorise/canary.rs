//! Which moves a canary makes: a share of them that does not depend on their order, and the same one whenever it is asked
//! for, so that a killed canary goes on with its own.

use berika_catalog::Digest;

use super::plan::Plan;

/// The places of the moves that make up `share` of the plan, at least one where there is any, in the order of the plan.
pub(super) fn first(plan: &Plan, share: f64) -> Vec<usize> {
    let count = (plan.moves.len() as f64 * share).ceil() as usize;
    let mut drawn: Vec<(Digest, usize)> = plan
        .moves
        .iter()
        .enumerate()
        .map(|(place, planned)| {
            let key = planned.product.to_string();
            (Digest::of_parts([plan.id.as_str(), key.as_str()]), place)
        })
        .collect();
    drawn.sort_unstable();
    let mut places: Vec<usize> = drawn.into_iter().take(count).map(|(_, place)| place).collect();
    places.sort_unstable();
    places
}
