//! A text as it grows: its bytes, and whether it is at its end.

use crate::options::{Finish, Generated, Options};
use crate::tokenizer::Tokenizer;

/// The longest part that is noticed when it comes again and again, in tokens.
const PART: usize = 48;
/// How often a part has to come.
const TIMES: usize = 4;
/// Tokens that the repetitions make together at least: short parts come again in sound texts, such as `- - -`.
const TOGETHER: usize = 24;

/// What has been generated for a prompt.
#[derive(Debug)]
pub(crate) struct Answer {
    prompt_tokens: usize,
    tokens: Vec<u32>,
    bytes: Vec<u8>,
    /// How many bytes there were before each token.
    starts: Vec<usize>,
}

impl Answer {
    pub(crate) fn new(prompt_tokens: usize) -> Self {
        Self { prompt_tokens, tokens: Vec::new(), bytes: Vec::new(), starts: Vec::new() }
    }

    /// Takes a token. Says why the text ends, if it does.
    pub(crate) fn take(&mut self, token: u32, tokenizer: &Tokenizer, options: &Options) -> Option<Finish> {
        if tokenizer.is_end(token) {
            return Some(Finish::Stop);
        }
        let before = self.bytes.len();
        self.tokens.push(token);
        self.starts.push(before);
        tokenizer.decode(token, &mut self.bytes);
        let stops = options.stop.iter().filter(|stop| !stop.is_empty());
        // A stop string may have begun in earlier tokens.
        let found = stops.filter_map(|stop| {
            let from = before.saturating_sub(stop.len() - 1);
            let at = self.bytes[from..].windows(stop.len()).position(|window| window == stop.as_bytes())?;
            Some(from + at)
        });
        if let Some(end) = found.min() {
            self.bytes.truncate(end);
            return Some(Finish::Stop);
        }
        if let Some(part) = repeated(&self.tokens) {
            let kept = self.tokens.len() - part * (repeats(&self.tokens, part) - 1);
            self.bytes.truncate(self.starts.get(kept).copied().unwrap_or(self.bytes.len()));
            return Some(Finish::Loop);
        }
        (self.tokens.len() >= options.max_tokens).then_some(Finish::Length)
    }

    pub(crate) fn end(self, finish: Finish) -> Generated {
        Generated {
            text: String::from_utf8_lossy(&self.bytes).into_owned(),
            prompt_tokens: self.prompt_tokens,
            output_tokens: self.tokens.len(),
            finish,
        }
    }
}

/// The length of the part that the tokens end with again and again, if they do.
fn repeated(tokens: &[u32]) -> Option<usize> {
    (1..=PART.min(tokens.len() / TIMES)).find(|&part| {
        let times = TIMES.max(TOGETHER.div_ceil(part));
        tokens.len() >= part * times && repeats(&tokens[tokens.len() - part * times..], part) >= times
    })
}

/// How often the last `part` tokens stand one behind the other at the end.
fn repeats(tokens: &[u32], part: usize) -> usize {
    let mut parts = tokens.rchunks_exact(part);
    let Some(last) = parts.next() else { return 0 };
    1 + parts.take_while(|other| *other == last).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_comes_again_and_again_is_noticed() {
        let text = [9, 8, 7];
        let looped = |part: &[u32], times: usize| [&text[..], &part.repeat(times)].concat();
        assert_eq!(repeated(&looped(&[1, 2, 3, 4, 5, 6, 7, 8], 4)), Some(8));
        assert_eq!(repeated(&looped(&[1, 2, 3, 4, 5, 6, 7, 8], 3)), None);
        assert_eq!(repeated(&looped(&[5], 23)), None);
        assert_eq!(repeated(&looped(&[5], 24)), Some(1));
        assert_eq!(repeats(&looped(&[5, 6], 12), 2), 12);
        assert_eq!(repeated(&[]), None);
    }
}
