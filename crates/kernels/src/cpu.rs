//! What this processor can do, asked once.

use std::sync::OnceLock;

/// The extensions that a kernel exists for. Every field may be switched off to compute as a lesser processor would.
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
    };

    /// What this processor has and the operating system lets us use.
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
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Cpu {
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq");
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let (amx_bf16, amx_int8) = crate::amx::extensions();
    let granted = avx512 && crate::amx::granted();
    Cpu {
        avx2,
        avx512,
        avx512_vnni: avx512 && is_x86_feature_detected!("avx512vnni"),
        avx_vnni: avx2 && is_x86_feature_detected!("avxvnni"),
        avx512_bf16: avx512 && is_x86_feature_detected!("avx512bf16"),
        amx_bf16: granted && amx_bf16,
        amx_int8: granted && amx_int8,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> Cpu {
    Cpu::PORTABLE
}
