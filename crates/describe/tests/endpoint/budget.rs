//! What the server bills is never more than the budget, whatever happens.

use std::path::Path;
use std::sync::Arc;

use berika_catalog::Currency;
use berika_describe::endpoint::{
    Budget, Cost, FileLedger, Ledger, LedgerError, MemoryLedger, Prices, Ticket,
};
use berika_describe::{BoxFuture, LanguageModel, Usage};
use berika_testkit::{Answer, Bill, Misbehaviour, ModelOptions};
use proptest::prelude::*;
use rust_decimal::Decimal;
use tempfile::TempDir;

use crate::support::{Bench, ask, ask_all, error, prompt};

/// The most expensive way to count: every byte a token.
fn bytes(text: &str) -> u64 {
    text.len() as u64
}

fn budget(tokens: Option<u64>, money: Option<&str>) -> Budget {
    let price = |text: &str| text.parse().unwrap();
    let currency = Currency::parse("EUR").unwrap();
    let prices = Prices { currency, prompt: price("2.5"), output: price("10") };
    Budget { tokens, money: money.map(price), prices: Some(prices) }
}

fn billed(bill: Bill) -> Usage {
    Usage { prompt_tokens: bill.prompt_tokens, output_tokens: bill.output_tokens }
}

#[tokio::test]
async fn calls_go_on_until_the_budget_is_spent_and_not_further() {
    for budget in [budget(Some(3_000), None), budget(None, Some("0.01")), budget(Some(4_000), Some("0.01"))] {
        let mut bench = Bench::new(ModelOptions::default());
        bench.settings.budget = budget.clone();
        let ledger = Arc::new(MemoryLedger::new(budget.clone()));
        let endpoint = bench.endpoint_with(ledger.clone());
        let mut answered = 0;
        while ask(&endpoint).await.is_ok() {
            answered += 1;
        }
        let failure = error(&endpoint).await;
        assert_eq!(failure.0, "budget-spent");
        assert!(failure.1.contains("are spent, another call may take"), "{}", failure.1);
        assert_eq!(bench.server.calls(), answered);
        let cost = budget.cost(billed(bench.server.bill()));
        assert_eq!(cost, ledger.spent().await.unwrap(), "the books say what the server says");
        assert!(budget.covers(cost));
        assert!(!budget.covers(cost.plus(budget.most(&prompt(1)))), "there is no room for another call");
    }
}

#[tokio::test]
async fn calls_wait_for_neighbours_that_will_have_cost_less() {
    let mut bench = Bench::new(ModelOptions::default());
    // Room for two calls at the most that they may cost, and for many at what they do cost.
    bench.settings.budget.tokens = Some(2 * Budget::default().most(&prompt(10)).tokens);
    bench.settings.concurrency = 16;
    let answers = ask_all(&Arc::new(bench.endpoint()), 16).await;
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((8..16).contains(&answered), "{answered} of 16");
    assert!(bench.server.most_at_once() <= 15);
}

#[tokio::test]
async fn books_that_cannot_be_kept_keep_everything_from_being_sent() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spent.jsonl");
    let bench = Bench::new(ModelOptions::default());
    let ledger = FileLedger::open(&path, "job", Budget::default()).unwrap();
    let endpoint = bench.endpoint_with(Arc::new(Unkept(ledger)));
    let failure = error(&endpoint).await;
    assert_eq!(failure.0, "model-failed");
    assert!(failure.1.contains("cannot be written down"), "{}", failure.1);
    assert_eq!(bench.server.calls(), 0);
}

/// A ledger whose disk is full.
struct Unkept(FileLedger);

impl Ledger for Unkept {
    fn reserve(&self, _: Cost) -> BoxFuture<'_, Result<Option<Ticket>, LedgerError>> {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        Box::pin(std::future::ready(Err(LedgerError::Keeper(full.into()))))
    }

    fn settle(&self, ticket: Ticket, cost: Cost) -> BoxFuture<'_, Result<(), LedgerError>> {
        self.0.settle(ticket, cost)
    }

    fn spent(&self) -> BoxFuture<'_, Result<Cost, LedgerError>> {
        self.0.spent()
    }
}

/// What the server may do with a call.
fn misbehaviours() -> Vec<Misbehaviour> {
    vec![
        Misbehaviour::NoUsage,
        Misbehaviour::BreakOff,
        Misbehaviour::Endless,
        Misbehaviour::HalfContent,
        Misbehaviour::Answer(Answer::status(500)),
        Misbehaviour::Answer(Answer::status(503).with("retry-after", "2")),
        Misbehaviour::Answer(Answer::status(429).with("retry-after", "2")),
        Misbehaviour::Answer(Answer::status(400)),
        Misbehaviour::Answer(Answer::ok("{}")),
        Misbehaviour::Answer(Answer::ok("{\"error\":{\"code\":400,\"message\":\"no\"}}")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hostile_server_bills_no_more_than_the_budget_across_crashes(
        every in prop::collection::vec((2_u64..7, prop::sample::select(misbehaviours())), 0..4),
        tokens in prop::option::of(500_u64..20_000),
        money in prop::option::of(1_i64..100),
        concurrency in 1_usize..12,
        crashes in prop::collection::vec(0_u64..6, 0..4),
    ) {
        let money = money.map(|thousandths| Decimal::new(thousandths, 3).to_string());
        let mut budget = budget(tokens, money.as_deref());
        if tokens.is_none() && money.is_none() {
            budget.tokens = Some(5_000);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("spent.jsonl");
        let mut bench = Bench::new(ModelOptions { every, tokens: bytes, formats: vec!["json_object"], ..ModelOptions::default() });
        bench.settings.budget = budget.clone();
        bench.settings.concurrency = concurrency;
        runtime.block_on(async {
            for millis in crashes {
                // All calls are dropped where they are just then.
                let some = run(&bench, &path, 30);
                let _cut = tokio::time::timeout(std::time::Duration::from_millis(millis), some).await;
            }
            run(&bench, &path, 60).await;
        });
        let cost = budget.cost(billed(bench.server.bill()));
        prop_assert!(budget.covers(cost), "{cost:?} of {budget:?}");
    }
}

/// A process that asks for so many prompts.
async fn run(bench: &Bench, path: &Path, count: usize) {
    // The file is free once the last write of the process before is done.
    let ledger = loop {
        match FileLedger::open(path, "job", bench.settings.budget.clone()) {
            Ok(ledger) => break ledger,
            Err(LedgerError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    };
    let endpoint = Arc::new(bench.endpoint_with(Arc::new(ledger)));
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..count {
        let endpoint = Arc::clone(&endpoint);
        asking.spawn(async move { endpoint.complete(&prompt(number)).await.is_ok() });
    }
    while asking.join_next().await.is_some() {}
}
