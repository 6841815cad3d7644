//! Writes a sentence-transformers folder of a chosen shape with random weights, to measure speed with. Its vectors mean
//! nothing. The same arguments give the same folder.
//!
//! `cargo run -p berika-embed --example random_model -- MODEL_TO_COPY_TOKENIZER_FROM OUT --layers 12 --hidden 768 --heads 12
//! --inner 3072`

#![expect(clippy::print_stdout, reason = "an example talks to the person who started it")]

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use candle_core::{Device, Tensor};
use serde_json::Value;

/// Files that decide how texts become tokens, each there or not.
const TOKENIZER: [&str; 5] = [
    "tokenizer.json",
    "vocab.txt",
    "tokenizer_config.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, out, options @ ..] = arguments.as_slice() else {
        return Err("usage: random_model MODEL_TO_COPY_TOKENIZER_FROM OUT [--layers N] [--hidden N] [--heads N] [--inner N]".into());
    };
    let (from, out) = (Path::new(from), Path::new(out));
    let mut config: Value = serde_json::from_slice(&fs::read(from.join("config.json"))?)?;
    for option in options.chunks(2) {
        let [name, number] = option else { return Err("an option without a number".into()) };
        let key = match name.as_str() {
            "--layers" => "num_hidden_layers",
            "--hidden" => "hidden_size",
            "--heads" => "num_attention_heads",
            "--inner" => "intermediate_size",
            other => return Err(format!("there is no option {other}").into()),
        };
        config[key] = number.parse::<usize>()?.into();
    }
    let size = |key: &str| {
        let size = config[key].as_u64().and_then(|size| usize::try_from(size).ok());
        size.ok_or_else(|| format!("config.json has no {key}"))
    };
    let tensors = tensors(
        [size("vocab_size")?, size("max_position_embeddings")?, size("type_vocab_size")?],
        size("num_hidden_layers")?,
        size("hidden_size")?,
        size("intermediate_size")?,
    )?;

    fs::create_dir_all(out.join("1_Pooling"))?;
    for name in TOKENIZER.iter().filter(|name| from.join(name).exists()) {
        fs::copy(from.join(name), out.join(name))?;
    }
    fs::copy(from.join("modules.json"), out.join("modules.json"))?;
    let mut pooling: Value = serde_json::from_slice(&fs::read(from.join("1_Pooling/config.json"))?)?;
    pooling["word_embedding_dimension"] = config["hidden_size"].clone();
    fs::write(out.join("1_Pooling/config.json"), pooling.to_string())?;
    fs::write(out.join("config.json"), config.to_string())?;
    candle_core::safetensors::save(&tensors, out.join("model.safetensors"))?;
    let count: usize = tensors.values().map(Tensor::elem_count).sum();
    println!("{}: {:.1} million random weights", out.display(), count as f64 / 1e6);
    Ok(())
}

/// BERT's tensors, as 16-bit numbers.
fn tensors(
    tables: [usize; 3],
    layers: usize,
    hidden: usize,
    inner: usize,
) -> candle_core::Result<HashMap<String, Tensor>> {
    let mut all = HashMap::new();
    let mut random = Random(1);
    let mut put = |name: String, shape: &[usize]| {
        let scale = name.ends_with("LayerNorm.weight");
        let numbers: Vec<half::f16> = (0..shape.iter().product())
            .map(|_| half::f16::from_f32(random.next() + if scale { 1.0 } else { 0.0 }))
            .collect();
        let tensor = Tensor::from_vec(numbers, shape, &Device::Cpu)?;
        all.insert(name, tensor);
        candle_core::Result::Ok(())
    };
    for (name, rows) in ["word", "position", "token_type"].iter().zip(tables) {
        put(format!("embeddings.{name}_embeddings.weight"), &[rows, hidden])?;
    }
    let mut norms = vec!["embeddings.LayerNorm".to_owned()];
    for layer in 0..layers {
        for (name, outputs, inputs) in [
            ("attention.self.query", hidden, hidden),
            ("attention.self.key", hidden, hidden),
            ("attention.self.value", hidden, hidden),
            ("attention.output.dense", hidden, hidden),
            ("intermediate.dense", inner, hidden),
            ("output.dense", hidden, inner),
        ] {
            put(format!("encoder.layer.{layer}.{name}.weight"), &[outputs, inputs])?;
            put(format!("encoder.layer.{layer}.{name}.bias"), &[outputs])?;
        }
        norms.extend(
            ["attention.output", "output"].map(|name| format!("encoder.layer.{layer}.{name}.LayerNorm")),
        );
    }
    for name in norms {
        put(format!("{name}.weight"), &[hidden])?;
        put(format!("{name}.bias"), &[hidden])?;
    }
    Ok(all)
}

/// Numbers about zero with the standard deviation of 0.02 that BERT begins with: SplitMix64, four uniform numbers added.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let sum: u64 = (0..4).map(|at| (mixed >> (16 * at)) & 0xffff).sum();
        // Four uniform numbers between 0 and 1 have mean 2 and standard deviation sqrt(1/3) together.
        (sum as f32 / 65_536.0 - 2.0) * 0.02 * 3_f32.sqrt()
    }
}
