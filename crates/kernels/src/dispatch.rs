//! One piece of code, compiled for several processors.

use crate::Cpu;
use crate::lanes::{Lanes, Portable};

/// Code to be compiled for each processor. `run` is `#[inline(always)]`, and so is all it calls.
pub(crate) trait Work {
    fn run<L: Lanes>(self);
}

/// Runs `work` with the widest registers that `cpu` has.
#[inline]
pub(crate) fn dispatch<W: Work>(cpu: Cpu, work: W) {
    let has = cpu.here();
    #[cfg(target_arch = "x86_64")]
    {
        if has.avx512_bf16 {
            // SAFETY: this processor has the instructions that `avx512_bf16` is compiled for.
            return unsafe { avx512_bf16(work) };
        }
        if has.avx512 {
            // SAFETY: this processor has the instructions that `avx512` is compiled for.
            return unsafe { avx512(work) };
        }
        if has.avx2 {
            // SAFETY: this processor has the instructions that `avx2` is compiled for.
            return unsafe { avx2(work) };
        }
    }
    let _ = has;
    work.run::<Portable>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")]
fn avx512_bf16<W: Work>(work: W) {
    work.run::<crate::lanes::Avx512<true>>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
fn avx512<W: Work>(work: W) {
    work.run::<crate::lanes::Avx512>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<W: Work>(work: W) {
    work.run::<crate::lanes::Avx2>();
}
