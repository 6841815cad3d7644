//! Groups after deliveries: what leaders take is brought up to date, and a group whose leader is retired gets another.

use berika_catalog::{FieldOrder, ProductState};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::group::{Member, log, others_of, regroup, stand_alone};
use super::handover::{move_edits, move_lock, take_over_decision};
use super::{JoinedBy, point};
use crate::open::commit;
use crate::products::ProductId;
use crate::{Store, StoreError};

/// The reason in the log where a group got another leader.
const RETIRED_LEADER: &str = "rule retired-leader";

/// What became of groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettledGroups {
    /// Groups looked at.
    pub groups: u64,
    /// Of these, groups that got another leader.
    pub led_anew: u64,
}

impl Store {
    /// Leaders whose fields may be stale: the order of suppliers or a product of their group has changed; and those that are
    /// retired while another of their group is not. At most `limit` after `after`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stale_groups(
        &self,
        order: &FieldOrder,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<ProductId>, StoreError> {
        let rows = sqlx::query(
            "SELECT l.id FROM (SELECT joined_into AS leader, sum(revision) AS revisions FROM products
                 WHERE joined_into IS NOT NULL GROUP BY joined_into) o JOIN products l ON l.id = o.leader
             WHERE l.id > ?1 AND (l.joined_seen IS NOT (?2 || ' ' || (l.revision + o.revisions))
                 -- Parting one of its group brings its fields up to date and gives the group no other leader.
                 OR l.state = 'retired' AND EXISTS (SELECT 1 FROM products m
                     WHERE m.joined_into = l.id AND m.state <> 'retired'))
             ORDER BY l.id LIMIT ?3",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(order.digest().as_str())
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for stale groups"))?;
        Ok(rows.iter().map(|row| ProductId(row.get("id"))).collect())
    }

    /// Brings groups up to date, in one transaction: at most [`crate::ROWS_PER_TRANSACTION`] is the caller's rule. Where the
    /// leader is retired and another is not, the first by `order` of those that are listed leads from now on, and what
    /// people said of the one before holds for it.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn settle_groups(
        &self,
        leaders: &[ProductId],
        order: &FieldOrder,
        now: jiff::Timestamp,
    ) -> Result<SettledGroups, StoreError> {
        let doing = "bringing joined products up to date";
        let mut write = self.write(doing).await?;
        let mut settled = SettledGroups::default();
        for leader in leaders {
            let old = Member::of(&mut write, leader.0).await?;
            let others = others_of(&mut write, old.id).await?;
            settled.groups += 1;
            let listed = others.iter().filter(|other| other.product.state != ProductState::Retired);
            let next = listed.min_by_key(|other| {
                let missing = other.product.state == ProductState::Missing;
                (missing, order.place(&other.product.key.supplier), other.id)
            });
            match next {
                Some(new) if old.product.state == ProductState::Retired => {
                    let reason = format!("{}, which led, is retired", old.product.key);
                    let by = JoinedBy { by: RETIRED_LEADER, reason: &reason, now };
                    lead_anew(&mut write, &old, new, &others, by).await?;
                    regroup(&mut write, new.id, order, now).await?;
                    move_edits(&mut write, &old, new.id, by).await?;
                    // Of the edits that came with it, those that its suppliers agree with.
                    regroup(&mut write, new.id, order, now).await?;
                    settled.led_anew += 1;
                }
                _ => {
                    regroup(&mut write, old.id, order, now).await?;
                }
            }
        }
        commit(write, doing).await?;
        Ok(settled)
    }
}

async fn lead_anew(
    write: &mut SqliteConnection,
    old: &Member,
    new: &Member,
    others: &[Member],
    by: JoinedBy<'_>,
) -> Result<(), StoreError> {
    stand_alone(write, new.id).await?;
    take_over_decision(write, old, new).await?;
    move_lock(write, old, new, by).await?;
    for other in others.iter().filter(|other| other.id != new.id).chain([old]) {
        point(write, other, new.id).await?;
        log(write, "join", new.id, other.id, by).await?;
    }
    Ok(())
}
