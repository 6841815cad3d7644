//! The real models against vectors that sentence-transformers computed (`fixtures/golden/make_golden.py`), and against
//! candle's own encoder.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::Path;
use std::time::Instant;

use berika_embed::{Cpu, Limits, Model, Precision, Prompt};
use serde::Deserialize;

#[expect(dead_code, reason = "each test binary uses a part of the helpers")]
mod common;
use common::cosine;

#[derive(Deserialize)]
struct Golden {
    max_tokens: usize,
    token_counts: Vec<usize>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    prompt: Option<String>,
    text: String,
    vector: Vec<f32>,
}

fn golden(name: &str) -> Golden {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/golden").join(name);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn assert_agrees(model: &Model, golden: &Golden) {
    assert_eq!(model.max_tokens(), golden.max_tokens);
    let mut prompts: Vec<Option<&str>> = golden.cases.iter().map(|case| case.prompt.as_deref()).collect();
    prompts.dedup();
    for prompt in prompts {
        let cases: Vec<&Case> = golden.cases.iter().filter(|case| case.prompt.as_deref() == prompt).collect();
        let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
        if prompt.is_none() {
            let counts: Vec<usize> = texts.iter().map(|text| model.count_tokens(text)).collect();
            assert_eq!(counts, golden.token_counts);
        }
        let vectors = model.embed(&texts, prompt.map_or(Prompt::None, Prompt::Named), &mut |_| {}).unwrap();
        for (case, vector) in cases.iter().zip(vectors.rows()) {
            let agreement = cosine(vector, &case.vector);
            assert!(agreement >= 0.9999, "{agreement} for {prompt:?} {:?}", case.text);
        }
    }
}

/// Product titles of many lengths, some of them equal.
fn titles() -> Vec<String> {
    let kinds = [
        "Kaffe mellanrost",
        "Cordless drill with two batteries",
        "Bettwäsche",
        "😀",
        "Crème brûlée 2 x 100 g",
    ];
    let tails =
        ["", " 450 g", ", blue, size XL, with a zip and two pockets", " – ekologisk", " 有机绿茶 250克"];
    (0..120).map(|i| format!("{}{}{}", kinds[i % 5], tails[i / 5 % 5].repeat(i % 4), i / 2)).collect()
}

fn assert_batches_change_nothing(model: &Model) {
    let titles = titles();
    let texts: Vec<&str> = titles.iter().map(String::as_str).collect();
    let together = model.embed(&texts, Prompt::None, &mut |_| {}).unwrap();
    for (text, vector) in texts.iter().zip(together.rows()).step_by(7) {
        let alone = model.embed(&[text], Prompt::None, &mut |_| {}).unwrap();
        assert_eq!(alone.row(0), vector, "{text}");
        let length: f64 = vector.iter().map(|&x| f64::from(x).powi(2)).sum();
        assert!((length - 1.0).abs() < 1e-5);
    }
}

#[test]
fn minilm_agrees_with_sentence_transformers() {
    let model = Model::load(&common::minilm()).unwrap();
    assert_eq!(model.dimension(), 384);
    assert_agrees(&model, &golden("all-MiniLM-L6-v2.json"));
    assert_batches_change_nothing(&model);
}

#[test]
fn the_multilingual_model_agrees_with_sentence_transformers() {
    let Some(folder) = common::multilingual() else { return };
    let model = Model::load(&folder).unwrap();
    assert_agrees(&model, &golden("multilingual-e5-small-q4.json"));
    assert_batches_change_nothing(&model);
}

#[test]
fn minilm_from_its_vocab_file_is_the_same_model() {
    let (real, copy) = (common::minilm(), tempfile::tempdir().unwrap());
    let bytes = std::fs::read(real.join("tokenizer.json")).unwrap();
    let tokenizer: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let mut words: Vec<(&String, u64)> = tokenizer["model"]["vocab"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(word, at)| (word, at.as_u64().unwrap()))
        .collect();
    words.sort_by_key(|&(_, at)| at);
    let lines: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    std::fs::create_dir(copy.path().join("1_Pooling")).unwrap();
    for name in [
        "modules.json",
        "config.json",
        "sentence_bert_config.json",
        "tokenizer_config.json",
        "1_Pooling/config.json",
        "model.safetensors",
    ] {
        std::fs::copy(real.join(name), copy.path().join(name)).unwrap();
    }
    std::fs::write(copy.path().join("vocab.txt"), lines.join("\n")).unwrap();
    assert_agrees(&Model::load(copy.path()).unwrap(), &golden("all-MiniLM-L6-v2.json"));
}

#[test]
fn minilm_agrees_with_candles_own_encoder() {
    use candle_core::{DType, Device, Tensor};
    use candle_transformers::models::bert::{BertModel, Config};
    let folder = common::minilm();
    let config: Config = serde_json::from_slice(&std::fs::read(folder.join("config.json")).unwrap()).unwrap();
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    let builder =
        candle_nn::VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).unwrap();
    let reference = BertModel::load(builder, &config).unwrap();
    let mut tokenizer = tokenizers::Tokenizer::from_file(folder.join("tokenizer.json")).unwrap();
    tokenizer.with_padding(None).with_truncation(None).unwrap();
    let titles = titles();
    let texts: Vec<&str> = titles.iter().map(String::as_str).collect();
    let ours = Model::load(&folder).unwrap().embed(&texts, Prompt::None, &mut |_| {}).unwrap();
    for (text, vector) in texts.iter().zip(ours.rows()).step_by(5) {
        let ids = Tensor::new(tokenizer.encode(*text, true).unwrap().get_ids(), &Device::Cpu).unwrap();
        let ids = ids.unsqueeze(0).unwrap();
        let hidden = reference.forward(&ids, &ids.zeros_like().unwrap(), None).unwrap();
        let mean: Vec<f32> = hidden.mean(1).unwrap().squeeze(0).unwrap().to_vec1().unwrap();
        assert!(cosine(vector, &mean) > 0.999_999, "{text}");
    }
}

/// For each precision, how close its vectors are to those of f32, and those of a processor without any extension to its own.
#[test]
fn every_precision_is_close_to_f32_on_every_processor() {
    let (folder, titles) = (common::minilm(), titles());
    let texts: Vec<&str> = titles.iter().step_by(3).map(String::as_str).collect();
    let load = |precision, cpu| Model::load_with(&folder, precision, cpu).unwrap();
    let embed = |model: &Model, texts: &[&str]| model.embed(texts, Prompt::None, &mut |_| {}).unwrap();
    let exact = embed(&load(Precision::F32, Cpu::detected()), &texts);
    for (precision, to_f32, to_twin) in [
        (Precision::F32, 0.999_999, 0.999_999),
        (Precision::Bf16, 0.999, 0.999_9),
        (Precision::Int8, 0.995, 0.998),
    ] {
        let model = load(precision, Cpu::detected());
        assert_batches_change_nothing(&model);
        let (own, twins) = (embed(&model, &texts), embed(&load(precision, Cpu::PORTABLE), &texts[..6]));
        for ((text, own), exact) in texts.iter().zip(own.rows()).zip(exact.rows()) {
            let agreement = cosine(own, exact);
            assert!(agreement >= to_f32, "{precision}: {agreement} to f32 for {text:?}");
        }
        for ((text, own), twin) in texts.iter().zip(own.rows()).zip(twins.rows()) {
            let agreement = cosine(own, twin);
            assert!(agreement >= to_twin, "{precision}: {agreement} to its twin for {text:?}");
        }
    }
}

#[test]
fn any_limits_on_batches_give_the_same_vectors() {
    let titles = titles();
    let texts: Vec<&str> = titles.iter().take(60).map(String::as_str).collect();
    let folder = common::minilm();
    let embed = |limits| {
        Model::load(&folder).unwrap().with_limits(limits).embed(&texts, Prompt::None, &mut |_| {}).unwrap()
    };
    let (small, large) = (embed(Limits { tokens: 64 }), embed(Limits { tokens: 2048 }));
    for (a, b) in small.rows().zip(large.rows()) {
        assert_eq!(a, b);
    }
}

#[test]
fn hostile_texts_are_quick_and_have_vectors() {
    let model = Model::load(&common::minilm()).unwrap();
    let long_word = "x".repeat(10 << 20);
    let long_text = "röd kaffe ".repeat(1 << 20);
    let blank = " \u{a0}\n".repeat(3 << 20);
    let texts = [
        "",
        "\0",
        "\u{202e}שלום עולם\u{202c}",
        "👩‍👩‍👧‍👦",
        "\u{feff}",
        "e\u{301}\u{301}\u{301}",
        &long_word,
        &long_text,
        &blank,
    ];
    let started = Instant::now();
    let vectors = model.embed(&texts, Prompt::None, &mut |_| {}).unwrap();
    assert_eq!(vectors.len(), texts.len());
    for (precision, cpu) in [
        (Precision::F32, Cpu::PORTABLE),
        (Precision::Bf16, Cpu::detected()),
        (Precision::Bf16, Cpu::PORTABLE),
        (Precision::Int8, Cpu::detected()),
        (Precision::Int8, Cpu::PORTABLE),
    ] {
        // The long ones are one text after they are cut, and slow on a processor without extensions: one of them will do.
        let other = Model::load_with(&common::minilm(), precision, cpu).unwrap();
        let others = other.embed(&texts[..7], Prompt::None, &mut |_| {}).unwrap();
        for ((text, exact), other) in texts.iter().zip(vectors.rows()).zip(others.rows()) {
            let agreement = cosine(exact, other);
            assert!(agreement > 0.98, "{precision}: {agreement} for {:.20}", text);
        }
    }
    assert!(model.count_tokens(&long_text) > model.max_tokens());
    let cut = model.truncate_to_tokens(&long_text, 20);
    assert!(cut.starts_with("röd kaffe röd") && model.count_tokens(cut) <= 20);
    assert!(started.elapsed().as_secs_f64() < 15.0, "{:?}", started.elapsed());
}

/// Run by [`the_number_of_threads_changes_no_bit`] in processes of their own.
#[test]
fn the_bits_of_the_vectors() {
    if std::env::var_os("BERIKA_TEST_PRINT_BITS").is_none() {
        return;
    }
    let titles = titles();
    let texts: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut hash = blake3::Hasher::new();
    for precision in [Precision::F32, Precision::Bf16, Precision::Int8] {
        let model = Model::load_with(&common::minilm(), precision, Cpu::detected()).unwrap();
        for texts in [&texts[..], &texts[..9], &[&texts.concat()]] {
            let vectors = model.embed(texts, Prompt::None, &mut |_| {}).unwrap();
            vectors.as_slice().iter().for_each(|x| {
                hash.update(&x.to_le_bytes());
            });
        }
    }
    println!("bits: {}", hash.finalize());
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    common::minilm();
    let bits = |threads: &str| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_bits_of_the_vectors", "--nocapture"])
            .env("BERIKA_TEST_PRINT_BITS", "1")
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let at = text.find("bits: ").unwrap_or_else(|| panic!("{text}"));
        text[at..at + 70].to_owned()
    };
    let one = bits("1");
    assert_eq!(one, bits("2"));
    assert_eq!(one, bits("5"));
}
