//! Tensors out of a weights file, each checked before it is used.

use std::path::{Path, PathBuf};

use candle_core::safetensors::SliceSafetensors;
use candle_core::{DType, Device, Tensor};
use half::{bf16, f16};
use rayon::prelude::*;

use crate::checkpoint::{Checkpoint, Stored};
use crate::error::LoadError;
use crate::folder::CHECKPOINT;

/// Numbers that a thread converts at a time.
const PART: usize = 1 << 16;

/// The file's tensors. They are numbers of 16 or 32 bits and are computed with in 32.
pub(crate) struct Weights<'a> {
    file: PathBuf,
    tensors: Tensors<'a>,
    /// Some checkpoints put the encoder under its architecture's name.
    prefix: &'static str,
}

enum Tensors<'a> {
    Safetensors(SliceSafetensors<'a>),
    Checkpoint(Checkpoint<'a>),
}

impl<'a> Weights<'a> {
    /// Takes the file apart: a checkpoint of PyTorch if it is called so, else safetensors.
    pub(crate) fn new(file: &Path, bytes: &'a [u8]) -> Result<Self, LoadError> {
        let tensors = if file.ends_with(CHECKPOINT) {
            let checkpoint = Checkpoint::new(bytes)
                .map_err(|reason| LoadError::Checkpoint { file: file.to_owned(), reason })?;
            Tensors::Checkpoint(checkpoint)
        } else {
            let safetensors = SliceSafetensors::new(bytes)
                .map_err(|error| LoadError::Weights { file: file.to_owned(), reason: error.to_string() })?;
            Tensors::Safetensors(safetensors)
        };
        let prefix = ["", "bert.", "roberta.", "model."]
            .into_iter()
            .find(|prefix| tensors.find(&format!("{prefix}embeddings.word_embeddings.weight")).is_some())
            .unwrap_or_default();
        Ok(Self { file: file.to_owned(), tensors, prefix })
    }

    /// The tensor as f32, with exactly this shape and no NaN or infinity in it.
    pub(crate) fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor, LoadError> {
        Tensor::from_vec(self.numbers(name, shape)?, shape, &Device::Cpu).map_err(|error| self.failed(&error))
    }

    /// The tensor's numbers, row-major, checked as [`Self::get`] does.
    pub(crate) fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let name = format!("{}{name}", self.prefix);
        // The names of the first BERT checkpoints.
        let old =
            name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        let (name, found) = match self.tensors.find(&name) {
            None => (&old, self.tensors.find(&old)),
            found => (&name, found),
        };
        let wrong = |problem| LoadError::Tensor { file: self.file.clone(), tensor: name.clone(), problem };
        let stored = found.ok_or_else(|| wrong("is missing".to_owned()))?.map_err(wrong)?;
        if stored.shape != shape {
            let problem = format!("has shape {:?} where config.json asks for {shape:?}", stored.shape);
            return Err(wrong(problem));
        }
        let numbers = match stored.dtype {
            DType::F32 => converted(stored.data, f32::from_le_bytes),
            DType::F16 => converted(stored.data, |bytes| f16::from_le_bytes(bytes).to_f32()),
            DType::BF16 => converted(stored.data, |bytes| bf16::from_le_bytes(bytes).to_f32()),
            other => {
                return Err(wrong(format!("holds {} where f32, f16 or bf16 is read", other.as_str())));
            }
        };
        numbers.ok_or_else(|| wrong("holds NaN or infinity".to_owned()))
    }

    /// An error of the tensor library while weights are put in the order that the encoder wants.
    pub(crate) fn failed(&self, error: &candle_core::Error) -> LoadError {
        LoadError::Weights { file: self.file.clone(), reason: error.to_string() }
    }
}

impl Tensors<'_> {
    /// The tensor of this name, if there is one; what is wrong with it, where something is.
    fn find(&self, name: &str) -> Option<Result<Stored<'_>, String>> {
        match self {
            Self::Checkpoint(checkpoint) => checkpoint.get(name),
            Self::Safetensors(safetensors) => {
                let view = safetensors.get(name).ok()?;
                let stored = |dtype| Stored { dtype, shape: view.shape().to_vec(), data: view.data() };
                let unread = |_| format!("holds {:?} where f32, f16 or bf16 is read", view.dtype());
                Some(DType::try_from(view.dtype()).map(stored).map_err(unread))
            }
        }
    }
}

/// Little-endian numbers of `N` bytes as f32; `None` where one is NaN or infinite.
fn converted<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f32 + Sync) -> Option<Vec<f32>> {
    let mut numbers = vec![0.0; bytes.len() / N];
    let finite = numbers.par_chunks_mut(PART).zip(bytes.par_chunks(PART * N)).all(|(numbers, bytes)| {
        let mut finite = true;
        for (to, from) in numbers.iter_mut().zip(bytes.chunks_exact(N)) {
            *to = number(from.try_into().expect("a chunk of N bytes"));
            finite &= to.is_finite();
        }
        finite
    });
    finite.then_some(numbers)
}
