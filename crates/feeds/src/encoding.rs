//! Which encoding a delivery is in, and its text as a stream of UTF-8.
//!
//! A byte order mark decides. Without one the whole file is read once: if it is strict UTF-8 it is that, since hardly
//! any other text is by chance. Else the bytes beyond ASCII tell which single-byte encoding is likely.

use std::io::{BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1257,
};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use crate::FeedProblem;
use crate::source::Source;

/// An encoding and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    /// The second best, where it was a guess.
    pub(crate) runner_up: Option<&'static Encoding>,
    /// Bytes of the byte order mark.
    mark: u64,
}

/// The encoding that the supplier's settings name, else the one that the bytes tell.
pub(crate) fn find(source: &Source, configured: Option<&str>) -> Result<Found, FeedProblem> {
    let mark = Encoding::for_bom(source.head());
    if let Some((encoding, length)) = mark {
        return Ok(Found { encoding, runner_up: None, mark: length as u64 });
    }
    let without_mark = |encoding, runner_up| Found { encoding, runner_up, mark: 0 };
    if let Some(label) = configured {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| FeedProblem::Setting {
            key: "encoding",
            reason: format!("{label:?} is no encoding such as \"utf-8\" or \"windows-1252\""),
        })?;
        return Ok(without_mark(encoding, None));
    }
    if let Some(encoding) = utf16_without_mark(source.head()) {
        return Ok(without_mark(encoding, None));
    }
    if is_utf8(source)? {
        return Ok(without_mark(UTF_8, None));
    }
    let (encoding, runner_up) = guess(source)?;
    Ok(without_mark(encoding, runner_up))
}

/// As [`find`] for XML, whose declaration may name the encoding. UTF-8 that is strictly so is believed before it:
/// declarations are copied about.
pub(crate) fn find_in_xml(source: &Source) -> Result<Found, FeedProblem> {
    let found = find(source, None)?;
    let head = &source.head()[..source.head().len().min(200)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.split_once("<?xml").and_then(|(_, rest)| rest.split_once("?>"));
    let label =
        declaration.and_then(|(inner, _)| inner.split_once("encoding=")).map(|(_, rest)| rest.trim_start());
    let label = label.and_then(|rest| rest.split(['"', '\'']).nth(1));
    let declared = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    match declared {
        Some(encoding) if encoding.is_single_byte() && found.encoding.is_single_byte() => {
            Ok(Found { encoding, runner_up: None, mark: 0 })
        }
        _ => Ok(found),
    }
}

/// The delivery's text as UTF-8, without its byte order mark. Bytes that the encoding lacks become U+FFFD.
pub(crate) fn decode(
    source: &Source,
    found: Found,
) -> Result<DecodeReaderBytes<impl Read + use<>, Vec<u8>>, FeedProblem> {
    let mut reader = source.reader()?;
    std::io::copy(&mut reader.by_ref().take(found.mark), &mut std::io::sink())
        .map_err(FeedProblem::io("read the file"))?;
    Ok(DecodeReaderBytesBuilder::new().encoding(Some(found.encoding)).bom_sniffing(false).build(reader))
}

/// Text in a Western script has a zero in every second byte of its UTF-16.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    match () {
        () if pairs >= 8 && odd * 10 > pairs * 8 && even * 10 < pairs => Some(UTF_16LE),
        () if pairs >= 8 && even * 10 > pairs * 8 && odd * 10 < pairs => Some(UTF_16BE),
        () => None,
    }
}

fn is_utf8(source: &Source) -> Result<bool, FeedProblem> {
    let mut reader = source.reader()?;
    // The bytes of a character that the last buffer cut in two.
    let mut carried = Vec::new();
    loop {
        let buffer = reader.fill_buf().map_err(FeedProblem::io("read the file"))?;
        if buffer.is_empty() {
            return Ok(carried.is_empty());
        }
        let length = buffer.len();
        carried.extend_from_slice(buffer);
        let valid = match std::str::from_utf8(&carried) {
            Ok(_) => carried.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Ok(false),
        };
        carried.drain(..valid);
        reader.consume(length);
    }
}

/// The likeliest single-byte encoding and the next.
///
/// The detector is asked, but its word counts only for the encodings of our markets' neighbours and only with
/// evidence: on a few bytes it may take Swedish for anything.
fn guess(source: &Source) -> Result<(&'static Encoding, Option<&'static Encoding>), FeedProblem> {
    const SAMPLE: usize = 1 << 20;
    const EVIDENCE: usize = 30;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut fed, mut beyond_ascii, mut nordic) = (0, 0, 0);
    let mut reader = source.reader()?;
    while fed < SAMPLE {
        let buffer = reader.fill_buf().map_err(FeedProblem::io("read the file"))?;
        if buffer.is_empty() {
            break;
        }
        let length = buffer.len();
        if !buffer.is_ascii() {
            fed += length;
            beyond_ascii += buffer.iter().filter(|b| !b.is_ascii()).count();
            nordic += buffer.iter().filter(|b| is_western(**b)).count();
            detector.feed(buffer, false);
        }
        reader.consume(length);
    }
    detector.feed(&[], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let believable = [WINDOWS_1250, WINDOWS_1251, WINDOWS_1257].contains(&guess);
    // Nearly all bytes being letters and signs of Nordic, German and French text is stronger than statistics.
    if believable && beyond_ascii >= EVIDENCE && nordic * 20 < beyond_ascii * 19 {
        return Ok((guess, Some(WINDOWS_1252)));
    }
    Ok((WINDOWS_1252, Some(guess).filter(|guess| *guess != WINDOWS_1252)))
}

/// Letters and signs usual in Nordic, German and French text as Windows-1252 has them.
fn is_western(byte: u8) -> bool {
    b"\xe5\xe4\xf6\xc5\xc4\xd6\xe6\xf8\xc6\xd8\xe9\xc9\xe8\xc8\xea\xe0\xe1\xfc\xdc\xdf\xe7\xf4\xfb\xee\xe2\
      \xb0\xb1\xb2\xb3\xb4\xb5\xb7\xbd\xbc\xae\xa9\xa7\xa0\xd7\x80\x91\x92\x93\x94\x95\x96\x97\x99\x85"
        .contains(&byte)
}
