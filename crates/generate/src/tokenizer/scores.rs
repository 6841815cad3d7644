//! Pieces with scores: the neighbours whose piece has the highest score are joined, over and over; what is in no piece
//! becomes bytes. As llama.cpp does it for SentencePiece vocabularies.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{BYTE, CONTROL, USER_DEFINED, Vocabulary};

/// The sign for a space.
const SPACE: &str = "\u{2581}";

#[derive(Debug)]
pub(super) struct Scores {
    scores: Vec<f32>,
    /// Whether a text begins with a space that it does not have.
    space: bool,
    /// Pieces that are cut out of a text before anything is joined, longest first.
    whole: Vec<(String, u32)>,
}

/// A stretch of the text that is a piece or a character.
#[derive(Clone, Copy)]
struct Stretch {
    start: usize,
    end: usize,
    before: Option<usize>,
    after: Option<usize>,
}

/// Two neighbours that could be joined.
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    /// Bytes of both, to see whether either was joined meanwhile.
    length: usize,
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Pair {}

impl Scores {
    /// `scores` has one for each piece.
    pub(super) fn new(vocabulary: &Vocabulary, scores: Vec<f32>, space: bool) -> Self {
        let mut whole: Vec<(String, u32)> = (0_u32..)
            .zip(&vocabulary.pieces)
            .filter(|(number, piece)| vocabulary.kind(*number) == USER_DEFINED && !piece.is_empty())
            .map(|(number, piece)| (piece.clone(), number))
            .collect();
        whole.sort_by(|(a, m), (b, n)| b.len().cmp(&a.len()).then(m.cmp(n)));
        Self { scores, space, whole }
    }

    pub(super) fn encode(&self, vocabulary: &Vocabulary, text: &str, tokens: &mut Vec<u32>) {
        let mut parts: Vec<Result<&str, u32>> = vec![Ok(text)];
        for (piece, number) in &self.whole {
            if !text.contains(piece.as_str()) {
                continue;
            }
            let cut = |part| match part {
                Ok(text) => around(text, piece, *number),
                Err(number) => vec![Err(number)],
            };
            parts = parts.into_iter().flat_map(cut).collect();
        }
        for part in parts {
            match part {
                Ok(text) => self.join(vocabulary, text, tokens),
                Err(number) => tokens.push(number),
            }
        }
    }

    /// The pieces of a text that has none that is cut out whole.
    fn join(&self, vocabulary: &Vocabulary, text: &str, tokens: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let text = [if self.space { SPACE } else { "" }, &text.replace(' ', SPACE)].concat();
        let mut stretches: Vec<Stretch> = text
            .char_indices()
            .enumerate()
            .map(|(index, (start, letter))| Stretch {
                start,
                end: start + letter.len_utf8(),
                before: index.checked_sub(1),
                after: Some(index + 1),
            })
            .collect();
        if let Some(last) = stretches.last_mut() {
            last.after = None;
        }
        let mut open = BinaryHeap::new();
        let pair = |stretches: &[Stretch], left: Option<usize>, right: Option<usize>| {
            let (left, right) = (left?, right?);
            let (start, end) = (stretches[left].start, stretches[right].end);
            let number = vocabulary.number(&text[start..end])?;
            // Whatever is written in a text, no control token comes of it.
            if matches!(vocabulary.kind(number), CONTROL | BYTE) {
                return None;
            }
            Some(Pair { score: self.scores[number as usize], left, right, length: end - start })
        };
        for right in 1..stretches.len() {
            open.extend(pair(&stretches, Some(right - 1), Some(right)));
        }
        while let Some(Pair { left, right, length, .. }) = open.pop() {
            let (one, other) = (stretches[left], stretches[right]);
            // An emptied stretch was joined to one before it.
            if one.start == one.end || other.start == other.end || other.end - one.start != length {
                continue;
            }
            stretches[left].end = other.end;
            stretches[left].after = other.after;
            stretches[right].end = other.start;
            if let Some(after) = other.after {
                stretches[after].before = Some(left);
            }
            open.extend(pair(&stretches, one.before, Some(left)));
            open.extend(pair(&stretches, Some(left), other.after));
        }
        for stretch in stretches.iter().filter(|stretch| stretch.start < stretch.end) {
            let piece = &text[stretch.start..stretch.end];
            match vocabulary.number(piece) {
                Some(number) => tokens.push(number),
                None => {
                    let unknown = vocabulary.number("<unk>");
                    let byte = |byte: u8| vocabulary.number(&format!("<0x{byte:02X}>")).or(unknown);
                    tokens.extend(piece.bytes().filter_map(byte));
                }
            }
        }
    }
}

/// The text around each occurrence of a piece, and the piece's number for each.
fn around<'a>(text: &'a str, piece: &str, number: u32) -> Vec<Result<&'a str, u32>> {
    let mut parts = Vec::new();
    for (index, between) in text.split(piece).enumerate() {
        if index > 0 {
            parts.push(Err(number));
        }
        if !between.is_empty() {
            parts.push(Ok(between));
        }
    }
    parts
}
