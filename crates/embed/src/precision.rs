//! In which numbers the encoder's products are computed.

use std::fmt;
use std::str::FromStr;

use berika_kernels::Cpu;

/// What the products are computed in. It is part of a vector's recipe: vectors of two precisions are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floats, as models are published.
    F32,
    /// bfloat16 with sums in 32 bits: 8 significant bits, cosine to f32 above 0.999.
    Bf16,
    /// 8-bit integers, weights scaled by output and activations by token: cosine to f32 above 0.99.
    Int8,
}

impl Precision {
    /// The precision that is fastest on `cpu` for what it costs: bfloat16 where there are tiles for it, else f32.
    #[must_use]
    pub fn fastest(cpu: Cpu) -> Self {
        if cpu.amx_bf16 { Self::Bf16 } else { Self::F32 }
    }

    /// The word in recipes and settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
            Self::Int8 => "int8",
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
#[error("{0:?} is no precision: f32, bf16 or int8")]
pub struct UnknownPrecision(pub String);

impl FromStr for Precision {
    type Err = UnknownPrecision;

    fn from_str(word: &str) -> Result<Self, UnknownPrecision> {
        [Self::F32, Self::Bf16, Self::Int8]
            .into_iter()
            .find(|precision| precision.as_str() == word)
            .ok_or_else(|| UnknownPrecision(word.to_owned()))
    }
}
