//! Texts to token numbers: `tokenizer.json` or a WordPiece `vocab.txt`, cutting, counting.

use std::borrow::Cow;
use std::path::Path;

use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::{BertNormalizer, NormalizerWrapper};
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{AddedToken, PostProcessor, Tokenizer as Inner};

use crate::error::LoadError;
use crate::folder::TokenizerConfig;

/// A text is cut before it is tokenised after this many characters that are not white space, for each token that may
/// remain. No written language comes near so many characters a token.
const CHARACTERS_PER_TOKEN: usize = 32;

/// A tokenizer that never pads, and cuts to the model's maximum.
pub(crate) struct Tokenizer {
    inner: Inner,
    max_tokens: usize,
    /// How many tokens stand around a text, such as `[CLS]` and `[SEP]`.
    around: usize,
    lower_case: bool,
}

impl Tokenizer {
    pub(crate) fn load(
        file: &Path,
        bytes: &[u8],
        config: &TokenizerConfig,
        max_tokens: usize,
        lower_case: bool,
    ) -> Result<Self, LoadError> {
        let failed = |reason: String| LoadError::Tokenizer { file: file.to_owned(), reason };
        let mut inner = if file.extension().is_some_and(|end| end == "json") {
            let mut inner = Inner::from_bytes(bytes).map_err(|error| failed(error.to_string()))?;
            follow_config(&mut inner, config).map_err(&failed)?;
            inner
        } else {
            wordpiece(bytes, config).map_err(&failed)?
        };
        // Saved tokenizers often carry the padding and the cutting of whatever used them last.
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|error| failed(error.to_string()))?;
        let around = inner.get_post_processor().map_or(0, |post| post.added_tokens(false));
        if around == 0 || around >= max_tokens {
            return Err(failed(format!(
                "it puts {around} tokens around a text where BERT and XLM-R put two"
            )));
        }
        Ok(Self { inner, max_tokens, around, lower_case })
    }

    /// How many tokens the tokenizer knows.
    pub(crate) fn vocabulary(&self) -> usize {
        self.inner.get_vocab_size(true)
    }

    /// The token numbers of the text, at least one and at most the model's maximum.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let text = self.prepared(head(text, self.max_tokens * CHARACTERS_PER_TOKEN));
        let mut encoding = self.inner.encode_fast(text.as_ref(), false).map_err(|error| error.to_string())?;
        let room = self.max_tokens - self.around;
        if encoding.len() > room {
            encoding.truncate(room, 0, tokenizers::TruncationDirection::Right);
        }
        let whole = self.inner.post_process(encoding, None, true).map_err(|error| error.to_string())?;
        Ok(whole.get_ids().to_vec())
    }

    /// How many tokens the text has with those around it, uncut, as far as that is known: a text far longer than the
    /// model reads is counted up to there only.
    pub(crate) fn count(&self, text: &str) -> usize {
        let text = self.prepared(head(text, 4 * self.max_tokens * CHARACTERS_PER_TOKEN));
        self.inner.encode_fast(text.as_ref(), false).map_or(0, |encoding| encoding.len()) + self.around
    }

    /// The longest beginning of the text that has at most `limit` tokens, those around it included.
    pub(crate) fn truncate<'a>(&self, text: &'a str, limit: usize) -> &'a str {
        let text = head(text, limit * CHARACTERS_PER_TOKEN);
        let room = limit.saturating_sub(self.around);
        // Lower case may move the offsets, so they are taken from the text as it is.
        let Ok(encoding) = self.inner.encode(text, false) else { return "" };
        if encoding.len() <= room && self.count(text) <= limit {
            return text;
        }
        let mut end = match room.checked_sub(1).and_then(|last| encoding.get_offsets().get(last)) {
            Some(&(_, end)) => text.floor_char_boundary(end),
            None if room == 0 => 0,
            None => text.len(),
        };
        // Cutting may change how the last word splits: shorten until the count holds.
        while end > 0 && self.count(&text[..end]) > limit {
            end = text.floor_char_boundary(end - 1);
        }
        &text[..end]
    }

    fn prepared<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.lower_case { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
    }
}

/// The beginning of the text up to `limit` characters that are not white space, and eight times as many in all.
fn head(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut dark = 0;
    for (seen, (at, character)) in text.char_indices().enumerate() {
        if dark == limit || seen == 8 * limit {
            return &text[..at];
        }
        dark += usize::from(!character.is_whitespace());
    }
    text
}

/// The transformers library lets `tokenizer_config.json` overrule the BERT normaliser saved in `tokenizer.json`; some
/// published models rely on it.
fn follow_config(inner: &mut Inner, config: &TokenizerConfig) -> Result<(), String> {
    let bert = config.tokenizer_class.as_deref().is_some_and(|class| class.starts_with("BertTokenizer"));
    let Some(NormalizerWrapper::BertNormalizer(saved)) = inner.get_normalizer().filter(|_| bert) else {
        return Ok(());
    };
    let normalizer = BertNormalizer::new(
        saved.clean_text,
        config.tokenize_chinese_chars.unwrap_or(saved.handle_chinese_chars),
        config.strip_accents.or(saved.strip_accents),
        config.do_lower_case.unwrap_or(saved.lowercase),
    );
    inner.with_normalizer(Some(normalizer)).map(drop).map_err(|error| error.to_string())
}

/// The tokenizer that a `vocab.txt` stands for, with BERT's own defaults.
fn wordpiece(bytes: &[u8], config: &TokenizerConfig) -> Result<Inner, String> {
    let vocabulary = WordPiece::read_bytes(bytes).map_err(|error| error.to_string())?;
    let find = |word: &str| {
        let found = vocabulary.get(word).map(|&at| (word.to_owned(), at));
        found.ok_or_else(|| format!("it lacks the token {word}"))
    };
    let (sep, cls, _) = (find("[SEP]")?, find("[CLS]")?, find("[UNK]")?);
    let specials =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].into_iter().filter(|word| find(word).is_ok());
    let specials = specials.map(|word| AddedToken::from(word, true)).collect::<Vec<_>>();
    let unknown = "[UNK]".to_owned();
    let model = WordPiece::builder()
        .vocab(vocabulary)
        .unk_token(unknown)
        .build()
        .map_err(|error| error.to_string())?;
    let mut inner = Inner::new(model);
    inner
        .with_normalizer(Some(BertNormalizer::new(
            true,
            config.tokenize_chinese_chars.unwrap_or(true),
            config.strip_accents,
            config.do_lower_case.unwrap_or(true),
        )))
        .map_err(|error| error.to_string())?
        .with_pre_tokenizer(Some(BertPreTokenizer))
        .with_post_processor(Some(BertProcessing::new(sep, cls)));
    inner.add_special_tokens(specials).map_err(|error| error.to_string())?;
    Ok(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCAB: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nkaffe\nbön\nbon\n##or\na\n##b\n##a\n,\n";

    fn tokenizer(config: &str, max_tokens: usize) -> Tokenizer {
        let config = serde_json::from_str(config).unwrap();
        Tokenizer::load(Path::new("vocab.txt"), VOCAB.as_bytes(), &config, max_tokens, false).unwrap()
    }

    #[test]
    fn a_vocab_file_follows_the_tokenizer_config() {
        let uncased = tokenizer("{}", 16);
        assert_eq!(uncased.encode("KAFFE, bönor").unwrap(), [2, 5, 12, 7, 8, 3]);
        let accents_kept = tokenizer(r#"{"strip_accents": false}"#, 16);
        assert_eq!(accents_kept.encode("KAFFE, bönor").unwrap(), [2, 5, 12, 6, 8, 3]);
        let cased = tokenizer(r#"{"do_lower_case": false}"#, 16);
        assert_eq!(cased.encode("KAFFE, bönor").unwrap(), [2, 1, 12, 6, 8, 3]);
    }

    #[test]
    fn long_texts_are_cut_and_keep_their_end_token() {
        let tokenizer = tokenizer("{}", 6);
        assert_eq!(tokenizer.encode("kaffe kaffe kaffe kaffe kaffe").unwrap(), [2, 5, 5, 5, 5, 3]);
        assert_eq!(tokenizer.count("kaffe kaffe kaffe kaffe kaffe"), 7);
        assert_eq!(tokenizer.encode("").unwrap(), [2, 3]);
    }

    #[test]
    fn truncating_a_text_holds_the_count_on_a_character_boundary() {
        let tokenizer = tokenizer("{}", 64);
        assert_eq!(tokenizer.truncate("kaffe bönor kaffe", 5), "kaffe bönor");
        assert_eq!(tokenizer.truncate("kaffe bönor", 64), "kaffe bönor");
        assert_eq!(tokenizer.truncate("kaffe", 2), "");
        for limit in 0..12 {
            let cut = tokenizer.truncate("abababa, kaffe ab, bönor aaab", limit);
            assert!(cut.is_empty() || tokenizer.count(cut) <= limit, "{limit}: {cut}");
        }
    }

    #[test]
    fn the_head_of_a_text_counts_what_is_not_white_space() {
        assert_eq!(head("   ab c", 2), "   ab");
        assert_eq!(head(&" ".repeat(100), 2).len(), 16);
        assert_eq!(head("åäö", 2), "åä");
        assert_eq!(head("åäö", 3), "åäö");
    }

    #[test]
    fn a_vocab_without_the_tokens_it_needs_is_refused() {
        let error =
            Tokenizer::load(Path::new("vocab.txt"), b"a\nb\n", &TokenizerConfig::default(), 16, false);
        assert!(error.err().unwrap().to_string().contains("lacks the token [SEP]"));
    }
}
