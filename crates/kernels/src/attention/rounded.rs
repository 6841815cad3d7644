//! Attention with its two products in bfloat16, for texts so long that the products outweigh the rounding and packing.

use super::{Head, fit};
use crate::Cpu;
use crate::bf16::{self, INPUTS, Weights};
use crate::epilogue::{Bare, COLUMNS};
use crate::lanes::{LANES, Lanes};
use crate::math::exp_coarsely;
use crate::rows::round_row;

/// Queries that are answered at once.
const ROWS: usize = bf16::ROWS;

/// Keys and values as the products take them, and a block of queries on its way.
#[derive(Default)]
pub(super) struct Scratch {
    keys: Weights,
    values: Weights,
    queries: Vec<u16>,
    scores: Vec<f32>,
    shares: Vec<u16>,
    mixed: Vec<f32>,
}

/// As [`super::one_head`].
#[inline(always)]
pub(super) fn one_head<L: Lanes>(cpu: Cpu, head: &Head<'_>, scratch: &mut Scratch, out: &mut [f32]) {
    let (length, size) = (head.length, head.size);
    let (wide, across) = (size.next_multiple_of(INPUTS), length.next_multiple_of(COLUMNS));
    let deep = size.next_multiple_of(COLUMNS);
    pack_keys::<L>(head, &mut scratch.keys);
    pack_values::<L>(head, &mut scratch.values);
    fit(&mut scratch.queries, ROWS * wide);
    fit(&mut scratch.scores, ROWS * across);
    fit(&mut scratch.shares, ROWS * across);
    fit(&mut scratch.mixed, ROWS * deep);
    let beyond = beyond::<L>(across - length);
    for first in head.queries.clone().step_by(ROWS) {
        let count = ROWS.min(head.queries.end - first);
        for (row, query) in scratch.queries.chunks_exact_mut(wide).take(count).enumerate() {
            round_row::<L>(head.part(first + row, 0), query);
        }
        let mut scores = Bare { width: across, out: &mut scratch.scores };
        bf16::product(cpu, &scratch.queries, count, &scratch.keys, &mut scores);
        let mut totals = [0.0; ROWS];
        let rows = scratch.scores.chunks_exact(across).zip(scratch.shares.chunks_exact_mut(across));
        for (total, (scores, shares)) in totals.iter_mut().zip(rows).take(count) {
            *total = exponentials::<L>(scores, beyond, shares);
        }
        let mut mixed = Bare { width: deep, out: &mut scratch.mixed };
        bf16::product(cpu, &scratch.shares, count, &scratch.values, &mut mixed);
        for (row, (total, mixed)) in
            totals.iter().zip(scratch.mixed.chunks_exact(deep)).enumerate().take(count)
        {
            let out = &mut out[(first - head.queries.start + row) * head.hidden + head.column..][..size];
            let share = L::splat(1.0 / total);
            for (from, to) in mixed.as_chunks::<LANES>().0.iter().zip(out.chunks_mut(LANES)) {
                L::load(from).times(share).store_some(to);
            }
        }
    }
}

/// Minus infinity for the last `count` of 32 numbers, else 0.
#[inline(always)]
fn beyond<L: Lanes>(count: usize) -> [L; 2] {
    let mut beyond = [[0.0; LANES]; 2];
    beyond.as_flattened_mut()[COLUMNS - count..].fill(f32::NEG_INFINITY);
    [L::load(&beyond[0]), L::load(&beyond[1])]
}

/// A head's keys as weights: an output a token, an input a number.
#[inline(always)]
fn pack_keys<L: Lanes>(head: &Head<'_>, keys: &mut Weights) {
    let (length, size) = (head.length, head.size);
    keys.reshape(length, size);
    for token in (0..length.next_multiple_of(COLUMNS)).step_by(LANES) {
        for input in (0..size).step_by(INPUTS) {
            // Sixteen tokens' pairs of numbers, turned round.
            let mut pairs = [L::splat(0.0); LANES];
            for (row, pair) in pairs.iter_mut().enumerate().take(length.saturating_sub(token)) {
                let key = &head.part(token + row, 1)[input..];
                let mut rounded = [0; INPUTS];
                round_row::<L>(&key[..key.len().min(INPUTS)], &mut rounded);
                let mut bits = [0.0; LANES];
                for (bits, two) in bits.iter_mut().zip(rounded.as_chunks::<2>().0) {
                    *bits = f32::from_bits(u32::from(two[0]) | u32::from(two[1]) << 16);
                }
                *pair = L::load(&bits);
            }
            let tile = keys.tile_mut(token, input);
            for (pair, out) in L::transposed(pairs).into_iter().zip(tile.as_chunks_mut::<{ 2 * LANES }>().0) {
                let mut bits = [0.0; LANES];
                pair.store(&mut bits);
                for (bits, two) in bits.into_iter().zip(out.as_chunks_mut::<2>().0) {
                    *two = [bits.to_bits() as u16, (bits.to_bits() >> 16) as u16];
                }
            }
        }
    }
}

/// A head's values as weights: an output a number, an input a token.
#[inline(always)]
fn pack_values<L: Lanes>(head: &Head<'_>, values: &mut Weights) {
    let (length, size) = (head.length, head.size);
    values.reshape(size, length);
    for column in (0..size.next_multiple_of(COLUMNS)).step_by(LANES) {
        for token in (0..length).step_by(INPUTS) {
            let tile = values.tile_mut(column, token);
            for (pair, out) in tile.as_chunks_mut::<{ 2 * LANES }>().0.iter_mut().enumerate() {
                let mut two = [[0; LANES]; 2];
                for (half, rounded) in two.iter_mut().enumerate() {
                    let token = token + 2 * pair + half;
                    if token < length && column < size {
                        let value = &head.part(token, 2)[column..];
                        round_row::<L>(&value[..value.len().min(LANES)], rounded);
                    }
                }
                for ((out, even), odd) in out.as_chunks_mut::<2>().0.iter_mut().zip(two[0]).zip(two[1]) {
                    *out = [even, odd];
                }
            }
        }
    }
}

/// e to the power of each score less the largest, rounded into `out`; returns the sum. `beyond` is added to the last 32 first.
#[inline(always)]
fn exponentials<L: Lanes>(scores: &[f32], beyond: [L; 2], out: &mut [u16]) -> f32 {
    let (chunks, _) = scores.as_chunks::<LANES>();
    let (out, _) = out.as_chunks_mut::<LANES>();
    let Some((chunks, [low, high])) = chunks.split_last_chunk::<2>() else { return 0.0 };
    let end = [L::load(low).plus(beyond[0]), L::load(high).plus(beyond[1])];
    let mut largest = end[0].max(end[1].max(L::splat(f32::NEG_INFINITY)));
    for x in chunks {
        largest = L::load(x).max(largest);
    }
    let (largest, mut sum) = (L::splat(largest.largest()), L::splat(0.0));
    // In a loop of its own each: what an iterator's closure computes is not compiled for the processor.
    let (out, last) = out.split_at_mut(chunks.len());
    for (x, out) in chunks.iter().zip(out) {
        let y = exp_coarsely(L::load(x).minus(largest));
        y.store_bf16(out);
        sum = sum.plus(y);
    }
    for (x, out) in end.into_iter().zip(last) {
        let y = exp_coarsely(x.minus(largest));
        y.store_bf16(out);
        sum = sum.plus(y);
    }
    sum.total()
}
