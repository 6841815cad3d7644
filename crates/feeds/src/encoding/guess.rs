//! The likeliest single-byte encoding of a text that is not UTF-8.
//!
//! A detector is asked, but its word counts only for the encodings of our markets' neighbours and only with evidence:
//! on a few bytes it may take Swedish for anything. It does not know Mac Roman, which is told by letters that stand
//! where Windows-1252 has signs and capitals: `kšttbullar`, `SkŒne`.

use std::io::BufRead;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1257};

use crate::FeedProblem;
use crate::source::Source;

/// The likeliest encoding and the next. Lines of UTF-8 are left out where most lines are such.
pub(super) fn guess(
    source: &Source,
    mostly_utf8: bool,
) -> Result<(&'static Encoding, Option<&'static Encoding>), FeedProblem> {
    const SAMPLE: usize = 1 << 20;
    let mut evidence = Evidence::default();
    let mut reader = source.reader()?;
    let mut fed = 0;
    while fed < SAMPLE {
        let buffer = reader.fill_buf().map_err(FeedProblem::io("read the file"))?;
        if buffer.is_empty() {
            break;
        }
        let length = buffer.len();
        if !mostly_utf8 && !buffer.is_ascii() {
            fed += length;
            evidence.add(buffer);
        } else if mostly_utf8 && std::str::from_utf8(buffer).is_err() {
            for line in buffer.split(|byte| matches!(byte, b'\n' | b'\r')) {
                // The buffer's ends may cut characters.
                let line = &line[line.iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count()..];
                if std::str::from_utf8(line).is_err_and(|error| error.error_len().is_some()) {
                    fed += line.len();
                    evidence.add(line);
                }
            }
        }
        reader.consume(length);
    }
    Ok(evidence.judge())
}

#[derive(Default)]
struct Evidence {
    detector: Option<EncodingDetector>,
    beyond_ascii: usize,
    western: usize,
    mac: usize,
    perhaps_mac: usize,
    not_mac: usize,
}

impl Evidence {
    fn add(&mut self, bytes: &[u8]) {
        let detector = self.detector.get_or_insert_with(|| EncodingDetector::new(Iso2022JpDetection::Deny));
        detector.feed(bytes, false);
        for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
            self.beyond_ascii += 1;
            self.western += usize::from(is_western(*byte));
            let before = at.checked_sub(1).map_or(b' ', |at| bytes[at]);
            let after = bytes.get(at + 1).copied().unwrap_or(b' ');
            match mac(before, *byte, after) {
                Mac::Yes => self.mac += 1,
                Mac::Perhaps => self.perhaps_mac += 1,
                Mac::No => self.not_mac += 1,
                Mac::Silent => {}
            }
        }
    }

    fn judge(mut self) -> (&'static Encoding, Option<&'static Encoding>) {
        const EVIDENCE: usize = 30;
        const LITTLE: usize = 8;
        let for_mac = self.mac + self.perhaps_mac;
        if (self.mac > 0 || self.perhaps_mac > 1) && self.not_mac * 5 <= for_mac {
            return (MACINTOSH, Some(WINDOWS_1252));
        }
        let guess = self.detector.as_mut().map_or(WINDOWS_1252, |detector| {
            detector.feed(&[], true);
            detector.guess(None, Utf8Detection::Deny)
        });
        let believable = [WINDOWS_1250, WINDOWS_1251, WINDOWS_1257].contains(&guess);
        // Nearly all bytes being letters and signs of Nordic, German and French text is stronger than statistics.
        let (all, western) = (self.beyond_ascii, self.western);
        let enough = (all >= EVIDENCE && western * 20 < all * 19) || (all >= LITTLE && western * 2 < all);
        if believable && enough {
            return (guess, Some(WINDOWS_1252));
        }
        let other = Some(guess).filter(|guess| *guess != WINDOWS_1252);
        (WINDOWS_1252, other.or((for_mac > 0).then_some(MACINTOSH)))
    }
}

/// Letters and signs usual in Nordic, German and French text as Windows-1252 has them.
fn is_western(byte: u8) -> bool {
    b"\xe5\xe4\xf6\xc5\xc4\xd6\xe6\xf8\xc6\xd8\xe9\xc9\xe8\xc8\xea\xe0\xe1\xfc\xdc\xdf\xe7\xf4\xfb\xee\xe2\
      \xb0\xb1\xb2\xb3\xb4\xb5\xb7\xbd\xbc\xae\xa9\xa7\xa0\xd7\x80\x91\x92\x93\x94\x95\x96\x97\x99\x85"
        .contains(&byte)
}

/// What one byte says of Mac Roman.
enum Mac {
    Yes,
    Perhaps,
    No,
    Silent,
}

/// Judges a byte beyond ASCII by its neighbours.
fn mac(before: u8, byte: u8, after: u8) -> Mac {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0xc0;
    let beside = letter(before) || letter(after);
    let (yes, perhaps) = match byte {
        // ä å é ü, where Windows-1252 has the capitals Š Œ Ž Ÿ.
        0x8a | 0x8c | 0x8e | 0x9f => (before.is_ascii_lowercase(), beside),
        // ö and š.
        0x9a => (false, beside),
        // Ä Ö Ü, and € … †.
        0x80 | 0x85 | 0x86 => (after.is_ascii_lowercase() && !letter(before), letter(after)),
        // Å, and nothing.
        0x81 => (beside, true),
        // æ ø ß, and ¾ ¿ §.
        0xbe | 0xbf | 0xa7 => (before.is_ascii_lowercase() && (letter(after) || byte == 0xa7), false),
        // Ø and a macron.
        0xaf => (letter(after), false),
        // Signs, dashes and quotes of Mac Roman, seldom letters of the others.
        0xc9 | 0xca | 0xd0..=0xd5 => (false, false),
        0xb3 | 0xb9 => return if beside { Mac::No } else { Mac::Silent },
        0xc0.. => return if beside { Mac::No } else { Mac::Silent },
        _ => (false, false),
    };
    match (yes, perhaps) {
        (true, _) => Mac::Yes,
        (false, true) => Mac::Perhaps,
        (false, false) => Mac::Silent,
    }
}
