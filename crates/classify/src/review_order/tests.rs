use super::*;

const AXES: usize = 8;

/// A unit vector along one axis, a little turned by `turn`.
fn along(axis: usize, turn: f32) -> Vec<f32> {
    let mut vector = vec![0.0; AXES];
    vector[axis % AXES] = 1.0;
    vector[(axis + 1) % AXES] = turn;
    crate::vector::normalise(&mut vector);
    vector
}

struct Product {
    key: String,
    vector: Vec<f32>,
    probabilities: [f32; 2],
    weight: f64,
}

fn product(key: &str, axis: usize, turn: f32, margin: f32) -> Product {
    let first = (1.0 + margin) / 2.0;
    Product {
        key: key.to_owned(),
        vector: along(axis, turn),
        probabilities: [first, 1.0 - first],
        weight: 1.0,
    }
}

fn waiting(products: &[Product]) -> Vec<Waiting<'_>> {
    products
        .iter()
        .map(|p| Waiting {
            key: &p.key,
            text: "",
            vector: Some(&p.vector),
            probabilities: p.probabilities,
            weight: p.weight,
        })
        .collect()
}

/// Keys in the order of review.
fn order<'a>(products: &'a [Product], decided: &[Decided<'_>], limit: usize) -> Vec<&'a str> {
    review_order(&waiting(products), decided, limit)
        .iter()
        .map(|turn| products[turn.row].key.as_str())
        .collect()
}

/// Five alike in one corner, two in another, one alone.
fn corners() -> Vec<Product> {
    let mut products: Vec<Product> =
        (0..5).map(|n| product(&format!("a{n}"), 0, 0.05 * n as f32, 0.2)).collect();
    products.push(product("b0", 2, 0.0, 0.2));
    products.push(product("b1", 2, 0.1, 0.2));
    products.push(product("c0", 4, 0.0, 0.2));
    products
}

#[test]
fn the_crowded_corner_comes_first_and_a_batch_is_spread() {
    let products = corners();
    let order = order(&products, &[], 3);
    assert!(order[0].starts_with('a') && order[1].starts_with('b'), "{order:?}");
    assert_eq!(order[2], "c0");
}

#[test]
fn what_is_near_a_decision_waits() {
    let products = corners();
    let vector = along(0, 0.1);
    let decided = [Decided { text: "", vector: Some(&vector) }];
    let order = order(&products, &decided, 8);
    assert!(order[0].starts_with('b') && order[1] == "c0", "{order:?}");
    assert_eq!(order.len(), 8, "everyone has a turn");
}

#[test]
fn doubt_value_and_look_alikes_come_first() {
    let sure = product("a", 0, 0.0, 0.9);
    let doubtful = product("b", 2, 0.0, 0.1);
    assert_eq!(order(&[sure, doubtful], &[], 1), ["b"]);
    let mut many = product("a", 0, 0.0, 0.5);
    many.weight = 3.0;
    assert_eq!(order(&[many, product("b", 2, 0.0, 0.1)], &[], 1), ["a"]);
}

#[test]
fn words_tell_where_vectors_do_not() {
    let text =
        |key, text| Waiting { key, text, probabilities: [0.5, 0.4], weight: 1.0, ..Waiting::default() };
    let products = [
        text("1", "green tea"),
        text("2", "black tea bags"),
        text("3", "white tea leaves"),
        text("4", "hammer"),
    ];
    let decided = [Decided { text: "herbal tea", vector: None }];
    assert_eq!(review_order(&products, &decided, 1)[0].row, 3);
}

#[test]
fn order_of_input_does_not_matter() {
    let mut products = corners();
    let forward: Vec<String> = order(&products, &[], 8).into_iter().map(str::to_owned).collect();
    products.reverse();
    assert_eq!(order(&products, &[], 8), forward);
}

#[test]
fn threads_do_not_matter() {
    let products: Vec<Product> =
        (0..300).map(|n| product(&format!("{n:03}"), n, 0.003 * n as f32, (n % 7) as f32 / 7.0)).collect();
    let vector = along(3, 0.2);
    let decided = [Decided { text: "tea", vector: Some(&vector) }; 200];
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| review_order(&waiting(&products), &decided, 50))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_sample_stands_for_many() {
    let mut products: Vec<Product> =
        (0..MOST_COMPARED + 500).map(|n| product(&format!("{n:05}"), n % 3, 0.0, 0.8)).collect();
    for n in 0..20 {
        products.push(product(&format!("doubt{n}"), 5, 0.01 * n as f32, 0.0));
    }
    for product in products.iter_mut().rev().take(20) {
        product.weight = 100.0;
    }
    let turns = review_order(&waiting(&products), &[], 4);
    assert!(products[turns[0].row].key.starts_with("doubt"));
    let axes: std::collections::BTreeSet<usize> = turns[1..]
        .iter()
        .map(|turn| products[turn.row].vector.iter().position(|&x| x > 0.5).unwrap())
        .collect();
    assert_eq!(axes.len(), 3, "one of each corner follows");
}

#[test]
fn nothing_to_go_by_comes_last_and_nothing_breaks() {
    assert!(review_order(&[], &[], 10).is_empty());
    let broken = [f32::NAN; AXES];
    let fine = along(0, 0.0);
    let empty = Waiting { key: "a", weight: f64::NAN, ..Waiting::default() };
    let odd =
        Waiting { key: "b", vector: Some(&broken), probabilities: [f32::NAN, 0.0], ..Waiting::default() };
    let short = Waiting { key: "e", vector: Some(&fine[..3]), weight: 1.0, ..Waiting::default() };
    let good = Waiting { key: "d", vector: Some(&fine), weight: 1.0, ..Waiting::default() };
    let turns = review_order(&[empty, odd, good, short], &[], 10);
    assert_eq!((turns.len(), turns[0].row), (4, 2));
}
