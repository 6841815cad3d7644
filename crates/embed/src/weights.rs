//! Tensors out of a safetensors file, each checked before it is used.

use std::path::{Path, PathBuf};

use candle_core::safetensors::SliceSafetensors;
use candle_core::{DType, Device, Tensor};
use rayon::prelude::*;

use crate::error::LoadError;

/// The file's tensors. They are numbers of 16 or 32 bits and are computed with in 32.
pub(crate) struct Weights<'a> {
    file: PathBuf,
    tensors: SliceSafetensors<'a>,
    /// Some checkpoints put the encoder under its architecture's name.
    prefix: &'static str,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(file: &Path, bytes: &'a [u8]) -> Result<Self, LoadError> {
        let tensors = SliceSafetensors::new(bytes)
            .map_err(|error| LoadError::Weights { file: file.to_owned(), reason: error.to_string() })?;
        let prefix = ["", "bert.", "roberta.", "model."]
            .into_iter()
            .find(|prefix| tensors.get(&format!("{prefix}embeddings.word_embeddings.weight")).is_ok())
            .unwrap_or_default();
        Ok(Self { file: file.to_owned(), tensors, prefix })
    }

    /// The tensor as f32, with exactly this shape and no NaN or infinity in it.
    pub(crate) fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor, LoadError> {
        let mut name = format!("{}{name}", self.prefix);
        let wrong = |name: &str, problem: String| LoadError::Tensor {
            file: self.file.clone(),
            tensor: name.to_owned(),
            problem,
        };
        let view = match self.tensors.get(&name) {
            Ok(view) => view,
            Err(_) => {
                // The names of the first BERT checkpoints.
                let old = name
                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta");
                let view = self.tensors.get(&old).map_err(|_| wrong(&name, "is missing".to_owned()))?;
                name = old;
                view
            }
        };
        if view.shape() != shape {
            return Err(wrong(
                &name,
                format!("has shape {:?} where config.json asks for {shape:?}", view.shape()),
            ));
        }
        let tensor =
            self.tensors.load(&name, &Device::Cpu).map_err(|error| wrong(&name, error.to_string()))?;
        if !matches!(tensor.dtype(), DType::F32 | DType::F16 | DType::BF16) {
            return Err(wrong(
                &name,
                format!("holds {} where f32, f16 or bf16 is read", tensor.dtype().as_str()),
            ));
        }
        let tensor = tensor.to_dtype(DType::F32).map_err(|error| wrong(&name, error.to_string()))?;
        let finite = {
            let (storage, _) = tensor.storage_and_layout();
            match &*storage {
                candle_core::Storage::Cpu(cpu) => cpu.as_slice::<f32>().is_ok_and(|numbers| {
                    numbers.par_chunks(1 << 16).all(|part| part.iter().all(|x| x.is_finite()))
                }),
                _ => false,
            }
        };
        if finite { Ok(tensor) } else { Err(wrong(&name, "holds NaN or infinity".to_owned())) }
    }

    /// The tensor's numbers, row-major, checked as [`Self::get`] does.
    pub(crate) fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let numbers = self.get(name, shape)?.flatten_all().and_then(|tensor| tensor.to_vec1());
        numbers.map_err(|error| self.failed(&error))
    }

    /// An error of the tensor library while weights are put in the order that the encoder wants.
    pub(crate) fn failed(&self, error: &candle_core::Error) -> LoadError {
        LoadError::Weights { file: self.file.clone(), reason: error.to_string() }
    }
}
