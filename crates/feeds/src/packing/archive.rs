//! Zip archives: which of the members is the delivery, and whether the archive is a document such as a workbook.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::FeedProblem;
use crate::row::shorten;

const MOST_MEMBERS: usize = 1_000;

/// What is not even opened: the list of members is held in memory.
const MOST_LISTED: u64 = 20_000;

/// Files that lie beside the data and are none.
const COMPANIONS: [&str; 16] = [
    "pdf", "doc", "docx", "htm", "html", "md", "jpg", "jpeg", "png", "gif", "webp", "xsd", "dtd", "md5",
    "sha256", "done",
];

pub(super) enum Kind {
    /// A workbook, which is an archive as a matter of its format.
    Document(File),
    Members(Members),
}

/// An archive of files.
pub(super) struct Members {
    archive: ZipArchive<BufReader<File>>,
    names: Vec<String>,
}

pub(super) fn open(mut file: BufReader<File>) -> Result<Kind, FeedProblem> {
    let listed = listed(&mut file).map_err(FeedProblem::io("read the file"))?;
    if listed > MOST_LISTED {
        return refuse(format!("it has {listed} members, more than {MOST_MEMBERS}"));
    }
    let archive = ZipArchive::new(file).map_err(damaged)?;
    let is_document = |name: &[u8]| name == b"mimetype" || name.eq_ignore_ascii_case(b"[content_types].xml");
    if archive.file_names_raw().any(is_document) {
        return Ok(Kind::Document(archive.into_inner().into_inner()));
    }
    if archive.len() > MOST_MEMBERS {
        return refuse(format!("it has {} members, more than {MOST_MEMBERS}", archive.len()));
    }
    // The reader keeps one member of each name: which of two is the delivery is not for us to say.
    if listed != archive.len() as u64 {
        let found = archive.len();
        return refuse(format!(
            "it lists {listed} members, of which {found} can be told apart; pack it again with one name for each"
        ));
    }
    let name = |raw: &[u8]| String::from_utf8_lossy(raw).replace('\\', "/");
    let names = archive.file_names_raw().map(name).collect();
    Ok(Kind::Members(Members { archive, names }))
}

impl Members {
    /// The bytes of the member that `wanted` names, or of the only one that is data.
    pub(super) fn choose(&mut self, wanted: Option<&str>) -> Result<impl Read, FeedProblem> {
        let found: Vec<usize> = match wanted {
            Some(wanted) => self.indices(|name| named(name, wanted)),
            None => self.indices(is_data),
        };
        let [index] = found[..] else { return Err(self.undecided(wanted, &found)) };
        let name = &self.names[index];
        if name.starts_with('/') || name.contains(':') || name.split('/').any(|part| part == "..") {
            return refuse(format!("the name of its member {:?} leads out of it", shorten(name)));
        }
        let member = self.archive.by_index_data(index).map_err(damaged)?;
        if member.is_symlink() {
            return refuse(format!("its member {:?} is a link to another file", shorten(name)));
        }
        if member.encrypted() {
            return refuse(format!(
                "its member {:?} is encrypted; ask for it without a password",
                shorten(name)
            ));
        }
        if !matches!(member.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return refuse(format!(
                "its member {:?} is compressed in an unusual way; ask for deflate, the usual one",
                shorten(name)
            ));
        }
        self.archive.by_index(index).map_err(damaged)
    }

    fn indices(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<usize> {
        let files = self.names.iter().enumerate().filter(|(_, name)| !name.ends_with('/'));
        files.filter(|(_, name)| is_wanted(name)).map(|(index, _)| index).collect()
    }

    fn undecided(&self, wanted: Option<&str>, found: &[usize]) -> FeedProblem {
        let every: Vec<usize> = self.indices(|_| true);
        let reason = match (wanted, found.len()) {
            (Some(wanted), 0) => format!("no member is named {wanted:?}; it has {}", self.list(&every)),
            (Some(wanted), _) => {
                format!("several members are named {wanted:?}: {}; name one of them", self.list(found))
            }
            (None, 0) => format!("none of its members is data; it has {}", self.list(&every)),
            (None, _) => {
                format!(
                    "it has several members: {}; name the one to be read in source.member",
                    self.list(found)
                )
            }
        };
        FeedProblem::Archive { reason }
    }

    /// The first members' names.
    fn list(&self, indices: &[usize]) -> String {
        const SHOWN: usize = 5;
        let shown = indices.iter().take(SHOWN).map(|index| format!("{:?}", shorten(&self.names[*index])));
        let mut list = shown.collect::<Vec<_>>().join(", ");
        match indices.len() {
            0 => "no files".clone_into(&mut list),
            SHOWN.. if indices.len() > SHOWN => list += &format!(" and {} more", indices.len() - SHOWN),
            _ => {}
        }
        list
    }
}

/// How many members the archive says it has, in the record at its end.
fn listed(file: &mut (impl Read + Seek)) -> io::Result<u64> {
    const RECORD: u64 = 22;
    const LOCATOR: usize = 20;
    let length = file.seek(SeekFrom::End(0))?;
    let tail = length.min(RECORD + u64::from(u16::MAX) + LOCATOR as u64);
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(length - tail))?;
    file.take(tail).read_to_end(&mut end)?;
    let number = |bytes: &[u8], at: usize, size: usize| {
        let bytes = bytes.get(at..at + size).unwrap_or_default();
        bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    };
    let Some(at) = end.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") else { return Ok(0) };
    let short = number(&end, at + 10, 2);
    let locator = at.checked_sub(LOCATOR).filter(|at| end[*at..].starts_with(b"PK\x06\x07"));
    let Some(locator) = locator.filter(|_| short == u64::from(u16::MAX)) else { return Ok(short) };
    let mut long = Vec::new();
    file.seek(SeekFrom::Start(number(&end, locator + 8, 8).min(length)))?;
    file.take(40).read_to_end(&mut long)?;
    Ok(number(&long, 32, 8))
}

/// Whether a member is likely the delivery: no folder's debris, no manual, no picture.
fn is_data(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let debris = name.starts_with("__MACOSX/")
        || file.starts_with('.')
        || ["thumbs.db", "desktop.ini"].contains(&file.to_ascii_lowercase().as_str());
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !debris && !ending.is_some_and(|ending| COMPANIONS.contains(&ending.as_str()))
}

/// Whether `wanted`, in which `*` stands for anything, is the member's whole name or the last part of it.
fn named(name: &str, wanted: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    matches(name, wanted) || matches(file, wanted)
}

fn matches(name: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let Some((middle, last)) = rest.rsplit_once('*') else { return left.ends_with(rest) };
    for part in middle.split('*') {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

fn refuse<T>(reason: String) -> Result<T, FeedProblem> {
    Err(FeedProblem::Archive { reason })
}

fn damaged(error: ZipError) -> FeedProblem {
    FeedProblem::Packed { packing: "zip", source: io::Error::other(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (name, pattern) in [
            ("a.csv", "a.csv"),
            ("out/a.csv", "a.csv"),
            ("out/a.csv", "out/a.csv"),
            ("products_2026-11-30.csv", "products_*.csv"),
            ("aXbYc", "a*b*c"),
            ("abc", "*"),
            ("aa", "a*a"),
        ] {
            assert!(named(name, pattern), "{name} {pattern}");
        }
        for (name, pattern) in [("a.csv", "b.csv"), ("a", "a*a"), ("ab.csv", "a.csv"), ("aXc", "a*b*c")] {
            assert!(!named(name, pattern), "{name} {pattern}");
        }
    }

    #[test]
    fn what_lies_beside_the_data_is_none() {
        for name in ["products.csv", "x/feed.XML", "feed", "book.xlsx", "list.txt"] {
            assert!(is_data(name), "{name}");
        }
        for name in ["__MACOSX/._products.csv", ".DS_Store", "x/Thumbs.db", "manual.PDF", "img/1.jpg"] {
            assert!(!is_data(name), "{name}");
        }
    }
}
