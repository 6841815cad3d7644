//! After deliveries: groups are brought up to date, and the configured rule joins.

use berika_store::{NewGroup, ROWS_PER_TRANSACTION, StoreError};

use super::{Asked, Proposal, proposals};
use crate::Engine;
use crate::config::JoinRule;

/// What the log says of who joined.
const SAME_GTIN: &str = "rule same-gtin";

/// Brings joined products up to date and joins what the configured rule says. Returns how many groups that concerned.
pub(crate) async fn stage(engine: &Engine) -> Result<u64, StoreError> {
    let order = engine.config.duplicates.field_order();
    let mut items = 0;
    let mut after = None;
    while !engine.stopping() {
        let stale = engine.store.stale_groups(&order, after, ROWS_PER_TRANSACTION).await?;
        let Some(last) = stale.last() else { break };
        after = Some(*last);
        items += engine.store.settle_groups(&stale, &order, engine.now()).await?.groups;
    }
    if engine.config.duplicates.join != Some(JoinRule::SameGtin) || engine.stopping() {
        return Ok(items);
    }
    let asked = Asked { by_rule: true, ..Asked::default() };
    let clear = proposals(&engine.store, &engine.config, &asked).await?.proposals;
    let clear: Vec<NewGroup> =
        clear.into_iter().filter(|proposal| proposal.doubts.is_empty()).map(Proposal::group).collect();
    for batch in clear.chunks(ROWS_PER_TRANSACTION) {
        if engine.stopping() {
            break;
        }
        let outcomes = engine.store.join_groups(batch, &order, SAME_GTIN, engine.now()).await?;
        for (group, outcome) in batch.iter().zip(outcomes) {
            match outcome {
                Ok(_) => items += 1,
                // Nobody else writes while a run does; what cannot be joined stays a proposal.
                Err(error) => tracing::warn!(leader = %group.leader, %error, "not joined"),
            }
        }
    }
    Ok(items)
}
