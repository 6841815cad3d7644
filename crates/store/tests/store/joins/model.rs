//! Random deliveries, joins and parts against the rules as they are told: what a leader shows always equals what the order
//! says, and what stands alone shows its own.

use berika_catalog::FieldOrder;
use berika_store::Store;
use proptest::prelude::*;

use super::{BY, deliver, key, order, product};
use crate::scene::{NOW, Scene};

const SUPPLIERS: [&str; 3] = ["a", "b", "c"];
const ORDERS: [&[&str]; 3] = [&["a", "b", "c"], &["c", "b"], &[]];

#[derive(Debug, Clone)]
enum Step {
    /// A supplier's delivery: title and brand of each of its two products; `None`: it lists it no more.
    Deliver(usize, [Option<(u8, Option<u8>)>; 2]),
    Join(usize, usize),
    Part(usize),
    /// The stage after deliveries, by this order.
    Settle(usize),
}

/// A product, in the order of rows.
#[derive(Debug, Clone)]
struct Known {
    name: String,
    supplier: usize,
    said: (String, Option<String>),
    listed: bool,
    into: Option<usize>,
}

impl Known {
    fn place(&self, order: &[&str]) -> usize {
        order.iter().position(|id| *id == SUPPLIERS[self.supplier]).unwrap_or(usize::MAX)
    }
}

fn step() -> impl Strategy<Value = Step> {
    let said = || proptest::option::weighted(0.8, (0..4u8, proptest::option::of(0..3u8)));
    prop_oneof![
        3 => (0..3usize, [said(), said()]).prop_map(|(supplier, said)| Step::Deliver(supplier, said)),
        3 => (0..6usize, 0..6usize).prop_map(|(leader, other)| Step::Join(leader, other)),
        1 => (0..6usize).prop_map(Step::Part),
        2 => (0..3usize).prop_map(Step::Settle),
    ]
}

/// What the rules say of titles and brands.
fn expected(products: &[Known], at: usize, order: &[&str]) -> (String, Option<String>) {
    let leader = &products[at];
    if leader.into.is_some() {
        return leader.said.clone();
    }
    let others = (0..products.len()).filter(|&other| products[other].into == Some(at));
    let giving = std::iter::once(at).chain(others.filter(|&other| products[other].listed));
    let mut giving: Vec<usize> = giving.collect();
    giving.sort_by_key(|&one| (products[one].place(order), one != at, one));
    let brand = giving.iter().find_map(|&one| products[one].said.1.clone());
    (products[giving[0]].said.0.clone(), brand)
}

fn lead_anew(products: &mut [Known], order: &[&str]) {
    for at in 0..products.len() {
        let others: Vec<usize> =
            (0..products.len()).filter(|&other| products[other].into == Some(at)).collect();
        let listed = others.iter().copied().filter(|&other| products[other].listed);
        let next = listed.min_by_key(|&other| (products[other].place(order), other));
        if let Some(next) = next.filter(|_| !products[at].listed) {
            others.iter().chain([&at]).for_each(|&other| products[other].into = Some(next));
            products[next].into = None;
        }
    }
}

async fn check(store: &Store, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut products: Vec<Known> = Vec::new();
    let names: Vec<String> =
        SUPPLIERS.iter().flat_map(|supplier| ["1", "2"].map(|sku| format!("{supplier}/{sku}"))).collect();
    let mut by = ORDERS[0];
    for step in steps {
        let asked: FieldOrder = order(by);
        match step {
            Step::Deliver(supplier, said) => {
                let text = |(title, brand): (u8, Option<u8>)| {
                    (format!("{} {title}", SUPPLIERS[*supplier]), brand.map(|brand| format!("brand {brand}")))
                };
                let said = said.map(|said| said.map(text));
                let rows: Vec<_> = ["1", "2"]
                    .into_iter()
                    .zip(&said)
                    .filter_map(|(sku, said)| {
                        let (title, brand) = said.as_ref()?;
                        Some((sku, super::said(title, brand.as_deref())))
                    })
                    .collect();
                deliver(store, SUPPLIERS[*supplier], &rows).await;
                for (at, said) in said.into_iter().enumerate() {
                    let name = &names[supplier * 2 + at];
                    let known = products.iter_mut().find(|known| known.name == *name);
                    match (known, said) {
                        (Some(known), said) => {
                            known.listed = said.is_some();
                            known.said = said.unwrap_or_else(|| known.said.clone());
                        }
                        (None, Some(said)) => {
                            let (name, supplier) = (name.clone(), *supplier);
                            products.push(Known { name, supplier, said, listed: true, into: None });
                        }
                        (None, None) => {}
                    }
                }
                continue;
            }
            Step::Join(leader, other) => {
                let done = store.join(&key(&names[*leader]), &[key(&names[*other])], &asked, BY).await;
                let find = |at: usize| products.iter().position(|known| known.name == names[at]);
                let may = match (find(*leader), find(*other)) {
                    (Some(leader), Some(other)) if leader != other => {
                        let free = products[leader].into.is_none() && products[leader].listed;
                        let into = products[other].into;
                        (free && products[other].listed && into.is_none_or(|into| into == leader))
                            .then_some((leader, other))
                    }
                    _ => None,
                };
                prop_assert_eq!(done.is_ok(), may.is_some(), "{:?}", done);
                let Some((leader, other)) = may else { continue };
                for known in &mut products {
                    known.into = if known.into == Some(other) { Some(leader) } else { known.into };
                }
                products[other].into = Some(leader);
            }
            Step::Part(at) => {
                let done = store.part(&[key(&names[*at])], &asked, BY).await;
                let at = products.iter().position(|known| known.name == names[*at]);
                let grouped = |at: usize| {
                    products[at].into.is_some() || products.iter().any(|known| known.into == Some(at))
                };
                prop_assert_eq!(done.is_ok(), at.is_some_and(grouped), "{:?}", done);
                let Some(at) = at else { continue };
                products[at].into = None;
                for known in &mut products {
                    known.into = known.into.filter(|into| *into != at);
                }
            }
            Step::Settle(new) => by = ORDERS[*new],
        }
        // Deliveries alone leave groups to the stage; it is what makes them right, and needs one turn only.
        let asked = order(by);
        let stale = store.stale_groups(&asked, None, 100).await.unwrap();
        store.settle_groups(&stale, &asked, NOW).await.unwrap();
        prop_assert_eq!(store.stale_groups(&asked, None, 100).await.unwrap().len(), 0);
        lead_anew(&mut products, by);
        for (at, known) in products.iter().enumerate() {
            let stored = product(store, &known.name).await;
            let values = stored.product.values();
            let shown = (values.title.clone().unwrap(), values.brand.clone());
            prop_assert_eq!(shown, expected(&products, at, by), "{} of {:?}", known.name, products);
            let standing = store.standing(stored.id).await.unwrap();
            let into = known.into.map(|into| key(&products[into].name));
            prop_assert_eq!(standing.joined_into, into);
            prop_assert!(known.into.is_none() || standing.others.is_empty(), "groups are flat");
            if known.listed && known.into.is_none() {
                let stale = store.stale_texts(None, 100).await.unwrap();
                let stale = stale.iter().find(|stale| stale.id == stored.id);
                let hash = stale.map(|stale| stale.input_hash.clone());
                prop_assert!(hash.is_none_or(|hash| hash == values.digest()), "the hash is of what holds");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_leader_shows_what_the_order_says(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let scene = Scene::new().await;
            check(&scene.store, &steps).await
        })?;
    }
}
