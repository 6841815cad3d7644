//! Packed deliveries: recognised by their first bytes, whatever their name, and unpacked to a temporary file.
//!
//! What comes out is counted as it comes; what an archive declares about itself is never believed. Nothing is ever
//! written under a name that a supplier chose.

mod archive;
mod gzip;
mod zstd;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use bzip2::bufread::MultiBzDecoder;

use crate::{FeedProblem, Limits};

const BUFFER: usize = 64 << 10;

/// How a delivery is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Bzip2,
    Zstd,
    Zip,
}

impl Packing {
    /// What the first bytes tell; `None` for a file that is not packed.
    fn recognise(head: &[u8]) -> Option<Self> {
        let bzip2 = head.starts_with(b"BZh") && matches!(head.get(4..10), Some(b"1AY&SY" | b"\x17rE8P\x90"));
        match () {
            () if head.starts_with(b"\x1f\x8b") => Some(Self::Gzip),
            () if bzip2 => Some(Self::Bzip2),
            () if head.starts_with(b"\x28\xb5\x2f\xfd") => Some(Self::Zstd),
            () if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") => Some(Self::Zip),
            () => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
        }
    }
}

/// The delivery's own bytes: `file` itself where it is not packed. A workbook is a zip archive too and stays one.
///
/// `member` names the file within a zip archive that holds several.
///
/// # Errors
/// [`FeedProblem::Packed`] for what is cut off or damaged, [`FeedProblem::Archive`] for a zip archive that does not
/// say which file is meant, [`FeedProblem::Nested`] and [`FeedProblem::TooLarge`].
pub(crate) fn unpacked(mut file: File, member: Option<&str>, limits: &Limits) -> Result<File, FeedProblem> {
    let Some(packing) = sniff(&mut file)? else { return Ok(file) };
    let limit = limits.unpacked_bytes;
    let packed = BufReader::with_capacity(BUFFER, file);
    let mut plain = match packing {
        Packing::Gzip => copy(gzip::Members::new(packed), packing, limit)?,
        Packing::Bzip2 => copy(MultiBzDecoder::new(packed), packing, limit)?,
        Packing::Zstd => copy(zstd::Frames::new(packed), packing, limit)?,
        Packing::Zip => match archive::open(packed)? {
            archive::Kind::Document(document) => return Ok(document),
            archive::Kind::Members(mut members) => copy(members.choose(member)?, packing, limit)?,
        },
    };
    let inner = match sniff(&mut plain)? {
        Some(Packing::Zip) => match archive::open(BufReader::with_capacity(BUFFER, plain))? {
            archive::Kind::Document(document) => return Ok(document),
            archive::Kind::Members(_) => Packing::Zip,
        },
        Some(inner) => inner,
        None => return Ok(plain),
    };
    Err(FeedProblem::Nested { outer: packing.name(), inner: inner.name() })
}

/// Reads the first bytes and goes back before them.
fn sniff(file: &mut File) -> Result<Option<Packing>, FeedProblem> {
    rewind(file)?;
    let mut head = Vec::new();
    file.take(10).read_to_end(&mut head).map_err(FeedProblem::io("read the file"))?;
    rewind(file)?;
    Ok(Packing::recognise(&head))
}

fn rewind(file: &mut File) -> Result<(), FeedProblem> {
    file.seek(SeekFrom::Start(0)).map(drop).map_err(FeedProblem::io("go back to the file's beginning"))
}

/// All that `packed` gives, in a temporary file without a name.
fn copy(mut packed: impl Read, packing: Packing, limit: u64) -> Result<File, FeedProblem> {
    let mut plain = tempfile::tempfile().map_err(FeedProblem::io("create a temporary file"))?;
    let mut buffer = vec![0; BUFFER];
    let mut total = 0;
    loop {
        let read = match packed.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(FeedProblem::Packed { packing: packing.name(), source }),
        };
        total += read as u64;
        if total > limit {
            return Err(FeedProblem::TooLarge { limit });
        }
        plain.write_all(&buffer[..read]).map_err(FeedProblem::io("write a temporary file"))?;
    }
    Ok(plain)
}
