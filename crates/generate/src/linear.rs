//! Products with quantised weights, laid out so that candle's quick kernels take them.
//!
//! candle's tiled kernels want rows of a multiple of 256 numbers and know neither 5-bit weights nor short rows. Here 5-bit
//! weights become 8-bit ones of the same value, and 8-bit rows that are too short are filled up with zeros or laid two by
//! two. No weight is rounded again.
//!
//! A row's result is the same to the bit whatever other rows are computed with it, on x86-64: where candle has another
//! kernel for a single row, the row is computed twice.

use std::borrow::Cow;

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{CpuStorage, CustomOp1, Device, Layout, Result, Tensor};

/// Numbers that a tiled kernel takes at once from a row.
const TILE: usize = 256;
/// Rows of weights that it takes at once.
const TILE_ROWS: usize = 16;
/// Numbers and bytes of a block of 8-bit weights.
const Q8: (usize, usize) = (32, 34);

/// Weights as they lie in the file: `rows` × `columns`, by rows.
pub(crate) struct Raw {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) dtype: GgmlDType,
    pub(crate) bytes: Vec<u8>,
}

/// How rows of weights lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// As in the file.
    Plain,
    /// Each with zeros behind it, up to so many numbers.
    Padded(usize),
    /// Two by two. The input is given twice, in front of zeros and behind them.
    Paired,
}

/// A matrix that rows of numbers are multiplied with.
#[derive(Debug)]
pub(crate) struct Linear {
    tensor: QTensor,
    inputs: usize,
    outputs: usize,
    shape: Shape,
    /// Whether a single row takes another kernel than several do.
    uneven: bool,
}

impl Linear {
    /// For many rows at a time.
    pub(crate) fn new(raw: Raw) -> Result<Self> {
        let raw = widened(raw);
        let padded = raw.columns.next_multiple_of(TILE);
        let pays = quick_q8() && raw.dtype == GgmlDType::Q8_0 && raw.rows.is_multiple_of(TILE_ROWS);
        let shape = if pays && padded > raw.columns { Shape::Padded(padded) } else { Shape::Plain };
        Self::shaped(raw, shape)
    }

    /// For few rows at a time, and many outputs: the reading of the weights is what takes time.
    pub(crate) fn tall(raw: Raw) -> Result<Self> {
        let raw = widened(raw);
        let pays = quick_q8()
            && raw.dtype == GgmlDType::Q8_0
            && !raw.columns.is_multiple_of(TILE)
            && (raw.columns * 2).is_multiple_of(TILE)
            && raw.rows.is_multiple_of(TILE_ROWS * 2);
        if pays { Self::shaped(raw, Shape::Paired) } else { Self::new(raw) }
    }

    fn shaped(raw: Raw, shape: Shape) -> Result<Self> {
        let Raw { rows, columns, dtype, bytes } = raw;
        let (bytes, size) = match shape {
            Shape::Plain => (bytes, (rows, columns)),
            Shape::Paired => (bytes, (rows / 2, columns * 2)),
            Shape::Padded(to) => (padded(&bytes, columns, to), (rows, to)),
        };
        let storage = QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, dtype)?;
        Ok(Self {
            tensor: QTensor::new(storage, size)?,
            inputs: columns,
            outputs: rows,
            shape,
            uneven: cfg!(target_arch = "x86_64") && dtype == GgmlDType::Q6K,
        })
    }

    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// `x` is `rows` × inputs, the result `rows` × outputs.
    pub(crate) fn forward(&self, x: &[f32], rows: usize) -> Result<Vec<f32>> {
        let (input, copies) = match self.shape {
            Shape::Plain if self.uneven && rows == 1 => ([x, x].concat(), 2),
            Shape::Plain => (x.to_vec(), 1),
            Shape::Padded(to) => {
                let mut input = vec![0.0; rows * to];
                for (row, from) in input.chunks_exact_mut(to).zip(x.chunks_exact(self.inputs)) {
                    row[..self.inputs].copy_from_slice(from);
                }
                (input, 1)
            }
            Shape::Paired => {
                let mut input = vec![0.0; rows * self.inputs * 4];
                for (row, from) in input.chunks_exact_mut(self.inputs * 4).zip(x.chunks_exact(self.inputs)) {
                    row[..self.inputs].copy_from_slice(from);
                    row[self.inputs * 3..].copy_from_slice(from);
                }
                (input, 2)
            }
        };
        let count = rows * copies;
        let layout = Layout::contiguous((count, input.len() / count.max(1)));
        let (CpuStorage::F32(mut out), _) = self.tensor.cpu_fwd(&CpuStorage::F32(input), &layout)? else {
            candle_core::bail!("a product of f32 is not f32")
        };
        if self.shape == Shape::Paired {
            let mut woven = Vec::with_capacity(out.len());
            for pair in out.chunks_exact(self.outputs) {
                let (even, odd) = pair.split_at(self.outputs / 2);
                woven.extend(even.iter().zip(odd).flat_map(|(&even, &odd)| [even, odd]));
            }
            return Ok(woven);
        }
        out.truncate(rows * self.outputs);
        Ok(out)
    }

    /// A row of the weights as they are, without a product: the model's own numbers for a token.
    pub(crate) fn row(&self, row: u32) -> Result<Vec<f32>> {
        let (at, skipped) = match self.shape {
            Shape::Paired => (row / 2, (row % 2) as usize * self.inputs),
            _ => (row, 0),
        };
        let numbers =
            self.tensor.embedding(&Tensor::new(&[at], &Device::Cpu)?)?.flatten_all()?.to_vec1::<f32>()?;
        Ok(numbers[skipped..skipped + self.inputs].to_vec())
    }
}

/// Several matrices that take the same input, one behind the other.
#[derive(Debug)]
pub(crate) struct Stack {
    linears: Vec<Linear>,
    outputs: usize,
    bias: Option<Vec<f32>>,
}

impl Stack {
    /// `bias` has a number for each output of all.
    pub(crate) fn new(raws: Vec<Raw>, bias: Option<Vec<f32>>) -> Result<Self> {
        let mut joined: Vec<Raw> = Vec::new();
        for raw in raws.into_iter().map(widened) {
            match joined.last_mut() {
                Some(last) if last.dtype == raw.dtype && last.columns == raw.columns => {
                    last.bytes.extend_from_slice(&raw.bytes);
                    last.rows += raw.rows;
                }
                _ => joined.push(raw),
            }
        }
        let linears = joined.into_iter().map(Linear::new).collect::<Result<Vec<_>>>()?;
        let outputs = linears.iter().map(Linear::outputs).sum();
        Ok(Self { linears, outputs, bias })
    }

    /// `x` is `rows` × inputs, the result `rows` × the outputs of all.
    pub(crate) fn forward(&self, x: &[f32], rows: usize) -> Result<Vec<f32>> {
        let mut out = match self.linears.as_slice() {
            [only] => only.forward(x, rows)?,
            several => {
                let mut out = vec![0.0; rows * self.outputs];
                let mut at = 0;
                for linear in several {
                    let part = linear.forward(x, rows)?;
                    let width = linear.outputs();
                    for (row, from) in out.chunks_exact_mut(self.outputs).zip(part.chunks_exact(width)) {
                        row[at..at + width].copy_from_slice(from);
                    }
                    at += width;
                }
                out
            }
        };
        if let Some(bias) = &self.bias {
            for row in out.chunks_exact_mut(self.outputs) {
                row.iter_mut().zip(bias).for_each(|(x, b)| *x += b);
            }
        }
        Ok(out)
    }
}

/// Whether candle has a tiled kernel for 8-bit weights on this processor.
fn quick_q8() -> bool {
    #[cfg(target_arch = "x86_64")]
    let found = (is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni"))
        || (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni"));
    #[cfg(not(target_arch = "x86_64"))]
    let found = false;
    found
}

/// 5-bit weights as 8-bit ones of the same value: a block's 32 whole numbers from -16 to 15 and its scale stay.
fn widened(raw: Raw) -> Raw {
    if raw.dtype != GgmlDType::Q5_0 {
        return raw;
    }
    let mut bytes = Vec::with_capacity(raw.bytes.len() / 22 * Q8.1);
    for block in raw.bytes.chunks_exact(22) {
        let high = u32::from_le_bytes([block[2], block[3], block[4], block[5]]);
        let low = &block[6..];
        let number = |nibble: u8, bit: usize| {
            let fifth = (high >> bit & 1) as u8;
            (nibble | fifth << 4).wrapping_sub(16)
        };
        bytes.extend_from_slice(&block[..2]);
        bytes.extend((0..16).map(|j| number(low[j] & 15, j)));
        bytes.extend((0..16).map(|j| number(low[j] >> 4, j + 16)));
    }
    Raw { dtype: GgmlDType::Q8_0, bytes, ..raw }
}

/// Rows of 8-bit weights with blocks of zeros behind each.
fn padded(bytes: &[u8], columns: usize, to: usize) -> Vec<u8> {
    let (row, long) = (columns / Q8.0 * Q8.1, to / Q8.0 * Q8.1);
    let mut out = Vec::with_capacity(bytes.len() / row * long);
    for row in bytes.chunks_exact(row) {
        out.extend_from_slice(row);
        out.resize(out.len() + long - row.len(), 0);
    }
    out
}
