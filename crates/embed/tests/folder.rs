//! Folders as they come: both encoders, every pooling, both precisions, and everything that can be wrong with one.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use berika_embed::{EmbedError, Model, Prompt};
use candle_core::{DType, Device, Tensor};
use serde_json::{Value, json};

#[expect(dead_code, reason = "each test binary uses a part of the helpers")]
mod common;
use common::{HIDDEN, WORDS, cosine, tiny, tiny_config, tiny_tensors};

const TEXTS: [&str; 5] = ["Röd mugg", "", "kaffe te kaffe 300 mugg te", "te", "Röd mugg"];

fn embed(folder: &Path, prompt: Prompt<'_>) -> berika_embed::Vectors {
    Model::load(folder).unwrap().embed(&TEXTS, prompt, &mut |_| {}).unwrap()
}

fn edit(file: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    change(&mut value);
    fs::write(file, value.to_string()).unwrap();
}

/// The tokens of `TEXTS[2]` by `WORDS`.
const TOKENS: [u32; 8] = [2, 8, 9, 8, 11, 10, 9, 3];

fn pooled(hidden: &Tensor, pooling: &str) -> Vec<f32> {
    let rows: Vec<Vec<f32>> = hidden.squeeze(0).unwrap().to_vec2().unwrap();
    let column = |at: usize| rows.iter().map(move |row| row[at]);
    (0..HIDDEN)
        .map(|at| match pooling {
            "cls_token" => rows[0][at],
            "max_tokens" => column(at).fold(f32::MIN, f32::max),
            _ => column(at).sum::<f32>() / rows.len() as f32,
        })
        .collect()
}

#[test]
fn both_encoders_agree_with_candles_own_under_every_pooling() {
    let ids = Tensor::new(&TOKENS, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
    let zeros = ids.zeros_like().unwrap();
    let builder = || candle_nn::VarBuilder::from_tensors(tiny_tensors(34), DType::F32, &Device::Cpu);
    let config = |kind| tiny_config(kind, 34);
    let bert = candle_transformers::models::bert::BertModel::load(
        builder(),
        &serde_json::from_value(config("bert")).unwrap(),
    )
    .unwrap();
    let xlm_r = candle_transformers::models::xlm_roberta::XLMRobertaModel::new(
        &serde_json::from_value(config("xlm-roberta")).unwrap(),
        builder(),
    )
    .unwrap();
    let ones = ids.ones_like().unwrap();
    for (kind, hidden) in [
        ("bert", bert.forward(&ids, &zeros, None).unwrap()),
        ("xlm-roberta", xlm_r.forward(&ids, &ones, &zeros, None, None, None).unwrap()),
    ] {
        for pooling in ["mean_tokens", "cls_token", "max_tokens"] {
            let folder = tempfile::tempdir().unwrap();
            tiny(folder.path(), kind, pooling, DType::F32);
            let agreement = cosine(embed(folder.path(), Prompt::None).row(2), &pooled(&hidden, pooling));
            assert!(agreement > 0.999_999, "{kind} {pooling}: {agreement}");
        }
    }
}

#[test]
fn half_precision_weights_are_close() {
    let (single, half) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    tiny(single.path(), "bert", "mean_tokens", DType::F32);
    tiny(half.path(), "bert", "mean_tokens", DType::F16);
    for (a, b) in embed(single.path(), Prompt::None).rows().zip(embed(half.path(), Prompt::None).rows()) {
        assert!(cosine(a, b) > 0.9999);
    }
}

#[test]
fn prompts_are_put_in_front_and_are_part_of_the_recipe() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    let model = Model::load(folder.path()).unwrap();
    let one = |text: &str, prompt: Prompt<'_>| model.embed(&[text], prompt, &mut |_| {}).unwrap().into_vec();
    assert_eq!(one("mugg", Prompt::Named("query")), one("te mugg", Prompt::None));
    assert_eq!(one("mugg", Prompt::Text("kaffe ")), one("kaffe mugg", Prompt::Default));
    let error = model.embed(&["mugg"], Prompt::Named("pasage"), &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "the model has no prompt `pasage`; it has query");
    let recipe = model.recipe(Prompt::Named("query")).unwrap();
    assert!(recipe.starts_with("blake3:") && recipe.ends_with(" f32.2 prompt=\"te \""), "{recipe}");
    edit(&folder.path().join("config_sentence_transformers.json"), |it| {
        it["default_prompt_name"] = json!("query");
    });
    let model = Model::load(folder.path()).unwrap();
    assert_eq!(model.recipe(Prompt::Default).unwrap(), recipe, "the same words in front are the same recipe");
}

#[test]
fn the_recipe_changes_with_every_file_that_decides_a_vector() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    let recipe = || Model::load(folder.path()).unwrap().recipe(Prompt::None).unwrap();
    let mut seen = vec![recipe()];
    edit(&folder.path().join("sentence_bert_config.json"), |it| it["max_seq_length"] = json!(16));
    seen.push(recipe());
    tiny(folder.path(), "bert", "cls_token", DType::F32);
    seen.push(recipe());
    fs::write(folder.path().join("vocab.txt"), WORDS.join("\n").replace("mugg", "kopp")).unwrap();
    seen.push(recipe());
    tiny(folder.path(), "bert", "mean_tokens", DType::F16);
    seen.push(recipe());
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[test]
fn no_text_is_no_work_and_equal_texts_are_embedded_once() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    let model = Model::load(folder.path()).unwrap();
    let mut calls = Vec::new();
    let none = model.embed(&[], Prompt::None, &mut |done| calls.push(done)).unwrap();
    assert!(none.is_empty() && none.dimension() == HIDDEN && calls.is_empty());
    let many = vec!["mugg"; 5_000];
    let vectors = model.embed(&many, Prompt::None, &mut |done| calls.push(done)).unwrap();
    assert_eq!((vectors.len(), calls), (5_000, vec![5_000]));
    let vectors = embed(folder.path(), Prompt::None);
    assert_eq!(vectors.row(0), vectors.row(4));
    assert!(cosine(vectors.row(0), vectors.row(2)) < 0.9999);
}

#[test]
fn a_model_may_be_shared_by_threads() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    let model = Model::load(folder.path()).unwrap();
    let alone = model.embed(&TEXTS, Prompt::None, &mut |_| {}).unwrap();
    std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..4).map(|_| scope.spawn(|| model.embed(&TEXTS, Prompt::None, &mut |_| {}))).collect();
        for call in calls {
            assert_eq!(call.join().unwrap().unwrap(), alone);
        }
    });
}

#[test]
fn a_text_is_cut_at_the_models_maximum() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "xlm-roberta", "mean_tokens", DType::F32);
    let model = Model::load(folder.path()).unwrap();
    assert_eq!(model.max_tokens(), 32);
    let (exact, over) = ("mugg ".repeat(30), "mugg ".repeat(31) + "te te te");
    let vectors = model.embed(&[&exact, &over], Prompt::None, &mut |_| {}).unwrap();
    assert_eq!(vectors.row(0), vectors.row(1));
}

#[test]
fn positions_bound_the_maximum_where_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    for (kind, expected) in [("bert", 34), ("xlm-roberta", 33)] {
        tiny(folder.path(), kind, "mean_tokens", DType::F32);
        fs::remove_file(folder.path().join("sentence_bert_config.json")).unwrap();
        assert_eq!(Model::load(folder.path()).unwrap().max_tokens(), expected, "{kind}");
    }
}

/// Loads a tiny model after something was done to it; the error must hold every needle.
fn refused(what: &str, damage: impl FnOnce(&Path), needles: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    damage(folder.path());
    let error = Model::load(folder.path()).map(|_| ()).unwrap_err().to_string();
    for needle in needles {
        assert!(error.contains(needle), "{what}: {needle} is not in: {error}");
    }
}

fn with_tensors(folder: &Path, change: impl FnOnce(&mut HashMap<String, Tensor>)) {
    let mut tensors = tiny_tensors(34);
    change(&mut tensors);
    candle_core::safetensors::save(&tensors, folder.join("model.safetensors")).unwrap();
}

#[test]
fn a_missing_file_is_named_with_what_to_do() {
    for name in ["modules.json", "config.json", "1_Pooling/config.json", "model.safetensors"] {
        let remove = |folder: &Path| fs::remove_file(folder.join(name)).unwrap();
        refused(name, remove, &[name, "is missing", "fetch the model again"]);
    }
    refused(
        "no tokenizer",
        |f| fs::remove_file(f.join("vocab.txt")).unwrap(),
        &["tokenizer.json is missing", "vocab.txt"],
    );
    refused(
        "pickled weights",
        |f| fs::rename(f.join("model.safetensors"), f.join("pytorch_model.bin")).unwrap(),
        &["model.safetensors is missing", "save the model as safetensors"],
    );
    refused("no folder", |f| fs::remove_dir_all(f).unwrap(), &["does not exist", "berika model fetch"]);
}

#[test]
fn damaged_weights_are_refused() {
    let file = "model.safetensors";
    refused(
        "truncated",
        |f| {
            let bytes = fs::read(f.join(file)).unwrap();
            fs::write(f.join(file), &bytes[..bytes.len() - 100]).unwrap();
        },
        &[file, "damaged", "fetch the model again"],
    );
    refused("empty", |f| fs::write(f.join(file), b"").unwrap(), &[file, "damaged"]);
    refused("a header that lies", |f| fs::write(f.join(file), [0xff; 64]).unwrap(), &[file, "damaged"]);
    let gone = "encoder.layer.1.output.dense.weight";
    refused("no tensor", |f| with_tensors(f, |t| drop(t.remove(gone))), &[gone, "is missing"]);
    for poison in [f32::NAN, f32::INFINITY] {
        refused(
            "not finite",
            |f| {
                with_tensors(f, |t| {
                    drop(t.insert(gone.to_owned(), Tensor::full(poison, (16, 24), &Device::Cpu).unwrap()));
                });
            },
            &[gone, "NaN or infinity"],
        );
    }
    refused(
        "wrong shape",
        |f| {
            with_tensors(f, |t| {
                drop(t.insert(gone.to_owned(), Tensor::ones((24, 16), DType::F32, &Device::Cpu).unwrap()));
            });
        },
        &[gone, "[24, 16]", "[16, 24]"],
    );
    refused(
        "whole numbers",
        |f| {
            with_tensors(f, |t| {
                drop(t.insert(gone.to_owned(), Tensor::ones((16, 24), DType::I64, &Device::Cpu).unwrap()));
            });
        },
        &[gone, "i64", "f32"],
    );
}

#[test]
fn damaged_or_foreign_configuration_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change, &[&str]); 13] = [
        ("config.json", |it| it["model_type"] = json!("mpnet"), &["`mpnet`", "BERT or XLM-R"]),
        ("config.json", |it| it["hidden_act"] = json!("mish"), &["`mish`"]),
        ("config.json", |it| it["num_attention_heads"] = json!(0), &["0 attention heads"]),
        ("config.json", |it| it["num_attention_heads"] = json!(5), &["5 attention heads"]),
        ("config.json", |it| it["hidden_size"] = json!(usize::MAX / 8 * 4), &["config.json"]),
        ("config.json", |it| it["vocab_size"] = json!(5), &["12 tokens", "room for 5"]),
        ("config.json", |it| it["max_position_embeddings"] = json!(2), &["no room for any word"]),
        ("config.json", |it| it["position_embedding_type"] = json!("relative_key"), &["relative"]),
        ("config.json", |it| *it = json!([]), &["not the JSON expected"]),
        (
            "1_Pooling/config.json",
            |it| it["pooling_mode_mean_sqrt_len_tokens"] = json!(true),
            &["mean, cls or max"],
        ),
        ("1_Pooling/config.json", |it| it["pooling_mode_mean_tokens"] = json!(false), &["no pooling mode"]),
        ("1_Pooling/config.json", |it| it["word_embedding_dimension"] = json!(999), &["999"]),
        ("1_Pooling/config.json", |it| it["include_prompt"] = json!(false), &["without the prompt"]),
    ];
    for (file, change, needles) in cases {
        refused(file, |f| edit(&f.join(file), change), needles);
    }
    let module = |kind: &str, path: &str| json!({ "idx": 2, "name": "2", "path": path, "type": kind });
    let add =
        |f: &Path, entry: Value| edit(&f.join("modules.json"), |it| it.as_array_mut().unwrap().push(entry));
    refused(
        "dense",
        |f| add(f, module("sentence_transformers.models.Dense", "2_Dense")),
        &["Dense", "not supported"],
    );
    refused(
        "escape",
        |f| add(f, module("sentence_transformers.models.Pooling", "../x")),
        &["leaves the folder"],
    );
    refused("twice", |f| add(f, module("sentence_transformers.models.Pooling", "x")), &["named twice"]);
    refused("no modules", |f| fs::write(f.join("modules.json"), "[]").unwrap(), &["no Transformer"]);
    refused("no JSON", |f| fs::write(f.join("tokenizer.json"), "{").unwrap(), &["tokenizer.json"]);
    refused("no end token", |f| fs::write(f.join("vocab.txt"), "a\nb").unwrap(), &["vocab.txt", "[SEP]"]);
}

#[test]
fn the_newer_layout_of_the_pooling_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "cls_token", DType::F32);
    let flags = embed(folder.path(), Prompt::None);
    let newer = json!({ "embedding_dimension": HIDDEN, "pooling_mode": "cls", "include_prompt": true });
    fs::write(folder.path().join("1_Pooling/config.json"), newer.to_string()).unwrap();
    assert_eq!(embed(folder.path(), Prompt::None), flags);
}

#[test]
fn weights_without_direction_are_an_error_not_a_vector() {
    let folder = tempfile::tempdir().unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    with_tensors(folder.path(), |tensors| {
        for (name, tensor) in
            tensors.iter_mut().filter(|(name, _)| name.starts_with("encoder.layer.1.output.LayerNorm"))
        {
            *tensor = tensor.zeros_like().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    });
    let error = Model::load(folder.path()).unwrap().embed(&["mugg"], Prompt::None, &mut |_| {}).unwrap_err();
    assert!(matches!(error, EmbedError::NoDirection { index: 0 }));
}
