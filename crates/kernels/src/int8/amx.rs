//! 8-bit integers on tiles: 32 rows by 32 columns at once, two tiles each way.

use std::arch::asm;

use super::{INPUTS, ROWS, Rows, Weights};
use crate::amx::Tiles;
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Avx512;

#[repr(align(64))]
struct Sums([[i32; COLUMNS]; ROWS]);

/// # Safety
/// Tiles of 8-bit integers are granted and AVX-512 is there; there are `rows` rounded up to [`ROWS`] rows of `weights.width`
/// numbers.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
pub(super) unsafe fn product<E: Epilogue>(xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    // SAFETY: the caller vouches for it.
    let _tiles = unsafe { Tiles::configure() };
    let mut sums = Sums([[0; COLUMNS]; ROWS]);
    for (panel, packed) in weights.packed.chunks_exact(weights.width * COLUMNS).enumerate() {
        for first in (0..rows).step_by(ROWS) {
            let a = xs.numbers[first * weights.width..(first + ROWS) * weights.width].as_ptr();
            // SAFETY: 32 rows begin at `a`, and a panel holds 32 numbers an input.
            unsafe { block(a, packed.as_ptr(), weights.width, &mut sums) };
            let count = ROWS.min(rows - first);
            let mut scaled = [[0.0; COLUMNS]; ROWS];
            weights.scale(panel, &xs.scales[first..first + count], &sums.0[..count], &mut scaled);
            epilogue.take::<Avx512>(first, panel * COLUMNS, &scaled[..count]);
        }
    }
}

/// # Safety
/// As for [`product`], with this thread's tiles configured; `a` has 32 rows of `width` numbers, `b` a panel of as many inputs.
#[inline(always)]
unsafe fn block(a: *const i8, b: *const i8, width: usize, sums: &mut Sums) {
    // SAFETY: every load stays within the rows and the panel, every store within `sums`.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{a} + {stride}]",
            "tileloadd tmm6, [{b} + {wide}]",
            "tileloadd tmm5, [{low} + {stride}]",
            "tileloadd tmm7, [{b} + {wide} + 1024]",
            "tdpbssd tmm0, tmm4, tmm6",
            "tdpbssd tmm1, tmm4, tmm7",
            "tdpbssd tmm2, tmm5, tmm6",
            "tdpbssd tmm3, tmm5, tmm7",
            "add {a}, 64",
            "add {low}, 64",
            "add {b}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{c} + {row}], tmm0",
            "tilestored [{c} + {row} + 64], tmm1",
            "tilestored [{c} + {row} + 2048], tmm2",
            "tilestored [{c} + {row} + 2112], tmm3",
            a = inout(reg) a => _,
            low = inout(reg) a.add(16 * width) => _,
            b = inout(reg) b => _,
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
