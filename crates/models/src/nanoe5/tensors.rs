//! The tensors under the names that BERT has for them, written as 16-bit safetensors.

use std::io::{self, Write};

use half::f16;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use super::UnpackError;
use super::packed::{BLOCK_BYTES, Kind, Packed};

/// The most bytes that the tensors may have: a file may name one piece of itself many times.
const CAP: u64 = 2 << 30;

/// One tensor of the folder.
#[derive(Debug)]
pub(super) struct Tensor<'a> {
    name: String,
    shape: Vec<usize>,
    numbers: Numbers<'a>,
}

/// A tensor's numbers as they lie in the file.
#[derive(Clone, Copy, Debug)]
enum Numbers<'a> {
    Floats(&'a [u8]),
    Blocks(&'a [u8]),
}

/// Every tensor of the model, found and of the right size.
pub(super) fn of<'a>(packed: &Packed<'a>) -> Result<Vec<Tensor<'a>>, UnpackError> {
    let sizes = &packed.sizes;
    let (hidden, inner) = (sizes.hidden, sizes.inner);
    let mut list = List { packed, tensors: Vec::new() };
    list.matrix("embeddings.word_embeddings.weight", "emb.word", [sizes.vocabulary, hidden])?;
    list.floats("embeddings.position_embeddings.weight", "emb.pos", &[sizes.positions, hidden])?;
    list.floats("embeddings.token_type_embeddings.weight", "emb.type", &[sizes.types, hidden])?;
    list.norm("embeddings.LayerNorm", "emb.ln")?;
    for layer in 0..sizes.layers {
        for (long, short, rows, columns) in [
            ("attention.self.query", "q", hidden, hidden),
            ("attention.self.key", "k", hidden, hidden),
            ("attention.self.value", "v", hidden, hidden),
            ("attention.output.dense", "ao", hidden, hidden),
            ("intermediate.dense", "fi", inner, hidden),
            ("output.dense", "fo", hidden, inner),
        ] {
            let (long, short) = (format!("encoder.layer.{layer}.{long}"), format!("l{layer}.{short}"));
            list.matrix(&format!("{long}.weight"), &format!("{short}.w"), [rows, columns])?;
            list.floats(&format!("{long}.bias"), &format!("{short}.b"), &[rows])?;
        }
        for (long, short) in [("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")] {
            list.norm(&format!("encoder.layer.{layer}.{long}"), &format!("l{layer}.{short}"))?;
        }
    }
    let bytes: u64 = list.tensors.iter().map(Tensor::bytes).sum();
    if bytes > CAP {
        let what = format!("its tensors have {bytes} bytes together, more than the {CAP} that are written");
        return Err(UnpackError::Contradiction(what));
    }
    Ok(list.tensors)
}

/// Writes the tensors as a safetensors file of 16-bit numbers.
pub(super) fn write(tensors: &[Tensor<'_>], out: &mut impl Write) -> io::Result<()> {
    let mut header = serde_json::to_vec(&Header(tensors))?;
    // The numbers begin at a multiple of eight.
    header.resize(header.len().next_multiple_of(8), b' ');
    out.write_all(&(header.len() as u64).to_le_bytes())?;
    out.write_all(&header)?;
    for tensor in tensors {
        match tensor.numbers {
            Numbers::Floats(bytes) => {
                for four in bytes.chunks_exact(4) {
                    let number = f32::from_le_bytes(four.try_into().expect("a chunk of four"));
                    out.write_all(&f16::from_f32(number).to_le_bytes())?;
                }
            }
            Numbers::Blocks(bytes) => bytes.chunks_exact(BLOCK_BYTES).try_for_each(|block| {
                out.write_all(&unpack(block.try_into().expect("a chunk of a block's size")))
            })?,
        }
    }
    Ok(())
}

/// The 32 numbers of a block as 16-bit numbers: the low halves of its bytes, then the high halves, each a number from -8
/// to 7 times the scale.
fn unpack(block: &[u8; BLOCK_BYTES]) -> [u8; 64] {
    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
    let values: [[u8; 2]; 16] =
        std::array::from_fn(|number| f16::from_f32((number as f32 - 8.0) * scale).to_le_bytes());
    let mut out = [0; 64];
    let (low, high) = out.split_at_mut(32);
    for ((byte, low), high) in block[2..].iter().zip(low.chunks_exact_mut(2)).zip(high.chunks_exact_mut(2)) {
        low.copy_from_slice(&values[usize::from(byte & 15)]);
        high.copy_from_slice(&values[usize::from(byte >> 4)]);
    }
    out
}

struct List<'p, 'a> {
    packed: &'p Packed<'a>,
    tensors: Vec<Tensor<'a>>,
}

impl List<'_, '_> {
    fn matrix(&mut self, name: &str, short: &str, shape: [usize; 2]) -> Result<(), UnpackError> {
        let bytes = self.packed.tensor(short, Kind::Blocks, shape[0] * shape[1])?;
        self.put(name, &shape, Numbers::Blocks(bytes));
        Ok(())
    }

    fn floats(&mut self, name: &str, short: &str, shape: &[usize]) -> Result<(), UnpackError> {
        let bytes = self.packed.tensor(short, Kind::Float, shape.iter().product())?;
        self.put(name, shape, Numbers::Floats(bytes));
        Ok(())
    }

    fn norm(&mut self, name: &str, short: &str) -> Result<(), UnpackError> {
        let shape = [self.packed.sizes.hidden];
        self.floats(&format!("{name}.weight"), &format!("{short}.w"), &shape)?;
        self.floats(&format!("{name}.bias"), &format!("{short}.b"), &shape)
    }
}

impl<'a> List<'_, 'a> {
    fn put(&mut self, name: &str, shape: &[usize], numbers: Numbers<'a>) {
        self.tensors.push(Tensor { name: name.to_owned(), shape: shape.to_vec(), numbers });
    }
}

impl Tensor<'_> {
    /// Bytes as 16-bit numbers.
    fn bytes(&self) -> u64 {
        self.shape.iter().map(|&size| size as u64).product::<u64>() * 2
    }
}

/// The header of a safetensors file: what each tensor is and where.
struct Header<'a>(&'a [Tensor<'a>]);

#[derive(Serialize)]
struct Described<'a> {
    dtype: &'static str,
    shape: &'a [usize],
    data_offsets: [u64; 2],
}

impl Serialize for Header<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        let mut begin = 0;
        for tensor in self.0 {
            let end = begin + tensor.bytes();
            let described = Described { dtype: "F16", shape: &tensor.shape, data_offsets: [begin, end] };
            map.serialize_entry(&tensor.name, &described)?;
            begin = end;
        }
        map.end()
    }
}
