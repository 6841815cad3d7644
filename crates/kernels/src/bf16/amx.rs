//! bfloat16 on tiles: 32 rows by 32 columns at once, two tiles each way.
//!
//! The rows of a block stay in the first cache while the weights, which lie in the order they are wanted, stream past. While the
//! tiles of one block are multiplied, the sums of the block before are taken in between: the two keep different parts of the
//! processor busy.

use std::arch::asm;

use super::{INPUTS, ROWS, Weights};
use crate::amx::Tiles;
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Avx512;

#[repr(align(64))]
struct Sums([[f32; COLUMNS]; ROWS]);

/// A block whose sums are computed and not yet taken.
struct Block {
    row: usize,
    rows: usize,
    column: usize,
}

/// The way through the inputs is cut into so many parts; after each, as many parts of the block before are taken.
const PARTS: usize = 4;

/// # Safety
/// The processor has tile products of bfloat16, and tiles are granted.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")]
pub(super) unsafe fn product<E: Epilogue>(xs: &[u16], rows: usize, weights: &Weights, epilogue: &mut E) {
    // SAFETY: the caller vouches for the tiles. The epilogues, which run before they are released, use none.
    let tiles = unsafe { Tiles::configure() };
    let mut sums = [const { Sums([[0.0; COLUMNS]; ROWS]) }; 2];
    let (mut turn, mut waiting) = (false, Block { row: 0, rows: 0, column: 0 });
    let width = weights.width;
    let steps = width / INPUTS;
    for row in (0..rows).step_by(ROWS) {
        let xs = &xs[row * width..(row + ROWS) * width];
        let count = ROWS.min(rows - row);
        for (panel, packed) in weights.packed.chunks_exact(width * COLUMNS).enumerate() {
            let [even, odd] = &mut sums;
            let (now, before) = if turn { (odd, even) } else { (even, odd) };
            clear(&tiles);
            for part in 0..PARTS {
                let steps = part * steps / PARTS..(part + 1) * steps / PARTS;
                // SAFETY: the caller vouches for the products. Rows and panel were cut to the width, which is `steps` blocks of
                // inputs.
                unsafe {
                    if count > 16 {
                        multiply_both(&tiles, xs, packed, width, steps);
                    } else {
                        multiply_low(&tiles, xs, packed, width, steps);
                    }
                }
                take(epilogue, before, &waiting, part * ROWS / PARTS, ROWS / PARTS);
            }
            store(&tiles, now);
            waiting = Block { row, rows: count, column: panel * COLUMNS };
            turn = !turn;
        }
    }
    take(epilogue, &sums[usize::from(!turn)], &waiting, 0, ROWS);
}

/// Gives `count` rows of a block on, from `first`.
#[inline(always)]
fn take<E: Epilogue>(epilogue: &mut E, sums: &Sums, block: &Block, first: usize, count: usize) {
    let end = block.rows.min(first + count);
    if first < end {
        epilogue.take::<Avx512<true>>(block.row + first, block.column, &sums.0[first..end]);
    }
}

/// Zeros in the four tiles of sums, 0 and 1 for the first 16 rows, 2 and 3 for the others.
#[inline(always)]
fn clear(_: &Tiles) {
    // SAFETY: this thread's tiles are configured, and all that change are named.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            options(nostack, nomem, preserves_flags),
        );
    }
}

/// Adds the products of the blocks `steps` of inputs to the tiles of sums.
///
/// # Safety
/// The processor has tile products of bfloat16. `xs` are 32 rows, and `panel` 32 columns, of `width` numbers; `steps` ends within
/// `width / 32`.
#[inline(always)]
unsafe fn multiply_both(_: &Tiles, xs: &[u16], panel: &[u16], width: usize, steps: std::ops::Range<usize>) {
    debug_assert!(steps.end * INPUTS <= width && xs.len() == ROWS * width && panel.len() == COLUMNS * width);
    if steps.is_empty() {
        return;
    }
    // SAFETY: this thread's tiles are configured, and all that change are named. `count` blocks of 64 bytes from the first step on
    // are within one of the 32 rows; `a` begins the first and `low` the 17th. As many times two tiles are within the panel.
    unsafe {
        let a = xs.as_ptr().add(steps.start * INPUTS);
        asm!(
            "2:",
            "tileloadd tmm6, [{b} + {wide}*1]",
            "tileloadd tmm4, [{a} + {stride}*1]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{b} + {wide}*1 + 1024]",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "tileloadd tmm5, [{low} + {stride}*1]",
            "tdpbf16ps tmm2, tmm5, tmm6",
            "tdpbf16ps tmm3, tmm5, tmm7",
            "add {a}, 64",
            "add {low}, 64",
            "add {b}, 2048",
            "dec {count}",
            "jnz 2b",
            a = inout(reg) a => _,
            low = inout(reg) a.add(16 * width) => _,
            b = inout(reg) panel.as_ptr().add(steps.start * INPUTS * COLUMNS) => _,
            count = inout(reg) steps.len() => _,
            stride = in(reg) 2 * width,
            wide = in(reg) 64usize,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack, readonly),
        );
    }
}

/// The first 16 rows only.
///
/// # Safety
/// As for [`multiply_both`].
#[inline(always)]
unsafe fn multiply_low(_: &Tiles, xs: &[u16], panel: &[u16], width: usize, steps: std::ops::Range<usize>) {
    debug_assert!(steps.end * INPUTS <= width && xs.len() == ROWS * width && panel.len() == COLUMNS * width);
    if steps.is_empty() {
        return;
    }
    // SAFETY: as in `multiply_both`, for the first 16 rows of `xs`.
    unsafe {
        asm!(
            "2:",
            "tileloadd tmm4, [{a} + {stride}*1]",
            "tileloadd tmm6, [{b} + {wide}*1]",
            "tileloadd tmm7, [{b} + {wide}*1 + 1024]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "add {a}, 64",
            "add {b}, 2048",
            "dec {count}",
            "jnz 2b",
            a = inout(reg) xs.as_ptr().add(steps.start * INPUTS) => _,
            b = inout(reg) panel.as_ptr().add(steps.start * INPUTS * COLUMNS) => _,
            count = inout(reg) steps.len() => _,
            stride = in(reg) 2 * width,
            wide = in(reg) 64usize,
            out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            options(nostack, readonly),
        );
    }
}

/// The four tiles of sums to memory.
#[inline(always)]
fn store(_: &Tiles, sums: &mut Sums) {
    // SAFETY: this thread's tiles are configured. `sums` is 32 rows of 128 bytes, which the four of 16 rows of 64 bytes are.
    unsafe {
        asm!(
            "tilestored [{c} + {row}*1], tmm0",
            "tilestored [{c} + {row}*1 + 64], tmm1",
            "tilestored [{c} + {row}*1 + 2048], tmm2",
            "tilestored [{c} + {row}*1 + 2112], tmm3",
            row = in(reg) 4 * COLUMNS,
            c = in(reg) sums.0.as_mut_ptr(),
            options(nostack, preserves_flags),
        );
    }
}
