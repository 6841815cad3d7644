use std::fs;
use std::path::Path;

use half::f16;
use proptest::prelude::*;
use serde_json::Value;

use super::sample::Sample;
use super::{UnpackError, unpack};

const FILES: [&str; 8] = [
    "1_Pooling/config.json",
    "config.json",
    "config_sentence_transformers.json",
    "model.safetensors",
    "modules.json",
    "sentence_bert_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
];

fn unpacked(bytes: &[u8]) -> (tempfile::TempDir, Result<(), UnpackError>) {
    let folder = tempfile::tempdir().unwrap();
    let done = unpack(bytes, folder.path());
    (folder, done)
}

fn refused(bytes: &[u8]) -> String {
    let (folder, done) = unpacked(bytes);
    let error = done.unwrap_err().to_string();
    assert!(!folder.path().join("model.safetensors").exists(), "{error}");
    error
}

fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// A tensor's shape and numbers, read as safetensors are.
fn tensor(folder: &Path, name: &str) -> (Vec<u64>, Vec<f32>) {
    let bytes = fs::read(folder.join("model.safetensors")).unwrap();
    let (length, rest) = bytes.split_at(8);
    let (header, data) = rest.split_at(u64::from_le_bytes(length.try_into().unwrap()) as usize);
    let header: Value = serde_json::from_slice(header).unwrap();
    let of = &header[name];
    assert_eq!(of["dtype"], "F16");
    let place = |at: usize| of["data_offsets"][at].as_u64().unwrap() as usize;
    let numbers = data[place(0)..place(1)].chunks(2).map(|two| f16::from_le_bytes([two[0], two[1]]).to_f32());
    (serde_json::from_value(of["shape"].clone()).unwrap(), numbers.collect())
}

#[test]
fn a_file_becomes_the_folder_of_a_model() {
    let (folder, done) = unpacked(&Sample::default().bytes());
    done.unwrap();
    let folder = folder.path();
    for name in FILES {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let config = json(folder, "config.json");
    assert_eq!((&config["hidden_size"], &config["vocab_size"]), (&32.into(), &8.into()));
    assert_eq!(config["layer_norm_eps"].as_f64().unwrap() as f32, 1e-12);
    assert_eq!(json(folder, "sentence_bert_config.json")["max_seq_length"], 16);
    assert_eq!(json(folder, "1_Pooling/config.json")["word_embedding_dimension"], 32);
    assert_eq!(json(folder, "modules.json").as_array().unwrap().len(), 3);
    assert_eq!(json(folder, "config_sentence_transformers.json")["prompts"]["query"], "query: ");
    assert_eq!(json(folder, "tokenizer_config.json")["model_max_length"], 16);

    let tokenizer = json(folder, "tokenizer.json");
    let vocabulary: Vec<(String, f64)> = serde_json::from_value(tokenizer["model"]["vocab"].clone()).unwrap();
    let pieces: Vec<&str> = vocabulary.iter().map(|(piece, _)| piece.as_str()).collect();
    assert_eq!(pieces, ["<s>", "<pad>", "</s>", "<unk>", "\u{2581}", "\u{2581}\"mugg\"", "é"]);
    assert_eq!(vocabulary[5].1 as f32, -5.3);
    assert_eq!(tokenizer["pre_tokenizer"]["replacement"], "\u{2581}");
    let added: Vec<u64> =
        tokenizer["added_tokens"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect();
    assert_eq!(added, [0, 1, 2, 3]);
    assert_eq!(tokenizer["post_processor"]["special_tokens"]["</s>"]["ids"][0], 2);
}

#[test]
fn weights_are_scale_times_number_less_eight_the_low_halves_first() {
    let bytes = Sample::default().bytes();
    let (folder, done) = unpacked(&bytes);
    done.unwrap();
    let (shape, numbers) = tensor(folder.path(), "encoder.layer.0.output.dense.weight");
    assert_eq!(shape, [32, 64]);
    // In the file the tensor is followed by its bias (32 numbers) and two layer norms (four times 32).
    let begin = bytes.len() - 5 * 32 * 4 - 32 * 64 / 32 * 18;
    for (block, numbers) in bytes[begin..].chunks(18).zip(numbers.chunks(32)) {
        let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
        for (at, &number) in numbers.iter().enumerate() {
            let half = if at < 16 { block[2 + at] & 15 } else { block[2 + at - 16] >> 4 };
            assert_eq!(number, f16::from_f32((f32::from(half) - 8.0) * scale).to_f32());
        }
    }
    let (shape, numbers) = tensor(folder.path(), "encoder.layer.0.output.LayerNorm.bias");
    let last = f32::from_le_bytes(*bytes.last_chunk::<4>().unwrap());
    assert_eq!((shape, numbers[31]), (vec![32], f16::from_f32(last).to_f32()));
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let bytes = Sample { layers: 2, ..Sample::default() }.bytes();
    let (one, other) = (unpacked(&bytes).0, unpacked(&bytes).0);
    for name in FILES {
        assert!(fs::read(one.path().join(name)).unwrap() == fs::read(other.path().join(name)).unwrap());
    }
}

#[test]
fn a_file_that_ends_early_is_refused_wherever_it_ends() {
    let bytes = Sample::default().bytes();
    for end in (0..bytes.len()).step_by(37).chain([bytes.len() - 1]) {
        let error = refused(&bytes[..end]);
        assert!(error.contains("ends within") || error.contains("no 4-bit file"), "{end}: {error}");
    }
}

#[test]
fn sizes_that_no_model_has_are_refused() {
    let sample = Sample::default;
    for (sample, needle) in [
        (Sample { hidden: -32, ..sample() }, "vector size is -32"),
        (Sample { hidden: 33, ..sample() }, "do not divide"),
        (Sample { heads: 5, ..sample() }, "do not divide"),
        (Sample { heads: 0, ..sample() }, "attention heads is 0"),
        (Sample { inner: 1 << 20, ..sample() }, "inner size is 1048576"),
        (Sample { layers: 65, ..sample() }, "number of layers is 65"),
        (Sample { block: 64, ..sample() }, "block is 64"),
        (Sample { vocabulary: 6, ..sample() }, "number of pieces is 7"),
        (Sample { types: 0, ..sample() }, "segment types is 0"),
        (Sample { special: [0, 2, 1, 7], ..sample() }, "unknown token is 7"),
        (Sample { special: [0, 2, 2, 3], ..sample() }, "piece 2 is two special tokens"),
    ] {
        // Sizes that say other than the tensors would be refused as well, but later.
        let mut bytes = Sample { pieces: sample.pieces.clone(), ..Sample::default() }.bytes();
        let head: Vec<u8> = [
            sample.hidden,
            sample.layers,
            sample.heads,
            sample.inner,
            sample.vocabulary,
            sample.positions,
            sample.types,
        ]
        .iter()
        .flat_map(|size| size.to_le_bytes())
        .collect();
        bytes[8..36].copy_from_slice(&head);
        bytes[40..44].copy_from_slice(&sample.block.to_le_bytes());
        for (at, id) in sample.special.iter().enumerate() {
            bytes[48 + at * 4..52 + at * 4].copy_from_slice(&id.to_le_bytes());
        }
        let error = refused(&bytes);
        assert!(error.contains(needle), "{needle} is not in {error}");
    }
}

#[test]
fn counts_beyond_the_file_and_other_shapes_are_refused() {
    let bytes = Sample::default().bytes();
    let text = u64::from_le_bytes(bytes[64..72].try_into().unwrap()) as usize;
    let normalisation = 72 + 8 * 4 + 7 * 4 + text + 4;
    let directory = normalisation + 4 + 5;
    // The first entry: the length of its name, `emb.word`, its kind, count, place and size.
    let entry = directory + 4 + 2 + 8;
    let change = |at: usize, new: &[u8]| {
        let mut bytes = bytes.clone();
        bytes[at..at + new.len()].copy_from_slice(new);
        refused(&bytes)
    };
    for (at, new, needle) in [
        (0, &b"E5S2"[..], "no 4-bit file"),
        (36, &f32::NAN.to_le_bytes(), "epsilon is NaN"),
        (64, &u64::MAX.to_le_bytes(), "ends within its pieces"),
        (76, &u32::MAX.to_le_bytes(), "piece 0 is not a text"),
        (72 + 8 * 4, &f32::INFINITY.to_le_bytes(), "piece 0 is not a text"),
        (normalisation, &u32::MAX.to_le_bytes(), "ends within its normalisation"),
        (directory, &i32::MAX.to_le_bytes(), "number of tensors is 2147483647"),
        (directory, &[0; 4], "`emb.word` is missing"),
        (directory + 4, &u16::MAX.to_le_bytes(), "ends within its directory"),
        (directory + 6, &[0xff], "name is not text"),
        (entry, &[0], "`emb.word` is of kind 0"),
        (entry + 1, &7_u32.to_le_bytes(), "`emb.word` has 7 numbers"),
        (entry + 5, &u64::MAX.to_le_bytes(), "ends within a tensor"),
        (entry + 13, &u64::MAX.to_le_bytes(), "in 18446744073709551615 bytes"),
    ] {
        let error = change(at, new);
        assert!(error.contains(needle), "{needle} is not in {error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_unpacked_or_refused(
        changes in prop::collection::vec((0_usize..1_500, any::<u8>()), 1..6),
        cut in prop::option::of(0_usize..9_391),
    ) {
        let mut bytes = Sample::default().bytes();
        for (at, new) in changes {
            bytes[at] = new;
        }
        bytes.truncate(cut.unwrap_or(usize::MAX));
        let (folder, done) = unpacked(&bytes);
        prop_assert_eq!(done.is_ok(), folder.path().join("model.safetensors").exists());
    }

    #[test]
    fn foreign_bytes_behind_a_true_beginning_are_refused(noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"E5S1\x01\0\0\0".as_slice(), &noise].concat();
        prop_assert!(unpacked(&bytes).1.is_err());
    }
}
