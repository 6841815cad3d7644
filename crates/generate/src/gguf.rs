//! The header of a GGUF file: what it states, and where its tensors lie.
//!
//! A header is foreign bytes. Every count is compared with the bytes that are left before anything is made room for, arrays that
//! nothing here reads are skipped, and every tensor is seen to lie within the file. Written after the format's description
//! in ggml's `docs/gguf.md`; versions 2 and 3, little-endian.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};

use candle_core::quantized::GgmlDType;

/// The most bytes of a file, header and tensors.
pub(crate) const FILE_CAP: u64 = 64 << 30;
/// The most bytes of a header. Vocabularies and merges of 262,144 entries make 16 MiB.
const HEADER_CAP: u64 = 256 << 20;
const ENTRIES_CAP: u64 = 4096;
const TENSORS_CAP: u64 = 1 << 16;
const KEY_CAP: u64 = 256;
const STRING_CAP: u64 = 4 << 20;
const ARRAY_CAP: u64 = 1 << 21;
/// The most bytes of one element of an array of strings: a token or a merge.
const ELEMENT_CAP: u64 = 64 << 10;
const DIMENSIONS_CAP: usize = 4;

/// A statement of the header. Of arrays only the kinds that are read are kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Integer(i64),
    Float(f32),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    Integers(Vec<i32>),
    Floats(Vec<f32>),
    Skipped,
}

/// Where a tensor lies and what it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TensorInfo {
    /// Rows and columns; a vector has one row. Columns lie side by side.
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) dtype: GgmlDType,
    /// From the beginning of the file, in bytes.
    pub(crate) offset: u64,
    pub(crate) bytes: usize,
}

/// What a file states before its tensors.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) tensors: BTreeMap<String, TensorInfo>,
}

impl Header {
    /// Reads the header of a file of `length` bytes.
    pub(crate) fn read(file: &mut (impl Read + Seek), length: u64) -> Result<Self, String> {
        file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
        let left = length.min(HEADER_CAP);
        let mut bytes = Bytes { from: io::BufReader::with_capacity(1 << 16, file), left, read: 0 };
        if &bytes.array::<4>()? != b"GGUF" {
            return Err("it does not begin with GGUF".to_owned());
        }
        match bytes.u32()? {
            2 | 3 => {}
            version => return Err(format!("it is of version {version}, and versions 2 and 3 are read")),
        }
        let (tensors, entries) = (bytes.u64()?, bytes.u64()?);
        if tensors > TENSORS_CAP || entries > ENTRIES_CAP {
            return Err(format!("it states {tensors} tensors and {entries} entries"));
        }
        let mut values = BTreeMap::new();
        for _ in 0..entries {
            let key = bytes.string(KEY_CAP)?;
            let kind = bytes.u32()?;
            let value = bytes.value(kind).map_err(|error| format!("entry `{}`: {error}", plain(&key)))?;
            values.insert(key, value);
        }
        let mut placed = Vec::new();
        for _ in 0..tensors {
            let name = bytes.string(KEY_CAP)?;
            let info = bytes.tensor().map_err(|error| format!("tensor `{}`: {error}", plain(&name)))?;
            if let Some(info) = info {
                placed.push((name, info));
            }
        }
        let alignment = match values.get("general.alignment") {
            None => 32,
            Some(Value::Integer(n)) if (1..=1 << 16).contains(n) && n.count_ones() == 1 => *n as u64,
            Some(_) => return Err("its alignment is no power of two".to_owned()),
        };
        let start = bytes.read.next_multiple_of(alignment);
        Ok(Self { values, tensors: within(placed, start, alignment, length)? })
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.values.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, key: &str) -> Option<u64> {
        match self.values.get(key)? {
            Value::Integer(n) => u64::try_from(*n).ok(),
            _ => None,
        }
    }

    pub(crate) fn float(&self, key: &str) -> Option<f32> {
        match self.values.get(key)? {
            Value::Float(x) => Some(*x),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        match self.values.get(key)? {
            Value::Bool(set) => Some(*set),
            _ => None,
        }
    }
}

/// Every tensor by name with its place in the file, if all lie within it and none over another.
fn within(
    placed: Vec<(String, TensorInfo)>,
    start: u64,
    alignment: u64,
    length: u64,
) -> Result<BTreeMap<String, TensorInfo>, String> {
    let mut spans = BTreeSet::new();
    let mut tensors = BTreeMap::new();
    for (name, mut info) in placed {
        let end = start
            .checked_add(info.offset)
            .and_then(|offset| Some((offset, offset.checked_add(info.bytes as u64)?)))
            .filter(|(offset, end)| *end <= length && offset.is_multiple_of(alignment));
        let Some((offset, end)) = end else {
            let (bytes, at) = (info.bytes, info.offset);
            let name = plain(&name);
            return Err(format!("tensor `{name}` has {bytes} bytes at {at}, past the end of the file"));
        };
        spans.insert((offset, end));
        info.offset = offset;
        if tensors.insert(name.clone(), info).is_some() {
            return Err(format!("tensor `{}` is there twice", plain(&name)));
        }
    }
    let mut before = 0;
    for (offset, end) in &spans {
        if *offset < before {
            return Err(format!("two tensors lie over one another at {offset}"));
        }
        before = *end;
    }
    if spans.len() < tensors.len() {
        return Err("two tensors lie in the same place".to_owned());
    }
    Ok(tensors)
}

/// Foreign text for a message: short and without control characters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The bytes of a header, with a count of what is left.
struct Bytes<R> {
    from: R,
    left: u64,
    read: u64,
}

impl<R: Read> Bytes<R> {
    fn take(&mut self, count: u64) -> Result<(), String> {
        match self.left.checked_sub(count) {
            Some(left) => {
                (self.left, self.read) = (left, self.read + count);
                Ok(())
            }
            None => Err(format!("it is cut off, or its header is too long, at byte {}", self.read)),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N as u64)?;
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, String> {
        self.array().map(u64::from_le_bytes)
    }

    fn string(&mut self, cap: u64) -> Result<String, String> {
        let length = self.u64()?;
        if length > cap {
            return Err(format!("a text has {length} bytes"));
        }
        self.take(length)?;
        let mut text = vec![0; length as usize];
        self.from.read_exact(&mut text).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(text)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    fn skip(&mut self, count: u64) -> Result<(), String> {
        self.take(count)?;
        match io::copy(&mut self.from.by_ref().take(count), &mut io::sink()) {
            Ok(skipped) if skipped == count => Ok(()),
            Ok(_) => Err("it is cut off".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn value(&mut self, kind: u32) -> Result<Value, String> {
        Ok(match kind {
            0 => Value::Integer(self.array::<1>()?[0].into()),
            1 => Value::Integer(i8::from_le_bytes(self.array()?).into()),
            2 => Value::Integer(u16::from_le_bytes(self.array()?).into()),
            3 => Value::Integer(i16::from_le_bytes(self.array()?).into()),
            4 => Value::Integer(self.u32()?.into()),
            5 => Value::Integer(i32::from_le_bytes(self.array()?).into()),
            6 => Value::Float(f32::from_le_bytes(self.array()?)),
            7 => Value::Bool(self.array::<1>()?[0] != 0),
            8 => Value::Text(self.string(STRING_CAP)?),
            9 => self.values()?,
            10 => i64::try_from(self.u64()?).map_or(Value::Skipped, Value::Integer),
            11 => Value::Integer(i64::from_le_bytes(self.array()?)),
            12 => Value::Float(f64::from_le_bytes(self.array()?) as f32),
            other => return Err(format!("it is of unknown kind {other}")),
        })
    }

    /// An array. Arrays of arrays have no use here and could be nested without end.
    fn values(&mut self) -> Result<Value, String> {
        let (kind, count) = (self.u32()?, self.u64()?);
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8,
            other => return Err(format!("an array is of kind {other}")),
        };
        if count > ARRAY_CAP || count * width > self.left {
            return Err(format!("an array has {count} elements"));
        }
        match kind {
            5 => (0..count)
                .map(|_| self.array().map(i32::from_le_bytes))
                .collect::<Result<_, _>>()
                .map(Value::Integers),
            6 => (0..count)
                .map(|_| self.array().map(f32::from_le_bytes))
                .collect::<Result<_, _>>()
                .map(Value::Floats),
            8 => (0..count).map(|_| self.string(ELEMENT_CAP)).collect::<Result<_, _>>().map(Value::Texts),
            _ => self.skip(count * width).map(|()| Value::Skipped),
        }
    }

    /// A tensor with its place still relative to the first. `None` if it is of a kind that is not computed with: whoever
    /// needs it will miss it.
    fn tensor(&mut self) -> Result<Option<TensorInfo>, String> {
        let count = self.u32()? as usize;
        if count == 0 || count > DIMENSIONS_CAP {
            return Err(format!("it has {count} dimensions"));
        }
        let mut sizes = [1_u64; DIMENSIONS_CAP];
        for size in &mut sizes[..count] {
            *size = self.u64()?;
        }
        let dtype = dtype(self.u32()?);
        let offset = self.u64()?;
        let columns = sizes[0];
        let elements = sizes.iter().try_fold(1_u64, |all, &size| all.checked_mul(size));
        let Some(elements) = elements.filter(|&all| all > 0 && all < 1 << 40) else {
            return Err(format!("it has the shape {:?}", &sizes[..count]));
        };
        let Some(dtype) = dtype else { return Ok(None) };
        // candle takes blocks of these kinds two by two.
        let pair = matches!(dtype, GgmlDType::Q4_1 | GgmlDType::Q5_1);
        let block = dtype.block_size() as u64 * if pair { 2 } else { 1 };
        if !columns.is_multiple_of(block) {
            return Err(format!("its rows of {columns} are no blocks of {block}"));
        }
        let bytes = elements / dtype.block_size() as u64 * dtype.type_size() as u64;
        let size = |n: u64| usize::try_from(n).map_err(|_| format!("it has {elements} elements"));
        let (rows, columns, bytes) = (size(elements / columns)?, size(columns)?, size(bytes)?);
        Ok(Some(TensorInfo { rows, columns, dtype, offset, bytes }))
    }
}

/// The kind of number by its code in the file, if it is one that files have and that is computed with.
fn dtype(code: u32) -> Option<GgmlDType> {
    Some(match code {
        0 => GgmlDType::F32,
        1 => GgmlDType::F16,
        2 => GgmlDType::Q4_0,
        3 => GgmlDType::Q4_1,
        6 => GgmlDType::Q5_0,
        7 => GgmlDType::Q5_1,
        8 => GgmlDType::Q8_0,
        10 => GgmlDType::Q2K,
        11 => GgmlDType::Q3K,
        12 => GgmlDType::Q4K,
        13 => GgmlDType::Q5K,
        14 => GgmlDType::Q6K,
        30 => GgmlDType::BF16,
        _ => return None,
    })
}
