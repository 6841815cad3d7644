//! The texts that cells share, in one piece of memory.

use super::part::{Part, Step};
use crate::FeedProblem;

/// All shared texts.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl Strings {
    pub(super) fn read(mut part: Part<'_>) -> Result<Self, FeedProblem> {
        let mut strings = Self::default();
        let mut rich = RichText::default();
        loop {
            match part.next()? {
                Step::Open(start) => rich.open(start.local_name().into_inner()),
                Step::Close(name) if name == "si" => {
                    strings.ends.push(strings.text.len());
                    part.renew();
                }
                Step::Close(name) => rich.close(&name),
                Step::Text(text) if rich.counts() => strings.text.push_str(&text),
                Step::Text(_) => {}
                Step::End => return Ok(strings),
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}

/// Which text within a rich text is shown: that of `t`, but not the reading aids in `rPh`.
#[derive(Default)]
pub(super) struct RichText {
    text: bool,
    phonetic: bool,
}

impl RichText {
    pub(super) fn open(&mut self, name: &str) {
        match name {
            "t" => self.text = true,
            "rPh" => self.phonetic = true,
            _ => {}
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "t" => self.text = false,
            "rPh" => self.phonetic = false,
            _ => {}
        }
    }

    pub(super) fn counts(&self) -> bool {
        self.text && !self.phonetic
    }
}

/// `_x000D_` and the like, by which a workbook writes characters that XML cannot hold.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(character) => {
                plain.push_str(&rest[..at]);
                plain.push(character);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_characters_are_read() {
        for (text, plain) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("a_x", "a_x"),
            ("_xå_b", "_xå_b"),
            ("_xD800_", "_xD800_"),
            ("_x00e5_x", "åx"),
        ] {
            assert_eq!(unescape(text), plain, "{text}");
        }
    }
}
