//! Answers that never end.

use std::time::Instant;

use berika_testkit::{Misbehaviour, ModelOptions};
use rust_decimal::Decimal;

use crate::support::{Bench, ask, error};

#[tokio::test]
async fn an_answer_without_end_is_read_up_to_the_cap() {
    let bench =
        Bench::new(ModelOptions { every: vec![(1, Misbehaviour::Endless)], ..ModelOptions::default() });
    let failure = error(&bench.endpoint()).await;
    assert!(failure.1.contains("larger than the limit of 1048576 bytes"), "{}", failure.1);
    assert_eq!(bench.server.calls(), 1, "it would be as long the next time");
}

#[tokio::test]
async fn a_server_that_drips_or_hangs_ends_at_the_deadline_and_may_have_cost_all() {
    for misbehaviour in [Misbehaviour::Drip, Misbehaviour::Hang] {
        let mut bench = Bench::new(ModelOptions::default());
        bench.settings.timeout_seconds = 1;
        bench.settings.budget.tokens = Some(100_000);
        bench.server.next([misbehaviour]);
        let ledger =
            std::sync::Arc::new(berika_describe::endpoint::MemoryLedger::new(bench.settings.budget.clone()));
        let endpoint = bench.endpoint_with(ledger.clone());
        let begun = Instant::now();
        ask(&endpoint).await.unwrap();
        assert!(begun.elapsed().as_secs_f64() < 10.0, "{:?}", begun.elapsed());
        assert_eq!(bench.server.calls(), 2);
        let spent = berika_describe::endpoint::Ledger::spent(&*ledger).await.unwrap();
        let bill = bench.server.bill();
        assert!(spent.tokens >= bill.prompt_tokens + bill.output_tokens, "{spent:?} {bill:?}");
        assert_eq!(spent.money, Decimal::ZERO);
    }
}
