//! Attention of each text to itself (Vaswani et al. 2017), over texts of any length one behind the other.

mod rounded;

use std::ops::Range;

use crate::Cpu;
use crate::dispatch::{Work, dispatch};
use crate::lanes::{LANES, Lanes};
use crate::math::exp;
use crate::shape;

/// Rows computed at once, of two registers each.
const ROWS: usize = 6;
const COLUMNS: usize = 2 * LANES;

/// From so many tokens on a text's products are computed in bfloat16, if they may be.
const LONG: usize = 112;

/// The heads, and what they are computed in.
#[derive(Debug, Clone, Copy)]
pub struct Heads {
    /// How many.
    pub count: usize,
    /// Numbers of a head's query, key and value.
    pub size: usize,
    /// Whether the products of long texts may be computed in bfloat16.
    pub bf16: bool,
}

/// What attention needs besides its input and output; kept so that it is not allocated anew.
#[derive(Default)]
pub struct Scratch {
    keys: Vec<f32>,
    values: Vec<f32>,
    scores: Vec<f32>,
    mixed: Vec<f32>,
    rounded: rounded::Scratch,
}

/// `qkv` is `[tokens, 3, heads, size]`: queries that are divided by the root of `size` already, keys, values. `lengths` are
/// the tokens of each text, in order; a text of none has no row. What the tokens `queries` of all of them see goes into `out`,
/// `[queries, heads, size]`.
///
/// A score that is no number counts as the least, on every processor. What is not finite in one text changes no other.
///
/// # Panics
/// If `qkv` has fewer tokens than the texts, or `out` fewer than the queries, or these are not among the texts'.
pub fn attend(
    cpu: Cpu,
    qkv: &[f32],
    lengths: &[usize],
    heads: Heads,
    queries: Range<usize>,
    scratch: &mut Scratch,
    out: &mut [f32],
) {
    struct Attend<'a>(Cpu, &'a [f32], &'a [usize], Heads, Range<usize>, &'a mut Scratch, &'a mut [f32]);
    impl Work for Attend<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(cpu, qkv, lengths, Heads { count, size, bf16 }, queries, scratch, out) = self;
            let hidden = count * size;
            let mut from = 0;
            for &length in lengths {
                let (first, last) = (queries.start.max(from), queries.end.min(from + length));
                if first < last {
                    let qkv = &qkv[from * 3 * hidden..(from + length) * 3 * hidden];
                    let out = &mut out[(first - queries.start) * hidden..(last - queries.start) * hidden];
                    let queries = first - from..last - from;
                    for head in 0..count {
                        let head =
                            Head { qkv, length, queries: queries.clone(), column: head * size, size, hidden };
                        if bf16 && length >= LONG {
                            rounded::one_head::<L>(cpu, &head, &mut scratch.rounded, out);
                        } else {
                            one_head::<L>(&head, scratch, out);
                        }
                    }
                }
                from += length;
            }
        }
    }
    let tokens = lengths.iter().fold(0usize, |tokens, length| tokens.saturating_add(*length));
    let hidden = heads.count.saturating_mul(heads.size);
    assert!(queries.end <= tokens, "queries among the texts' tokens");
    assert!(shape::holds(qkv.len(), tokens, hidden.saturating_mul(3)), "a row for each token");
    assert!(shape::holds(out.len(), queries.len(), hidden), "a row for each query");
    dispatch(cpu, Attend(cpu, qkv, lengths, heads, queries, scratch, out));
}

/// One head of one text.
struct Head<'a> {
    qkv: &'a [f32],
    length: usize,
    /// The tokens whose queries are answered.
    queries: Range<usize>,
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

/// Makes room for `length` numbers; what stood there stays.
fn fit<T: Default + Clone>(buffer: &mut Vec<T>, length: usize) {
    if buffer.len() < length {
        buffer.resize(length, T::default());
    }
}

#[inline(always)]
fn one_head<L: Lanes>(head: &Head<'_>, scratch: &mut Scratch, out: &mut [f32]) {
    let (length, size) = (head.length, head.size);
    // Whole registers: keys turned round, `[deep, across]`, values side by side, `[length, deep]`; zeros behind both.
    let (across, deep) = (length.next_multiple_of(LANES), size.next_multiple_of(LANES));
    fit(&mut scratch.keys, deep * across);
    fit(&mut scratch.values, length * deep);
    fit(&mut scratch.scores, ROWS * across);
    fit(&mut scratch.mixed, ROWS * deep);
    turn_keys::<L>(head, &mut scratch.keys, across);
    for (token, values) in scratch.values.chunks_exact_mut(deep).enumerate().take(length) {
        for (from, to) in head.part(token, 2).chunks(LANES).zip(values.as_chunks_mut::<LANES>().0) {
            L::load_some(from).store(to);
        }
    }
    // What stands behind the end of a row of scores counts neither as the largest nor in the sum.
    let mut beyond = [0.0; LANES];
    beyond[LANES - (across - length)..].fill(f32::NEG_INFINITY);
    let beyond = L::load(&beyond);
    for first in head.queries.clone().step_by(ROWS) {
        // Beyond the text's end its last token is taken again; what comes of it is not kept.
        let mut queries: [&[f32]; ROWS] = [&[]; ROWS];
        for (row, query) in queries.iter_mut().enumerate() {
            *query = head.part((first + row).min(length - 1), 0);
        }
        weighted_sums::<L>(queries, &scratch.keys, across, &mut scratch.scores);
        let mut shares = [0.0; ROWS];
        let mut weights: [&[f32]; ROWS] = [&[]; ROWS];
        let rows = shares.iter_mut().zip(&mut weights);
        for ((share, weights), scores) in rows.zip(scratch.scores.chunks_exact_mut(across)) {
            *share = 1.0 / exponentials::<L>(scores, beyond);
            *weights = &scores[..length];
        }
        weighted_sums::<L>(weights, &scratch.values, deep, &mut scratch.mixed);
        let rows = shares.into_iter().zip(scratch.mixed.chunks_exact(deep));
        for (row, (share, mixed)) in rows.enumerate().take(head.queries.end - first) {
            let out = &mut out[(first - head.queries.start + row) * head.hidden + head.column..][..size];
            for (from, to) in mixed.as_chunks::<LANES>().0.iter().zip(out.chunks_mut(LANES)) {
                L::load(from).times(L::splat(share)).store_some(to);
            }
        }
    }
}

/// A head's keys, `[size, across]`, zeros for tokens and numbers that are not there.
#[inline(always)]
fn turn_keys<L: Lanes>(head: &Head<'_>, keys: &mut [f32], across: usize) {
    for token in (0..head.length).step_by(LANES) {
        for at in (0..head.size).step_by(LANES) {
            let mut square = [L::splat(0.0); LANES];
            for (row, x) in square.iter_mut().enumerate().take(head.length - token) {
                let key = &head.part(token + row, 1)[at..];
                *x = L::load_some(&key[..key.len().min(LANES)]);
            }
            for (row, x) in L::transposed(square).into_iter().enumerate() {
                store(x, &mut keys[(at + row) * across + token..]);
            }
        }
    }
}

/// For each row of weights, the sum of `rows`, `width` numbers each, times them: into `out`, `[ROWS, width]`.
#[inline(always)]
fn weighted_sums<L: Lanes>(weights: [&[f32]; ROWS], rows: &[f32], width: usize, out: &mut [f32]) {
    let mut column = 0;
    while column + COLUMNS <= width {
        columns_of_sums::<L, 2>(weights, rows, width, column, out);
        column += COLUMNS;
    }
    if column < width {
        columns_of_sums::<L, 1>(weights, rows, width, column, out);
    }
}

/// `REGISTERS` times sixteen columns of [`weighted_sums`].
#[inline(always)]
fn columns_of_sums<L: Lanes, const REGISTERS: usize>(
    weights: [&[f32]; ROWS],
    rows: &[f32],
    width: usize,
    column: usize,
    out: &mut [f32],
) {
    let mut sums = [[L::splat(0.0); REGISTERS]; ROWS];
    let count = weights[0].len();
    // Checked once here, so that it need not be for each number.
    let mut weights = weights;
    for weights in &mut weights {
        *weights = &weights[..count];
    }
    for (at, row) in rows.chunks_exact(width).enumerate().take(count) {
        let row = &row[column..column + REGISTERS * LANES];
        let mut xs = [L::splat(0.0); REGISTERS];
        for (x, part) in xs.iter_mut().zip(row.as_chunks::<LANES>().0) {
            *x = L::load(part);
        }
        for (sums, weights) in sums.iter_mut().zip(&weights) {
            let weight = L::splat(weights[at]);
            for (sum, x) in sums.iter_mut().zip(xs) {
                *sum = weight.times_plus(x, *sum);
            }
        }
    }
    for (sums, out) in sums.into_iter().zip(out.chunks_exact_mut(width)) {
        for (sum, out) in sums.into_iter().zip(out[column..].as_chunks_mut::<LANES>().0) {
            sum.store(out);
        }
    }
}

#[inline(always)]
fn store<L: Lanes>(x: L, out: &mut [f32]) {
    if let Some(out) = out.first_chunk_mut() {
        x.store(out);
    }
}

/// Raises e to the power of each number less the largest; returns the sum. `beyond` is added to the last sixteen first.
#[inline(always)]
fn exponentials<L: Lanes>(xs: &mut [f32], beyond: L) -> f32 {
    let (chunks, _) = xs.as_chunks_mut::<LANES>();
    let Some((last, chunks)) = chunks.split_last_mut() else { return 0.0 };
    let end = L::load(last).plus(beyond);
    let mut largest = end.max(L::splat(f32::NEG_INFINITY));
    for x in chunks.iter() {
        largest = L::load(x).max(largest);
    }
    let largest = L::splat(largest.largest());
    let mut sum = exp(end.minus(largest));
    sum.store(last);
    for x in chunks {
        let y = exp(L::load(x).minus(largest));
        y.store(x);
        sum = sum.plus(y);
    }
    sum.total()
}
