//! The tensor program on the processor, against the encoder on our own kernels.

use std::path::Path;

use berika_kernels::Cpu;
use candle_core::safetensors::save;

use super::*;
use crate::backend::Backend;
use crate::{Limits, Model, Precision, Prompt, Vectors};

#[path = "../../../tests/common/mod.rs"]
#[expect(dead_code, reason = "each test uses a part of the helpers")]
mod common;
use common::cosine;

fn kernels(folder: &Path) -> Model {
    Model::load_with(folder, Precision::F32, Cpu::detected()).unwrap()
}

fn tensors(folder: &Path, dtype: DType) -> Model {
    Model::load_backend(folder, Precision::F32, |weights, arch| {
        TensorEncoder::load(weights, arch, &Device::Cpu, dtype).map(Backend::Tensors)
    })
    .unwrap()
}

fn vectors(model: &Model, texts: &[&str]) -> Vectors {
    model.embed(texts, Prompt::None, &mut |_| {}).unwrap()
}

fn assert_agree(a: &Model, b: &Model, texts: &[&str], least: f64) {
    for (text, (x, y)) in texts.iter().zip(vectors(a, texts).rows().zip(vectors(b, texts).rows())) {
        let agreement = cosine(x, y);
        assert!(agreement >= least, "{agreement} for {text:?}");
    }
}

/// For the same network in f32: the two kinds of GELU are further apart than this.
const EXACT: f64 = 0.999_999_999;

/// Of many lengths and some of one, in no order.
const TEXTS: [&str; 9] = [
    "kaffe",
    "röd kaffe te mugg 300 te te te te",
    "",
    "te",
    "rodor mugg",
    "mugg mugg",
    "te kaffe",
    "300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300 300",
    "röd röd kaffe",
];

#[test]
fn every_pooling_and_position_numbering_agrees_with_the_kernels() {
    for model_type in ["bert", "xlm-roberta"] {
        for pooling in ["mean_tokens", "cls_token", "max_tokens"] {
            let folder = tempfile::tempdir().unwrap();
            common::tiny(folder.path(), model_type, pooling, DType::F32);
            assert_agree(&kernels(folder.path()), &tensors(folder.path(), DType::F32), &TEXTS, EXACT);
        }
    }
}

#[test]
fn every_activation_agrees_with_the_kernels() {
    for activation in ["gelu", "gelu_new", "relu", "silu"] {
        let folder = tempfile::tempdir().unwrap();
        common::tiny(folder.path(), "bert", "mean_tokens", DType::F32);
        let mut config = common::tiny_config("bert", 34);
        config["hidden_act"] = activation.into();
        std::fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
        // Large enough for the activations to differ.
        let mut weights = common::tiny_tensors(34);
        for (name, tensor) in &mut weights {
            if name.contains("intermediate") {
                *tensor = (&*tensor * 8.0).unwrap();
            }
        }
        save(&weights, folder.path().join("model.safetensors")).unwrap();
        assert_agree(&kernels(folder.path()), &tensors(folder.path(), DType::F32), &TEXTS, EXACT);
    }
}

#[test]
fn minilm_agrees_with_the_kernels_in_32_and_in_16_bits() {
    let folder = common::minilm();
    let titles: Vec<String> = (0..24)
        .map(|at| format!("Crème brûlée{} 2 x {at} g", " with a zip and two pockets".repeat(at % 5)))
        .collect();
    let long = "cordless drill ".repeat(200);
    let mut texts: Vec<&str> = titles.iter().map(String::as_str).collect();
    texts.extend(["", "\0", "有机绿茶 250克", &long]);
    let exact = kernels(&folder);
    assert_agree(&exact, &tensors(&folder, DType::F32), &texts, 0.999_99);
    assert_agree(&exact, &tensors(&folder, DType::F16), &texts, 0.999);
}

/// On a machine with a GPU this is the check of the feature; without one, that it is said.
#[cfg(feature = "cuda")]
#[test]
fn minilm_in_f16_agrees_with_the_kernels_or_the_gpu_is_missed_by_name() {
    let folder = common::minilm();
    match Model::load_with(&folder, Precision::F16, Cpu::detected()) {
        Ok(model) => {
            assert!(model.recipe(Prompt::None).unwrap().contains(" f16."));
            assert_agree(&kernels(&folder), &model, &TEXTS, 0.999);
        }
        Err(error) => assert!(matches!(error, crate::LoadError::NoGpu { .. }), "{error}"),
    }
}

#[test]
fn any_limits_on_passes_give_the_same_vectors() {
    let folder = tempfile::tempdir().unwrap();
    common::tiny(folder.path(), "bert", "mean_tokens", DType::F32);
    let small = tensors(folder.path(), DType::F32).with_limits(Limits { tokens: 8 });
    assert_agree(&small, &tensors(folder.path(), DType::F32), &TEXTS, EXACT);
}

#[test]
fn neighbours_of_one_length_are_one_group() {
    let group = |start, texts, length| Group { start, texts, length };
    assert_eq!(groups(&[5, 5, 5, 3, 2, 2]), [group(0, 3, 5), group(15, 1, 3), group(18, 2, 2)]);
    assert_eq!(groups(&[2, 3, 2]), [group(0, 1, 2), group(2, 1, 3), group(5, 1, 2)]);
}
