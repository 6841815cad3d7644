//! The log of runs.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::open::commit;
use crate::products::{parse_json, to_json};
use crate::{Store, StoreError};

/// A run that begins.
#[derive(Debug, Clone)]
pub struct NewRun<'a> {
    /// Its id.
    pub id: &'a str,
    /// The command, such as `run`.
    pub command: &'a str,
    /// Who started it.
    pub by: &'a str,
    /// Stage to recipe, as JSON.
    pub recipes: &'a serde_json::Value,
}

/// A run as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunRecord {
    /// Its id.
    pub id: String,
    /// The command.
    pub command: String,
    /// Who started it.
    pub by: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `None` where it runs or was killed.
    pub finished_at: Option<Timestamp>,
    /// Stage to recipe, as JSON.
    pub recipes: serde_json::Value,
    /// What it did, as JSON.
    pub counts: Option<serde_json::Value>,
}

impl Store {
    /// Writes down that a run begins.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn begin_run(&self, run: NewRun<'_>, now: Timestamp) -> Result<(), StoreError> {
        let doing = "beginning a run";
        let mut write = self.write(doing).await?;
        insert_run(&mut write, &run, now).await?;
        commit(write, doing).await
    }

    /// Writes down what a run came to.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn finish_run(
        &self,
        id: &str,
        counts: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "finishing a run";
        let mut write = self.write(doing).await?;
        end_run(&mut write, id, counts, now).await?;
        commit(write, doing).await
    }

    /// The last `limit` runs, newest first.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn runs(&self, limit: usize) -> Result<Vec<RunRecord>, StoreError> {
        let rows = sqlx::query("SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT ?")
            .bind(limit as i64)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("listing runs"))?;
        rows.iter().map(run_record).collect()
    }

    /// The runs whose id begins with `prefix`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn runs_beginning(&self, prefix: &str, limit: usize) -> Result<Vec<RunRecord>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM runs WHERE substr(id, 1, length(?1)) = ?1 ORDER BY started_at, id LIMIT ?2",
        )
        .bind(prefix)
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for a run"))?;
        rows.iter().map(run_record).collect()
    }
}

/// Writes down that a run begins.
pub(crate) async fn insert_run(
    write: &mut SqliteConnection,
    run: &NewRun<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO runs (id, command, started_by, started_at, recipes) VALUES (?, ?, ?, ?, ?)")
        .bind(run.id)
        .bind(run.command)
        .bind(run.by)
        .bind(now.as_millisecond())
        .bind(to_json(run.recipes))
        .execute(write)
        .await
        .map_err(StoreError::statement("beginning a run"))?;
    Ok(())
}

/// Writes down what a run came to.
pub(crate) async fn end_run(
    write: &mut SqliteConnection,
    id: &str,
    counts: &serde_json::Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE runs SET finished_at = ?, counts = ? WHERE id = ?")
        .bind(now.as_millisecond())
        .bind(to_json(counts))
        .bind(id)
        .execute(write)
        .await
        .map_err(StoreError::statement("finishing a run"))?;
    Ok(())
}

fn run_record(row: &SqliteRow) -> Result<RunRecord, StoreError> {
    let time = |at: i64| Timestamp::from_millisecond(at).map_err(StoreError::corrupt("a run's time"));
    let counts: Option<&str> = row.get("counts");
    Ok(RunRecord {
        id: row.get("id"),
        command: row.get("command"),
        by: row.get("started_by"),
        started_at: time(row.get("started_at"))?,
        finished_at: row.get::<Option<i64>, _>("finished_at").map(time).transpose()?,
        recipes: parse_json("a run's recipes", row.get("recipes"))?,
        counts: counts.map(|text| parse_json("a run's counts", text)).transpose()?,
    })
}
