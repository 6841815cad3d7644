//! Groups after deliveries: what leaders take is brought up to date, and a group whose leader is retired gets another.

use berika_catalog::{Decision, Edit, FieldOrder, ProductState};
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::group::{Member, log, others_of, regroup, stand_alone};
use super::{JoinedBy, point};
use crate::open::commit;
use crate::products::{ProductId, to_json};
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
    /// Leaders whose fields may be stale: the order of suppliers or a product of their group has changed. At most `limit`
    /// after `after`.
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
             WHERE l.id > ?1 AND l.joined_seen IS NOT (?2 || ' ' || (l.revision + o.revisions))
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
                    take_over_edits(&mut write, &old, new.id, by).await?;
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
    for other in others.iter().filter(|other| other.id != new.id).chain([old]) {
        point(write, other, new.id).await?;
        log(write, "join", new.id, other.id, by).await?;
    }
    Ok(())
}

/// What a person set for the article holds for whoever leads it, unless a person set that field there, too, or the group gives
/// that value by itself.
async fn take_over_edits(
    write: &mut SqliteConnection,
    old: &Member,
    new: i64,
    by: JoinedBy<'_>,
) -> Result<(), StoreError> {
    let failed = || StoreError::statement("taking edits over");
    let new = Member::of(write, new).await?;
    let given = new.product.joined.over(&new.product.supplier_values);
    let fields = given.fields();
    let mut edits = new.product.edits.clone();
    for (field, edit) in &old.product.edits.0 {
        let replaced = fields.get(field).cloned().unwrap_or(Value::Null);
        if edits.0.contains_key(field) || replaced == edit.value {
            continue;
        }
        sqlx::query(
            "INSERT INTO edit_log (product, action, field, value, replaced, done_by, done_at, origin)
             VALUES (?, 'set', ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.id)
        .bind(field)
        .bind(to_json(&edit.value))
        .bind(to_json(&replaced))
        .bind(&edit.by)
        .bind(by.now.as_millisecond())
        .bind(format!("set for {}; {}", old.product.key, by.reason))
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        edits.0.insert(field.clone(), Edit { replaced, ..edit.clone() });
    }
    if edits != new.product.edits {
        sqlx::query("UPDATE products SET edits = ?, values_hash = ? WHERE id = ?")
            .bind(to_json(&edits))
            .bind(edits.over(&given).digest().as_str())
            .bind(new.id)
            .execute(write)
            .await
            .map_err(failed())?;
    }
    Ok(())
}

/// What a person decided on the article holds for whoever leads it, unless a person decided on that, too.
async fn take_over_decision(
    write: &mut SqliteConnection,
    old: &Member,
    new: &Member,
) -> Result<(), StoreError> {
    let failed = || StoreError::statement("taking a decision over");
    let (Some(decision), None) = (old.decision, new.decision) else { return Ok(()) };
    let row = sqlx::query("SELECT * FROM decisions WHERE id = ?")
        .bind(decision)
        .fetch_one(&mut *write)
        .await
        .map_err(failed())?;
    let said = crate::decisions::decision(&row)?;
    if said.chosen_by == berika_catalog::ChosenBy::Machine {
        return Ok(());
    }
    let mut reason = format!("decided for {}, which is the same article", old.product.key);
    if let Some(why) = &said.reason {
        reason = format!("{reason}: {why}");
    }
    let decision = Decision {
        product: new.product.key.clone(),
        reason: Some(reason),
        // Not drawn at random: it is no evidence of its own.
        chosen_by: berika_catalog::ChosenBy::LookAlikeGroup,
        ..said
    };
    crate::decisions::append(write, &decision).await?;
    Ok(())
}
