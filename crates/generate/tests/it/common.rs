//! GGUF files for tests, written byte by byte, and tiny random models of each family.

use std::fs;
use std::path::Path;

/// Width, heads, heads with keys of their own, numbers of a head, inner width, layers.
pub(crate) const WIDTH: usize = 64;
pub(crate) const HEADS: usize = 4;
pub(crate) const KV_HEADS: usize = 2;
pub(crate) const HEAD: usize = 16;
pub(crate) const INNER: usize = 96;

/// A file as it grows.
#[derive(Clone, Default)]
pub(crate) struct Gguf {
    pub(crate) entries: Vec<(String, Vec<u8>)>,
    pub(crate) tensors: Vec<(String, Vec<u64>, u32, Vec<u8>)>,
}

fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

impl Gguf {
    pub(crate) fn entry(&mut self, key: &str, kind: u32, value: &[u8]) -> &mut Self {
        self.entries.retain(|(other, _)| other != key);
        self.entries.push((key.to_owned(), [&kind.to_le_bytes()[..], value].concat()));
        self
    }

    pub(crate) fn text(&mut self, key: &str, text: &str) -> &mut Self {
        self.entry(key, 8, &string(text))
    }

    pub(crate) fn number(&mut self, key: &str, number: u32) -> &mut Self {
        self.entry(key, 4, &number.to_le_bytes())
    }

    pub(crate) fn float(&mut self, key: &str, number: f32) -> &mut Self {
        self.entry(key, 6, &number.to_le_bytes())
    }

    fn array(&mut self, key: &str, kind: u32, count: usize, bytes: &[u8]) -> &mut Self {
        let head = [&kind.to_le_bytes()[..], &(count as u64).to_le_bytes()].concat();
        self.entry(key, 9, &[&head[..], bytes].concat())
    }

    pub(crate) fn texts(&mut self, key: &str, texts: &[String]) -> &mut Self {
        let bytes: Vec<u8> = texts.iter().flat_map(|text| string(text)).collect();
        self.array(key, 8, texts.len(), &bytes)
    }

    pub(crate) fn numbers(&mut self, key: &str, numbers: &[i32]) -> &mut Self {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.array(key, 5, numbers.len(), &bytes)
    }

    pub(crate) fn floats(&mut self, key: &str, numbers: &[f32]) -> &mut Self {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.array(key, 6, numbers.len(), &bytes)
    }

    /// A tensor of f32; the first size is that of a row.
    pub(crate) fn tensor(&mut self, name: &str, sizes: &[usize], numbers: &[f32]) -> &mut Self {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let sizes = sizes.iter().map(|&size| size as u64).collect();
        self.tensors.retain(|(other, ..)| other != name);
        self.tensors.push((name.to_owned(), sizes, 0, bytes));
        self
    }

    pub(crate) fn without(&mut self, name: &str) -> &mut Self {
        self.entries.retain(|(other, _)| other != name);
        self.tensors.retain(|(other, ..)| other != name);
        self
    }

    /// The bytes up to where the tensors begin, and all.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(3_u32.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.entries.len() as u64).to_le_bytes());
        for (key, value) in &self.entries {
            out.extend(string(key));
            out.extend(value);
        }
        let mut offset = 0_u64;
        for (name, sizes, kind, bytes) in &self.tensors {
            out.extend(string(name));
            out.extend((sizes.len() as u32).to_le_bytes());
            sizes.iter().for_each(|size| out.extend(size.to_le_bytes()));
            out.extend(kind.to_le_bytes());
            out.extend(offset.to_le_bytes());
            offset += (bytes.len() as u64).next_multiple_of(32);
        }
        out.resize(out.len().next_multiple_of(32), 0);
        for (.., bytes) in &self.tensors {
            out.extend(bytes);
            out.resize(out.len().next_multiple_of(32), 0);
        }
        out
    }

    pub(crate) fn write(&self, path: &Path) {
        fs::write(path, self.bytes()).unwrap();
    }
}

/// Numbers that look random and are the same everywhere.
fn random(count: usize, name: &str) -> Vec<f32> {
    let mut state =
        name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

/// The letter of each byte in GPT-2's table.
pub(crate) fn letters() -> Vec<String> {
    let mut others = (256..).map(|code| char::from_u32(code).unwrap());
    (0..=255_u8)
        .map(|byte| match byte {
            b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(byte).to_string(),
            _ => others.next().unwrap().to_string(),
        })
        .collect()
}

/// A whole tiny model with two layers and random weights.
pub(crate) fn tiny(family: &str) -> Gguf {
    let mut file = Gguf::default();
    file.text("general.architecture", family).text("general.name", "tiny");
    let key = |name: &str| format!("{family}.{name}");
    for (name, number) in [
        ("context_length", 256),
        ("embedding_length", WIDTH),
        ("block_count", 2),
        ("feed_forward_length", INNER),
        ("attention.head_count", HEADS),
        ("attention.head_count_kv", KV_HEADS),
        ("attention.key_length", HEAD),
        ("attention.value_length", HEAD),
        ("rope.dimension_count", HEAD),
        ("attention.sliding_window", 16),
    ] {
        file.number(&key(name), number as u32);
    }
    file.float(&key("attention.layer_norm_rms_epsilon"), 1e-6).float(&key("rope.freq_base"), 10_000.0);
    let controls = ["<|im_start|>", "<|im_end|>", "<start_of_turn>", "<end_of_turn>", "<think>", "</think>"];
    let mut pieces: Vec<String> = letters();
    pieces.extend(["ka", "ff", "kaff"].map(str::to_owned));
    let mut kinds = vec![1; pieces.len()];
    let bytes = family == "gemma3";
    if bytes {
        pieces = (0..=255_u8).map(|byte| format!("<0x{byte:02X}>")).collect();
        kinds = vec![6; 256];
        pieces.extend(["k", "a", "ka", "f", "\u{2581}", "<unk>", "\n\n"].map(str::to_owned));
        kinds.extend([1, 1, 1, 1, 1, 2, 4]);
    }
    pieces.extend(controls.map(str::to_owned));
    kinds.resize(pieces.len(), 3);
    let rows = pieces.len();
    file.text("tokenizer.ggml.model", if bytes { "llama" } else { "gpt2" });
    file.text("tokenizer.ggml.pre", if bytes { "default" } else { "qwen2" });
    file.texts("tokenizer.ggml.tokens", &pieces).numbers("tokenizer.ggml.token_type", &kinds);
    if bytes {
        file.floats("tokenizer.ggml.scores", &vec![-1.0; rows]);
    } else {
        file.texts("tokenizer.ggml.merges", &["k a", "f f", "ka ff"].map(str::to_owned));
    }
    file.number("tokenizer.ggml.eos_token_id", rows as u32 - 5);
    file.number("tokenizer.ggml.bos_token_id", rows as u32 - 6);
    let mut put = |name: &str, sizes: &[usize]| {
        let mut numbers = random(sizes.iter().product(), name);
        if sizes.len() == 1 && name.ends_with("weight") {
            numbers.iter_mut().for_each(|number| *number += 1.0);
        }
        file.tensor(name, sizes, &numbers);
    };
    put("token_embd.weight", &[WIDTH, rows]);
    put("output_norm.weight", &[WIDTH]);
    if family != "gemma3" {
        put("output.weight", &[WIDTH, rows]);
    }
    for layer in 0..2 {
        let mut put = |name: &str, sizes: &[usize]| put(&format!("blk.{layer}.{name}"), sizes);
        for name in ["attn_norm.weight", "ffn_norm.weight"] {
            put(name, &[WIDTH]);
        }
        for (name, outputs) in
            [("attn_q", HEADS * HEAD), ("attn_k", KV_HEADS * HEAD), ("attn_v", KV_HEADS * HEAD)]
        {
            put(&format!("{name}.weight"), &[WIDTH, outputs]);
            if family == "qwen2" {
                put(&format!("{name}.bias"), &[outputs]);
            }
        }
        put("attn_output.weight", &[HEADS * HEAD, WIDTH]);
        put("ffn_gate.weight", &[WIDTH, INNER]);
        put("ffn_up.weight", &[WIDTH, INNER]);
        put("ffn_down.weight", &[INNER, WIDTH]);
        if matches!(family, "gemma3" | "qwen3") {
            put("attn_q_norm.weight", &[HEAD]);
            put("attn_k_norm.weight", &[HEAD]);
        }
        if family == "gemma3" {
            put("post_attention_norm.weight", &[WIDTH]);
            put("post_ffw_norm.weight", &[WIDTH]);
        }
    }
    file
}
