//! In which numbers the encoder's products are computed.

use std::fmt;
use std::str::FromStr;

use berika_kernels::{self as kernels, Cpu};

/// What the products are computed in. It is part of a vector's recipe: vectors of two precisions are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats, as models are published.
    F32,
    /// bfloat16 with sums in 32 bits: 8 significant bits, cosine to f32 above 0.999.
    Bf16,
    /// 8-bit integers, weights scaled by output and activations by token: cosine to f32 above 0.995.
    Int8,
    /// 16-bit floats on an NVIDIA GPU with sums in 32 bits: 11 significant bits. Only in a build with the feature `cuda`.
    #[cfg(feature = "cuda")]
    F16,
}

impl Precision {
    /// What this build can compute.
    const KNOWN: &[Self] = &[
        Self::F32,
        Self::Bf16,
        Self::Int8,
        #[cfg(feature = "cuda")]
        Self::F16,
    ];

    /// The precision that is fastest on `cpu` for what it costs: bfloat16 where there are tiles for it, else f32.
    #[must_use]
    pub fn fastest(cpu: Cpu) -> Self {
        if cpu.amx_bf16 && cpu.avx512_bf16 { Self::Bf16 } else { Self::F32 }
    }

    /// Whether `cpu` has instructions for it; f32 needs none of its own. Without them the portable twin computes the same
    /// recipe, many times slower.
    #[must_use]
    pub fn has_instructions(self, cpu: Cpu) -> bool {
        match self {
            Self::F32 => true,
            Self::Bf16 => cpu.avx512_bf16,
            Self::Int8 => cpu.avx2 || cpu.avx512 || cpu.dotprod,
            #[cfg(feature = "cuda")]
            Self::F16 => true,
        }
    }

    /// The rows that a product in this precision computes at once on `cpu`.
    pub(crate) fn rows_at_once(self, cpu: Cpu) -> usize {
        match self {
            Self::F32 => kernels::f32::rows_at_once(cpu),
            Self::Bf16 => kernels::bf16::rows_at_once(cpu),
            Self::Int8 => kernels::int8::rows_at_once(cpu),
            #[cfg(feature = "cuda")]
            Self::F16 => 1,
        }
    }

    /// The word in recipes and settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::Int8 => "int8",
            #[cfg(feature = "cuda")]
            Self::F16 => "f16",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no precision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no precision of this build: {known}{hint}", known = known(), hint = hint(.0))]
pub struct UnknownPrecision(pub String);

impl FromStr for Precision {
    type Err = UnknownPrecision;

    fn from_str(word: &str) -> Result<Self, UnknownPrecision> {
        let known = Self::KNOWN.iter().copied().find(|precision| precision.as_str() == word);
        known.ok_or_else(|| UnknownPrecision(word.to_owned()))
    }
}

fn known() -> String {
    let words: Vec<&str> = Precision::KNOWN.iter().map(|precision| precision.as_str()).collect();
    words.join(", ")
}

fn hint(word: &str) -> &'static str {
    if word == "f16" {
        "; f16 is computed on an NVIDIA GPU by a build with `--features cuda` (docs/gpu.md)"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_and_no_other() {
        for precision in Precision::KNOWN {
            assert_eq!(precision.as_str().parse(), Ok(*precision));
        }
        let error = "f64".parse::<Precision>().unwrap_err().to_string();
        assert!(
            error.contains("\"f64\"") && error.contains("bf16, int8") && !error.contains("cuda"),
            "{error}"
        );
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn f16_is_refused_with_the_build_that_it_needs() {
        let error = "f16".parse::<Precision>().unwrap_err().to_string();
        assert!(error.contains("--features cuda"), "{error}");
    }
}
