//! The products of a group as rows, and what its leader takes.

use berika_catalog::joined;
use berika_catalog::{FieldOrder, Joined, Product, ProductKey, ProductState, ProductValues};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::JoinedBy;
use crate::StoreError;
use crate::edits::{Logged, append};
use crate::products::{ProductId, stored_product, to_json};

/// A product of a group, or one that stands alone.
pub(super) struct Member {
    pub(super) id: i64,
    pub(super) product: Product,
    pub(super) joined_into: Option<i64>,
    pub(super) decision: Option<i64>,
    pub(super) locked: bool,
}

impl Member {
    /// The product with this key.
    pub(super) async fn with_key(
        write: &mut SqliteConnection,
        key: &ProductKey,
    ) -> Result<Option<Self>, StoreError> {
        sqlx::query("SELECT * FROM products WHERE supplier = ? AND sku = ?")
            .bind(key.supplier.as_str())
            .bind(&key.sku)
            .fetch_optional(write)
            .await
            .map_err(StoreError::statement("reading a product"))?
            .map(|row| member(&row))
            .transpose()
    }

    /// The product in this row.
    pub(super) async fn of(write: &mut SqliteConnection, id: i64) -> Result<Self, StoreError> {
        let row = sqlx::query("SELECT * FROM products WHERE id = ?").bind(id).fetch_one(write).await;
        member(&row.map_err(StoreError::statement("reading a product"))?)
    }

    /// The values that hold where it takes nothing of others.
    pub(super) fn own_values(&self) -> ProductValues {
        self.product.edits.over(&self.product.supplier_values)
    }
}

fn member(row: &SqliteRow) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.get("id"),
        product: stored_product(row)?.product,
        joined_into: row.get("joined_into"),
        decision: row.get("decision"),
        locked: row.get("locked"),
    })
}

/// The products that are part of this one, oldest first.
pub(super) async fn others_of(write: &mut SqliteConnection, leader: i64) -> Result<Vec<Member>, StoreError> {
    sqlx::query("SELECT * FROM products WHERE joined_into = ? ORDER BY id")
        .bind(leader)
        .fetch_all(write)
        .await
        .map_err(StoreError::statement("reading joined products"))?
        .iter()
        .map(member)
        .collect()
}

/// Computes anew what a leader takes from the others; retired ones give nothing. Edits of the leader that the suppliers came
/// round to are released. Its revision rises where that is something else than before. Returns how many fields it takes.
pub(super) async fn regroup(
    write: &mut SqliteConnection,
    leader: i64,
    order: &FieldOrder,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let failed = || StoreError::statement("joining values");
    let leader = Member::of(write, leader).await?;
    let others = others_of(write, leader.id).await?;
    let giving: Vec<(&ProductKey, ProductValues)> = others
        .iter()
        .filter(|other| other.product.state != ProductState::Retired)
        .map(|other| (&other.product.key, other.own_values()))
        .collect();
    let giving: Vec<joined::Member<'_>> =
        giving.iter().map(|(key, values)| joined::Member { key, values }).collect();
    let Product { key, supplier_values: values, .. } = &leader.product;
    let takes = Joined::of(joined::Member { key, values }, &giving, order);
    let fields = takes.0.len() as u64;
    let unedited = takes.over(values);
    let mut edits = leader.product.edits.clone();
    let released = match edits.0.is_empty() {
        true => Vec::new(),
        false => edits.release(&said_by_suppliers(&leader, &others, order), &unedited),
    };
    if takes != leader.product.joined || !released.is_empty() {
        sqlx::query(
            "UPDATE products SET joined = ?, edits = ?, values_hash = ?, revision = revision + 1, changed_at = ?
             WHERE id = ?",
        )
        .bind(to_json(&takes))
        .bind(to_json(&edits))
        .bind(edits.over(&unedited).digest().as_str())
        .bind(now.as_millisecond())
        .bind(leader.id)
        .execute(&mut *write)
        .await
        .map_err(failed())?;
    }
    for (field, edit) in released {
        let from = takes.0.get(&field).map(|taken| taken.from.to_string());
        let logged = Logged {
            action: "released",
            field: Some(&field),
            value: edit.value.clone(),
            replaced: edit.value,
            origin: from.as_deref(),
            note: None,
        };
        append(write, ProductId(leader.id), &logged, "supplier", now).await?;
    }
    sqlx::query(
        "UPDATE products SET joined_seen = (SELECT ?2 || ' ' || (products.revision + sum(o.revision))
             FROM products o WHERE o.joined_into = ?1 HAVING count(*) > 0)
         WHERE id = ?1",
    )
    .bind(leader.id)
    .bind(order.digest().as_str())
    .execute(write)
    .await
    .map_err(failed())?;
    Ok(fields)
}

/// What would hold for the leader if nobody had edited any product of the group.
fn said_by_suppliers(leader: &Member, others: &[Member], order: &FieldOrder) -> ProductValues {
    let listed = others.iter().map(|other| &other.product).filter(|p| p.state != ProductState::Retired);
    let giving: Vec<joined::Member<'_>> =
        listed.map(|p| joined::Member { key: &p.key, values: &p.supplier_values }).collect();
    let Product { key, supplier_values: values, .. } = &leader.product;
    Joined::of(joined::Member { key, values }, &giving, order).over(values)
}

/// Makes a product stand alone again. Where receivers were told to look elsewhere, it is published whatever is known of
/// its category.
pub(super) async fn stand_alone(write: &mut SqliteConnection, id: i64) -> Result<(), StoreError> {
    let failed = || StoreError::statement("parting products");
    sqlx::query("UPDATE products SET joined_into = NULL, revision = revision + 1 WHERE id = ?")
        .bind(id)
        .execute(&mut *write)
        .await
        .map_err(failed())?;
    sqlx::query(
        "UPDATE published SET withdrawn = 1
         WHERE product = ? AND json_extract(document, '$.\"joined_into.sku\"') IS NOT NULL",
    )
    .bind(id)
    .execute(write)
    .await
    .map_err(failed())?;
    Ok(())
}

/// Appends to the log.
pub(super) async fn log(
    write: &mut SqliteConnection,
    action: &'static str,
    leader: i64,
    product: i64,
    by: JoinedBy<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO join_log (action, leader, product, reason, done_by, done_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(action)
    .bind(leader)
    .bind(product)
    .bind(by.reason)
    .bind(by.by)
    .bind(by.now.as_millisecond())
    .execute(write)
    .await
    .map_err(StoreError::statement("logging joins"))?;
    Ok(())
}
