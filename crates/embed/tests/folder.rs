//! Folders as they come: both encoders, every pooling, both precisions, and everything that can be wrong with one.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use berika_embed::{EmbedError, Model, Prompt};
use candle_core::{DType, Device, Tensor};
use serde_json::{Value, json};

#[path = "../src/checkpoint/sample.rs"]
mod sample;
use sample::{Entry, checkpoint};
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
    let exact = embed(single.path(), Prompt::None);
    for (dtype, least) in [(DType::F16, 0.999_99), (DType::BF16, 0.999)] {
        tiny(half.path(), "bert", "mean_tokens", dtype);
        let rounded = embed(half.path(), Prompt::None);
        assert!(rounded != exact, "{dtype:?} weights were not rounded");
        for (a, b) in exact.rows().zip(rounded.rows()) {
            assert!(cosine(a, b) > least, "{dtype:?}: {}", cosine(a, b));
        }
    }
}

/// Writes tensors as PyTorch does, in the place of safetensors.
fn as_checkpoint(folder: &Path, tensors: &HashMap<String, Tensor>) {
    let mut entries: Vec<Entry> = tensors
        .iter()
        .map(|(name, tensor)| {
            let flat = tensor.flatten_all().unwrap();
            let (kind, data) = match tensor.dtype() {
                DType::F16 => {
                    let numbers: Vec<half::f16> = flat.to_vec1().unwrap();
                    ("HalfStorage", numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
                }
                DType::BF16 => {
                    let numbers: Vec<half::bf16> = flat.to_vec1().unwrap();
                    ("BFloat16Storage", numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
                }
                _ => {
                    let numbers: Vec<f32> = flat.to_vec1().unwrap();
                    ("FloatStorage", numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
                }
            };
            Entry { name: name.clone(), kind, shape: tensor.dims().to_vec(), data }
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    fs::write(folder.join("pytorch_model.bin"), checkpoint(&entries)).unwrap();
    fs::remove_file(folder.join("model.safetensors")).ok();
}

fn as_dtype(tensors: HashMap<String, Tensor>, dtype: DType) -> HashMap<String, Tensor> {
    tensors.into_iter().map(|(name, tensor)| (name, tensor.to_dtype(dtype).unwrap())).collect()
}

#[test]
fn a_checkpoint_of_pytorch_gives_the_vectors_of_the_same_safetensors() {
    let (safe, torch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for dtype in [DType::F32, DType::F16, DType::BF16] {
        tiny(safe.path(), "bert", "mean_tokens", dtype);
        tiny(torch.path(), "bert", "mean_tokens", dtype);
        as_checkpoint(torch.path(), &as_dtype(tiny_tensors(34), dtype));
        assert_eq!(embed(torch.path(), Prompt::None), embed(safe.path(), Prompt::None), "{dtype:?}");
    }
    // Some checkpoints have the encoder under its name.
    let prefixed =
        tiny_tensors(34).into_iter().map(|(name, tensor)| (format!("bert.{name}"), tensor)).collect();
    as_checkpoint(torch.path(), &prefixed);
    tiny(safe.path(), "bert", "mean_tokens", DType::F32);
    assert_eq!(embed(torch.path(), Prompt::None), embed(safe.path(), Prompt::None));
}

#[test]
fn safetensors_are_preferred_and_the_recipe_is_of_the_file_that_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = || Model::load(folder.path()).unwrap().recipe(Prompt::None).unwrap();
    tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    let safe = recipe();
    fs::write(folder.path().join("pytorch_model.bin"), b"of no use").unwrap();
    assert_eq!(recipe(), safe);
    as_checkpoint(folder.path(), &tiny_tensors(34));
    let torch = recipe();
    as_checkpoint(folder.path(), &as_dtype(tiny_tensors(34), DType::F16));
    let half = recipe();
    assert!(torch != safe && half != torch && half != safe, "{safe} {torch} {half}");
}

#[test]
fn checkpoints_that_cannot_be_read_say_what_to_do() {
    let file = "pytorch_model.bin";
    let write = |bytes: &'static [u8]| {
        move |folder: &Path| {
            fs::remove_file(folder.join("model.safetensors")).unwrap();
            fs::write(folder.join(file), bytes).unwrap();
        }
    };
    let advice = [file, "save it as safetensors"];
    refused("no archive", write(b"nothing"), &advice);
    refused("old", write(b"\x80\x02\x8a\x0a\x6c"), &[file, "before 1.6", "save it as safetensors"]);
    let gone = "encoder.layer.1.output.dense.weight";
    let with = |change: &dyn Fn(&mut HashMap<String, Tensor>), dtype| {
        let mut tensors = tiny_tensors(34);
        change(&mut tensors);
        move |folder: &Path| as_checkpoint(folder, &as_dtype(tensors, dtype))
    };
    refused("no tensor", with(&|t| drop(t.remove(gone)), DType::F32), &[file, gone, "is missing"]);
    let turned = Tensor::ones((24, 16), DType::F32, &Device::Cpu).unwrap();
    let turn = |t: &mut HashMap<String, Tensor>| drop(t.insert(gone.to_owned(), turned.clone()));
    refused("wrong shape", with(&turn, DType::F32), &[gone, "[24, 16]", "[16, 24]"]);
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
        "weights in parts",
        |f| fs::rename(f.join("model.safetensors"), f.join("pytorch_model.bin.index.json")).unwrap(),
        &["model.safetensors is missing", "split over several files"],
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
    for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut numbers = vec![0.5; 16 * 24];
        numbers[16 * 24 - 1] = poison;
        let bad = Tensor::from_vec(numbers, (16, 24), &Device::Cpu).unwrap();
        for dtype in [DType::F32, DType::F16, DType::BF16] {
            let mut tensors = tiny_tensors(34);
            tensors.insert(gone.to_owned(), bad.clone());
            let tensors = as_dtype(tensors, dtype);
            let save = |f: &Path| candle_core::safetensors::save(&tensors, f.join(file)).unwrap();
            refused("not finite", save, &[file, gone, "NaN or infinity"]);
            let needles = ["pytorch_model.bin", gone, "NaN or infinity"];
            refused("not finite, of PyTorch", |f| as_checkpoint(f, &tensors), &needles);
        }
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
