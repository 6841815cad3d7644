//! Budgets of language models.

use berika_store::{Access, ModelCost, Store};
use jiff::{SignedDuration, Timestamp};

fn cost(tokens: u64, billionths: u64) -> ModelCost {
    ModelCost { tokens, billionths }
}

#[tokio::test]
async fn a_budget_holds_over_reservations_that_nobody_settled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berika.sqlite");
    let store = Store::open(&path, Access::Work).await.unwrap();
    let (begin, bound) = (Timestamp::UNIX_EPOCH, cost(100, 1_000));
    let reserve = async |store: &Store, model: &str, most, now: Timestamp| {
        let since = now - SignedDuration::from_hours(1);
        store.reserve_model_cost(model, most, bound, since, now).await.unwrap()
    };
    let first = reserve(&store, "qwen", cost(60, 100), begin).await.unwrap();
    assert_eq!(reserve(&store, "qwen", cost(41, 0), begin).await, None);
    assert_eq!(reserve(&store, "qwen", cost(1, 901), begin).await, None);
    // Another model's budget is another one.
    assert!(reserve(&store, "gemma", cost(100, 1_000), begin).await.is_some());

    assert!(store.settle_model_cost(first, cost(10, 20)).await.unwrap());
    assert!(!store.settle_model_cost(first + 100, cost(10, 20)).await.unwrap());
    reserve(&store, "qwen", cost(90, 0), begin).await.unwrap();
    store.close().await;

    // A process that died before it settled may have sent it.
    let store = Store::open(&path, Access::Work).await.unwrap();
    assert_eq!(store.model_cost("qwen", begin).await.unwrap(), cost(100, 20));
    assert_eq!(reserve(&store, "qwen", cost(1, 0), begin).await, None);
    let later = begin + SignedDuration::from_hours(2);
    assert!(reserve(&store, "qwen", cost(100, 1_000), later).await.is_some());
}
