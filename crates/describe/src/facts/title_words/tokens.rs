//! The words of a title with their places.

use rust_decimal::Decimal;

/// A word or number.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// As it is written.
    pub(super) text: String,
    /// In lower case.
    pub(super) lower: String,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// Counts the commas, brackets and dashes before it.
    pub(super) segment: usize,
    /// Whether a slash, plus or ampersand stands before it.
    pub(super) joiner: bool,
    /// Whether a comma stands before it.
    pub(super) after_comma: bool,
    /// The number, where a percent sign follows it.
    pub(super) percent: Option<Decimal>,
}

/// Words for "and" in the languages of the words.
const AND: &[&str] = &["och", "and", "und", "og"];

impl Token {
    pub(super) fn is_number(&self) -> bool {
        self.lower.starts_with(|c: char| c.is_ascii_digit() || c == 'ø')
            || matches!(self.lower.as_str(), "a3" | "a4" | "a5")
    }

    /// Whether this goes on with a list that `last`, `distance` tokens before, is the end of: behind a slash, a comma or
    /// an "and", or as a share.
    pub(super) fn joins(&self, last: &Token, distance: usize) -> bool {
        distance == 1 && (self.joiner || self.segment == last.segment + 1 || self.percent.is_some())
    }
}

/// Splits `title` at blanks and signs. A word for "and" is a joiner of the next token and no token.
pub(super) fn tokens(title: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut at, mut segment, mut joiner, mut after_comma) = (0, 0, false, false);
    while let Some(c) = title[at..].chars().next() {
        if !is_inner(c) {
            let dash = matches!(c, '-' | '–' | '—') && title[..at].ends_with(' ');
            segment += usize::from(dash || matches!(c, ',' | ';' | '|' | '(' | ')' | '[' | ']' | ':' | '•'));
            joiner |= matches!(c, '/' | '&' | '+');
            after_comma |= c == ',';
            if c == '%'
                && let Some(last) = tokens.last_mut()
            {
                last.percent = last.lower.replace(',', ".").parse().ok();
            }
            at += c.len_utf8();
            continue;
        }
        let end = title[at..]
            .find(|c: char| !is_inner(c) && !is_between(c))
            .map_or(title.len(), |length| at + length);
        let mut text = title[at..end].trim_end_matches(is_between);
        // `0,5` is one number, `svart,vit` two words.
        if let Some(comma) = text.find(',').filter(|_| !text.starts_with(|c: char| c.is_ascii_digit())) {
            text = text[..comma].trim_end_matches(is_between);
        }
        let lower = text.to_lowercase();
        let end = at + text.len();
        if AND.contains(&lower.as_str()) && !tokens.is_empty() {
            joiner = true;
        } else {
            let text = text.to_owned();
            tokens.push(Token { text, lower, start: at, end, segment, joiner, after_comma, percent: None });
            (joiner, after_comma) = (false, false);
        }
        at = end;
    }
    tokens
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, 'Ø' | 'ø' | '®' | '™')
}

/// What may stand within a word but not at its end.
fn is_between(c: char) -> bool {
    matches!(c, '-' | '\'' | '’' | '.' | ',')
}
