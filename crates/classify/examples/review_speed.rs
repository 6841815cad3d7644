//! How long it takes to group look-alikes and to order products for review:
//! `cargo run --release -p berika-classify --example review_speed [products] [decided] [kinds]`.
//!
//! Products are of so many kinds, each a direction that its products lie around, and one in ten is a variant of the one
//! before it.
#![expect(clippy::print_stdout, reason = "a measurement is read by a person")]

use std::time::Instant;

use berika_classify::look_alikes::{Look, LookAlikes};
use berika_classify::review_help::nearest;
use berika_classify::review_order::{Decided, Waiting, review_order};

const DIMENSIONS: usize = 384;

struct Product {
    key: String,
    title: String,
    vector: Vec<f32>,
    doubt: f32,
}

fn main() {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse::<usize>().unwrap_or(1).max(1));
    let mut number = |default| numbers.next().unwrap_or(default);
    let (count, decided, kinds) = (number(100_000), number(10_000), number(1_000));
    let mut state = 1_u64;
    let directions: Vec<Vec<f32>> = (0..kinds).map(|_| vector(&mut state)).collect();
    let mut products: Vec<Product> = Vec::with_capacity(count + decided);
    for at in 0..count + decided {
        let kind = random(&mut state) as usize % kinds;
        let key = format!("supplier/{at:07}");
        if at % 10 == 9 {
            let before = &products[at - 1];
            let vector =
                before.vector.iter().zip(vector(&mut state)).map(|(x, noise)| x + 0.1 * noise).collect();
            let title = format!("{} {} ml", before.title, at % 900);
            products.push(Product { key, title, vector, doubt: before.doubt });
            continue;
        }
        let noise = vector(&mut state);
        let vector = directions[kind].iter().zip(noise).map(|(x, noise)| x + 0.8 * noise).collect();
        let words: Vec<String> = (0..5).map(|_| word(random(&mut state) % 20_000)).collect();
        let title = format!("{} {}", word(kind as u64), words.join(" "));
        products.push(Product {
            key,
            title,
            vector,
            doubt: random(&mut state) as f32 / (1_u64 << 40) as f32,
        });
    }
    let known = products.split_off(count);

    let begun = Instant::now();
    let looks: Vec<Look<'_>> = products
        .iter()
        .map(|p| Look { key: &p.key, title: Some(&p.title), vector: Some(&p.vector), ..Look::default() })
        .collect();
    let alike = LookAlikes::of(&looks);
    let groups = (0..count).filter(|&row| alike.leader(row) == row).count();
    println!("{count} products in {groups} look-alike groups: {:.2} s", begun.elapsed().as_secs_f64());

    let begun = Instant::now();
    let waiting: Vec<Waiting<'_>> = (0..count)
        .filter(|&row| alike.leader(row) == row)
        .map(|row| Waiting {
            key: &products[row].key,
            text: &products[row].title,
            vector: Some(&products[row].vector),
            probabilities: [1.0 - products[row].doubt, 0.0],
            weight: f64::from(alike.size(row)),
        })
        .collect();
    let known: Vec<Decided<'_>> =
        known.iter().map(|p| Decided { text: &p.title, vector: Some(&p.vector) }).collect();
    let order = review_order(&waiting, &known, 1_000);
    println!(
        "the first {} of {groups}, {decided} decided: {:.2} s",
        order.len(),
        begun.elapsed().as_secs_f64()
    );

    let begun = Instant::now();
    let near = nearest(&products[0].vector, &known, 3).len();
    println!("the {near} nearest of {decided} decided: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
}

/// 40 bits by a linear congruential generator.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 24
}

/// A vector about one long.
fn vector(state: &mut u64) -> Vec<f32> {
    let scale = (12.0 / DIMENSIONS as f32).sqrt();
    (0..DIMENSIONS).map(|_| scale * (random(state) as f32 / (1_u64 << 40) as f32 - 0.5)).collect()
}

/// A made-up word for a number.
fn word(number: u64) -> String {
    let mut word = String::new();
    let mut rest = number + 400;
    while rest > 0 {
        word.push(char::from(b"bdfgklmnprst"[(rest % 12) as usize]));
        word.push(char::from(b"aeiou"[(rest / 12 % 5) as usize]));
        rest /= 60;
    }
    word
}
