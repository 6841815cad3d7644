//! The file's parts, each checked against the file's length before it is used.

use std::collections::HashMap;

use super::UnpackError;

/// What the file begins with: its name and the only version there is.
const MAGIC: &[u8] = b"E5S1\x01\0\0\0";
/// Numbers in a block of 4-bit weights.
pub(super) const BLOCK: usize = 32;
/// Bytes of a block: a 16-bit scale, then two weights a byte.
pub(super) const BLOCK_BYTES: usize = 2 + BLOCK / 2;
/// The most tensors that a file names.
const TENSORS_CAP: i32 = 10_000;

/// A file taken apart. Nothing of it is copied.
#[derive(Debug)]
pub(super) struct Packed<'a> {
    bytes: &'a [u8],
    pub(super) sizes: Sizes,
    pub(super) special: Special,
    /// Each piece of the tokenizer with its score, in the order of their ids.
    pub(super) pieces: Vec<(&'a str, f32)>,
    directory: HashMap<&'a str, Place>,
}

/// The encoder's sizes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) hidden: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) inner: usize,
    pub(super) vocabulary: usize,
    pub(super) positions: usize,
    pub(super) types: usize,
    pub(super) epsilon: f32,
}

/// The ids of the tokens that stand for no text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Special {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) padding: usize,
    pub(super) unknown: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    kind: u8,
    count: u32,
    offset: u64,
    size: u64,
}

/// How a tensor's numbers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 32-bit floating point.
    Float = 0,
    /// Blocks of 4-bit numbers with a scale.
    Blocks = 1,
}

impl<'a> Packed<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, UnpackError> {
        let mut from = Cursor { bytes, at: 0 };
        if from.take(MAGIC.len(), "its beginning").ok() != Some(MAGIC) {
            return Err(UnpackError::Foreign);
        }
        let sizes = Sizes {
            hidden: from.size("vector size", BLOCK, 4_096)?,
            layers: from.size("number of layers", 1, 64)?,
            heads: from.size("number of attention heads", 1, 128)?,
            inner: from.size("inner size", BLOCK, 1 << 14)?,
            vocabulary: from.size("vocabulary", 1, 1 << 20)?,
            positions: from.size("number of positions", 3, 1 << 14)?,
            types: from.size("number of segment types", 1, 16)?,
            epsilon: f32::from_le_bytes(from.array("its sizes")?),
        };
        let block = from.size("block", BLOCK, BLOCK)?;
        let Sizes { hidden, heads, inner, .. } = sizes;
        if hidden % heads != 0 || hidden % block != 0 || inner % block != 0 {
            return Err(contradiction(format!(
                "a vector size of {hidden} and an inner size of {inner} do not divide into {heads} attention heads \
                 and blocks of {block}"
            )));
        }
        if !(sizes.epsilon > 0.0 && sizes.epsilon < 1.0) {
            return Err(contradiction(format!("its epsilon is {}", sizes.epsilon)));
        }
        let count = from.size("number of pieces", 1, sizes.vocabulary)?;
        let mut id = |what| from.size(what, 0, count - 1);
        let special = Special {
            begin: id("begin token")?,
            end: id("end token")?,
            padding: id("padding token")?,
            unknown: id("unknown token")?,
        };
        let length = u64::from_le_bytes(from.array("its pieces")?);
        let pieces = pieces(&mut from, count, length)?;
        // How its own engine normalises texts, code point by code point: `tokenizer.json` says that in its own way.
        from.array::<4>("its normalisation")?;
        let length = u32::from_le_bytes(from.array("its normalisation")?);
        from.take(length as usize, "its normalisation")?;
        let directory = directory(&mut from)?;
        Ok(Self { bytes, sizes, special, pieces, directory })
    }

    /// The bytes of a tensor of this kind and with this many numbers.
    pub(super) fn tensor(&self, name: &str, kind: Kind, count: usize) -> Result<&'a [u8], UnpackError> {
        let wrong = |problem: String| UnpackError::Tensor { name: name.to_owned(), problem };
        let place = self.directory.get(name).ok_or_else(|| wrong("is missing".to_owned()))?;
        let size = match kind {
            Kind::Float => count * size_of::<f32>(),
            Kind::Blocks => count / BLOCK * BLOCK_BYTES,
        };
        if place.kind != kind as u8 {
            return Err(wrong(format!("is of kind {} instead of {}", place.kind, kind as u8)));
        }
        if (u64::from(place.count), place.size) != (count as u64, size as u64) {
            let (numbers, bytes) = (place.count, place.size);
            return Err(wrong(format!(
                "has {numbers} numbers in {bytes} bytes instead of {count} in {size}"
            )));
        }
        // What is larger than an address cannot lie in the file either.
        let begin = usize::try_from(place.offset).unwrap_or(usize::MAX);
        let end = begin.saturating_add(size);
        self.bytes.get(begin..end).ok_or(UnpackError::Truncated {
            what: "a tensor",
            at: place.offset,
            length: self.bytes.len(),
        })
    }
}

fn pieces<'a>(from: &mut Cursor<'a>, count: usize, length: u64) -> Result<Vec<(&'a str, f32)>, UnpackError> {
    let ends = from.take((count + 1) * 4, "its pieces")?;
    let scores = from.take(count * 4, "its scores")?;
    let text = from.take(usize::try_from(length).unwrap_or(usize::MAX), "its pieces")?;
    let end = |at: usize| {
        let four = ends[at * 4..at * 4 + 4].try_into().expect("four bytes were asked for");
        u32::from_le_bytes(four) as usize
    };
    let piece = |at: usize, score: f32| {
        let piece = text.get(end(at)..end(at + 1)).and_then(|piece| std::str::from_utf8(piece).ok());
        match piece {
            Some(piece) if score.is_finite() => Ok((piece, score)),
            _ => Err(contradiction(format!("its piece {at} is not a text with a score"))),
        }
    };
    scores
        .chunks_exact(4)
        .enumerate()
        .map(|(at, score)| piece(at, f32::from_le_bytes(score.try_into().expect("a chunk of four"))))
        .collect()
}

fn directory<'a>(from: &mut Cursor<'a>) -> Result<HashMap<&'a str, Place>, UnpackError> {
    let what = "its directory";
    let count = i32::from_le_bytes(from.array(what)?);
    if !(0..=TENSORS_CAP).contains(&count) {
        let (stated, most) = (i64::from(count), i64::from(TENSORS_CAP));
        return Err(UnpackError::Size { what: "number of tensors", stated, least: 0, most });
    }
    let mut directory = HashMap::new();
    for _ in 0..count {
        let length = u16::from_le_bytes(from.array(what)?);
        let name = std::str::from_utf8(from.take(usize::from(length), what)?)
            .map_err(|_| contradiction("a tensor's name is not text".to_owned()))?;
        let [kind] = from.array(what)?;
        let count = u32::from_le_bytes(from.array(what)?);
        let offset = u64::from_le_bytes(from.array(what)?);
        let size = u64::from_le_bytes(from.array(what)?);
        if directory.insert(name, Place { kind, count, offset, size }).is_some() {
            let problem = "is named twice".to_owned();
            return Err(UnpackError::Tensor { name: name.to_owned(), problem });
        }
    }
    Ok(directory)
}

fn contradiction(what: String) -> UnpackError {
    UnpackError::Contradiction(what)
}

/// Reads from front to back and never beyond the end.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], UnpackError> {
        let end = self.at.saturating_add(count);
        let taken = self.bytes.get(self.at..end).ok_or(UnpackError::Truncated {
            what,
            at: self.at as u64,
            length: self.bytes.len(),
        })?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], UnpackError> {
        Ok(self.take(N, what)?.try_into().expect("as many bytes were taken"))
    }

    /// A signed number of 32 bits within bounds.
    fn size(&mut self, what: &'static str, least: usize, most: usize) -> Result<usize, UnpackError> {
        let stated = i32::from_le_bytes(self.array("its sizes")?);
        match usize::try_from(stated) {
            Ok(size) if (least..=most).contains(&size) => Ok(size),
            _ => Err(UnpackError::Size {
                what,
                stated: i64::from(stated),
                least: least as i64,
                most: most as i64,
            }),
        }
    }
}
