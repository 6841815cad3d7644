//! Attention of each text to itself (Vaswani et al. 2017), over texts of any length one behind the other.

use crate::Cpu;
use crate::dispatch::{Work, dispatch};
use crate::lanes::{LANES, Lanes};
use crate::math::exp;
use crate::shape;

/// Rows computed at once, of two registers each.
const ROWS: usize = 6;
const COLUMNS: usize = 2 * LANES;

/// What attention needs besides its input and output; kept so that it is not allocated anew.
#[derive(Debug, Default)]
pub struct Scratch {
    keys: Vec<f32>,
    values: Vec<f32>,
    scores: Vec<f32>,
}

/// `qkv` is `[tokens, 3, heads, size]`: queries that are divided by the root of `size` already, keys, values. `lengths` are
/// the tokens of each text, in order; a text of none has no row. Into `out`, `[tokens, heads, size]`.
///
/// A score that is no number counts as the least, on every processor. What is not finite in one text changes no other.
///
/// # Panics
/// If `qkv` or `out` has fewer tokens than the texts.
pub fn attend(
    cpu: Cpu,
    qkv: &[f32],
    lengths: &[usize],
    (heads, size): (usize, usize),
    scratch: &mut Scratch,
    out: &mut [f32],
) {
    struct Attend<'a>(&'a [f32], &'a [usize], usize, usize, &'a mut Scratch, &'a mut [f32]);
    impl Work for Attend<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(qkv, lengths, heads, size, scratch, out) = self;
            let hidden = heads * size;
            let mut from = 0;
            for &length in lengths {
                let qkv = &qkv[from * 3 * hidden..(from + length) * 3 * hidden];
                let out = &mut out[from * hidden..(from + length) * hidden];
                for head in 0..heads {
                    one_head::<L>(&Head { qkv, length, column: head * size, size, hidden }, scratch, out);
                }
                from += length;
            }
        }
    }
    let tokens = lengths.iter().fold(0usize, |tokens, length| tokens.saturating_add(*length));
    let hidden = heads.saturating_mul(size);
    assert!(
        shape::holds(qkv.len(), tokens, hidden.saturating_mul(3)) && shape::holds(out.len(), tokens, hidden),
        "a row for each token"
    );
    dispatch(cpu, Attend(qkv, lengths, heads, size, scratch, out));
}

/// One head of one text.
struct Head<'a> {
    qkv: &'a [f32],
    length: usize,
    /// Where the head's numbers begin within the query, the key and the value of a token.
    column: usize,
    size: usize,
    hidden: usize,
}

impl Head<'_> {
    /// A token's query (0), key (1) or value (2).
    #[inline(always)]
    fn part(&self, token: usize, which: usize) -> &[f32] {
        &self.qkv[(token * 3 + which) * self.hidden + self.column..][..self.size]
    }
}

#[inline(always)]
fn one_head<L: Lanes>(head: &Head<'_>, scratch: &mut Scratch, out: &mut [f32]) {
    let (length, size) = (head.length, head.size);
    // Keys turned round, `[size, across]`; values side by side, `[length, deep]`; zeros behind both.
    let (across, deep) = (length.next_multiple_of(COLUMNS), size.next_multiple_of(COLUMNS));
    for (numbers, count) in [
        (&mut scratch.keys, size * across),
        (&mut scratch.values, length * deep),
        (&mut scratch.scores, ROWS * across),
    ] {
        numbers.clear();
        numbers.resize(count, 0.0);
    }
    for token in 0..length {
        for (at, x) in head.part(token, 1).iter().enumerate() {
            scratch.keys[at * across + token] = *x;
        }
        scratch.values[token * deep..][..size].copy_from_slice(head.part(token, 2));
    }
    let (keys, values, scores) = (&scratch.keys[..], &scratch.values[..], &mut scratch.scores[..]);
    for first in (0..length).step_by(ROWS) {
        // Beyond the text's end its last token is taken again; what comes of it is not kept.
        let mut queries: [&[f32]; ROWS] = [&[]; ROWS];
        for (row, query) in queries.iter_mut().enumerate() {
            *query = head.part((first + row).min(length - 1), 0);
        }
        for column in (0..across).step_by(COLUMNS) {
            let sums = weighted_sums::<L>(queries, &keys[column..], across);
            for (row, sums) in sums.into_iter().enumerate() {
                store_two(sums, &mut scores[row * across + column..]);
            }
        }
        let mut shares = [0.0; ROWS];
        for (share, scores) in shares.iter_mut().zip(scores.chunks_exact_mut(across)) {
            *share = 1.0 / exponentials::<L>(&mut scores[..length]);
        }
        let mut weights: [&[f32]; ROWS] = [&[]; ROWS];
        for (weights, scores) in weights.iter_mut().zip(scores.chunks_exact(across)) {
            *weights = &scores[..length];
        }
        for column in (0..size).step_by(COLUMNS) {
            let sums = weighted_sums::<L>(weights, &values[column..], deep);
            let columns = COLUMNS.min(size - column);
            for (row, sums) in sums.into_iter().enumerate().take(length - first) {
                let share = L::splat(shares[row]);
                let sums = [sums[0].times(share), sums[1].times(share)];
                let out = &mut out[(first + row) * head.hidden + head.column + column..][..columns];
                if columns == COLUMNS {
                    store_two(sums, out);
                } else {
                    let mut all = [0.0; COLUMNS];
                    store_two(sums, &mut all);
                    out.copy_from_slice(&all[..columns]);
                }
            }
        }
    }
}

/// For each row of weights, the sum of `rows` (`stride` apart, 32 columns) times them.
#[inline(always)]
fn weighted_sums<L: Lanes>(weights: [&[f32]; ROWS], rows: &[f32], stride: usize) -> [[L; 2]; ROWS] {
    let mut sums = [[L::splat(0.0); 2]; ROWS];
    let count = weights[0].len();
    // Checked once here, so that it need not be for each number.
    let mut weights = weights;
    for weights in &mut weights {
        *weights = &weights[..count];
    }
    for at in 0..count {
        let Some(row) = rows.get(at * stride..).and_then(<[f32]>::first_chunk::<COLUMNS>) else { break };
        let [low, high] = halves(row);
        let (low, high) = (L::load(low), L::load(high));
        for (sums, weights) in sums.iter_mut().zip(&weights) {
            let x = L::splat(weights[at]);
            sums[0] = x.times_plus(low, sums[0]);
            sums[1] = x.times_plus(high, sums[1]);
        }
    }
    sums
}

#[inline(always)]
fn halves(row: &[f32; COLUMNS]) -> [&[f32; LANES]; 2] {
    let (chunks, _) = row.as_chunks::<LANES>();
    [&chunks[0], &chunks[1]]
}

#[inline(always)]
fn store_two<L: Lanes>(sums: [L; 2], out: &mut [f32]) {
    let (chunks, _) = out.as_chunks_mut::<LANES>();
    sums[0].store(&mut chunks[0]);
    sums[1].store(&mut chunks[1]);
}

/// Raises e to the power of each number less the largest; returns the sum.
#[inline(always)]
fn exponentials<L: Lanes>(xs: &mut [f32]) -> f32 {
    let (chunks, rest) = xs.as_chunks_mut::<LANES>();
    let mut largest = L::splat(f32::NEG_INFINITY);
    for x in chunks.iter() {
        largest = L::load(x).max(largest);
    }
    let mut largest = largest.largest();
    for x in rest.iter() {
        largest = x.max(largest);
    }
    let mut sum = L::splat(0.0);
    for x in chunks {
        let y = exp(L::load(x).minus(L::splat(largest)));
        y.store(x);
        sum = sum.plus(y);
    }
    let mut sum = sum.total();
    exp(L::load_some(rest).minus(L::splat(largest))).store_some(rest);
    for x in rest.iter() {
        sum += x;
    }
    sum
}
