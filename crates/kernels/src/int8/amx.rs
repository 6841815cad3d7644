//! 8-bit integers on tiles: 32 rows by 32 columns at once, two tiles each way.
//!
//! The rows of a block stay in the first cache while the weights, which lie in the order they are wanted, stream past. Taking
//! sums between the steps of the next block, as for bfloat16, made it slower: its steps are half as many.

use std::arch::asm;

use super::{INPUTS, ROWS, Rows, Weights};
use crate::amx::Tiles;
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Avx512;

#[repr(align(64))]
struct Sums([[i32; COLUMNS]; ROWS]);

/// # Safety
/// The processor has tile products of 8-bit integers, and tiles are granted.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
pub(super) unsafe fn product<E: Epilogue>(xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    // SAFETY: the caller vouches for the tiles. The epilogues, which run before they are released, use none.
    let tiles = unsafe { Tiles::configure() };
    let mut sums = Sums([[0; COLUMNS]; ROWS]);
    for first in (0..rows).step_by(ROWS) {
        let numbers = &xs.numbers[first * weights.width..(first + ROWS) * weights.width];
        let count = ROWS.min(rows - first);
        for (panel, packed) in weights.packed.chunks_exact(weights.width * COLUMNS).enumerate() {
            // SAFETY: the caller vouches for the products. Rows and panel were cut to the width, which is whole blocks of inputs,
            // and one at least.
            unsafe { block(&tiles, numbers, packed, weights.width, &mut sums) };
            let mut scaled = [[0.0; COLUMNS]; ROWS];
            weights.scale::<0>(panel, xs, first, &sums.0[..count], &mut scaled);
            epilogue.take::<Avx512>(first, panel * COLUMNS, &scaled[..count]);
        }
    }
}

/// # Safety
/// The processor has tile products of 8-bit integers. `width` is a multiple of 64 and not 0; `xs` are 32 rows, and `panel` 32
/// columns, of so many numbers.
#[inline(always)]
unsafe fn block(_: &Tiles, xs: &[i8], panel: &[i8], width: usize, sums: &mut Sums) {
    debug_assert!(width > 0 && width.is_multiple_of(INPUTS));
    debug_assert!(xs.len() == ROWS * width && panel.len() == COLUMNS * width);
    // SAFETY: this thread's tiles are configured, and all that change are named. `count` blocks of 64 bytes are one of the 32
    // rows; `a` begins the first and `low` the 17th. `count` times two tiles are the panel. `sums` is 32 rows of 128 bytes.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{a} + {stride}*1]",
            "tileloadd tmm6, [{b} + {wide}*1]",
            "tileloadd tmm5, [{low} + {stride}*1]",
            "tileloadd tmm7, [{b} + {wide}*1 + 1024]",
            "tdpbssd tmm0, tmm4, tmm6",
            "tdpbssd tmm1, tmm4, tmm7",
            "tdpbssd tmm2, tmm5, tmm6",
            "tdpbssd tmm3, tmm5, tmm7",
            "add {a}, 64",
            "add {low}, 64",
            "add {b}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{c} + {row}*1], tmm0",
            "tilestored [{c} + {row}*1 + 64], tmm1",
            "tilestored [{c} + {row}*1 + 2048], tmm2",
            "tilestored [{c} + {row}*1 + 2112], tmm3",
            a = inout(reg) xs.as_ptr() => _,
            low = inout(reg) xs.as_ptr().add(16 * width) => _,
            b = inout(reg) panel.as_ptr() => _,
            count = inout(reg) width / INPUTS => _,
            stride = in(reg) width,
            wide = in(reg) 64usize,
            row = in(reg) 4 * COLUMNS,
            c = in(reg) sums.0.as_mut_ptr(),
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}
