//! Plans that were applied: one run each, in batches, however often it is stopped or killed in between. How a batch of moves
//! is written is in `moves`, how it is taken back in `revert`, what is kept for that in `journal`.

mod journal;
mod moves;
mod revert;

use berika_catalog::Digest;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteExecutor, SqliteRow};

use crate::open::commit;
use crate::products::to_json;
use crate::runs::insert_run;
use crate::{NewRun, Store, StoreError};

pub(crate) use journal::journal;
pub use moves::{Moved, PlannedMove, PlannedStanding, Since, Stands};
pub use revert::{NewRevert, Reverted, TouchedSince};

/// How far an application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationState {
    /// It is at work, or was stopped or killed.
    Applying,
    /// A share of its moves is made and carried through; a person looks at them.
    Canary,
    /// It is done.
    Applied,
    /// It is being taken back, or that was stopped or killed.
    Reverting,
    /// It is taken back.
    Reverted,
}

impl ApplicationState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applying => "applying",
            Self::Canary => "canary",
            Self::Applied => "applied",
            Self::Reverting => "reverting",
            Self::Reverted => "reverted",
        }
    }
}

/// A plan that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Application {
    /// The run that applies it.
    pub run: String,
    /// The plan's id.
    pub plan: String,
    /// The plan's digest.
    pub digest: String,
    /// The taxonomy whose categories it moves products between.
    pub taxonomy: String,
    /// How far it is.
    pub state: ApplicationState,
    /// Moves of the whole plan.
    pub moves: u64,
    /// The run that takes it back.
    pub reverted_by: Option<String>,
    /// Whether what it replaced is no longer kept.
    pub forgotten: bool,
}

/// A plan that is about to be applied.
#[derive(Debug, Clone, Copy)]
pub struct NewApplication<'a> {
    /// The plan's id.
    pub plan: &'a str,
    /// The plan's digest.
    pub digest: &'a str,
    /// The taxonomy whose categories it moves products between.
    pub taxonomy: &'a str,
    /// How many moves it has.
    pub moves: u64,
}

impl Store {
    /// Begins to apply a plan, in a run that begins with it.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] where another one is not done; any statement's failure; also where the plan was applied before.
    pub async fn begin_application(
        &self,
        run: NewRun<'_>,
        new: NewApplication<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "beginning to apply a plan";
        let mut write = self.write(doing).await?;
        refuse_under_way(&mut *write, None).await?;
        insert_run(&mut write, &run, now).await?;
        sqlx::query(
            "INSERT INTO applications (run, plan, digest, taxonomy, state, moves) VALUES (?, ?, ?, ?, 'applying', ?)",
        )
        .bind(run.id)
        .bind(new.plan)
        .bind(new.digest)
        .bind(new.taxonomy)
        .bind(new.moves as i64)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }

    /// Takes back that an application has begun that has changed nothing yet, and ends its run.
    ///
    /// # Errors
    /// Any statement's failure; also where it has replaced something.
    pub async fn abandon_application(
        &self,
        run: &str,
        counts: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "giving up the application of a plan";
        let mut write = self.write(doing).await?;
        sqlx::query("DELETE FROM applications WHERE run = ?")
            .bind(run)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        crate::runs::end_run(&mut write, run, counts, now).await?;
        commit(write, doing).await
    }

    /// Goes on with a canary: from now on it is at work again.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] where another one is not done; any statement's failure.
    pub async fn resume_application(&self, run: &str) -> Result<(), StoreError> {
        let doing = "going on with a plan";
        let mut write = self.write(doing).await?;
        refuse_under_way(&mut *write, Some(run)).await?;
        set_state(&mut write, run, ApplicationState::Applying).await?;
        commit(write, doing).await
    }

    /// Ends an application at its canary: what it came to so far is written down, and the run is not finished.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn pause_application(&self, run: &str, counts: &serde_json::Value) -> Result<(), StoreError> {
        let doing = "ending a canary";
        let mut write = self.write(doing).await?;
        set_state(&mut write, run, ApplicationState::Canary).await?;
        sqlx::query("UPDATE runs SET counts = ? WHERE id = ?")
            .bind(to_json(counts))
            .bind(run)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }

    /// Ends an application, and its run with it.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn finish_application(
        &self,
        run: &str,
        counts: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "finishing the application of a plan";
        let mut write = self.write(doing).await?;
        set_state(&mut write, run, ApplicationState::Applied).await?;
        crate::runs::end_run(&mut write, run, counts, now).await?;
        commit(write, doing).await
    }

    /// The application of this plan, where it has begun.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn application_of_plan(&self, plan: &str) -> Result<Option<Application>, StoreError> {
        sqlx::query("SELECT * FROM applications WHERE plan = ?")
            .bind(plan)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("looking for a plan's application"))?
            .map(|row| application(&row))
            .transpose()
    }

    /// The application that this run is.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn application(&self, run: &str) -> Result<Option<Application>, StoreError> {
        sqlx::query("SELECT * FROM applications WHERE run = ?")
            .bind(run)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading an application"))?
            .map(|row| application(&row))
            .transpose()
    }

    /// All plans that were applied.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn applications(&self) -> Result<Vec<Application>, StoreError> {
        let rows = sqlx::query("SELECT * FROM applications ORDER BY run")
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("listing applications"))?;
        rows.iter().map(application).collect()
    }

    /// Refuses to begin anything while an application is being made or taken back.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`], or any statement's failure.
    pub async fn nothing_under_way(&self) -> Result<(), StoreError> {
        refuse_under_way(self.readers(), None).await
    }

    /// How many moves of an application are made.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn moves_made(&self, run: &str) -> Result<u64, StoreError> {
        let row =
            sqlx::query("SELECT count(*) AS made FROM replaced_categorisations WHERE run = ? AND moved = 1")
                .bind(run)
                .fetch_one(self.readers())
                .await
                .map_err(StoreError::statement("counting moves"))?;
        Ok(row.get::<i64, _>("made").unsigned_abs())
    }

    /// A hash over all that applying and taking back is about, row by row and column by column: categories, texts, descriptions
    /// and audits. Two stores with the same hash stand the same.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn standing_digest(&self) -> Result<Digest, StoreError> {
        const PAGE: i64 = 1_000;
        let (mut after, mut pages) = (0, Vec::new());
        loop {
            let rows = sqlx::query(
                "SELECT p.id, json_array(
                     (SELECT json_array(c.input_hash, c.decision, c.recipe, c.verdict, c.category, c.confidence, c.candidates,
                         c.reasons, c.run, c.promise) FROM categorisations c WHERE c.product = p.id),
                     (SELECT json_array(t.input_hash, t.recipe, t.text, t.text_hash, t.evidence_hash, t.facts_hash)
                      FROM texts t WHERE t.product = p.id),
                     (SELECT json_group_array(json_array(d.language, d.facts_hash, d.category, d.recipe, d.title, d.reason,
                         d.run, d.description, d.written_at) ORDER BY d.language)
                      FROM descriptions d WHERE d.product = p.id),
                     (SELECT json_array(a.taxonomy, a.category, a.threshold) FROM audits a WHERE a.product = p.id)) AS line
                 FROM products p WHERE p.id > ? ORDER BY p.id LIMIT ?",
            )
            .bind(after)
            .bind(PAGE)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("hashing how products stand"))?;
            let Some(last) = rows.last() else { break };
            after = last.get("id");
            pages.push(Digest::of_parts(rows.iter().map(|row| row.get::<&str, _>("line"))));
        }
        Ok(Digest::of_parts(pages.iter().map(Digest::as_str)))
    }

    /// Forgets what applications replaced that are taken back, or were finished longer ago than `age`. Returns of how many.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn forget_replaced(&self, age: SignedDuration, now: Timestamp) -> Result<u64, StoreError> {
        let doing = "forgetting what was replaced";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        let old = sqlx::query(
            "SELECT a.run FROM applications a JOIN runs r ON r.id = a.run
             WHERE a.forgotten = 0 AND (a.state = 'reverted' OR a.state = 'applied' AND r.finished_at < ?)",
        )
        .bind((now - age).as_millisecond())
        .fetch_all(&mut *write)
        .await
        .map_err(failed())?;
        const FORGET: [&str; 6] = [
            "DELETE FROM replaced_renames WHERE run = ?",
            "DELETE FROM replaced_texts WHERE run = ?",
            "DELETE FROM replaced_descriptions WHERE run = ?",
            "DELETE FROM replaced_audits WHERE run = ?",
            "DELETE FROM replaced_categorisations WHERE run = ?",
            "UPDATE applications SET forgotten = 1 WHERE run = ?",
        ];
        for row in &old {
            for statement in FORGET {
                let run: &str = row.get("run");
                sqlx::query(statement).bind(run).execute(&mut *write).await.map_err(failed())?;
            }
        }
        commit(write, doing).await?;
        Ok(old.len() as u64)
    }
}

/// Refuses while an application other than `but` is being made or taken back: each goes on from what it left, and what
/// another one changes in between would be in its way for good.
pub(crate) async fn refuse_under_way(
    from: impl SqliteExecutor<'_>,
    but: Option<&str>,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT run, state FROM applications WHERE state IN ('applying', 'reverting') AND run IS NOT ?
         ORDER BY run LIMIT 1",
    )
    .bind(but)
    .fetch_optional(from)
    .await
    .map_err(StoreError::statement("looking for applications that are not done"))?;
    let Some(row) = row else { return Ok(()) };
    let run: String = row.get("run");
    let back = format!("`berika recategorise revert {run}`");
    let go_on = if row.get::<&str, _>("state") == ApplicationState::Reverting.as_str() {
        format!("is not taken back yet; {back} goes on with it")
    } else {
        format!(
            "applies a plan and is not done; the command that began it (`berika recategorise apply PLAN`, `berika taxonomy \
             apply FILE`) goes on with it, {back} takes it back"
        )
    };
    Err(StoreError::UnderWay { run, go_on })
}

async fn set_state(
    write: &mut SqliteConnection,
    run: &str,
    state: ApplicationState,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE applications SET state = ? WHERE run = ?")
        .bind(state.as_str())
        .bind(run)
        .execute(write)
        .await
        .map_err(StoreError::statement("writing how far an application is"))?;
    Ok(())
}

/// The application in a row of `applications`.
fn application(row: &SqliteRow) -> Result<Application, StoreError> {
    let state = serde_json::Value::from(row.get::<&str, _>("state"));
    Ok(Application {
        run: row.get("run"),
        plan: row.get("plan"),
        digest: row.get("digest"),
        taxonomy: row.get("taxonomy"),
        state: serde_json::from_value(state).map_err(StoreError::corrupt("how far an application is"))?,
        moves: row.get::<i64, _>("moves").unsigned_abs(),
        reverted_by: row.get("reverted_by"),
        forgotten: row.get("forgotten"),
    })
}
