//! Words and phrases of a voice in running text.

/// The places of whole words in `text`: first byte and the one after the last.
pub(super) fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| (from, text.len())));
    words
}

/// A phrase of a voice file made ready: its words in lower case, each whole or a beginning (`billig*`).
pub(super) struct Phrase(Vec<(String, bool)>);

impl Phrase {
    pub(super) fn new(written: &str) -> Self {
        let word = |word: &str| {
            let (stem, open) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
            (stem.to_lowercase(), open)
        };
        let separated: String =
            written.chars().map(|c| if c.is_alphanumeric() || c == '*' { c } else { ' ' }).collect();
        Self(separated.split_whitespace().map(word).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words among `spoken` (in lower case) at which it stands: the first, and the one after the last.
    pub(super) fn find(&self, spoken: &[String], from: usize) -> Option<(usize, usize)> {
        let fits = |at: usize| {
            self.0
                .iter()
                .zip(&spoken[at..])
                .all(|((wanted, open), word)| word == wanted || *open && word.starts_with(wanted.as_str()))
        };
        let last = spoken.len().checked_sub(self.0.len())?;
        (from..=last).find(|at| !self.0.is_empty() && fits(*at)).map(|at| (at, at + self.0.len()))
    }
}

/// The words of `text` in lower case.
pub(super) fn lower_words(text: &str) -> Vec<String> {
    words(text).into_iter().map(|(from, to)| text[from..to].to_lowercase()).collect()
}

pub(super) fn with_preferred(text: &str, preferred: &[(String, String)], names: &[&str]) -> String {
    let mut out = text.to_owned();
    for (from, to) in preferred {
        out = replaced(&out, &Phrase::new(from), to, names);
    }
    out
}

fn replaced(text: &str, from: &Phrase, to: &str, names: &[&str]) -> String {
    let kept: Vec<(usize, usize)> = names
        .iter()
        .filter(|name| !name.is_empty())
        .flat_map(|name| text.match_indices(*name).map(|(at, found)| (at, at + found.len())))
        .collect();
    let places = words(text);
    let spoken = lower_words(text);
    let mut out = String::with_capacity(text.len());
    let (mut next, mut copied) = (0, 0);
    while let Some((first, behind)) = from.find(&spoken, next) {
        next = behind;
        let (start, end) = (places[first].0, places[behind - 1].1);
        if kept.iter().any(|(a, b)| start < *b && *a < end) {
            continue;
        }
        out.push_str(&text[copied..start]);
        let capital = text[start..].starts_with(char::is_uppercase);
        out.push_str(&if capital { capitalised(to) } else { to.to_owned() });
        copied = end;
    }
    out.push_str(&text[copied..]);
    out
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
