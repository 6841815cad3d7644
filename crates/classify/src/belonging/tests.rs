use super::*;
use crate::lexical::Sketch;

const DIMENSIONS: usize = 8;

/// Numbers around zero with a deviation of about one, the same each time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        let mut uniform = || {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
        };
        (0..12).map(|_| uniform()).sum()
    }
}

/// A product `apart` from the middle in the direction of `towards`.
fn product(towards: &[f32], apart: Option<f32>) -> Product {
    let mut vector = towards.to_vec();
    crate::vector::normalise(&mut vector);
    Product { vector, apart, centre: 0, sketch: Sketch::default(), path: None, decided: None, space: 0 }
}

/// Goods that differ in the first three directions and hardly in the others, as far from the middle as is usual.
fn ours(count: usize, seed: u64) -> Vec<(Product, f32)> {
    let mut noise = Noise((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (0..count)
        .map(|_| {
            let towards: Vec<f32> =
                (0..DIMENSIONS).map(|at| noise.next() * if at < 3 { 1.0 } else { 0.1 }).collect();
            (product(&towards, Some(1.0 + 0.05 * noise.next())), 5.0 + noise.next())
        })
        .collect()
}

/// Goods no farther away, in a direction that ours do not differ in.
fn foreign(score: f32) -> (Product, f32) {
    (product(&[0.3, -0.2, 0.1, 1.0, -0.8, 0.2, 0.9, 0.1], Some(1.0)), score)
}

fn fitted(ours: &[(Product, f32)]) -> Option<Belonging> {
    let examples: Vec<Example<'_>> = ours
        .iter()
        .enumerate()
        .map(|(at, (product, score))| Example { product, fold: at % 5, score: *score })
        .collect();
    Belonging::fit(0, 5, &examples)
}

#[test]
fn with_nothing_confirmed_only_what_is_much_farther_than_usual_is_outside() {
    let at = |apart| outside(&[], &product(&[1.0, 2.0], apart), 0.0);
    assert_eq!(at(Some(1.0)), None);
    assert_eq!(at(Some(1.2)), None);
    assert_eq!(at(Some(1.3)), Some(0.99));
    assert_eq!(at(None), None, "where the catalogue does not tell, nothing is outside");
    assert_eq!(at(Some(f32::NAN)), None);
}

#[test]
fn decisions_show_what_is_foreign_though_it_is_no_farther_away() {
    let (product, score) = foreign(5.0);
    assert_eq!(outside(&[], &product, score), None);
    let known = [fitted(&ours(300, 1)).unwrap()];
    let sure = outside(&known, &product, score).unwrap();
    assert!(sure > 0.99 && sure < 1.0, "{sure}");
}

#[test]
fn about_one_in_a_hundred_of_what_belongs_is_outside() {
    for (decisions, most) in [(100, 25), (300, 15), (1_000, 13)] {
        let mut wrong = 0;
        for seed in 0..5 {
            let known = [fitted(&ours(decisions, seed)).unwrap()];
            let fresh = ours(1_000, seed + 100);
            wrong += fresh.iter().filter(|(p, score)| outside(&known, p, *score).is_some()).count();
        }
        assert!(wrong / 5 <= most, "{decisions} decisions: {wrong} of 5000");
    }
}

#[test]
fn a_category_that_fits_well_keeps_a_product_in() {
    let known = [fitted(&ours(300, 1)).unwrap()];
    let odd = product(&[1.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0, 0.0], Some(1.0));
    assert_eq!(outside(&known, &odd, 7.0), None);
    assert!(outside(&known, &odd, -5.0).is_some(), "nothing fits at all");
}

#[test]
fn few_decisions_teach_nothing() {
    assert_eq!(fitted(&ours(LEAST - 1, 1)), None);
    assert!(fitted(&ours(LEAST, 1)).is_some());
}

#[test]
fn what_is_strange_is_what_was_learnt_of_that_language() {
    let known = [fitted(&ours(300, 1)).unwrap()];
    let (mut product, score) = foreign(5.0);
    product.centre = 1;
    assert_eq!(outside(&known, &product, score), None);
}

#[test]
fn equal_decisions_and_equal_products_are_no_trouble() {
    let same: Vec<(Product, f32)> = (0..200).map(|_| (product(&[1.0, 1.0], Some(1.0)), 3.0)).collect();
    let known = [fitted(&same).unwrap()];
    assert_eq!(outside(&known, &same[0].0, 3.0), None);
    assert!(outside(&known, &product(&[-1.0, 1.0], Some(1.0)), 3.0).is_some());
}

#[test]
fn without_decisions_the_shape_is_a_ball() {
    let ball = shape(3, 0, std::iter::empty()).unwrap();
    assert!((distance(&ball, &[2.0, 3.0, 6.0]) - 7.0).abs() < 1e-5);
}

#[test]
fn the_shape_is_the_inverse_of_the_moments() {
    let offsets: [&[f32]; 3] = [&[1.0, 2.0], &[0.5, -1.0], &[3.0, 0.25]];
    let sums = squares(2, offsets.into_iter());
    let shape = shape(2, 3, std::iter::once(sums.as_slice())).unwrap();
    let weight = 3.0 + BALL;
    let cell = |at: usize, ball: f64| (2.0 * sums[at] + ball) / weight;
    let (a, b, d) = (cell(0, BALL), cell(1, 0.0), cell(2, BALL));
    let (x, y) = (0.7, -1.3);
    let squared = (d * x * x - 2.0 * b * x * y + a * y * y) / (a * d - b * b);
    assert!((distance(&shape, &[0.7, -1.3]) - squared.sqrt()).abs() < 1e-5);
}
