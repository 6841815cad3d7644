use super::*;
use crate::recategorise::plan_file::tests::plan;
use berika_catalog::{ProductKey, ProductState, ProductValues};
use berika_store::{ProductId, ShadowStanding};

/// A product that stands so.
pub(crate) fn product(sku: &str, verdict: &str, category: Option<&str>, confidence: f64) -> ShadowProduct {
    ShadowProduct {
        id: ProductId::default(),
        key: ProductKey::parse(&format!("alfa/{sku}")).unwrap(),
        values: ProductValues { title: Some(format!("Title of {sku}")), ..ProductValues::default() },
        state: ProductState::Active,
        locked: false,
        joined: false,
        decision: None,
        text: None,
        standing: Some(ShadowStanding {
            verdict: verdict.to_owned(),
            category: category.map(str::to_owned),
            confidence,
            recipe: "before".to_owned(),
            fresh: true,
        }),
        published: 1,
    }
}

/// The move of a product.
fn step(product: &ShadowProduct, verdict: &str, category: Option<&str>, confidence: f64) -> Move {
    let mut step = plan().moves.remove(0);
    step.product = product.key.clone();
    step.from = standing(product).unwrap();
    step.to.verdict = verdict.to_owned();
    step.to.category = category.map(|id| CategoryId(id.to_owned()));
    step.to.confidence = confidence;
    step
}

#[test]
fn flows_come_most_frequent_first_with_the_first_few_products_as_examples() {
    let mut tally = Tally::default();
    for at in 0..7 {
        let product = product(&format!("T{at}"), "accept", Some("tea"), 0.5);
        tally.moved(&product, &step(&product, "accept", Some("coffee"), 0.75), false);
    }
    let unsure = product("A", "accept", Some("tea"), 1.0);
    tally.moved(&unsure, &step(&unsure, "review", None, 0.25), false);
    let found = product("B", "review", None, 0.0);
    tally.moved(&found, &step(&found, "accept", Some("tea"), 1.0), false);
    tally.unchanged(&product("C", "review", None, 0.5));
    tally.untouched(&product("D", "accept", Some("tea"), 1.0), "locked");
    assert_eq!((tally.moves(), tally.accepted, tally.withdrawn), (9, 8, 0));
    assert_eq!(tally.left["tea"], AcceptedIn { products: 8, unlocked: 8, published: 8 });

    let summary = tally.summary();
    assert_eq!((summary.products, summary.unchanged), (11, 1));
    assert_eq!(summary.untouched, BTreeMap::from([("locked".to_owned(), 1)]));
    assert_eq!((summary.review_before, summary.review_after), (2, 2));
    assert_eq!((summary.confidence_before, summary.confidence_after), (0.5, 0.7222));
    let counts: Vec<u64> = summary.flows.iter().map(|flow| flow.products).collect();
    assert_eq!(counts, [7, 1, 1]);
    let first = &summary.flows[0];
    assert_eq!(
        (first.from.as_ref().unwrap().as_str(), first.to.as_ref().unwrap().as_str()),
        ("tea", "coffee")
    );
    assert_eq!((first.confidence_before, first.confidence_after), (0.5, 0.75));
    let examples: Vec<&str> = first.examples.iter().map(|example| example.product.sku.as_str()).collect();
    assert_eq!(examples, ["T0", "T1", "T2", "T3", "T4"]);
    assert_eq!(first.examples[0].title.as_deref(), Some("Title of T0"));
    assert_eq!(first.examples[0].reason, "unsure");
}

#[test]
fn what_leaves_a_category_that_goes_is_withdrawn_where_it_was_published() {
    let mut tally = Tally::default();
    let published = product("A", "accept", Some("tea"), 1.0);
    let never = ShadowProduct { published: 0, ..product("B", "accept", Some("tea"), 1.0) };
    for product in [&published, &never] {
        tally.moved(product, &step(product, "review", None, 0.5), true);
    }
    tally.moved(&published, &step(&published, "accept", Some("coffee"), 0.9), true);
    assert_eq!((tally.withdrawn, tally.accepted), (1, 1));
}
