//! The JSON files of the folder.
//!
//! Written as text, in the order in which they stand here: what the checksums are of depends on nothing else.

use std::io::{self, Write};
use std::path::Path;

use super::packed::{Packed, Sizes, Special};
use super::{UnpackError, write as write_file};

const MODULES: &str = r#"[
  {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
  {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
  {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}
]
"#;

const PROMPTS: &str = r#"{"prompts": {"query": "query: ", "passage": "passage: "}}
"#;

/// Writes every file but the weights.
pub(super) fn write(packed: &Packed<'_>, folder: &Path) -> Result<(), UnpackError> {
    let sizes = &packed.sizes;
    let special = special(&packed.special)?;
    let text = |name, text: String| write_file(folder, name, |out| out.write_all(text.as_bytes()));
    text("modules.json", MODULES.to_owned())?;
    text("config.json", config(sizes))?;
    text("config_sentence_transformers.json", PROMPTS.to_owned())?;
    text(
        "sentence_bert_config.json",
        format!("{{\"max_seq_length\": {}, \"do_lower_case\": false}}\n", sizes.positions),
    )?;
    text("tokenizer_config.json", tokenizer_config(sizes))?;
    text(
        "1_Pooling/config.json",
        format!(
            "{{\"word_embedding_dimension\": {}, \"pooling_mode_cls_token\": false, \
             \"pooling_mode_mean_tokens\": true, \"pooling_mode_max_tokens\": false}}\n",
            sizes.hidden
        ),
    )?;
    write_file(folder, "tokenizer.json", |out| tokenizer(packed, &special, out))
}

/// The special tokens in the order of their ids, each of which is another.
fn special(ids: &Special) -> Result<Vec<(usize, &'static str)>, UnpackError> {
    let mut special =
        vec![(ids.begin, "<s>"), (ids.padding, "<pad>"), (ids.end, "</s>"), (ids.unknown, "<unk>")];
    special.sort_unstable();
    match special.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => {
            Err(UnpackError::Contradiction(format!("its piece {} is two special tokens", pair[0].0)))
        }
        None => Ok(special),
    }
}

fn config(sizes: &Sizes) -> String {
    let Sizes { hidden, layers, heads, inner, vocabulary, positions, types, epsilon } = sizes;
    format!(
        r#"{{
  "architectures": ["BertModel"],
  "model_type": "bert",
  "hidden_size": {hidden},
  "num_hidden_layers": {layers},
  "num_attention_heads": {heads},
  "intermediate_size": {inner},
  "vocab_size": {vocabulary},
  "max_position_embeddings": {positions},
  "type_vocab_size": {types},
  "layer_norm_eps": {epsilon:e},
  "hidden_act": "gelu",
  "hidden_dropout_prob": 0.1,
  "attention_probs_dropout_prob": 0.1,
  "initializer_range": 0.02,
  "pad_token_id": 0,
  "position_embedding_type": "absolute"
}}
"#,
        epsilon = f64::from(*epsilon)
    )
}

fn tokenizer_config(sizes: &Sizes) -> String {
    format!(
        r#"{{
  "tokenizer_class": "PreTrainedTokenizerFast",
  "bos_token": "<s>",
  "eos_token": "</s>",
  "cls_token": "<s>",
  "sep_token": "</s>",
  "pad_token": "<pad>",
  "unk_token": "<unk>",
  "model_max_length": {}
}}
"#,
        sizes.positions
    )
}

/// A Unigram tokenizer as SentencePiece's: text in NFKC, runs of white space as one space, spaces as U+2581, one in front.
fn tokenizer(packed: &Packed<'_>, special: &[(usize, &'static str)], out: &mut impl Write) -> io::Result<()> {
    let Special { begin, end, unknown, .. } = packed.special;
    let added: Vec<String> = special
        .iter()
        .map(|(id, name)| {
            format!(
                r#"{{"id": {id}, "content": "{name}", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}}"#
            )
        })
        .collect();
    let added = added.join(",\n  ");
    write!(
        out,
        r#"{{
"version": "1.0",
"truncation": null,
"padding": null,
"added_tokens": [
  {added}
],
"normalizer": {{"type": "Sequence", "normalizers": [
  {{"type": "NFKC"}},
  {{"type": "Replace", "pattern": {{"Regex": "\\s+"}}, "content": " "}},
  {{"type": "Strip", "strip_left": true, "strip_right": true}}
]}},
"pre_tokenizer": {{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}},
"post_processor": {{
  "type": "TemplateProcessing",
  "single": [{FIRST}, {TEXT_A}, {LAST}],
  "pair": [{FIRST}, {TEXT_A}, {LAST}, {LAST}, {TEXT_B}, {LAST}],
  "special_tokens": {{
    "<s>": {{"id": "<s>", "ids": [{begin}], "tokens": ["<s>"]}},
    "</s>": {{"id": "</s>", "ids": [{end}], "tokens": ["</s>"]}}
  }}
}},
"decoder": {{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}},
"model": {{"type": "Unigram", "unk_id": {unknown}, "byte_fallback": false, "vocab": ["#
    )?;
    for (id, (piece, score)) in packed.pieces.iter().enumerate() {
        let piece = special.iter().find(|(of, _)| *of == id).map_or(*piece, |(_, name)| name);
        out.write_all(if id == 0 { b"\n[" } else { b",\n[" })?;
        serde_json::to_writer(&mut *out, piece)?;
        write!(out, ", {:?}]", f64::from(*score))?;
    }
    out.write_all(b"\n]}\n}\n")
}

const FIRST: &str = r#"{"SpecialToken": {"id": "<s>", "type_id": 0}}"#;
const LAST: &str = r#"{"SpecialToken": {"id": "</s>", "type_id": 0}}"#;
const TEXT_A: &str = r#"{"Sequence": {"id": "A", "type_id": 0}}"#;
const TEXT_B: &str = r#"{"Sequence": {"id": "B", "type_id": 0}}"#;
