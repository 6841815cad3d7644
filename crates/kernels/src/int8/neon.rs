//! 8-bit integers on NEON with dot products: four rows by 16 columns at once.
//!
//! A lane of `sdot` adds four products, which is what a row of a packed tile is laid out for. The instruction stands in assembly
//! because its intrinsic is not in stable Rust.

use std::arch::aarch64::{int8x16_t, int32x4_t, vdupq_n_s8, vdupq_n_s32, vld1q_s8, vst1q_s32};
use std::arch::asm;

use super::{INPUTS, Rows, TILE, Weights};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Portable;

const STEP: usize = 4;

#[target_feature(enable = "neon,dotprod")]
pub(super) fn product<E: Epilogue>(xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    let width = weights.width;
    for (panel, packed) in weights.packed.chunks_exact(width * COLUMNS).enumerate() {
        for first in (0..rows).step_by(STEP) {
            let numbers = &xs.numbers[first * width..(first + STEP) * width];
            let mut sums = [[0; COLUMNS]; STEP];
            for half in [0, 1] {
                let mut parts = [[vdupq_n_s32(0); 4]; STEP];
                for (block, tiles) in packed.as_chunks::<{ 2 * TILE }>().0.iter().enumerate() {
                    let fours = tiles[half * TILE..(half + 1) * TILE].as_chunks::<64>().0.as_chunks::<4>().0;
                    for (at, fours) in fours.iter().enumerate() {
                        let mut sixteen = [vdupq_n_s8(0); STEP];
                        for (row, sixteen) in sixteen.iter_mut().enumerate() {
                            // SAFETY: `numbers` are four rows of `width`, which is as many blocks of 64 inputs as the panel has;
                            // these are 16 of a block's.
                            *sixteen = unsafe {
                                vld1q_s8(numbers.as_ptr().add(row * width + block * INPUTS + 16 * at))
                            };
                        }
                        add::<0>(&mut parts, &sixteen, &fours[0]);
                        add::<1>(&mut parts, &sixteen, &fours[1]);
                        add::<2>(&mut parts, &sixteen, &fours[2]);
                        add::<3>(&mut parts, &sixteen, &fours[3]);
                    }
                }
                for (sums, parts) in sums.iter_mut().zip(parts) {
                    for (sums, part) in sums[half * 16..].as_chunks_mut::<4>().0.iter_mut().zip(parts) {
                        // SAFETY: four numbers are room for one register.
                        unsafe { vst1q_s32(sums.as_mut_ptr(), part) };
                    }
                }
            }
            let count = STEP.min(rows - first);
            let mut scaled = [[0.0; COLUMNS]; STEP];
            weights.scale::<0>(panel, xs, first, &sums[..count], &mut scaled);
            epilogue.take::<Portable>(first, panel * COLUMNS, &scaled[..count]);
        }
    }
}

/// Adds the products of a tile's row, four inputs of each of 16 columns, with the rows' four inputs in lane `LANE`.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn add<const LANE: usize>(parts: &mut [[int32x4_t; 4]; STEP], xs: &[int8x16_t; STEP], ws: &[i8; 64]) {
    for (at, ws) in ws.as_chunks::<16>().0.iter().enumerate() {
        // SAFETY: 16 numbers are one register.
        let ws = unsafe { vld1q_s8(ws.as_ptr()) };
        for (parts, xs) in parts.iter_mut().zip(xs) {
            // SAFETY: the function is for processors with the instruction; it changes the register that is named and nothing else.
            unsafe {
                asm!(
                    "sdot {sums:v}.4s, {ws:v}.16b, {xs:v}.4b[{lane}]",
                    sums = inlateout(vreg) parts[at],
                    ws = in(vreg) ws,
                    xs = in(vreg) *xs,
                    lane = const LANE,
                    options(pure, nomem, nostack, preserves_flags),
                );
            }
        }
    }
}
