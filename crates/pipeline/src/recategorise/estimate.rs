//! How long applying a plan will take, by how long the same took in earlier runs.

use std::collections::BTreeMap;

use berika_store::RunRecord;
use serde_json::Value;

/// How many of the latest runs are looked at.
pub(crate) const RUNS: usize = 20;

/// So many rows tell a rate; with fewer, what a stage does once weighs more than what it does with each.
const ENOUGH: f64 = 100.0;

/// Seconds a row, by stage, where earlier runs do not tell: rounded up from an old machine.
const DEFAULTS: [(&str, f64); 4] =
    [("moves", 0.000_5), ("description", 0.002), ("publish", 0.001), ("delivery", 0.005)];

/// Seconds by stage for so many rows in each; stages without any are left out.
pub(crate) fn seconds(runs: &[RunRecord], rows: &BTreeMap<&'static str, u64>) -> BTreeMap<String, f64> {
    let of = |(stage, rows): (&&'static str, &u64)| {
        let default = DEFAULTS.iter().find(|(known, _)| known == stage).map_or(0.0, |(_, seconds)| *seconds);
        let seconds = rate(runs, stage).unwrap_or(default) * *rows as f64;
        ((*stage).to_owned(), (seconds * 10.0).ceil() / 10.0)
    };
    rows.iter().filter(|(_, rows)| **rows > 0).map(of).collect()
}

/// Seconds a row in these runs.
fn rate(runs: &[RunRecord], stage: &str) -> Option<f64> {
    let stages = runs.iter().filter_map(|run| run.counts.as_ref()?.get("stages")?.as_array()).flatten();
    let (took, items) = stages
        .filter(|row| row.get("stage").and_then(Value::as_str) == Some(stage))
        .filter_map(|row| Some((row.get("took")?.as_f64()?, row.get("items")?.as_u64()? as f64)))
        .filter(|(_, items)| *items > 0.0)
        .fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    (items >= ENOUGH).then(|| took / items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::json;

    fn run(counts: Option<Value>) -> RunRecord {
        RunRecord {
            id: "run_1".to_owned(),
            command: "run".to_owned(),
            by: "tester".to_owned(),
            started_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
            recipes: Value::Null,
            counts,
        }
    }

    #[test]
    fn enough_rows_of_earlier_runs_tell_and_fewer_do_not() {
        let stages = |stages: Value| run(Some(json!({ "stages": stages })));
        let rows = BTreeMap::from([("description", 1000), ("publish", 10), ("delivery", 0)]);
        let runs = [
            stages(
                json!([{"stage": "description", "took": 3.0, "items": 100}, {"stage": "publish", "took": 9.0, "items": 3}]),
            ),
            stages(json!([{"stage": "description", "took": 1.0, "items": 100}, {"stage": "description"}])),
            run(None),
            run(Some(json!({"moves": 4}))),
        ];
        let expected = BTreeMap::from([("description".to_owned(), 20.0), ("publish".to_owned(), 0.1)]);
        assert_eq!(seconds(&runs, &rows), expected);
    }
}
