//! Files that are cut off, lie, or ask for what is not there: each ends in an error that says so, and none in a panic.

use std::fs;

use berika_generate::{LoadError, Model, Options, Prompt};
use proptest::prelude::*;

use crate::common::{Gguf, WIDTH, tiny};

fn load(bytes: &[u8]) -> Result<Model, LoadError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    fs::write(&path, bytes).unwrap();
    Model::load(&path)
}

fn refused(file: &Gguf) -> String {
    load(&file.bytes()).unwrap_err().to_string()
}

#[test]
fn what_is_not_there_or_not_one_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = Model::load(&folder.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("does not exist; run `berika model fetch`"), "{error}");
    assert!(Model::load(folder.path()).unwrap_err().to_string().contains("has 0 files that end in .gguf"));
    for name in ["a.gguf", "b.gguf"] {
        tiny("llama").write(&folder.path().join(name));
    }
    assert!(Model::load(folder.path()).unwrap_err().to_string().contains("has 2 files"));
    fs::remove_file(folder.path().join("b.gguf")).unwrap();
    assert!(Model::load(folder.path()).is_ok());
}

#[test]
fn a_file_that_is_cut_off_is_refused_wherever_it_ends() {
    let whole = tiny("llama").bytes();
    assert!(load(&whole).is_ok());
    for end in (0..200).chain((200..whole.len() - 32).step_by(1499)) {
        let error = load(&whole[..end]).unwrap_err().to_string();
        assert!(error.contains("is damaged or no GGUF"), "{end}: {error}");
    }
}

#[test]
fn what_is_not_supported_is_named() {
    let mut file = tiny("llama");
    for (key, text, needle) in [
        (
            "general.architecture",
            "mamba",
            "the architecture `mamba`, which is not supported; supported are gemma3",
        ),
        ("llama.rope.scaling.type", "yarn", "its way of scaling positions"),
        ("tokenizer.ggml.pre", "tekken", "its way of cutting texts, `tekken`, is not supported"),
        ("tokenizer.ggml.model", "bert", "its kind `bert` is not supported"),
    ] {
        let error = refused(file.clone().text(key, text));
        assert!(error.contains(needle), "{error}");
    }
    assert!(refused(file.number("llama.expert_count", 8)).contains("a mixture of experts"));
}

#[test]
fn what_is_missing_or_contradicts_itself_is_named() {
    let file = tiny("qwen2");
    for (name, needle) in [
        ("general.architecture", "it states no architecture"),
        ("qwen2.block_count", "it does not state block_count"),
        ("tokenizer.ggml.tokens", "the file has none, and no tokenizer.json lies beside it"),
        ("tokenizer.ggml.merges", "it has no merges"),
        ("blk.1.ffn_up.weight", "tensor `blk.1.ffn_up.weight` is missing"),
        ("token_embd.weight", "tensor `token_embd.weight` is missing"),
    ] {
        let error = refused(file.clone().without(name));
        assert!(error.contains(needle), "{name}: {error}");
    }
    let wide = vec![0.5; WIDTH + 1];
    let error = refused(file.clone().tensor("output_norm.weight", &[WIDTH + 1], &wide));
    assert!(error.contains("has 1 x 65 numbers instead of 1 x 64"), "{error}");
    let error = refused(file.clone().tensor("output_norm.weight", &[WIDTH], &[f32::NAN; WIDTH]));
    assert!(error.contains("`output_norm.weight` is not finite"), "{error}");
    for (key, number, needle) in [
        ("qwen2.block_count", 100_000, "its block_count is 100000"),
        ("qwen2.embedding_length", u32::MAX, "its embedding_length is 4294967295"),
        ("qwen2.attention.head_count", 3, "it has 3 heads"),
        ("qwen2.context_length", 0, "does not state context_length"),
    ] {
        let error = refused(file.clone().number(key, number));
        assert!(error.contains(needle), "{key}: {error}");
    }
    let more: Vec<String> = (0..1000).map(|n| format!("t{n}")).collect();
    let error = refused(tiny("gemma3").texts("tokenizer.ggml.tokens", &more));
    assert!(error.contains("differ in number"), "{error}");
}

/// A header of so many tensors and entries, and what follows.
fn header(tensors: u64, entries: u64, rest: &[u8]) -> Vec<u8> {
    [b"GGUF", &3_u32.to_le_bytes()[..], &tensors.to_le_bytes(), &entries.to_le_bytes(), rest].concat()
}

#[test]
fn absurd_sizes_are_refused_before_room_is_made() {
    let key = [&1_u64.to_le_bytes()[..], b"k"].concat();
    let text = [&key[..], &8_u32.to_le_bytes(), &(1_u64 << 40).to_le_bytes()].concat();
    let array = |kind: u32, count: u64| {
        [&key[..], &9_u32.to_le_bytes(), &kind.to_le_bytes(), &count.to_le_bytes(), &[0; 64]].concat()
    };
    let tensor = |sizes: &[u64], offset: u64| {
        let sizes_bytes: Vec<u8> = sizes.iter().flat_map(|size| size.to_le_bytes()).collect();
        let count = (sizes.len() as u32).to_le_bytes();
        [&key[..], &count, &sizes_bytes, &0_u32.to_le_bytes(), &offset.to_le_bytes(), &[0; 64]].concat()
    };
    for (bytes, needle) in [
        (header(u64::MAX, 0, &[]), "18446744073709551615 tensors"),
        (header(0, u64::MAX, &[]), "entries"),
        (header(0, 1, &u64::MAX.to_le_bytes()), "a text has 18446744073709551615 bytes"),
        (header(0, 1, &text), "a text has 1099511627776 bytes"),
        (header(0, 1, &array(8, u64::MAX)), "an array has 18446744073709551615 elements"),
        (header(0, 1, &array(6, 1 << 20)), "an array has 1048576 elements"),
        (header(0, 1, &array(9, 3)), "an array is of kind 9"),
        (header(1, 0, &tensor(&[u64::MAX, u64::MAX], 0)), "it has the shape"),
        (header(1, 0, &tensor(&[0], 0)), "it has the shape"),
        (header(1, 0, &tensor(&[], 0)), "it has 0 dimensions"),
        (header(1, 0, &tensor(&[1 << 30], 0)), "past the end of the file"),
        (header(1, 0, &tensor(&[8], u64::MAX)), "past the end of the file"),
    ] {
        let error = load(&bytes).unwrap_err().to_string();
        assert!(error.contains(needle), "{needle}: {error}");
    }
}

#[test]
fn tensors_in_the_same_place_are_refused() {
    let mut bytes = tiny("llama").bytes();
    // The place of the second tensor, behind its name, one size and its kind.
    let name = b"output_norm.weight";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap() + name.len() + 4 + 8 + 4;
    bytes[at..at + 8].copy_from_slice(&0_u64.to_le_bytes());
    let error = load(&bytes).unwrap_err().to_string();
    assert!(error.contains("two tensors lie"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is changed in a header, the file is loaded and answers, or is refused.
    #[test]
    fn a_changed_header_never_panics(
        family in prop::sample::select(vec!["llama", "qwen2", "qwen3", "gemma3"]),
        changes in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 1..6),
        weights in any::<bool>(),
    ) {
        let mut bytes = tiny(family).bytes();
        let end = bytes.len();
        let header = bytes.windows(10).position(|window| window == b"ffn_norm.w").unwrap_or(end);
        let reach = if weights { end } else { header };
        for (place, byte) in changes {
            bytes[(place * reach as f64) as usize] = byte;
        }
        if let Ok(model) = load(&bytes) {
            let options = Options { max_tokens: 3, ..Options::default() };
            if let Ok(prefix) = model.prefix(&Prompt::from("ka")) {
                drop(model.generate(&prefix, &Prompt::from("ff 3"), &options, &|| false));
            }
        }
    }

    /// Bytes behind a sound beginning.
    #[test]
    fn foreign_bytes_are_refused(rest in prop::collection::vec(any::<u8>(), 0..400), tensors in 0..9_u64, entries in 0..9_u64) {
        drop(load(&header(tensors, entries, &rest)));
    }
}
