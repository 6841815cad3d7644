//! Plans as files: written whole or not at all, read back byte for byte or refused.
//!
//! The file is one JSON document: the plan and the digest of its bytes as they stand there. So a plan is not only read as
//! it was written, nobody has touched a byte of it either: what a person looked at is what is applied.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use berika_catalog::Digest;

use super::plan::{FORMAT, Plan};

/// The most bytes of a plan that are read.
pub const MOST_BYTES: u64 = 1 << 30;

/// What stands before the plan.
const HEAD: &str = "{\"plan\":";
/// What stands between the plan and the digest.
const MIDDLE: &str = ",\"digest\":\"";
/// What stands behind the digest.
const TAIL: &str = "\"}\n";
/// How long a digest is.
const DIGEST: usize = 32;
/// How a plan begins.
const FIRST_KEY: &str = "{\"berika_plan\":";

/// Why a plan cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// It cannot be written.
    #[error("cannot write the plan {}; check that the folder exists and is writable", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is larger than what is read back.
    #[error("the plan {} would have {size} bytes, and at most {MOST_BYTES} are read; plan a part of the products (--supplier, --category or --filter)", path.display())]
    Large {
        /// The file.
        path: PathBuf,
        /// How large it would be.
        size: u64,
    },
    /// It cannot be read.
    #[error("cannot read the plan {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is larger than any plan.
    #[error("{} has {size} bytes; a plan has at most {MOST_BYTES}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
    },
    /// It is something else.
    #[error("{} is no plan; `berika recategorise plan --output FILE` makes one", .0.display())]
    NotAPlan(PathBuf),
    /// It is of another program's form.
    #[error("the plan {} is of format {found}, this program knows {FORMAT}; make the plan anew", path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: String,
    },
    /// Its end is missing.
    #[error("the plan {} is cut off; copy it again, or make it anew", .0.display())]
    Truncated(PathBuf),
    /// It is not as it was written.
    #[error("the plan {} was changed after it was made, and only what was planned is applied; make it anew", .0.display())]
    Edited(PathBuf),
    /// It was written so, and this program cannot read it.
    #[error("the plan {} cannot be read; make it anew", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// The digest of a plan: what its file holds.
pub fn digest(plan: &Plan) -> Digest {
    // The types of a plan have string keys.
    Digest::of_bytes(&serde_json::to_vec(plan).unwrap_or_default())
}

/// Writes a plan. A file that is there is replaced once the new one is complete.
///
/// # Errors
/// [`PlanFileError::Write`], [`PlanFileError::Large`]; the file is as it was then.
pub fn write(path: &Path, plan: &Plan) -> Result<Digest, PlanFileError> {
    let failed = |source| PlanFileError::Write { path: path.to_owned(), source };
    let mut file = beside(path).map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 20, file.as_file_mut());
    out.write_all(HEAD.as_bytes()).map_err(failed)?;
    serde_json::to_writer(&mut out, plan).map_err(|error| failed(error.into()))?;
    out.flush().map_err(failed)?;
    drop(out);
    let size = file.as_file().metadata().map_err(failed)?.len() + (MIDDLE.len() + DIGEST + TAIL.len()) as u64;
    if size > MOST_BYTES {
        return Err(PlanFileError::Large { path: path.to_owned(), size });
    }
    // Of what stands in the file, so that no second form of the plan can differ from it.
    let mut written = file.reopen().map_err(failed)?;
    std::io::copy(&mut (&mut written).take(HEAD.len() as u64), &mut std::io::sink()).map_err(failed)?;
    let digest = Digest::of_reader(written).map_err(failed)?;
    write!(file, "{MIDDLE}{digest}{TAIL}").map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(digest)
}

/// A file beside the plan. It is a file like any other that the user makes, not one for the program alone.
fn beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".plan-").tempfile_in(folder)
}

/// Reads a plan with its digest.
///
/// # Errors
/// [`PlanFileError`], naming the file and what to do.
pub fn read(path: &Path) -> Result<(Plan, Digest), PlanFileError> {
    let failed = |source| PlanFileError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    if size > MOST_BYTES {
        return Err(PlanFileError::TooLarge { path: path.to_owned(), size });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // A file that grows meanwhile is no longer than what is read of it.
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    parse(path, &bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<(Plan, Digest), PlanFileError> {
    let path = || path.to_owned();
    let begins = [HEAD, FIRST_KEY].concat();
    let Some(version) = bytes.strip_prefix(begins.as_bytes()) else {
        return Err(match bytes {
            [] => PlanFileError::Truncated(path()),
            bytes if begins.as_bytes().starts_with(bytes) => PlanFileError::Truncated(path()),
            // An editor or another program has written it in its own way.
            bytes if reads_as_plan(bytes) => PlanFileError::Edited(path()),
            _ => PlanFileError::NotAPlan(path()),
        });
    };
    let digits = version.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    let found = String::from_utf8_lossy(&version[..digits]).into_owned();
    if digits == 0 {
        return Err(PlanFileError::NotAPlan(path()));
    }
    if found != FORMAT.to_string() {
        return Err(PlanFileError::OtherFormat { path: path(), found });
    }
    let Some((rest, digest)) = split_end(bytes) else {
        // Its last byte is the only end of a line in it.
        let whole = bytes.ends_with(b"\n");
        return Err(if whole { PlanFileError::Edited(path()) } else { PlanFileError::Truncated(path()) });
    };
    let plan = &rest[HEAD.len()..];
    if Digest::of_bytes(plan) != digest {
        return Err(PlanFileError::Edited(path()));
    }
    let plan =
        serde_json::from_slice(plan).map_err(|source| PlanFileError::Content { path: path(), source })?;
    Ok((plan, digest))
}

/// The digest at the end of a file, and what stands before.
fn split_end(bytes: &[u8]) -> Option<(&[u8], Digest)> {
    let rest = bytes.strip_suffix(TAIL.as_bytes())?;
    let (rest, digest) = rest.split_at_checked(rest.len().checked_sub(DIGEST)?)?;
    let rest = rest.strip_suffix(MIDDLE.as_bytes())?;
    Some((rest, Digest::from_stored(std::str::from_utf8(digest).ok()?)))
}

/// Whether it is a plan all the same, written by something else.
fn reads_as_plan(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Look {
        plan: Inner,
    }
    #[derive(serde::Deserialize)]
    struct Inner {
        berika_plan: serde::de::IgnoredAny,
    }
    serde_json::from_slice::<Look>(bytes).is_ok_and(|look| {
        let serde::de::IgnoredAny = look.plan.berika_plan;
        true
    })
}

#[cfg(test)]
pub(super) mod tests;
