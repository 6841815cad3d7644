//! Where forward passes are computed: on our own kernels, or as a tensor program on a GPU.

use berika_kernels::Cpu;

use crate::encoder::Encoder;
#[cfg(any(test, feature = "cuda"))]
use crate::encoder::TensorEncoder;
use crate::error::LoadError;
use crate::folder::Architecture;
use crate::plan::Limits;
use crate::precision::Precision;
use crate::weights::Weights;

/// An encoder, wherever it is.
pub(crate) enum Backend {
    /// On the processor.
    Kernels(Encoder),
    /// On a GPU, in tests on the processor.
    #[cfg(any(test, feature = "cuda"))]
    Tensors(TensorEncoder),
}

impl Backend {
    /// The encoder that computes in `precision`.
    pub(crate) fn load(
        weights: &Weights<'_>,
        arch: &Architecture,
        precision: Precision,
        cpu: Cpu,
    ) -> Result<Self, LoadError> {
        #[cfg(feature = "cuda")]
        if precision == Precision::F16 {
            // A stream of its own, not one a thread: what one thread loads or drops, another computes with.
            let device = candle_core::Device::new_cuda_with_stream(0);
            let device = device.map_err(|source| LoadError::NoGpu { source: Box::new(source) })?;
            let encoder = TensorEncoder::load(weights, arch, &device, candle_core::DType::F16)?;
            return Ok(Self::Tensors(encoder));
        }
        Encoder::load(weights, arch, precision, cpu).map(Self::Kernels)
    }

    /// Rows of the token table.
    pub(crate) fn vocabulary(&self) -> usize {
        match self {
            Self::Kernels(encoder) => encoder.vocabulary(),
            #[cfg(any(test, feature = "cuda"))]
            Self::Tensors(encoder) => encoder.vocabulary(),
        }
    }

    /// How large a pass should be.
    pub(crate) fn limits(&self) -> Limits {
        match self {
            Self::Kernels(_) => Limits::default(),
            // A pass must outlast the launching of its kernels. A guess: not measured.
            #[cfg(any(test, feature = "cuda"))]
            Self::Tensors(_) => Limits { tokens: 16_384 },
        }
    }
}
