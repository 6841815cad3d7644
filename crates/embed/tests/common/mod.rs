//! Models for tests: the real ones where they are on the machine or can be fetched, and tiny random ones.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use serde_json::json;

/// The folder of all-MiniLM-L6-v2, fetched when absent.
pub(crate) fn minilm() -> PathBuf {
    let cache = berika_models::default_cache_dir().expect("tests need a home folder or BERIKA_MODELS");
    berika_models::ensure("all-MiniLM-L6-v2", &cache, &(), &berika_models::Options::default())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The folder of the multilingual model that the reference vectors are of, if it is here: `cargo xtask model` fetches it.
pub(crate) fn multilingual() -> Option<PathBuf> {
    let cache = berika_models::default_cache_dir().expect("tests need a home folder or BERIKA_MODELS");
    let found = berika_models::locate("multilingual-e5-small-q4", &cache);
    let said = |error: &_| {
        // `println` would want an exception from its lint, which not every crate that includes this file fulfils.
        let mut out = std::io::stdout();
        writeln!(out, "skipped: {error}").unwrap();
    };
    found.inspect_err(said).ok()
}

pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

pub(crate) const HIDDEN: usize = 16;
const INNER: usize = 24;
pub(crate) const WORDS: [&str; 12] =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "röd", "rod", "##or", "kaffe", "te", "mugg", "300"];

/// Numbers that look random and are the same everywhere.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

/// The tensors of a tiny encoder: two layers, `positions` positions.
pub(crate) fn tiny_tensors(positions: usize) -> HashMap<String, Tensor> {
    let mut tensors = HashMap::new();
    let mut put = |name: &str, shape: &[usize]| {
        let seed = name.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        let mut data = numbers(shape.iter().product(), seed);
        if name.ends_with("LayerNorm.weight") {
            data.iter_mut().for_each(|x| *x += 1.0);
        }
        tensors.insert(name.to_owned(), Tensor::from_vec(data, shape, &Device::Cpu).unwrap());
    };
    put("embeddings.word_embeddings.weight", &[WORDS.len(), HIDDEN]);
    put("embeddings.position_embeddings.weight", &[positions, HIDDEN]);
    put("embeddings.token_type_embeddings.weight", &[1, HIDDEN]);
    put("embeddings.LayerNorm.weight", &[HIDDEN]);
    put("embeddings.LayerNorm.bias", &[HIDDEN]);
    for layer in 0..2 {
        for (name, outputs, inputs) in [
            ("attention.self.query", HIDDEN, HIDDEN),
            ("attention.self.key", HIDDEN, HIDDEN),
            ("attention.self.value", HIDDEN, HIDDEN),
            ("attention.output.dense", HIDDEN, HIDDEN),
            ("intermediate.dense", INNER, HIDDEN),
            ("output.dense", HIDDEN, INNER),
        ] {
            put(&format!("encoder.layer.{layer}.{name}.weight"), &[outputs, inputs]);
            put(&format!("encoder.layer.{layer}.{name}.bias"), &[outputs]);
        }
        for name in ["attention.output.LayerNorm", "output.LayerNorm"] {
            put(&format!("encoder.layer.{layer}.{name}.weight"), &[HIDDEN]);
            put(&format!("encoder.layer.{layer}.{name}.bias"), &[HIDDEN]);
        }
    }
    tensors
}

/// `config.json` of the tiny encoder.
pub(crate) fn tiny_config(model_type: &str, positions: usize) -> serde_json::Value {
    json!({
        "model_type": model_type, "hidden_size": HIDDEN, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": INNER, "vocab_size": WORDS.len(), "max_position_embeddings": positions,
        "type_vocab_size": 1, "layer_norm_eps": 1e-5, "hidden_act": "gelu", "pad_token_id": 0,
        "position_embedding_type": "absolute", "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0,
        "initializer_range": 0.02,
    })
}

/// Writes a whole tiny model with a `vocab.txt`.
pub(crate) fn tiny(folder: &Path, model_type: &str, pooling: &str, dtype: DType) {
    let write =
        |name: &str, value: &serde_json::Value| fs::write(folder.join(name), value.to_string()).unwrap();
    fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    write(
        "modules.json",
        &json!([
            { "idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer" },
            { "idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling" },
        ]),
    );
    write("config.json", &tiny_config(model_type, 34));
    write(
        "tokenizer_config.json",
        &json!({ "do_lower_case": true, "strip_accents": false, "model_max_length": 1e30 }),
    );
    write("sentence_bert_config.json", &json!({ "max_seq_length": 32, "do_lower_case": false }));
    write(
        "config_sentence_transformers.json",
        &json!({ "prompts": { "query": "te " }, "default_prompt_name": null }),
    );
    let mut flags = json!({ "word_embedding_dimension": HIDDEN });
    for mode in ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens"] {
        flags[format!("pooling_mode_{mode}")] = json!(mode == pooling);
    }
    write("1_Pooling/config.json", &flags);
    fs::write(folder.join("vocab.txt"), WORDS.join("\n")).unwrap();
    let tensors: HashMap<String, Tensor> =
        tiny_tensors(34).into_iter().map(|(name, tensor)| (name, tensor.to_dtype(dtype).unwrap())).collect();
    candle_core::safetensors::save(&tensors, folder.join("model.safetensors")).unwrap();
}
