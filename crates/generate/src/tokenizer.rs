//! Prompts to tokens and tokens to text, as the model's file says.
//!
//! Two kinds of vocabulary are read from the file itself: pieces with scores and bytes to fall back on (Gemma, Llama 2),
//! and byte-level pieces with merges (Qwen, Llama 3). Where a file has neither, `tokenizer.json` beside it is read. Plain text
//! never becomes a control token, whatever is written in it.

mod bytes;
mod merges;
mod scores;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use crate::gguf::{Header, Value};
use crate::prompt::{Part, Prompt};
use merges::Merges;
use scores::Scores;

/// What a token is, by the numbers of the files.
const UNKNOWN: i32 = 2;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const UNUSED: i32 = 5;
const BYTE: i32 = 6;

/// The most bytes of a `tokenizer.json`.
const FILE_CAP: u64 = 64 << 20;

/// The most pieces that every text is searched for.
const WHOLE_CAP: usize = 1 << 16;

/// Control tokens that end an answer, in whichever family.
const ENDS: [&str; 8] = [
    "<eos>",
    "<end_of_turn>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "</s>",
];

/// The tokens of a model by number.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pieces: Vec<String>,
    kinds: Vec<i32>,
    numbers: HashMap<String, u32>,
    /// Whether a piece's letters stand for bytes.
    byte_level: bool,
}

impl Vocabulary {
    fn new(pieces: Vec<String>, kinds: Vec<i32>, byte_level: bool) -> Self {
        let mut numbers = HashMap::with_capacity(pieces.len());
        for (number, piece) in (0_u32..).zip(&pieces) {
            numbers.entry(piece.clone()).or_insert(number);
        }
        Self { pieces, kinds, numbers, byte_level }
    }

    pub(crate) fn number(&self, piece: &str) -> Option<u32> {
        self.numbers.get(piece).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    fn kind(&self, number: u32) -> i32 {
        self.kinds.get(number as usize).copied().unwrap_or(1)
    }

    /// The number of a control token. Some files call them defined by the user.
    fn control(&self, name: &str) -> Option<u32> {
        self.number(name).filter(|&number| matches!(self.kind(number), CONTROL | USER_DEFINED))
    }
}

#[derive(Debug)]
enum Splitter {
    Scores(Scores),
    Merges(Box<Merges>),
}

/// Turns prompts into tokens and tokens into text.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    vocabulary: Vocabulary,
    splitter: Splitter,
    /// What every prompt begins with.
    first: Option<u32>,
    ends: BTreeSet<u32>,
}

impl Tokenizer {
    /// From the header or, where that has none, from `tokenizer.json` in `folder`.
    pub(crate) fn load(header: &Header, folder: Option<&Path>) -> Result<Self, String> {
        let key = |name: &str| format!("tokenizer.ggml.{name}");
        let number = |name: &str| header.integer(&key(name)).and_then(|n| u32::try_from(n).ok());
        let Some(Value::Texts(pieces)) = header.values.get(&key("tokens")) else {
            let file = folder.map(|folder| folder.join("tokenizer.json")).filter(|file| file.is_file());
            return match file {
                Some(file) => Self::from_json(&file, number("eos_token_id")),
                None => {
                    Err("the file has none, and no tokenizer.json lies beside it; choose a file with one"
                        .to_owned())
                }
            };
        };
        if pieces.is_empty() {
            return Err("its vocabulary is empty".to_owned());
        }
        let kinds = match header.values.get(&key("token_type")) {
            Some(Value::Integers(kinds)) if kinds.len() == pieces.len() => kinds.clone(),
            Some(_) => return Err("its vocabulary and the kinds of its tokens differ in number".to_owned()),
            None => vec![1; pieces.len()],
        };
        let model = header.text(&key("model")).unwrap_or_default();
        let vocabulary = Vocabulary::new(pieces.clone(), kinds, model == "gpt2");
        let (splitter, begins) = match model {
            "llama" => {
                let Some(Value::Floats(scores)) = header.values.get(&key("scores")) else {
                    return Err("its pieces have no scores".to_owned());
                };
                if scores.len() != vocabulary.len() {
                    return Err("its vocabulary and its scores differ in number".to_owned());
                }
                let whole = vocabulary.kinds.iter().filter(|&&kind| kind == USER_DEFINED).count();
                if whole > WHOLE_CAP {
                    return Err(format!("{whole} of its pieces are defined by the user"));
                }
                let space = header.flag(&key("add_space_prefix")).unwrap_or(true);
                (Splitter::Scores(Scores::new(&vocabulary, scores.clone(), space)), true)
            }
            "gpt2" => {
                let Some(Value::Texts(merges)) = header.values.get(&key("merges")) else {
                    return Err("it has no merges".to_owned());
                };
                let pre = header.text(&key("pre")).unwrap_or("default");
                let merges = Merges::new(&vocabulary, merges, pre)?;
                (Splitter::Merges(Box::new(merges)), pre.starts_with("llama"))
            }
            other => {
                let other: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
                return Err(format!("its kind `{other}` is not supported; supported are llama and gpt2"));
            }
        };
        let first =
            header.flag(&key("add_bos_token")).unwrap_or(begins).then(|| number("bos_token_id")).flatten();
        let stated = ["eos_token_id", "eot_token_id", "eom_token_id"].into_iter().filter_map(number);
        Ok(Self::new(vocabulary, splitter, first, stated))
    }

    fn from_json(file: &Path, end: Option<u32>) -> Result<Self, String> {
        let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
        if size > FILE_CAP {
            return Err(format!("tokenizer.json has {size} bytes, more than the {FILE_CAP} that are read"));
        }
        let (merges, vocabulary, first) = Merges::from_json(file)?;
        Ok(Self::new(vocabulary, Splitter::Merges(Box::new(merges)), first, end.into_iter()))
    }

    fn new(
        vocabulary: Vocabulary,
        splitter: Splitter,
        first: Option<u32>,
        ends: impl Iterator<Item = u32>,
    ) -> Self {
        let first = first.filter(|&number| (number as usize) < vocabulary.len());
        let known = ENDS.iter().filter_map(|name| vocabulary.control(name));
        let ends = ends.chain(known).collect();
        Self { splitter, first, ends, vocabulary }
    }

    /// The highest number of a token, and one.
    pub(crate) fn len(&self) -> usize {
        self.vocabulary.len()
    }

    pub(crate) fn has_control(&self, name: &str) -> bool {
        self.vocabulary.control(name).is_some()
    }

    /// Whether an answer ends before this token: it is an end, or a control token that no answer should have.
    pub(crate) fn is_end(&self, token: u32) -> bool {
        self.ends.contains(&token) || self.vocabulary.kind(token) == CONTROL
    }

    pub(crate) fn encode(&self, prompt: &Prompt) -> Result<Vec<u32>, String> {
        let mut tokens: Vec<u32> = self.first.into_iter().collect();
        for part in &prompt.parts {
            match part {
                Part::Control(name) => tokens.push(
                    self.vocabulary
                        .control(name)
                        .ok_or_else(|| format!("the model has no control token `{name}`"))?,
                ),
                Part::Text(text) => match &self.splitter {
                    Splitter::Scores(scores) => scores.encode(&self.vocabulary, text, &mut tokens),
                    Splitter::Merges(merges) => merges.encode(text, &mut tokens)?,
                },
            }
        }
        Ok(tokens)
    }

    /// Adds the bytes that a token stands for. They need not be whole characters.
    pub(crate) fn decode(&self, token: u32, out: &mut Vec<u8>) {
        let Some(piece) = self.vocabulary.pieces.get(token as usize) else { return };
        match self.vocabulary.kind(token) {
            CONTROL | UNKNOWN | UNUSED => {}
            BYTE => out.extend(bytes::named(piece)),
            USER_DEFINED if self.vocabulary.byte_level => out.extend_from_slice(piece.as_bytes()),
            _ if self.vocabulary.byte_level => bytes::from_letters(piece, out),
            _ => out.extend_from_slice(piece.replace('\u{2581}', " ").as_bytes()),
        }
    }
}
