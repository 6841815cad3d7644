//! What this processor can do, asked once.

use std::sync::OnceLock;

/// The extensions that a kernel exists for. Every field may be switched off to compute as a lesser processor would, and with it
/// goes what builds on it: without [`Self::avx512`] there is no tile, either.
///
/// A value claims nothing: whatever is asked for, only what [`Self::detected`] found is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cpu {
    /// AVX2 and FMA.
    pub avx2: bool,
    /// AVX-512 F, BW, VL and DQ.
    pub avx512: bool,
    /// 8-bit dot products on 512-bit registers.
    pub avx512_vnni: bool,
    /// 8-bit dot products on 256-bit registers, as processors without AVX-512 have them.
    pub avx_vnni: bool,
    /// bfloat16 dot products on 512-bit registers.
    pub avx512_bf16: bool,
    /// Tiles of bfloat16, granted by the operating system.
    pub amx_bf16: bool,
    /// Tiles of 8-bit integers, granted by the operating system.
    pub amx_int8: bool,
    /// 8-bit dot products of NEON (aarch64).
    pub dotprod: bool,
}

impl Cpu {
    /// No extension at all: every product takes its portable twin.
    pub const PORTABLE: Self = Self {
        avx2: false,
        avx512: false,
        avx512_vnni: false,
        avx_vnni: false,
        avx512_bf16: false,
        amx_bf16: false,
        amx_int8: false,
        dotprod: false,
    };

    /// What this processor has and the operating system lets us use. The first call asks Linux for tiles where the processor
    /// has them; see the crate's section on safety.
    #[must_use]
    pub fn detected() -> Self {
        static FOUND: OnceLock<Cpu> = OnceLock::new();
        *FOUND.get_or_init(detect)
    }

    /// The extensions that both have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            avx2: self.avx2 && other.avx2,
            avx512: self.avx512 && other.avx512,
            avx512_vnni: self.avx512_vnni && other.avx512_vnni,
            avx_vnni: self.avx_vnni && other.avx_vnni,
            avx512_bf16: self.avx512_bf16 && other.avx512_bf16,
            amx_bf16: self.amx_bf16 && other.amx_bf16,
            amx_int8: self.amx_int8 && other.amx_int8,
            dotprod: self.dotprod && other.dotprod,
        }
    }

    /// What of it may be used here: the only way to a kernel.
    pub(crate) fn here(self) -> Self {
        self.and(Self::detected()).consistent()
    }

    /// An extension without the one that it builds on is none.
    fn consistent(mut self) -> Self {
        self.avx_vnni &= self.avx2;
        self.avx512 &= self.avx2;
        for built in [&mut self.avx512_vnni, &mut self.avx512_bf16, &mut self.amx_bf16, &mut self.amx_int8] {
            *built &= self.avx512;
        }
        self
    }
}

/// What the processor names and the operating system saves the registers of (the macro asks for both).
#[cfg(target_arch = "x86_64")]
fn detect() -> Cpu {
    let (amx_bf16, amx_int8) = crate::amx::extensions();
    Cpu {
        avx2: is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
        avx512: is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq"),
        avx512_vnni: is_x86_feature_detected!("avx512vnni"),
        avx_vnni: is_x86_feature_detected!("avxvnni"),
        avx512_bf16: is_x86_feature_detected!("avx512bf16"),
        amx_bf16,
        amx_int8,
        ..Cpu::PORTABLE
    }
    .consistent()
}

/// The lanes of a register stand as numbers stand in memory only where bytes do.
#[cfg(target_arch = "aarch64")]
fn detect() -> Cpu {
    let dotprod = cfg!(target_endian = "little") && std::arch::is_aarch64_feature_detected!("dotprod");
    Cpu { dotprod, ..Cpu::PORTABLE }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn detect() -> Cpu {
    Cpu::PORTABLE
}
