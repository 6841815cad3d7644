//! The log of runs, for people: how each ended, and two of them side by side.

use std::collections::{BTreeMap, BTreeSet};

use berika_store::{Application, ApplicationState, RunRecord, Store, StoreError};
use serde::Serialize;
use serde_json::Value;

/// Runs of which the beginning of an id is looked for.
const MOST_NAMED: usize = 10;

/// Unfinished runs are looked for among so many.
const LATEST: usize = 1_000;

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// It came to its end.
    Finished,
    /// It was asked to end before all was done.
    Interrupted,
    /// A share of a plan is applied; it goes on when a person says so.
    Canary,
    /// It is at work.
    Running,
    /// It ended before its end; the next one goes on.
    Killed,
}

impl RunState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Interrupted => "interrupted",
            Self::Canary => "canary",
            Self::Running => "running",
            Self::Killed => "killed",
        }
    }
}

/// A run with how it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// As it is remembered.
    #[serde(flatten)]
    pub record: RunRecord,
    /// How it stands.
    pub state: RunState,
    /// From its beginning to its end, in seconds, pauses between included; `None` where it has not ended.
    pub seconds: Option<f64>,
    /// The plan that it applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Application>,
}

/// Why it is not clear which run is meant.
#[derive(Debug, thiserror::Error)]
pub enum RunLookError {
    /// There is none.
    #[error("there is no run {0}; `berika runs list` shows those there are")]
    Unknown(String),
    /// Nothing ran yet.
    #[error("nothing ran yet on this store")]
    None,
    /// There are several.
    #[error("several runs begin with {asked}: {}; write more of the id", .runs.join(", "))]
    Several {
        /// What was asked for.
        asked: String,
        /// Some that begin so.
        runs: Vec<String>,
    },
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The last runs, newest first, at most `limit`.
///
/// # Errors
/// Any statement's failure.
pub async fn list(store: &Store, limit: usize) -> Result<Vec<Run>, StoreError> {
    let records = store.runs(limit).await?;
    stand(store, records).await
}

/// The run that `asked` means: its id or the only one that begins so, with or without `run_`; or `latest`.
///
/// # Errors
/// [`RunLookError`].
pub async fn find(store: &Store, asked: &str) -> Result<Run, RunLookError> {
    let mut records = if asked == "latest" {
        store.runs(1).await?
    } else {
        let prefix = if asked.starts_with("run_") { asked.to_owned() } else { format!("run_{asked}") };
        store.runs_beginning(&prefix, MOST_NAMED).await?
    };
    if let Some(exact) = records.iter().position(|record| record.id == asked) {
        records = vec![records.swap_remove(exact)];
    }
    if records.len() > 1 {
        let runs = records.into_iter().map(|record| record.id).collect();
        return Err(RunLookError::Several { asked: asked.to_owned(), runs });
    }
    match stand(store, records).await?.pop() {
        Some(run) => Ok(run),
        None if asked == "latest" => Err(RunLookError::None),
        None => Err(RunLookError::Unknown(asked.to_owned())),
    }
}

/// How these runs stand.
async fn stand(store: &Store, records: Vec<RunRecord>) -> Result<Vec<Run>, StoreError> {
    let mut applications: BTreeMap<String, Application> = store
        .applications()
        .await?
        .into_iter()
        .map(|application| (application.run.clone(), application))
        .collect();
    let waits = |record: &RunRecord| {
        applications.get(&record.id).is_some_and(|application| application.state == ApplicationState::Canary)
    };
    // One process works at a time: of the runs that have not ended, only the latest can be at work.
    let mut running = None;
    if records.iter().any(|record| record.finished_at.is_none()) && store.is_worked_on() {
        let latest = store.runs(LATEST).await?;
        let open = latest.into_iter().find(|record| record.finished_at.is_none() && !waits(record));
        running = open.map(|record| record.id);
    }
    let state = |record: &RunRecord| match record.finished_at {
        Some(_) => {
            let interrupted = record.counts.as_ref().and_then(|counts| counts["interrupted"].as_bool());
            if interrupted == Some(true) { RunState::Interrupted } else { RunState::Finished }
        }
        None if waits(record) => RunState::Canary,
        None if running.as_ref() == Some(&record.id) => RunState::Running,
        None => RunState::Killed,
    };
    let states: Vec<RunState> = records.iter().map(state).collect();
    let runs = records.into_iter().zip(states).map(|(record, state)| Run {
        state,
        seconds: record.finished_at.map(|end| end.duration_since(record.started_at).as_secs_f64()),
        application: applications.remove(&record.id),
        record,
    });
    Ok(runs.collect())
}

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunDiff {
    /// The first run.
    pub before: String,
    /// The second.
    pub after: String,
    /// Recipes that are not the same.
    pub recipes: Vec<RecipeDiff>,
    /// How long stages took, in seconds, in their order.
    pub stages: Vec<FigureDiff>,
    /// Figures of either run.
    pub figures: Vec<FigureDiff>,
}

/// A recipe of two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecipeDiff {
    /// What is made by it.
    pub name: String,
    /// The first run's.
    pub before: Option<String>,
    /// The second run's.
    pub after: Option<String>,
}

/// A figure of two runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureDiff {
    /// What is counted.
    pub name: String,
    /// In the first run.
    pub before: Option<f64>,
    /// In the second.
    pub after: Option<f64>,
}

impl FigureDiff {
    /// The second less the first, where both are known.
    pub fn difference(&self) -> Option<f64> {
        Some(self.after? - self.before?)
    }
}

/// Compares two runs.
pub fn diff(before: &RunRecord, after: &RunRecord) -> RunDiff {
    let recipes = |record: &RunRecord| {
        let mut texts = BTreeMap::new();
        flatten("", &record.recipes, &mut |name, value| {
            if !value.is_null() {
                texts.insert(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        });
        texts
    };
    let (old, new) = (recipes(before), recipes(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let recipes = names.into_iter().filter(|name| old.get(*name) != new.get(*name)).map(|name| RecipeDiff {
        name: name.clone(),
        before: old.get(name).cloned(),
        after: new.get(name).cloned(),
    });
    let (old, new) = (figures(before), figures(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |name: &str, key: &str| FigureDiff {
        name: name.to_owned(),
        before: old.get(key).copied(),
        after: new.get(key).copied(),
    };
    let is_time = |name: &str| name == "took" || (name.starts_with("stages.") && name.ends_with(".took"));
    let mut stages: Vec<String> = Vec::new();
    for stage in stage_names(before).into_iter().chain(stage_names(after)) {
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    let mut times: Vec<FigureDiff> =
        stages.iter().map(|stage| of(stage, &format!("stages.{stage}.took"))).collect();
    times.push(of("all", "took"));
    RunDiff {
        before: before.id.clone(),
        after: after.id.clone(),
        recipes: recipes.collect(),
        stages: times,
        figures: names.into_iter().filter(|name| !is_time(name)).map(|name| of(name, name)).collect(),
    }
}

/// The numbers of what a run did, by a name such as `suppliers.nordmat.standing.accepted`.
pub fn figures(record: &RunRecord) -> BTreeMap<String, f64> {
    let mut numbers = BTreeMap::new();
    if let Some(counts) = &record.counts {
        flatten("", counts, &mut |name, value| {
            if let Some(number) = value.as_f64() {
                numbers.insert(name, number);
            }
        });
    }
    numbers
}

fn stage_names(record: &RunRecord) -> Vec<String> {
    let stages = record.counts.as_ref().and_then(|counts| counts["stages"].as_array());
    let names = stages.into_iter().flatten().filter_map(|stage| stage["stage"].as_str());
    names.map(str::to_owned).collect()
}

/// Tells of every leaf of a JSON document with the names on the way to it. Of a list, only members that say what they are of.
fn flatten(name: &str, value: &Value, tell: &mut impl FnMut(String, &Value)) {
    const NAMED_BY: [&str; 4] = ["stage", "endpoint", "id", "why"];
    let below = |member: &str| if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&below(member), value, tell);
            }
        }
        Value::Array(members) => {
            for member in members {
                let named = NAMED_BY.iter().find_map(|key| member.get(*key)?.as_str());
                if let Some(named) = named {
                    flatten(&below(named), member, tell);
                }
            }
        }
        leaf => tell(name.to_owned(), leaf),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::json;

    fn record(id: &str, recipes: Value, counts: Value) -> RunRecord {
        RunRecord {
            id: id.to_owned(),
            command: "run".to_owned(),
            by: "buyer".to_owned(),
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: Some(Timestamp::UNIX_EPOCH),
            recipes,
            counts: Some(counts),
        }
    }

    #[test]
    fn two_runs_stand_side_by_side_with_what_differs() {
        let stage =
            |name: &str, took: f64, items: u64| json!({ "stage": name, "took": took, "items": items });
        let before = record(
            "run_a",
            json!({ "model": "small", "taxonomy": "own version 1", "encoder": null }),
            json!({ "took": 2.0, "stages": [stage("text", 0.5, 10), stage("publish", 0.25, 4)],
                "suppliers": [{ "id": "alfa", "standing": { "accepted": 3 }, "outcome": { "delivery": "unchanged" } }],
                "failures": ["one"] }),
        );
        let after = record(
            "run_b",
            json!({ "model": "large", "taxonomy": "own version 1" }),
            json!({ "took": 3.0, "stages": [stage("moves", 1.0, 7), stage("publish", 0.75, 4)],
                "suppliers": [{ "id": "alfa", "standing": { "accepted": 8 } }] }),
        );
        let diff = diff(&before, &after);
        let recipe = &diff.recipes[0];
        assert_eq!((diff.recipes.len(), recipe.name.as_str()), (1, "model"));
        assert_eq!((recipe.before.as_deref(), recipe.after.as_deref()), (Some("small"), Some("large")));
        let times: Vec<_> = diff.stages.iter().map(|f| (f.name.as_str(), f.difference())).collect();
        assert_eq!(
            times,
            [("text", None), ("publish", Some(0.5)), ("moves", None), ("all", Some(1.0))],
            "in the order of stages"
        );
        let figure =
            |name: &str| diff.figures.iter().find(|f| f.name == name).and_then(FigureDiff::difference);
        assert_eq!(figure("suppliers.alfa.standing.accepted"), Some(5.0));
        assert_eq!(figure("stages.publish.items"), Some(0.0));
        assert!(diff.figures.iter().all(|f| !f.name.ends_with("took")));
    }
}
