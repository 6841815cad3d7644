//! Tiny random models of each family: as candle's own models where it has sound ones, with their turns and tokenizers.

use std::fs::File;
use std::path::PathBuf;

use berika_generate::{Finish, Model, Options, Prompt};
use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Tensor};
use candle_transformers::models::{quantized_llama, quantized_qwen2, quantized_qwen3};

use crate::common::tiny;

fn written(family: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gguf");
    tiny(family).write(&path);
    (folder, path)
}

type Forward = Box<dyn FnMut(&Tensor, usize) -> Tensor>;

/// The likeliest tokens one after the other by candle's own model, up to where two are about as likely.
fn candle(family: &str, path: &PathBuf, prompt: &[u32], count: usize) -> Vec<u32> {
    let mut file = File::open(path).unwrap();
    let content = Content::read(&mut file).unwrap();
    let mut forward: Forward = match family {
        "llama" => {
            let mut model =
                quantized_llama::ModelWeights::from_gguf(content, &mut file, &Device::Cpu).unwrap();
            Box::new(move |x, at| model.forward(x, at).unwrap())
        }
        "qwen2" => {
            let mut model =
                quantized_qwen2::ModelWeights::from_gguf(content, &mut file, &Device::Cpu).unwrap();
            Box::new(move |x, at| model.forward(x, at).unwrap())
        }
        _ => {
            let mut model =
                quantized_qwen3::ModelWeights::from_gguf(content, &mut file, &Device::Cpu).unwrap();
            Box::new(move |x, at| model.forward(x, at).unwrap())
        }
    };
    let (mut tokens, mut next, mut at) = (Vec::new(), prompt.to_vec(), 0);
    for _ in 0..count {
        let scores = forward(&Tensor::new(next.as_slice(), &Device::Cpu).unwrap().unsqueeze(0).unwrap(), at);
        at += next.len();
        let scores: Vec<f32> = scores.flatten_all().unwrap().to_vec1().unwrap();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        if scores[order[0]] - scores[order[1]] < 0.02 {
            break;
        }
        let best = order[0] as u32;
        tokens.push(best);
        next = vec![best];
    }
    tokens
}

#[test]
fn texts_are_those_of_candles_own_models() {
    let mut compared = 0;
    for family in ["llama", "qwen2", "qwen3"] {
        let (_folder, path) = written(family);
        let model = Model::load(&path).unwrap();
        for text in ["en kaffekopp, 3 dl", "två", "0123456789 abcdefghij KLMNOP"] {
            let prompt = Prompt::from(text);
            let expected = candle(family, &path, &model.tokens(&prompt).unwrap(), 12);
            let prefix = model.prefix(&Prompt::default()).unwrap();
            // A control token ends a text; what candle goes on with is nobody's.
            let sure = expected.iter().position(|&token| token > 258).unwrap_or(expected.len());
            compared += sure;
            let options = Options { max_tokens: sure.max(1), ..Options::default() };
            let generated = model.generate(&prefix, &prompt, &options, &|| false).unwrap();
            if sure > 0 {
                let bytes: Vec<u8> = expected[..sure].iter().flat_map(|&token| bytes(token)).collect();
                assert_eq!(generated.text, String::from_utf8_lossy(&bytes), "{family}: {text}");
                assert_eq!((generated.output_tokens, generated.finish), (sure, Finish::Length));
            }
        }
    }
    assert!(compared > 60, "only {compared} tokens were compared");
}

/// What a token of the tiny models stands for.
fn bytes(token: u32) -> Vec<u8> {
    match token {
        256 => b"ka".to_vec(),
        257 => b"ff".to_vec(),
        258 => b"kaff".to_vec(),
        byte => vec![u8::try_from(byte).unwrap()],
    }
}

#[test]
fn pieces_are_merged_and_unknown_letters_are_bytes() {
    let (_folder, path) = written("qwen2");
    let tokens = |text: &str| Model::load(&path).unwrap().tokens(&Prompt::from(text)).unwrap();
    assert_eq!(tokens("kaffka <|im_end|>")[..2], [258, 256]);
    assert!(tokens("kaffka <|im_end|>").iter().all(|&token| token < 259), "text is no control token");
    assert_eq!(tokens("ä"), [0xc3, 0xa4]);
    let (_folder, path) = written("gemma3");
    let model = Model::load(&path).unwrap();
    let tokens = |text: &str| model.tokens(&Prompt::from(text)).unwrap();
    // A space comes before the text, as these files have it unless they say otherwise; first the token that begins all.
    assert_eq!(tokens("ka\n\nfä <end_of_turn>")[..8], [263, 260, 258, 262, 260, 259, 0xc3, 0xa4]);
    assert!(tokens("<start_of_turn>")[1..].iter().all(|&token| token < 263), "text is no control token");
}

#[test]
fn turns_are_marked_as_the_family_does() {
    let said = |family: &str, system: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        let mut file = tiny(family);
        if family == "gemma3" {
            file.texts("tokenizer.ggml.tokens", &{
                let mut pieces: Vec<String> = (0..=255_u8).map(|byte| format!("<0x{byte:02X}>")).collect();
                pieces.extend(
                    ["k", "a", "ka", "f", "\u{2581}", "<unk>", "\n\n", "<bos>", "<eos>"].map(str::to_owned),
                );
                pieces.extend(["<start_of_turn>", "<end_of_turn>", "x", "y"].map(str::to_owned));
                pieces
            });
        }
        file.text("tokenizer.chat_template", "{{ messages }}").write(&path);
        let model = Model::load(&path).unwrap();
        assert!(model.is_instructed());
        format!("{:?}", model.turn(system, "S", "O"))
    };
    let chat = said("qwen2", "I");
    let marks = [
        "<|im_start|>",
        "system\\nI",
        "<|im_end|>",
        "<|im_start|>",
        "user\\nS",
        "O",
        "<|im_end|>",
        "assistant\\n",
    ];
    let mut from = 0;
    for mark in marks {
        from += chat[from..].find(mark).unwrap_or_else(|| panic!("{mark} in {chat}"));
    }
    assert!(!chat.contains("think"));
    assert!(said("qwen3", "").contains("</think>") && !said("qwen3", "").contains("system"));
    assert!(said("gemma3", "I").contains("user\\nI\\n\\nS"), "{}", said("gemma3", "I"));
}

#[test]
fn a_tokenizer_beside_the_file_is_read_where_the_file_has_none() {
    let (folder, path) = written("qwen2");
    let mut file = tiny("qwen2");
    file.without("tokenizer.ggml.tokens").write(&path);
    let error = Model::load(&path).unwrap_err().to_string();
    assert!(error.contains("no tokenizer.json lies beside it"), "{error}");
    let vocabulary: serde_json::Map<String, serde_json::Value> = crate::common::letters()
        .into_iter()
        .zip(0..)
        .map(|(letter, number)| (letter, number.into()))
        .collect();
    let json = serde_json::json!({
        "version": "1.0",
        "added_tokens": [{ "id": 256, "content": "<|im_end|>", "single_word": false, "lstrip": false, "rstrip": false,
                           "normalized": false, "special": true }],
        "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true },
        "model": { "type": "BPE", "vocab": vocabulary, "merges": [] },
    });
    std::fs::write(folder.path().join("tokenizer.json"), json.to_string()).unwrap();
    let model = Model::load(folder.path()).unwrap();
    let tokens = model.tokens(&Prompt::from("ä <|im_end|>")).unwrap();
    assert_eq!(tokens[..3], [0xc3, 0xa4, 0x20]);
    assert!(tokens.iter().all(|&token| token < 256));
    std::fs::write(folder.path().join("tokenizer.json"), "{}").unwrap();
    assert!(Model::load(folder.path()).unwrap_err().to_string().contains("tokenizer.json"));
}
