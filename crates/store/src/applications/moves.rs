//! Moves: whether a product still stands as the plan saw it, and the batch that writes how it is to stand.

use std::fmt;

use berika_catalog::{Digest, ProductKey};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::journal::journal;
use crate::open::commit;
use crate::products::{ProductId, to_json};
use crate::{Categorisation, ROWS_PER_TRANSACTION, Store, StoreError, StoredText};

/// How a product stood when a plan was made: what must still be so when it is applied.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedStanding {
    /// The product.
    pub product: ProductKey,
    /// Its verdict.
    pub verdict: String,
    /// Its category.
    pub category: Option<String>,
    /// How it was judged.
    pub recipe: String,
    /// The row of the decision on it.
    pub decision: Option<i64>,
    /// The hash of its evidence.
    pub evidence: Digest,
    /// Whether its category goes with the plan's change of the taxonomy: a product that a person locked cannot stay there
    /// either.
    pub gone: bool,
}

/// What a plan does with one product.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedMove {
    /// How it stood.
    pub from: PlannedStanding,
    /// How it is to stand. The decision that it follows is the one it had.
    pub to: Categorisation,
    /// Its text composed anew, with the template.
    pub text: Option<(String, StoredText)>,
}

/// How a product stands to its move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// As the plan saw it.
    AsPlanned(ProductId),
    /// The move is made.
    Made,
    /// Something has changed since.
    Changed(Since),
}

/// What has changed of a product since a plan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// There is no such product.
    Unknown,
    /// Its supplier no longer lists it.
    Retired,
    /// A person locked it.
    Locked,
    /// It was joined into another one.
    Joined,
    /// A person decided on it.
    Decided,
    /// Its values changed, and no run has looked at them yet.
    Values,
    /// What its category follows from changed.
    Evidence,
    /// It was judged anew.
    Judged,
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "not in the store",
            Self::Retired => "retired since",
            Self::Locked => "locked since",
            Self::Joined => "joined into another product since",
            Self::Decided => "decided on since, or the decision is another one",
            Self::Values => "changed since, and no run has looked at them yet",
            Self::Evidence => "changed since in what their category follows from",
            Self::Judged => "judged anew since",
        })
    }
}

/// What became of a batch of moves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Moves made now.
    pub made: u64,
    /// Moves not made, by their place in the batch.
    pub left: Vec<(usize, Since)>,
}

impl Store {
    /// How products stand to what a plan saw of them, in the order of `planned`. `run` is the application, where it has begun.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stand(
        &self,
        run: Option<&str>,
        planned: &[PlannedStanding],
    ) -> Result<Vec<Stands>, StoreError> {
        let mut stand = Vec::with_capacity(planned.len());
        for chunk in planned.chunks(ROWS_PER_TRANSACTION) {
            let mut read = self
                .readers()
                .acquire()
                .await
                .map_err(StoreError::statement("comparing products with a plan"))?;
            stand.extend(look(&mut read, run, chunk.iter()).await?);
        }
        Ok(stand)
    }

    /// Makes moves, in one transaction: what they replace is copied, category, text and audit are written as the plan says,
    /// and revisions rise. A product that no longer stands as planned is left as it is, and one whose move is made is passed
    /// over. At most [`ROWS_PER_TRANSACTION`] moves.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn make_moves(&self, run: &str, moves: &[PlannedMove]) -> Result<Moved, StoreError> {
        let doing = "making a plan's moves";
        let mut write = self.write(doing).await?;
        let mut moved = Moved::default();
        if moves.is_empty() {
            return Ok(moved);
        }
        let mut made: Vec<(ProductId, &PlannedMove)> = Vec::with_capacity(moves.len());
        for (place, stands) in look(&mut write, Some(run), moves.iter().map(|planned| &planned.from))
            .await?
            .into_iter()
            .enumerate()
        {
            match stands {
                Stands::AsPlanned(id) => made.push((id, &moves[place])),
                Stands::Made => {}
                Stands::Changed(since) => moved.left.push((place, since)),
            }
        }
        if !made.is_empty() {
            let ids: Vec<ProductId> = made.iter().map(|(id, _)| *id).collect();
            journal(&mut write, run, &ids).await?;
            write_moves(&mut write, run, &made).await?;
        }
        commit(write, doing).await?;
        moved.made = made.len() as u64;
        Ok(moved)
    }
}

/// How products stand to their moves. What the application's own change of the taxonomy replaced counts as it was before.
async fn look(
    read: &mut SqliteConnection,
    run: Option<&str>,
    planned: impl Iterator<Item = &PlannedStanding>,
) -> Result<Vec<Stands>, StoreError> {
    let doing = "comparing products with a plan";
    let mut look: QueryBuilder<Sqlite> = QueryBuilder::new(
        "WITH new (place, supplier, sku, decision, evidence, verdict, category, recipe, gone) AS (",
    );
    look.push_values(planned.enumerate(), |mut row, (place, planned)| {
        row.push_bind(place as i64)
            .push_bind(planned.product.supplier.as_str())
            .push_bind(&planned.product.sku);
        row.push_bind(planned.decision).push_bind(planned.evidence.as_str());
        row.push_bind(&planned.verdict).push_bind(&planned.category).push_bind(&planned.recipe);
        row.push_bind(planned.gone);
    });
    look.push(
        ") SELECT p.id, CASE
             WHEN p.id IS NULL THEN 'unknown'
             WHEN r.moved = 1 THEN 'made'
             WHEN p.state = 'retired' THEN 'retired'
             WHEN p.locked = 1 AND NOT new.gone THEN 'locked'
             WHEN p.joined_into IS NOT NULL THEN 'joined'
             WHEN p.decision IS NOT new.decision THEN 'decided'
             WHEN t.product IS NULL OR (p.locked = 0 AND t.input_hash <> p.values_hash) THEN 'values'
             WHEN t.evidence_hash <> new.evidence THEN 'evidence'
             WHEN c.product IS NULL OR coalesce(r.verdict, c.verdict) <> new.verdict
                 OR iif(r.product IS NULL, c.category, r.category) IS NOT new.category
                 OR coalesce(r.recipe, c.recipe) <> new.recipe
                 OR (r.product IS NOT NULL AND c.run NOT IN (r.run, r.replaced_run)) THEN 'judged'
             ELSE 'planned' END AS stands
         FROM new LEFT JOIN products p ON p.supplier = new.supplier AND p.sku = new.sku
             LEFT JOIN texts t ON t.product = p.id LEFT JOIN categorisations c ON c.product = p.id
             LEFT JOIN replaced_categorisations r ON r.product = p.id AND r.run = ",
    );
    look.push_bind(run).push(" ORDER BY new.place");
    let rows = look.build().fetch_all(read).await.map_err(StoreError::statement(doing))?;
    rows.iter().map(stands).collect()
}

fn stands(row: &SqliteRow) -> Result<Stands, StoreError> {
    Ok(match row.get::<&str, _>("stands") {
        "planned" => Stands::AsPlanned(ProductId(row.get("id"))),
        "made" => Stands::Made,
        word => Stands::Changed(
            serde_json::from_value(word.into()).map_err(StoreError::corrupt("how a product stands"))?,
        ),
    })
}

/// Writes what the moves say. The products stand as planned, and what is replaced is copied.
async fn write_moves(
    write: &mut SqliteConnection,
    run: &str,
    moves: &[(ProductId, &PlannedMove)],
) -> Result<(), StoreError> {
    let failed = || StoreError::statement("making a plan's moves");
    let mut put = QueryBuilder::new(
        "WITH new (product, input_hash, recipe, verdict, category, confidence, candidates, reasons, promise) AS (",
    );
    put.push_values(moves, |mut row, (id, planned)| {
        let to = &planned.to;
        let evidence = planned.text.as_ref().map_or(&planned.from.evidence, |(_, text)| &text.evidence_hash);
        row.push_bind(id.0).push_bind(evidence.as_str()).push_bind(&to.recipe);
        row.push_bind(&to.verdict).push_bind(&to.category).push_bind(to.confidence);
        row.push_bind(to_json(&to.candidates)).push_bind(to_json(&to.reasons)).push_bind(to.promise);
    });
    put.push(
        ") UPDATE categorisations AS c SET input_hash = new.input_hash, recipe = new.recipe, verdict = new.verdict,
             category = new.category, confidence = new.confidence, candidates = new.candidates, reasons = new.reasons,
             promise = new.promise, decision = (SELECT decision FROM products WHERE id = c.product), run = ",
    );
    put.push_bind(run).push(" FROM new WHERE c.product = new.product");
    put.build().execute(&mut *write).await.map_err(failed())?;

    let texts: Vec<_> = moves.iter().filter_map(|(id, planned)| Some((id, planned.text.as_ref()?))).collect();
    if !texts.is_empty() {
        let mut put =
            QueryBuilder::new("WITH new (product, recipe, text, text_hash, evidence_hash, facts_hash) AS (");
        put.push_values(texts, |mut row, (id, (recipe, text))| {
            row.push_bind(id.0).push_bind(recipe).push_bind(&text.text).push_bind(text.text_hash.as_str());
            row.push_bind(text.evidence_hash.as_str()).push_bind(text.facts_hash.as_str());
        });
        put.push(
            ") UPDATE texts AS t SET recipe = new.recipe, text = new.text, text_hash = new.text_hash,
                 evidence_hash = new.evidence_hash, facts_hash = new.facts_hash
             FROM new WHERE t.product = new.product",
        );
        put.build().execute(&mut *write).await.map_err(failed())?;
    }

    let ids = to_json(&moves.iter().map(|(id, _)| id.0).collect::<Vec<_>>());
    // Audits as in any judgement: the draws of products that nobody has decided on are as of this one.
    const FOLLOW: [&str; 2] = [
        "UPDATE products SET revision = revision + 1 WHERE id IN (SELECT value FROM json_each(?))",
        "DELETE FROM audits WHERE product IN (SELECT value FROM json_each(?))
             AND EXISTS (SELECT 1 FROM products p WHERE p.id = product AND p.decision IS NULL)",
    ];
    for statement in FOLLOW {
        sqlx::query(statement).bind(&ids).execute(&mut *write).await.map_err(failed())?;
    }
    sqlx::query(
        "UPDATE replaced_categorisations AS r SET moved = 1,
             evidence = (SELECT c.input_hash FROM categorisations c WHERE c.product = r.product)
         WHERE run = ? AND product IN (SELECT value FROM json_each(?))",
    )
    .bind(run)
    .bind(&ids)
    .execute(&mut *write)
    .await
    .map_err(failed())?;
    let drawn: Vec<_> =
        moves.iter().filter_map(|(id, planned)| Some((id, planned.to.audit.as_ref()?))).collect();
    if !drawn.is_empty() {
        let mut draw = QueryBuilder::new("WITH new (product, taxonomy, category, threshold) AS (");
        draw.push_values(drawn, |mut row, (id, audit)| {
            row.push_bind(id.0).push_bind(&audit.taxonomy).push_bind(&audit.category);
            row.push_bind(f64::from(audit.threshold));
        });
        draw.push(
            ") INSERT INTO audits (product, taxonomy, category, threshold)
             SELECT new.product, new.taxonomy, new.category, new.threshold
             FROM new JOIN products p ON p.id = new.product WHERE p.decision IS NULL",
        );
        draw.build().execute(&mut *write).await.map_err(failed())?;
    }
    Ok(())
}
