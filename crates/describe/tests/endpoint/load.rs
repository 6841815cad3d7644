//! A long job against a server that does everything wrong at times.

use std::sync::Arc;
use std::time::{Duration, Instant};

use berika_describe::endpoint::{Budget, FileLedger, Ledger};
use berika_testkit::{Answer, Misbehaviour, ModelOptions, RateLimit};
use tempfile::TempDir;

use crate::support::{Bench, ask_all};

const CALLS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_end_each_with_an_answer_or_a_cause_within_the_budget() {
    let mut bench = Bench::new(ModelOptions {
        latency: Duration::from_millis(1),
        rate: Some(RateLimit { calls: 400, window: Duration::from_secs(30) }),
        every: vec![
            (10, Misbehaviour::Answer(Answer::status(500))),
            (501, Misbehaviour::BreakOff),
            (37, Misbehaviour::HalfContent),
            (41, Misbehaviour::NoUsage),
            (1009, Misbehaviour::Endless),
        ],
        ..ModelOptions::default()
    });
    bench.settings.concurrency = 32;
    bench.settings.budget = Budget { tokens: Some(3_000_000), ..Budget::default() };
    let folder = TempDir::new().unwrap();
    let ledger =
        FileLedger::open(&folder.path().join("spent.jsonl"), "job", bench.settings.budget.clone()).unwrap();
    let endpoint = Arc::new(bench.endpoint_with(Arc::new(ledger.clone())));

    let begun = Instant::now();
    let answers = ask_all(&endpoint, CALLS).await;
    let elapsed = begun.elapsed();

    let failed: Vec<String> =
        answers.iter().filter_map(|answer| answer.as_ref().err()).map(ToString::to_string).collect();
    let (bill, spent, tally) = (bench.server.bill(), ledger.spent().await.unwrap(), endpoint.tally());
    println!("{elapsed:?} {} failed, {tally:?}, {bill:?}, {spent:?}", failed.len());
    // What has no end is not asked for again, and one of ten thousand tries fails four times in a row.
    assert!(failed.len() < CALLS / 500, "{} failed: {:?}", failed.len(), failed.first());
    assert_eq!(tally.answers as usize, CALLS - failed.len());
    assert!(bill.prompt_tokens + bill.output_tokens <= spent.tokens);
    assert!(bench.settings.budget.covers(spent));
    assert!(elapsed < Duration::from_secs(120), "{elapsed:?}: no pause of this job is really waited for");
}
