//! Tensors out of the file, each with the shape that the settings say.

use std::cell::RefCell;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};

use crate::error::LoadError;
use crate::gguf::Header;
use crate::linear::{Linear, Raw, Stack};

/// The tensors of a file. Each is read once, when it is asked for.
pub(crate) struct Weights<'a> {
    path: &'a Path,
    file: RefCell<&'a mut File>,
    header: &'a Header,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(path: &'a Path, file: &'a mut File, header: &'a Header) -> Self {
        Self { path, file: RefCell::new(file), header }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.header.tensors.contains_key(name)
    }

    /// Rows of the table of tokens, whose columns are `width`.
    pub(crate) fn vocabulary(&self, name: &str) -> Result<usize, LoadError> {
        let info = self.header.tensors.get(name).ok_or_else(|| self.wrong(name, "is missing"))?;
        Ok(info.rows)
    }

    /// A matrix of quantised numbers.
    pub(crate) fn raw(&self, name: &str, rows: usize, columns: usize) -> Result<Raw, LoadError> {
        let info = self.header.tensors.get(name).ok_or_else(|| self.wrong(name, "is missing"))?;
        if (info.rows, info.columns) != (rows, columns) {
            let (has_rows, has_columns) = (info.rows, info.columns);
            return Err(self.wrong(
                name,
                &format!("has {has_rows} x {has_columns} numbers instead of {rows} x {columns}"),
            ));
        }
        let read = |source| LoadError::Read { file: self.path.to_owned(), source };
        let mut file = self.file.borrow_mut();
        file.seek(SeekFrom::Start(info.offset)).map_err(read)?;
        // The header saw to it that the file has as many bytes.
        let mut bytes = vec![0; info.bytes];
        file.read_exact(&mut bytes).map_err(read)?;
        Ok(Raw { rows, columns, dtype: info.dtype, bytes })
    }

    /// A vector of f32.
    pub(crate) fn vector(&self, name: &str, size: usize) -> Result<Vec<f32>, LoadError> {
        let raw = self.raw(name, 1, size)?;
        let numbers = match raw.dtype {
            GgmlDType::F32 => raw
                .bytes
                .as_chunks::<4>()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect::<Vec<_>>(),
            dtype => {
                let wide = QStorage::from_data(raw.bytes.into(), &Device::Cpu, dtype);
                match wide
                    .and_then(|wide| QTensor::new(wide, (1, size))?.dequantize(&Device::Cpu)?.flatten_all())
                {
                    Ok(tensor) => tensor.to_vec1().map_err(|error| self.wrong(name, &error.to_string()))?,
                    Err(error) => return Err(self.wrong(name, &format!("cannot be read: {error}"))),
                }
            }
        };
        if numbers.iter().all(|x| x.is_finite()) {
            Ok(numbers)
        } else {
            Err(self.wrong(name, "is not finite"))
        }
    }

    pub(crate) fn linear(&self, name: &str, rows: usize, columns: usize) -> Result<Linear, LoadError> {
        let raw = self.raw(name, rows, columns)?;
        Linear::new(raw).map_err(|error| self.unusable(name, &error))
    }

    /// A matrix with many outputs for few rows at a time.
    pub(crate) fn tall(&self, name: &str, rows: usize, columns: usize) -> Result<Linear, LoadError> {
        let raw = self.raw(name, rows, columns)?;
        Linear::tall(raw).map_err(|error| self.unusable(name, &error))
    }

    /// Matrices with as many outputs as stand beside their names, with the biases that are called so, if there are any.
    pub(crate) fn stack(
        &self,
        prefix: &str,
        names: &[(&str, usize)],
        columns: usize,
    ) -> Result<Stack, LoadError> {
        let mut raws = Vec::new();
        let mut bias = Vec::new();
        let mut biased = false;
        for (name, rows) in names {
            raws.push(self.raw(&format!("{prefix}.{name}.weight"), *rows, columns)?);
            let name = format!("{prefix}.{name}.bias");
            if self.has(&name) {
                bias.extend(self.vector(&name, *rows)?);
                biased = true;
            } else {
                bias.resize(bias.len() + rows, 0.0);
            }
        }
        Stack::new(raws, biased.then_some(bias)).map_err(|error| self.unusable(prefix, &error))
    }

    pub(crate) fn wrong(&self, tensor: &str, problem: &str) -> LoadError {
        LoadError::Tensor {
            file: self.path.to_owned(),
            tensor: tensor.to_owned(),
            problem: problem.to_owned(),
        }
    }

    fn unusable(&self, tensor: &str, error: &candle_core::Error) -> LoadError {
        self.wrong(tensor, &format!("cannot be computed with ({error})"))
    }
}
