//! Products that are one: joined and parted by people or a rule, and what the leader takes of the others.
//!
//! A group is flat: one leader, and others that point at it. Each change is one transaction over the whole group. What a
//! leader takes is stale when the order of suppliers or the revision of anyone in its group is another one than it was.

mod group;
mod handover;
mod settle;

use berika_catalog::{FieldOrder, ProductKey, ProductState};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Row};

use crate::open::commit;
use crate::products::{ProductId, product_key};
use crate::{Store, StoreError};
use group::{Member, log, others_of, regroup, stand_alone};
pub use settle::SettledGroups;

/// What the log says of who joined, where it was a rule: this and the rule's name.
pub const RULE: &str = "rule ";

/// The most products that may be one; more is a mistake.
pub const MOST_JOINED: usize = 50;

/// Why products cannot be joined or parted.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such product.
    #[error("there is no product {0}")]
    Unknown(ProductKey),
    /// The leader is among the others.
    #[error("{0} cannot be joined into itself")]
    Itself(ProductKey),
    /// One of the others is part of another group.
    #[error("{product} is joined into {into} already; `berika duplicates part {product}` takes it out")]
    Joined {
        /// The product.
        product: ProductKey,
        /// What it is joined into.
        into: ProductKey,
    },
    /// The leader is one of the others of another group.
    #[error("{leader} is itself joined into {into}; name {into} as the leader, or part {leader} first")]
    LeaderIsJoined {
        /// The product that was to lead.
        leader: ProductKey,
        /// What it is joined into.
        into: ProductKey,
    },
    /// Its supplier no longer lists it.
    #[error("{0} is retired: its supplier no longer lists it, and there is nothing to take from it")]
    Retired(ProductKey),
    /// It stands alone.
    #[error("{0} is not joined with any product")]
    NotJoined(ProductKey),
    /// The group would be too large.
    #[error("{0} would be joined with {1} products; at most {MOST_JOINED} may be one")]
    TooMany(ProductKey, usize),
}

/// Who joins or parts, and why.
#[derive(Debug, Clone, Copy)]
pub struct JoinedBy<'a> {
    /// A person, or [`RULE`] and its name.
    pub by: &'a str,
    /// Why.
    pub reason: &'a str,
    /// When.
    pub now: Timestamp,
}

/// Products to be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// The product that leads.
    pub leader: ProductKey,
    /// Those that become part of it.
    pub others: Vec<ProductKey>,
    /// Why.
    pub reason: String,
}

/// What came of joining.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JoinOutcome {
    /// Products that are part of the leader now and were not before, those that came with one of them included.
    pub joined: Vec<ProductKey>,
    /// Products that had been so already.
    pub known: Vec<ProductKey>,
    /// Of all these, products that a person decided on while nobody decided on the leader: their category does not hold
    /// for it.
    pub decided: Vec<ProductKey>,
    /// Fields that the leader takes from the others now.
    pub fields: u64,
}

/// How a product is joined.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The product that it is part of.
    pub joined_into: Option<ProductKey>,
    /// The products that are part of it, in the order of their rows.
    pub others: Vec<ProductKey>,
}

impl Store {
    /// Makes `others` part of `leader`, in one transaction. What was part of one of them follows it.
    ///
    /// # Errors
    /// [`JoinError`]; nothing is changed then.
    pub async fn join(
        &self,
        leader: &ProductKey,
        others: &[ProductKey],
        order: &FieldOrder,
        by: JoinedBy<'_>,
    ) -> Result<JoinOutcome, JoinError> {
        let doing = "joining products";
        let mut write = self.write(doing).await?;
        let outcome = join(&mut write, leader, others, order, by).await?;
        commit(write, doing).await?;
        Ok(outcome)
    }

    /// As [`Self::join`] for many groups in one transaction, each for its own reason: what cannot be joined is answered in its
    /// place, and does not hold the others up. At most [`crate::ROWS_PER_TRANSACTION`] is the caller's rule.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn join_groups(
        &self,
        groups: &[NewGroup],
        order: &FieldOrder,
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<Result<JoinOutcome, JoinError>>, StoreError> {
        let doing = "joining products";
        let mut write = self.write(doing).await?;
        let mut outcomes = Vec::with_capacity(groups.len());
        for group in groups {
            let mut one = write.begin().await.map_err(StoreError::statement(doing))?;
            let by = JoinedBy { by, reason: &group.reason, now };
            let outcome = match join(&mut one, &group.leader, &group.others, order, by).await {
                Err(JoinError::Store(error)) => return Err(error),
                outcome => outcome,
            };
            if outcome.is_ok() { one.commit().await } else { one.rollback().await }
                .map_err(StoreError::statement(doing))?;
            outcomes.push(outcome);
        }
        commit(write, doing).await?;
        Ok(outcomes)
    }

    /// Takes products out of their group, in one transaction; a leader's whole group is dissolved. They stand alone again
    /// and are published so. Returns them.
    ///
    /// # Errors
    /// [`JoinError`]; nothing is changed then.
    pub async fn part(
        &self,
        products: &[ProductKey],
        order: &FieldOrder,
        by: JoinedBy<'_>,
    ) -> Result<Vec<ProductKey>, JoinError> {
        let doing = "parting products";
        let mut write = self.write(doing).await?;
        let (mut parted, mut leaders) = (Vec::new(), Vec::new());
        for key in products {
            let product = known(&mut write, key).await?;
            let (leader, leaving) = match product.joined_into {
                Some(leader) => (leader, vec![product]),
                None => (product.id, others_of(&mut write, product.id).await?),
            };
            // With its leader named beside it, it has been parted by now.
            if leaving.is_empty() && !leaders.contains(&leader) && !parted.contains(key) {
                return Err(JoinError::NotJoined(key.clone()));
            }
            for other in leaving {
                stand_alone(&mut write, other.id).await?;
                log(&mut write, "part", leader, other.id, by).await?;
                parted.push(other.product.key);
            }
            leaders.push(leader);
        }
        for leader in leaders {
            regroup(&mut write, leader, order, by.now).await?;
        }
        commit(write, doing).await?;
        Ok(parted)
    }

    /// How a product is joined.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn standing(&self, id: ProductId) -> Result<Standing, StoreError> {
        let rows = sqlx::query(
            "SELECT l.supplier, l.sku, 1 AS leads FROM products p JOIN products l ON l.id = p.joined_into WHERE p.id = ?1
             UNION ALL
             SELECT * FROM (SELECT supplier, sku, 0 FROM products WHERE joined_into = ?1 ORDER BY id)",
        )
        .bind(id.0)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for joined products"))?;
        let mut standing = Standing::default();
        for row in &rows {
            if row.get("leads") {
                standing.joined_into = Some(product_key(row)?);
            } else {
                standing.others.push(product_key(row)?);
            }
        }
        Ok(standing)
    }
}

async fn join(
    write: &mut SqliteConnection,
    leader: &ProductKey,
    others: &[ProductKey],
    order: &FieldOrder,
    by: JoinedBy<'_>,
) -> Result<JoinOutcome, JoinError> {
    let led = standing(write, leader).await?;
    if let Some(into) = led.joined_into {
        let into = Member::of(write, into).await?.product.key;
        return Err(JoinError::LeaderIsJoined { leader: leader.clone(), into });
    }
    let mut outcome = JoinOutcome::default();
    for key in others {
        if key == leader {
            return Err(JoinError::Itself(key.clone()));
        }
        let other = standing(write, key).await?;
        match other.joined_into {
            Some(into) if into == led.id => {
                // Named twice, it is new all the same.
                if !outcome.joined.contains(key) && !outcome.known.contains(key) {
                    outcome.known.push(key.clone());
                }
                continue;
            }
            Some(into) => {
                let into = Member::of(write, into).await?.product.key;
                return Err(JoinError::Joined { product: key.clone(), into });
            }
            None => {}
        }
        let mut coming = others_of(write, other.id).await?;
        coming.insert(0, other);
        for other in coming {
            point(write, &other, led.id).await?;
            log(write, "join", led.id, other.id, by).await?;
            outcome.joined.push(other.product.key);
        }
    }
    let group = others_of(write, led.id).await?;
    if group.len() >= MOST_JOINED {
        return Err(JoinError::TooMany(leader.clone(), group.len()));
    }
    if led.decision.is_none() {
        let decided = group.iter().filter(|other| other.decision.is_some());
        outcome.decided = decided.map(|other| other.product.key.clone()).collect();
    }
    outcome.fields = regroup(write, led.id, order, by.now).await?;
    Ok(outcome)
}

/// The product, where it can be joined.
async fn standing(write: &mut SqliteConnection, key: &ProductKey) -> Result<Member, JoinError> {
    let member = known(write, key).await?;
    if member.product.state == ProductState::Retired {
        return Err(JoinError::Retired(key.clone()));
    }
    Ok(member)
}

async fn known(write: &mut SqliteConnection, key: &ProductKey) -> Result<Member, JoinError> {
    Member::with_key(write, key).await?.ok_or_else(|| JoinError::Unknown(key.clone()))
}

/// Makes a product part of `leader`; what it took itself falls away.
async fn point(write: &mut SqliteConnection, other: &Member, leader: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE products SET joined_into = ?, joined = '{}', joined_seen = NULL, values_hash = ?,
             revision = revision + 1 WHERE id = ?",
    )
    .bind(leader)
    .bind(other.own_values().digest().as_str())
    .bind(other.id)
    .execute(write)
    .await
    .map_err(StoreError::statement("joining products"))?;
    Ok(())
}
