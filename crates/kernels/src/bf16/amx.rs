//! bfloat16 on tiles: 32 rows by 32 columns at once, two tiles each way.

use std::arch::asm;

use super::{INPUTS, ROWS, Weights};
use crate::amx::Tiles;
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Avx512;

#[repr(align(64))]
struct Sums([[f32; COLUMNS]; ROWS]);

/// # Safety
/// Tiles of bfloat16 are granted and AVX-512 is there; `xs` holds `rows` rounded up to [`ROWS`] rows of `weights.width` numbers.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")]
pub(super) unsafe fn product<E: Epilogue>(xs: &[u16], rows: usize, weights: &Weights, epilogue: &mut E) {
    // SAFETY: the caller vouches for it.
    let _tiles = unsafe { Tiles::configure() };
    let mut sums = Sums([[0.0; COLUMNS]; ROWS]);
    for (panel, packed) in weights.packed.chunks_exact(weights.width * COLUMNS).enumerate() {
        for first in (0..rows).step_by(ROWS) {
            let a = xs[first * weights.width..(first + ROWS) * weights.width].as_ptr();
            let count = rows - first;
            // SAFETY: 32 rows begin at `a`, and a panel holds 32 numbers an input.
            unsafe {
                if count > 16 {
                    high_block(a, packed.as_ptr(), weights.width, &mut sums);
                } else {
                    low_block(a, packed.as_ptr(), weights.width, &mut sums);
                }
            }
            epilogue.take::<Avx512>(first, panel * COLUMNS, &sums.0[..count.min(ROWS)]);
        }
    }
}

/// # Safety
/// As for [`product`], with this thread's tiles configured; `a` has 32 rows of `width` numbers, `b` a panel of as many inputs.
#[inline(always)]
unsafe fn high_block(a: *const u16, b: *const u16, width: usize, sums: &mut Sums) {
    // SAFETY: every load stays within the rows and the panel, every store within `sums`.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
            "2:",
            "tileloadd tmm4, [{a} + {stride}]",
            "tileloadd tmm6, [{b} + {wide}]",
            "tileloadd tmm5, [{low} + {stride}]",
            "tileloadd tmm7, [{b} + {wide} + 1024]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "tdpbf16ps tmm2, tmm5, tmm6",
            "tdpbf16ps tmm3, tmm5, tmm7",
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
            stride = in(reg) 2 * width,
            wide = in(reg) 64usize,
            row = in(reg) 4 * COLUMNS,
            c = in(reg) sums.0.as_mut_ptr(),
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// The first 16 rows only.
///
/// # Safety
/// As for [`high_block`].
#[inline(always)]
unsafe fn low_block(a: *const u16, b: *const u16, width: usize, sums: &mut Sums) {
    // SAFETY: as above.
    unsafe {
        asm!(
            "tilezero tmm0", "tilezero tmm1",
            "2:",
            "tileloadd tmm4, [{a} + {stride}]",
            "tileloadd tmm6, [{b} + {wide}]",
            "tileloadd tmm7, [{b} + {wide} + 1024]",
            "tdpbf16ps tmm0, tmm4, tmm6",
            "tdpbf16ps tmm1, tmm4, tmm7",
            "add {a}, 64",
            "add {b}, 2048",
            "dec {count}",
            "jnz 2b",
            "tilestored [{c} + {row}], tmm0",
            "tilestored [{c} + {row} + 64], tmm1",
            a = inout(reg) a => _,
            b = inout(reg) b => _,
            count = inout(reg) width / INPUTS => _,
            stride = in(reg) 2 * width,
            wide = in(reg) 64usize,
            row = in(reg) 4 * COLUMNS,
            c = in(reg) sums.0.as_mut_ptr(),
            out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}
