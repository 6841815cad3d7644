//! Byte-level pieces with merges, and whatever a `tokenizer.json` says: the work of the tokenizers library.

use std::path::Path;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

use super::{CONTROL, Vocabulary};

/// How a text is cut before its pieces are merged, by the name that the file gives it.
const CUTS: [(&[&str], &str); 3] = [
    (
        &["llama-bpe", "llama3", "llama-v3"],
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    (
        &["qwen2", "deepseek-r1-qwen"],
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    ),
    (&["gpt-2", "gpt2"], r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
];

#[derive(Debug)]
pub(super) struct Merges(Tokenizer);

impl Merges {
    /// `merges` are pairs of pieces with a space between; `pre` names how a text is cut.
    pub(super) fn new(vocabulary: &Vocabulary, merges: &[String], pre: &str) -> Result<Self, String> {
        let cut = CUTS.iter().find(|(names, _)| names.contains(&pre)).map(|(_, cut)| *cut).ok_or_else(|| {
            let pre: String = pre.chars().filter(|c| !c.is_control()).take(40).collect();
            format!("its way of cutting texts, `{pre}`, is not supported; supported are llama-bpe, qwen2 and gpt-2")
        })?;
        let pairs = merges
            .iter()
            .map(|merge| merge.split_once(' ').map(|(left, right)| (left.to_owned(), right.to_owned())))
            .collect::<Option<Vec<_>>>()
            .ok_or("one of its merges is no pair")?;
        let numbers: Vocab =
            vocabulary.numbers.iter().map(|(piece, number)| (piece.clone(), *number)).collect();
        let model = BPE::builder()
            .vocab_and_merges(numbers, pairs)
            .ignore_merges(pre.starts_with("llama"))
            .build()
            .map_err(|error| error.to_string())?;
        let split = Split::new(SplitPattern::Regex(cut.to_owned()), SplitDelimiterBehavior::Isolated, false)
            .map_err(|error| error.to_string())?;
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![
            PreTokenizerWrapper::Split(split),
            PreTokenizerWrapper::ByteLevel(ByteLevel::new(false, false, false)),
        ])));
        Ok(Self(tokenizer))
    }

    /// With the vocabulary that the file states, and the token that it puts in front of every text.
    pub(super) fn from_json(file: &Path) -> Result<(Self, Vocabulary, Option<u32>), String> {
        let mut tokenizer = Tokenizer::from_file(file).map_err(|error| format!("tokenizer.json: {error}"))?;
        // Plain text never becomes a control token.
        tokenizer.set_encode_special_tokens(true);
        let numbers = tokenizer.get_vocab(true);
        let most = numbers.values().max().map_or(0, |&most| most as usize + 1);
        if most > numbers.len().saturating_mul(2) {
            return Err("tokenizer.json numbers its tokens with great gaps".to_owned());
        }
        let (mut pieces, mut kinds) = (vec![String::new(); most], vec![1; most]);
        for (piece, number) in numbers {
            pieces[number as usize] = piece;
        }
        for (number, token) in tokenizer.get_added_tokens_decoder() {
            if let Some(kind) = kinds.get_mut(number as usize).filter(|_| token.special) {
                *kind = CONTROL;
            }
        }
        for (kind, _) in
            kinds.iter_mut().zip(&pieces).filter(|(_, piece)| super::bytes::named(piece).is_some())
        {
            *kind = super::BYTE;
        }
        let byte_level = pieces.iter().any(|piece| piece == "\u{120}");
        let around = tokenizer.encode("", true).map_err(|error| error.to_string())?;
        let first = around.get_ids().first().copied();
        Ok((Self(tokenizer), Vocabulary::new(pieces, kinds, byte_level), first))
    }

    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) -> Result<(), String> {
        let encoded = self.0.encode_fast(text, false).map_err(|error| error.to_string())?;
        tokens.extend_from_slice(encoded.get_ids());
        Ok(())
    }
}
