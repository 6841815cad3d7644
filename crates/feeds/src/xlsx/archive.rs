//! A workbook's archive before anything of it is held in memory: how large it is unpacked, and whether it lies.

use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::source::Source;
use crate::{FeedProblem, Limits};

/// Unpacks every part once, keeping nothing, and counts.
///
/// # Errors
/// [`FeedProblem::TooLarge`] over the cap, [`FeedProblem::Workbook`] for an archive that cannot be unpacked or whose
/// shared strings claim to be more than their bytes can hold: the reader believes that number when it allocates.
pub(super) fn check(source: &Source, limits: &Limits) -> Result<(), FeedProblem> {
    const MOST_PARTS: usize = 10_000;
    let mut archive = ZipArchive::new(source.reader()?).map_err(|error| damaged(&error))?;
    if archive.len() > MOST_PARTS {
        return Err(FeedProblem::Workbook { reason: format!("it has {} parts", archive.len()) });
    }
    let mut left = limits.workbook_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.to_ascii_lowercase();
        if !name.ends_with("sharedstrings.xml") {
            left = spend(part, left, limits)?;
            continue;
        }
        let before = left;
        left = spend(part, left, limits)?;
        let bytes = before - left;
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        if let Some(claimed) = claimed_strings(BufReader::new(part))
            && claimed > bytes
        {
            let reason = format!("it claims {claimed} shared strings in {bytes} bytes");
            return Err(FeedProblem::Workbook { reason });
        }
    }
    Ok(())
}

/// Reads a part to its end; what is then left of the cap.
fn spend(part: impl Read, left: u64, limits: &Limits) -> Result<u64, FeedProblem> {
    let read = io::copy(&mut part.take(left + 1), &mut io::sink())
        .map_err(|error| FeedProblem::Workbook { reason: error.to_string() })?;
    left.checked_sub(read).ok_or(FeedProblem::TooLarge { limit: limits.workbook_bytes })
}

/// `uniqueCount` of the element `sst`, the first in the part.
fn claimed_strings(part: impl io::BufRead) -> Option<u64> {
    let mut reader = Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(start) | Event::Empty(start) if start.local_name().into_inner() == "sst" => {
                let count = start.try_get_attribute("uniqueCount").ok()??;
                return Some(count.value.trim().parse().unwrap_or(u64::MAX));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn damaged(error: &zip::result::ZipError) -> FeedProblem {
    FeedProblem::Workbook { reason: error.to_string() }
}
