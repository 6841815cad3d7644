//! Supplier text made clean: no HTML, no control or hidden characters, no runs of white space.

mod html;

use std::borrow::Cow;

pub(crate) use html::in_one_line;

/// White space as in one line of text: runs become one space, and what cannot be seen is taken out.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if is_plain(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    let mut clean = String::with_capacity(trimmed.len());
    let mut gap = false;
    for c in trimmed.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if !is_hidden(c) {
            if gap && !clean.is_empty() {
                clean.push(' ');
            }
            gap = false;
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// White space as in a text of several lines: each line is cleaned, and at most one blank line stands between two.
pub(crate) fn paragraphs(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return line(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut blank = 0;
    for part in text.split('\n').map(line) {
        if part.is_empty() {
            blank += 1;
            continue;
        }
        if !clean.is_empty() {
            clean.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        clean.push_str(&part);
    }
    Cow::Owned(clean)
}

/// Why HTML was left as it is.
#[derive(Debug)]
pub(crate) struct UnreadableHtml;

/// HTML as plain text; `None` where the text holds neither tag nor entity.
///
/// Tags and entities that are themselves written as entities are read, too: shops export HTML that was escaped once
/// more on its way.
///
/// # Errors
/// [`UnreadableHtml`] where it is so large or holds so many tags that it is no product's text.
pub(crate) fn from_html(text: &str) -> Result<Option<String>, UnreadableHtml> {
    const MOST_BYTES: usize = 256 << 10;
    const MOST_TAGS: usize = 20_000;
    const ROUNDS: usize = 3;
    let mut plain: Option<String> = None;
    for _ in 0..ROUNDS {
        let source = plain.as_deref().unwrap_or(text);
        plain = if has_tag(source) {
            if source.len() > MOST_BYTES || source.matches('<').count() > MOST_TAGS {
                return Err(UnreadableHtml);
            }
            Some(html::render(source))
        } else if has_entity(source) {
            Some(entities(source))
        } else {
            break;
        };
    }
    Ok(plain)
}

/// Text with its entities and character references replaced; those that nothing defines stay as they are.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if has_entity(text) { Cow::Owned(entities(text)) } else { Cow::Borrowed(text) }
}

/// Adds text to `plain` with its entities and character references replaced. Returns whether an ampersand was left as
/// it stands because it begins none that is defined.
pub(crate) fn decode(text: &str, plain: &mut String) -> bool {
    let mut parts = text.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    let mut loose = false;
    for rest in parts {
        match entity(rest) {
            Some((decoded, length)) => {
                plain.push_str(&decoded);
                plain.push_str(&rest[length..]);
            }
            None => {
                loose = true;
                plain.push('&');
                plain.push_str(rest);
            }
        }
    }
    loose
}

/// Visible characters of Latin script with single spaces: nearly every text, told without decoding it.
fn is_plain(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    loop {
        bytes = match bytes {
            [] => return true,
            [b' ', b' ', ..] => return false,
            [b' '..=b'~', rest @ ..] => rest,
            // U+00A1 to U+00BF but for the soft hyphen, then U+00C0 to U+027F.
            [0xc2, 0xa1..=0xac | 0xae..=0xbf, rest @ ..] | [0xc3..=0xc9, _, rest @ ..] => rest,
            _ => return false,
        };
    }
}

/// Control and format characters: they show nothing, and can turn, hide or split a text.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `<b>`, `</b>`, `<!--`, with a `>` behind: a `<` before a number is a comparison.
fn has_tag(text: &str) -> bool {
    let Some(last) = text.rfind('>') else { return false };
    let opens =
        |pair: &[u8]| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'!'));
    text.as_bytes()[..last].windows(2).any(opens)
}

fn has_entity(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| entity(rest).is_some())
}

/// A named or numeric entity's characters and its length, read behind the `&`.
fn entity(rest: &str) -> Option<(Cow<'static, str>, usize)> {
    const LONGEST: usize = 32;
    let end = rest.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = &rest[..end];
    let text = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            Cow::Owned(char::from_u32(code)?.to_string())
        }
        None => Cow::Borrowed(quick_xml::escape::resolve_html5_entity(name)?),
    };
    Some((text, end + 1))
}

fn entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    decode(text, &mut plain);
    plain
}

#[cfg(test)]
mod tests;
