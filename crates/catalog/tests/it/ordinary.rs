//! Weeks in which nothing is wrong: hardly one in two hundred may be held.

use berika_catalog::DeliveryKind;

use crate::scene::Scene;

/// Runs so many suppliers of this size for fifty deliveries each. Returns deliveries, and why some were held.
fn ordinary_year(products: usize, suppliers: u64) -> (usize, Vec<String>) {
    let mut held = Vec::new();
    let mut deliveries = 0;
    for seed in 0..suppliers {
        let mut scene = Scene::new(seed * 1_000 + products as u64, products);
        for week in 0..50 {
            scene.week();
            let (profile, judgement) = scene.deliver();
            held.extend(judgement.held(&[]).map(|reason| format!("supplier {seed}, week {week}: {reason}")));
            scene.take_in(&profile);
            deliveries += 1;
        }
    }
    (deliveries, held)
}

#[track_caller]
fn hardly_ever_held((deliveries, held): (usize, Vec<String>)) {
    assert!(held.len() * 200 <= deliveries, "{} of {deliveries}: {held:#?}", held.len());
}

#[test]
fn weeks_of_thirty_products() {
    hardly_ever_held(ordinary_year(30, 60));
}

#[test]
fn weeks_of_three_hundred_products() {
    hardly_ever_held(ordinary_year(300, 20));
}

#[test]
fn weeks_of_three_thousand_products() {
    hardly_ever_held(ordinary_year(3_000, 4));
}

#[test]
fn deltas_of_now_little_and_now_much() {
    let (mut held, mut deliveries) = (Vec::new(), 0);
    for seed in 0..20 {
        let mut scene = Scene::new(seed, 400);
        scene.kind = DeliveryKind::Delta;
        for week in 0..50 {
            scene.week();
            let all = scene.items.clone();
            let share = scene.random.unit().powi(3);
            let prices_only = scene.random.chance(0.4);
            let random = &mut scene.random;
            scene.items.retain(|_| random.chance(share));
            for item in scene.items.iter_mut().filter(|_| prices_only) {
                (item.title, item.description, item.colour) = (None, None, None);
            }
            scene.refused = 0;
            let (profile, judgement) = scene.deliver();
            held.extend(judgement.held(&[]).map(|reason| format!("supplier {seed}, week {week}: {reason}")));
            scene.take_in(&profile);
            scene.items = all;
            deliveries += 1;
        }
    }
    hardly_ever_held((deliveries, held));
}
