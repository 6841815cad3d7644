//! Tensors out of a PyTorch checkpoint (`pytorch_model.bin`): a zip archive of a pickle that says what each tensor is and a
//! file of numbers for each storage. Nothing of it is run.
//!
//! Read is what `torch.save` of PyTorch 1.6 or later writes of a state dictionary: numbers little-endian and row by row,
//! stored and not deflated. The numbers stay where they lie; only what is asked for is looked at.

mod pickle;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::{self, Cursor, Read as _};
use std::ops::Range;

use candle_core::DType;
use pickle::{Id, Pickle, Value};
use zip::{CompressionMethod, ZipArchive};

/// The most bytes of the pickle: those of the largest encoders have a few hundred kilobytes.
const PICKLE_CAP: u64 = 4 << 20;
/// The most members of the archive.
const MEMBERS_CAP: usize = 100_000;

/// A checkpoint's tensors by name.
pub(crate) struct Checkpoint<'a> {
    bytes: &'a [u8],
    pickle: Pickle<'a>,
    tensors: HashMap<&'a str, Id>,
    /// Where the numbers of each storage lie, by its key.
    storages: HashMap<String, Range<usize>>,
}

/// A tensor as it lies in the file.
#[derive(Debug)]
pub(crate) struct Stored<'a> {
    pub(crate) dtype: DType,
    pub(crate) shape: Vec<usize>,
    /// The numbers, little-endian and row-major; as many as the shape says.
    pub(crate) data: &'a [u8],
}

impl<'a> Checkpoint<'a> {
    /// Takes the archive apart. The reason why not, where it cannot be.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, String> {
        if bytes.starts_with(b"\x80\x02\x8a\x0a") {
            return Err("it is in the form of PyTorch before 1.6".to_owned());
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        if archive.len() > MEMBERS_CAP {
            return Err(format!(
                "it has {} members, more than the {MEMBERS_CAP} that are read",
                archive.len()
            ));
        }
        let (mut pickle, mut storages, mut total) = (None, HashMap::new(), 0);
        for at in 0..archive.len() {
            let mut member = archive.by_index(at).map_err(|error| error.to_string())?;
            let name = member.name().map_err(|error| error.to_string())?.into_owned();
            // All names are in one folder, whatever it is called.
            let Some((_, name)) = name.split_once('/') else { continue };
            let (is_pickle, key) = (name == "data.pkl", name.strip_prefix("data/"));
            if !is_pickle && key.is_none() && name != "byteorder" {
                continue;
            }
            if member.compression() != CompressionMethod::Stored {
                return Err(format!("its member {name:?} is compressed"));
            }
            // Members that lie over one another could be read for ever.
            total += member.size();
            if total > bytes.len() as u64 {
                return Err("its members have more bytes than the file".to_owned());
            }
            if is_pickle && member.size() > PICKLE_CAP {
                return Err(format!("its pickle has more than {PICKLE_CAP} bytes"));
            }
            if name == "byteorder" {
                let mut order = String::new();
                member.read_to_string(&mut order).map_err(|error| error.to_string())?;
                if order.trim() != "little" {
                    return Err("its numbers are big-endian".to_owned());
                }
                continue;
            }
            // Reading it compares its checksum.
            let size =
                io::copy(&mut member, &mut io::sink()).map_err(|error| format!("{name:?}: {error}"))?;
            let place = place(member.data_start(), size, bytes.len())
                .ok_or_else(|| format!("its member {name:?} lies outside the file"))?;
            match key {
                Some(key) => {
                    storages.insert(key.to_owned(), place);
                }
                None => pickle = Some(&bytes[place]),
            }
        }
        let pickle = Pickle::read(pickle.ok_or("it has no data.pkl")?)?;
        let Value::Dictionary(pairs) = pickle.result() else {
            return Err("it is not a dictionary of tensors".to_owned());
        };
        let named = |&(key, value): &(Id, Id)| match *pickle.value(key) {
            Value::Text(name) => Some((name, value)),
            _ => None,
        };
        let tensors = pairs.iter().filter_map(named).collect();
        Ok(Self { bytes, pickle, tensors, storages })
    }

    /// The tensor of this name, if there is one; what is wrong with it, where something is.
    pub(crate) fn get(&self, name: &str) -> Option<Result<Stored<'a>, String>> {
        self.tensors.get(name).map(|&id| self.tensor(id))
    }

    fn tensor(&self, id: Id) -> Result<Stored<'a>, String> {
        let arguments = match self.call(id) {
            Some(("torch._utils", "_rebuild_parameter", arguments)) => {
                let tensor = arguments.first().and_then(|&tensor| self.call(tensor));
                tensor.filter(|(.., name, _)| *name == "_rebuild_tensor_v2").map(|(.., arguments)| arguments)
            }
            Some(("torch._utils", "_rebuild_tensor_v2", arguments)) => Some(arguments),
            _ => None,
        };
        let Some(&[storage, offset, shape, strides, ..]) = arguments else {
            return Err("is no plain tensor".to_owned());
        };
        let (kind, key) = self.storage(storage).ok_or("has no storage")?;
        let dtype = match kind {
            "FloatStorage" => DType::F32,
            "HalfStorage" => DType::F16,
            "BFloat16Storage" => DType::BF16,
            "DoubleStorage" => DType::F64,
            "LongStorage" => DType::I64,
            other => return Err(format!("holds {other:?} where f32, f16 or bf16 is read")),
        };
        let shape = self.sizes(shape).ok_or("has no shape")?;
        let strides = self.sizes(strides).ok_or("has no strides")?;
        if !row_major(&shape, &strides) {
            return Err("does not lie row by row".to_owned());
        }
        let lies = |bytes: &'a [u8]| {
            let size = dtype.size_in_bytes();
            let count = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size))?;
            let begin = self.number(offset)?.checked_mul(size)?;
            bytes.get(begin..begin.checked_add(count.checked_mul(size)?)?)
        };
        let storage = self.storages.get(key).ok_or("has its numbers in a member that is not there")?;
        let data = lies(&self.bytes[storage.clone()]).ok_or("is larger than its storage")?;
        Ok(Stored { dtype, shape, data })
    }

    /// Kind and key of a storage.
    fn storage(&self, id: Id) -> Option<(&'a str, &'a str)> {
        let Value::Stored(name) = *self.pickle.value(id) else { return None };
        let Value::Tuple(parts) = self.pickle.value(name) else { return None };
        let &[_, kind, key, ..] = parts.as_slice() else { return None };
        match (self.pickle.value(kind), self.pickle.value(key)) {
            (&Value::Global("torch", kind), &Value::Text(key)) => Some((kind, key)),
            _ => None,
        }
    }

    /// Module, name and arguments of a call.
    fn call(&self, id: Id) -> Option<(&'a str, &'a str, &[Id])> {
        let &Value::Call { function, arguments } = self.pickle.value(id) else { return None };
        match (self.pickle.value(function), self.pickle.value(arguments)) {
            (&Value::Global(module, name), Value::Tuple(arguments)) => Some((module, name, arguments)),
            _ => None,
        }
    }

    fn sizes(&self, id: Id) -> Option<Vec<usize>> {
        let Value::Tuple(sizes) = self.pickle.value(id) else { return None };
        sizes.iter().map(|&size| self.number(size)).collect()
    }

    fn number(&self, id: Id) -> Option<usize> {
        match *self.pickle.value(id) {
            Value::Number(number) => usize::try_from(number).ok(),
            _ => None,
        }
    }
}

/// Where a member's bytes lie, if that is inside the file.
fn place(begin: Option<u64>, size: u64, length: usize) -> Option<Range<usize>> {
    let begin = usize::try_from(begin?).ok()?;
    let end = begin.checked_add(usize::try_from(size).ok()?)?;
    (end <= length).then_some(begin..end)
}

/// Whether each row lies behind the one before. What has one row may have any stride.
fn row_major(shape: &[usize], strides: &[usize]) -> bool {
    let mut expected = Some(1_usize);
    shape.len() == strides.len()
        && shape.iter().zip(strides).rev().all(|(&size, &stride)| {
            let fits = size == 1 || expected == Some(stride);
            expected = expected.and_then(|expected| expected.checked_mul(size));
            fits
        })
}
