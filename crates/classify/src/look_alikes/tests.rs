use super::*;
use crate::vector::dot;

/// Unit vectors in many directions: by a linear congruential generator.
fn vector(seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut vector: Vec<f32> = (0..64)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
        })
        .collect();
    crate::vector::normalise(&mut vector);
    vector
}

/// `from` turned towards `to` until their cosine is about `cosine`.
fn turned(from: &[f32], to: &[f32], cosine: f32) -> Vec<f32> {
    let along = dot(from, to);
    let across: Vec<f32> = to.iter().zip(from).map(|(t, f)| t - along * f).collect();
    let length = dot(&across, &across).sqrt();
    let sine = (1.0 - cosine * cosine).sqrt();
    from.iter().zip(&across).map(|(f, a)| cosine * f + sine * a / length).collect()
}

fn looks<'a>(shelf: &'a [(String, Option<&'static str>, Vec<f32>)]) -> Vec<Look<'a>> {
    shelf
        .iter()
        .map(|(key, title, vector)| Look { key, title: *title, vector: Some(vector), ..Look::default() })
        .collect()
}

/// Products in directions of their own, without a title.
fn crowd(count: u64) -> Vec<(String, Option<&'static str>, Vec<f32>)> {
    (0..count).map(|n| (format!("crowd/{n:04}"), None, vector(n + 1_000))).collect()
}

#[test]
fn titles_that_differ_in_size_number_and_colour_are_alike() {
    let key = |title| title_key(Some("Nord"), title);
    assert_eq!(key("Nord Tekopp 25 cl, blå"), key("Tekopp 33cl röd"));
    assert_eq!(key("T-shirt cotton black XL"), key("T-Shirt Cotton, White (M)"));
    assert_eq!(key("Olive oil 6-pack 500 ml"), key("olive OIL 2 x 1 kg"));
    assert_ne!(key("Olive oil 500 ml"), key("Olive soap 500 ml"));
    assert_eq!(title_key(None, "Tea 200 g"), None, "one word says too little");
    assert_eq!(title_key(None, "  12 / 500 ml"), None);
}

#[test]
fn near_vectors_are_alike_and_nothing_is_chained() {
    let mut shelf = crowd(200);
    let (a, far) = (vector(1), vector(2));
    // Each is near the one before it, and the last is far from the first.
    for (n, cosine) in [1.0, 0.96, 0.85].into_iter().enumerate() {
        shelf.push((format!("row/{n}"), None, turned(&a, &far, cosine)));
    }
    let alike = LookAlikes::of(&looks(&shelf));
    let [first, second, third] = [200, 201, 202];
    assert!(dot(&shelf[second].2, &shelf[third].2) > NEAR);
    assert_eq!((alike.leader(first), alike.leader(second), alike.leader(third)), (first, first, third));
    assert_eq!((alike.size(first), alike.size(second), alike.size(third)), (2, 2, 1));
    assert_eq!(alike.group(first), alike.group(second));
    assert_ne!(alike.group(first), alike.group(third));
}

#[test]
fn most_pairs_at_the_threshold_are_found() {
    let mut shelf = crowd(100);
    for n in 0..200 {
        let (from, to) = (vector(10_000 + n), vector(20_000 + n));
        shelf.push((format!("pair/{n}/a"), None, turned(&from, &to, 0.95)));
        shelf.push((format!("pair/{n}/b"), None, from));
    }
    let alike = LookAlikes::of(&looks(&shelf));
    let found = (0..200).filter(|n| alike.leader(101 + 2 * n) == 100 + 2 * n).count();
    assert!(found >= 190, "{found} of 200");
    assert!((0..100).all(|row| alike.size(row) == 1));
}

#[test]
fn order_does_not_matter() {
    let mut shelf = crowd(100);
    for n in 0..30 {
        let title = (n % 3 == 0).then_some("Blue tea cup 25 cl");
        shelf.push((format!("near/{n:02}"), title, turned(&vector(n % 5), &vector(70 + n), 0.97)));
    }
    let forward = LookAlikes::of(&looks(&shelf));
    let mut backward = shelf.clone();
    backward.reverse();
    let reversed = LookAlikes::of(&looks(&backward));
    let last = shelf.len() - 1;
    for row in 0..shelf.len() {
        assert_eq!(forward.group(row), reversed.group(last - row));
        assert_eq!(forward.leader(row), last - reversed.leader(last - row));
    }
}

#[test]
fn threads_do_not_matter() {
    let shelf: Vec<_> = (0..300)
        .map(|n| (format!("{n:03}"), None, turned(&vector(n % 40), &vector(n + 500), 0.96)))
        .collect();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| LookAlikes::of(&looks(&shelf)))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn the_number_follows_the_leader_alone() {
    let one = [("a/1".to_owned(), Some("Tea cup 25 cl"), vector(1))];
    let more = [one[0].clone(), ("a/2".to_owned(), Some("Red tea cup"), vector(2))];
    let (one, more) = (LookAlikes::of(&looks(&one)), LookAlikes::of(&looks(&more)));
    assert_eq!(one.group(0), more.group(1));
    assert_eq!((one.size(0), more.size(0)), (1, 2));
}

#[test]
fn broken_vectors_and_no_products_are_no_trouble() {
    assert_eq!(LookAlikes::of(&[]), LookAlikes { leaders: vec![], numbers: vec![], sizes: vec![] });
    let mut shelf = crowd(40);
    shelf[3].2 = vec![f32::NAN; 64];
    shelf[4].2 = vec![0.0; 64];
    shelf[5].2 = vec![1.0; 3];
    let alike = LookAlikes::of(&looks(&shelf));
    assert!((0..40).all(|row| alike.size(row) == 1));
}
