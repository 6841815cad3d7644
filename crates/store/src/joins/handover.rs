//! What people said of an article goes with it when another of its products leads: what was said last holds, and what was
//! taken back in between cannot come back with the product it had been said of.

use std::collections::BTreeMap;

use berika_catalog::{ChosenBy, Decision, Edits, ProductValues};
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;

use super::JoinedBy;
use super::group::Member;
use crate::StoreError;
use crate::edits::{Logged, append};
use crate::products::{ProductId, to_json};

/// Moves what people set for `old` to `new`, which takes what it takes of others already, and whose own edit of a field stays
/// where it is the later one.
pub(super) async fn move_edits(
    write: &mut SqliteConnection,
    old: &Member,
    new: i64,
    by: JoinedBy<'_>,
) -> Result<(), StoreError> {
    if old.product.edits.0.is_empty() {
        return Ok(());
    }
    let new = Member::of(write, new).await?;
    let (given, own) = (new.product.unedited(), &old.product.supplier_values);
    let (holds, theirs) = (given.fields(), own.fields());
    let value = |of: &BTreeMap<String, Value>, field: &str| of.get(field).cloned().unwrap_or(Value::Null);
    let mut edits = new.product.edits.clone();
    for (field, edit) in &old.product.edits.0 {
        let known = edits.0.get(field);
        let moves = known.is_none_or(|known| known.at <= edit.at);
        let gone = Logged {
            action: if moves { "moved" } else { "dropped" },
            field: Some(field),
            value: value(&theirs, field),
            replaced: edit.value.clone(),
            origin: Some(by.reason),
            note: None,
        };
        append(write, ProductId(old.id), &gone, by.by, by.now).await?;
        if !moves {
            continue;
        }
        let origin = format!("set for {}; {}", old.product.key, by.reason);
        let stood = known.map_or_else(|| value(&holds, field), |known| known.value.clone());
        let set = Logged {
            action: "set",
            field: Some(field),
            value: edit.value.clone(),
            replaced: stood,
            origin: Some(&origin),
            note: edit.note.as_deref(),
        };
        append(write, ProductId(new.id), &set, &edit.by, by.now).await?;
        let mut edit = edit.clone();
        edit.replaced = value(&holds, field);
        edits.0.insert(field.clone(), edit);
    }
    put(write, old.id, &Edits::default(), own).await?;
    put(write, new.id, &edits, &given).await
}

async fn put(
    write: &mut SqliteConnection,
    id: i64,
    edits: &Edits,
    unedited: &ProductValues,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE products SET edits = ?, values_hash = ? WHERE id = ?")
        .bind(to_json(edits))
        .bind(edits.over(unedited).digest().as_str())
        .bind(id)
        .execute(write)
        .await
        .map_err(StoreError::statement("moving edits"))?;
    Ok(())
}

/// What a person decided on the article holds for whoever leads it, unless somebody decided on that one later.
pub(super) async fn take_over_decision(
    write: &mut SqliteConnection,
    old: &Member,
    new: &Member,
) -> Result<(), StoreError> {
    let Some(row) = old.decision else { return Ok(()) };
    let said = decision(write, row).await?;
    if said.chosen_by == ChosenBy::Machine {
        return Ok(());
    }
    if let Some(known) = new.decision {
        let theirs = decision(write, known).await?;
        // One that was itself taken over says nothing new.
        let same = said.at == theirs.at && said.category == theirs.category;
        if same || (said.at, row) < (theirs.at, known) {
            return Ok(());
        }
    }
    let mut reason = format!("decided for {}, which is the same article", old.product.key);
    if let Some(why) = &said.reason {
        reason = format!("{reason}: {why}");
    }
    let decision = Decision {
        product: new.product.key.clone(),
        reason: Some(reason),
        // Not drawn at random: it is no evidence of its own.
        chosen_by: ChosenBy::LookAlikeGroup,
        ..said
    };
    crate::decisions::append(write, &decision).await?;
    Ok(())
}

/// A lock of `old` is `new`'s from now on, with the category and the texts that it keeps as they are. Called when decisions
/// have been taken over.
pub(super) async fn move_lock(
    write: &mut SqliteConnection,
    old: &Member,
    new: &Member,
    by: JoinedBy<'_>,
) -> Result<(), StoreError> {
    if !old.locked {
        return Ok(());
    }
    let failed = || StoreError::statement("moving a lock");
    for (id, locked) in [(old.id, false), (new.id, true)] {
        sqlx::query("UPDATE products SET locked = ? WHERE id = ?")
            .bind(locked)
            .bind(id)
            .execute(&mut *write)
            .await
            .map_err(failed())?;
    }
    let (value, replaced) = (Value::Null, Value::Null);
    let said = Logged { action: "unlock", field: None, value, replaced, origin: Some(by.reason), note: None };
    append(write, ProductId(old.id), &said, by.by, by.now).await?;
    if !new.locked {
        let origin = format!("locked as {}; {}", old.product.key, by.reason);
        append(
            write,
            ProductId(new.id),
            &Logged { action: "lock", origin: Some(&origin), ..said },
            by.by,
            by.now,
        )
        .await?;
    }
    // Where the decision behind the category is the same, it rests on the new leader's copy of it. Else it is stale, and
    // what was decided on the new leader holds, as for any locked product.
    let moves = [
        "DELETE FROM categorisations WHERE product = ?2",
        "DELETE FROM descriptions WHERE product = ?2",
        "INSERT INTO categorisations (product, input_hash, decision, recipe, verdict, category, confidence, candidates,
             reasons, promise, run)
         SELECT n.id, c.input_hash, CASE WHEN c.decision IS o.decision AND (n.decision IS NULL
                 OR d.decided_at = e.decided_at AND d.category IS e.category) THEN n.decision ELSE c.decision END,
             c.recipe, c.verdict, c.category, c.confidence, c.candidates, c.reasons, c.promise, c.run
         FROM categorisations c JOIN products o ON o.id = c.product JOIN products n ON n.id = ?2
             LEFT JOIN decisions d ON d.id = o.decision
             LEFT JOIN decisions e ON e.id = n.decision
         WHERE c.product = ?1",
        "INSERT INTO descriptions (product, language, facts_hash, category, recipe, title, reason, run, description,
             written_at)
         SELECT ?2, language, facts_hash, category, recipe, title, reason, run, description, written_at
         FROM descriptions WHERE product = ?1",
    ];
    for sql in moves {
        sqlx::query(sql).bind(old.id).bind(new.id).execute(&mut *write).await.map_err(failed())?;
    }
    Ok(())
}

async fn decision(write: &mut SqliteConnection, row: i64) -> Result<Decision, StoreError> {
    let row = sqlx::query("SELECT * FROM decisions WHERE id = ?")
        .bind(row)
        .fetch_one(write)
        .await
        .map_err(StoreError::statement("taking a decision over"))?;
    crate::decisions::decision(&row)
}
