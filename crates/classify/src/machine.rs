//! The linear machine: a squared-hinge classifier per category over vector and words together.
//!
//! A category's own row (its description's vector and words) stands among its examples, so that it is told apart from the
//! others before anything is confirmed, and the others' rows are among its counter-examples. An example's output is to be
//! at least 1, a counter-example's at most [`SLACK`]. Each category is solved by dual coordinate descent (Hsieh, Chang, Lin,
//! Keerthi and Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008) over a working set:
//! its examples first, then the counter-examples that are violated, until there are no more.
//!
//! Every sum runs in a fixed order and categories do not depend on one another: the same rows give the same weights on
//! any number of threads.

use rayon::prelude::*;

use crate::lexical::{LEXICAL_DIMENSIONS, Sketch};
use crate::vector::quick_dot;

/// What the unit vector and the words' and pieces' unit parts are multiplied by.
pub(crate) const SCALE: f32 = 0.7;
/// The constant that every row has besides.
const CONSTANT: f32 = 0.3;
/// How far a counter-example may be on the wrong side without being learnt from.
const SLACK: f32 = 0.05;
/// The price of a violation, as scikit-learn's `C`.
const PRICE: f32 = 1.0;
/// How often counter-examples are looked through.
const ROUNDS: usize = 6;
/// How often the working set is gone through in a round.
const PASSES: usize = 10;
/// A pass that moves no output by more ends the round.
const STILL: f32 = 0.01;

/// What is learnt from: rows with a slot each.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    dimensions: usize,
    dense: Vec<f32>,
    sketches: Vec<Sketch>,
    slots: Vec<u32>,
    /// 1 / (2 · price) of each row.
    softness: Vec<f32>,
    squares: Vec<f32>,
}

impl Rows {
    pub(crate) fn new(dimensions: usize) -> Self {
        Self { dimensions, ..Self::default() }
    }

    /// Adds a row: a vector that is one long or zero, its words, its slot, and how many rows it counts for.
    pub(crate) fn push(&mut self, vector: &[f32], sketch: &Sketch, slot: usize, weight: f32) {
        let scaled: Vec<f32> = vector.iter().map(|x| x * SCALE).collect();
        let sketch =
            Sketch { entries: sketch.entries.iter().map(|&(place, x)| (place, x * SCALE)).collect() };
        let squares = quick_dot(&scaled, &scaled)
            + sketch.entries.iter().map(|(_, x)| x * x).sum::<f32>()
            + CONSTANT * CONSTANT;
        self.dense.extend_from_slice(&scaled);
        self.sketches.push(sketch);
        self.slots.push(slot as u32);
        self.softness.push(1.0 / (2.0 * PRICE * weight));
        self.squares.push(squares);
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    fn vector(&self, row: usize) -> &[f32] {
        &self.dense[row * self.dimensions..][..self.dimensions]
    }
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Machine {
    /// A row of weights per slot, for unit vectors.
    pub(crate) dense: Vec<Vec<f32>>,
    /// Place by place, the weight of each slot, [`Self::stride`] apart.
    pub(crate) lexical: Vec<f32>,
    /// Added to each slot's output.
    pub(crate) constant: Vec<f32>,
}

impl Machine {
    /// Learns `slots` categories from the rows of `used`.
    pub(crate) fn train(rows: &Rows, used: &[usize], slots: usize) -> Self {
        let mut examples: Vec<Vec<usize>> = vec![Vec::new(); slots];
        for &row in used {
            examples[rows.slots[row] as usize].push(row);
        }
        let solved: Vec<Solution> = examples
            .par_iter()
            .map_init(|| vec![0.0; rows.len()], |prices, own| solve(rows, used, own, prices))
            .collect();
        let mut lexical = vec![0.0; slots * LEXICAL_DIMENSIONS];
        let mut machine =
            Self { dense: Vec::with_capacity(slots), lexical: Vec::new(), constant: Vec::new() };
        for (slot, solution) in solved.into_iter().enumerate() {
            for (place, x) in solution.lexical.into_iter().enumerate().filter(|(_, x)| *x != 0.0) {
                lexical[place * slots + slot] = SCALE * x;
            }
            machine.dense.push(solution.dense.into_iter().map(|x| SCALE * x).collect());
            machine.constant.push(CONSTANT * solution.constant);
        }
        machine.lexical = lexical;
        machine
    }

    /// Rounds all weights to what is kept of them in a file: sixteen bits.
    pub(crate) fn round(&mut self) {
        let weights = self.dense.iter_mut().flatten().chain(&mut self.lexical).chain(&mut self.constant);
        for weight in weights {
            *weight = half::f16::from_f32(*weight).to_f32();
        }
    }

    /// Slots.
    pub(crate) fn stride(&self) -> usize {
        self.constant.len()
    }

    /// What the words add to one slot's output.
    pub(crate) fn words(&self, sketch: &Sketch, slot: usize) -> f32 {
        sketch
            .entries
            .iter()
            .map(|&(place, x)| x * self.lexical[usize::from(place) * self.stride() + slot])
            .sum()
    }
}

/// The weights of one category, for scaled rows.
struct Solution {
    dense: Vec<f32>,
    lexical: Vec<f32>,
    constant: f32,
}

impl Solution {
    fn output(&self, rows: &Rows, row: usize) -> f32 {
        let words: f32 =
            rows.sketches[row].entries.iter().map(|&(place, x)| x * self.lexical[usize::from(place)]).sum();
        quick_dot(&self.dense, rows.vector(row)) + words + CONSTANT * self.constant
    }

    fn add(&mut self, rows: &Rows, row: usize, much: f32) {
        for (w, x) in self.dense.iter_mut().zip(rows.vector(row)) {
            *w += much * x;
        }
        for &(place, x) in &rows.sketches[row].entries {
            self.lexical[usize::from(place)] += much * x;
        }
        self.constant += much * CONSTANT;
    }
}

/// Solves one category. `prices` holds a zero per row, and does so again afterwards.
fn solve(rows: &Rows, used: &[usize], examples: &[usize], prices: &mut [f32]) -> Solution {
    let mut solution =
        Solution { dense: vec![0.0; rows.dimensions], lexical: vec![0.0; LEXICAL_DIMENSIONS], constant: 0.0 };
    let Some(&first) = examples.first() else { return solution };
    let slot = rows.slots[first];
    let mut working = examples.to_vec();
    let mut waiting: Vec<usize> = used.iter().copied().filter(|&row| rows.slots[row] != slot).collect();
    for _ in 0..ROUNDS {
        for _ in 0..PASSES {
            let mut moved = 0.0_f32;
            for &row in &working {
                let output = solution.output(rows, row);
                let (sign, missing) =
                    if rows.slots[row] == slot { (1.0, output - 1.0) } else { (-1.0, SLACK - output) };
                let (price, whole) = (prices[row], rows.squares[row] + rows.softness[row]);
                let new = (price - (missing + rows.softness[row] * price) / whole).max(0.0);
                if new != price {
                    prices[row] = new;
                    solution.add(rows, row, sign * (new - price));
                    moved = moved.max((new - price).abs() * rows.squares[row]);
                }
            }
            if moved < STILL {
                break;
            }
        }
        let before = working.len();
        waiting.retain(|&row| {
            let violated = solution.output(rows, row) > SLACK;
            if violated {
                working.push(row);
            }
            !violated
        });
        if working.len() == before {
            break;
        }
    }
    for row in working {
        prices[row] = 0.0;
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexical::WordFrequencies;

    fn rows(texts: &[(&str, usize)]) -> Rows {
        let mut rows = Rows::new(2);
        for (text, slot) in texts {
            rows.push(&[0.0, 0.0], &Sketch::of(text, &WordFrequencies::new()), *slot, 1.0);
        }
        rows
    }

    fn outputs(machine: &Machine, text: &str) -> Vec<f32> {
        let sketch = Sketch::of(text, &WordFrequencies::new());
        (0..machine.stride()).map(|slot| machine.words(&sketch, slot) + machine.constant[slot]).collect()
    }

    #[test]
    fn examples_reach_their_side_and_others_stay_on_theirs() {
        let texts = [("mellanmjölk", 0), ("lättmjölk", 0), ("bryggkaffe", 1), ("snabbkaffe", 1), ("såg", 2)];
        let rows = rows(&texts);
        let machine = Machine::train(&rows, &[0, 1, 2, 3, 4], 3);
        for (text, slot) in [("havremjölk", 0), ("espressokaffe", 1), ("såg", 2)] {
            let outputs = outputs(&machine, text);
            let best = (0..3).max_by(|&a, &b| outputs[a].total_cmp(&outputs[b])).unwrap();
            assert_eq!(best, slot, "{text}: {outputs:?}");
        }
    }

    #[test]
    fn the_solution_is_the_minimum_of_the_squared_hinge() {
        // Of the loss |w|^2 / 2 + price * sum of squared misses no small step may lower it.
        let rows = rows(&[("alfa beta", 0), ("beta gamma", 0), ("gamma delta", 1), ("alfa delta", 1)]);
        let used = [0, 1, 2, 3];
        let solution = solve(&rows, &used, &[0, 1], &mut [0.0; 4]);
        let loss = |s: &Solution| {
            let weights = s.dense.iter().chain(&s.lexical).chain([&s.constant]).map(|w| w * w).sum::<f32>();
            let missed: f32 = used
                .iter()
                .map(|&row| {
                    let output = s.output(&rows, row);
                    let miss = if row < 2 { (1.0 - output).max(0.0) } else { (output - SLACK).max(0.0) };
                    miss * miss
                })
                .sum();
            weights / 2.0 + PRICE * missed
        };
        let least = loss(&solution);
        for row in used {
            for step in [-0.05, 0.05] {
                let mut other = Solution {
                    dense: solution.dense.clone(),
                    lexical: solution.lexical.clone(),
                    constant: solution.constant,
                };
                other.add(&rows, row, step);
                assert!(loss(&other) > least, "row {row}, step {step}: {} < {least}", loss(&other));
            }
        }
    }

    #[test]
    fn one_thread_learns_what_many_learn_and_no_rows_learn_nothing() {
        let texts: Vec<(String, usize)> =
            (0..40).map(|at| (format!("vara {} nr {at}", at % 7), at % 7)).collect();
        let texts: Vec<(&str, usize)> = texts.iter().map(|(text, slot)| (text.as_str(), *slot)).collect();
        let (rows, used) = (rows(&texts), (0..40).collect::<Vec<_>>());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(pool.install(|| Machine::train(&rows, &used, 7)), Machine::train(&rows, &used, 7));
        let nothing = Machine::train(&rows, &[], 7);
        assert!(nothing.lexical.iter().all(|&x| x == 0.0));
    }
}
