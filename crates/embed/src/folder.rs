//! The JSON files of a sentence-transformers folder: what the model is made of, not its weights.
//!
//! Read as sentence-transformers reads them: `modules.json` names the parts in order and where each lies, the
//! transformer's own folder holds `config.json`, `sentence_bert_config.json` and the tokenizer, `1_Pooling` how tokens
//! become one vector. Every file that decides a vector goes into the content hash, in a fixed order.

mod architecture;
mod files;
mod modules;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) use architecture::Architecture;
use files::{TEXT_CAP, WEIGHTS_CAP, hash, optional, read};
use modules::{modules, pooling};
use serde::Deserialize;

use crate::error::LoadError;
use crate::pooling::Pooling;

/// The weights as they are kept today.
const SAFETENSORS: &str = "model.safetensors";
/// The weights as PyTorch itself keeps them.
pub(crate) const CHECKPOINT: &str = "pytorch_model.bin";

/// What the folder's JSON files say.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) transformer: PathBuf,
    pub(crate) architecture: Architecture,
    pub(crate) pooling: Pooling,
    pub(crate) max_tokens: usize,
    /// Whether texts are put in lower case before the tokenizer sees them.
    pub(crate) lower_case: bool,
    pub(crate) prompts: BTreeMap<String, String>,
    pub(crate) default_prompt: Option<String>,
    pub(crate) tokenizer: TokenizerConfig,
    pub(crate) hasher: blake3::Hasher,
}

/// The part of `tokenizer_config.json` that is used.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct TokenizerConfig {
    pub(crate) tokenizer_class: Option<String>,
    pub(crate) do_lower_case: Option<bool>,
    /// Present and null means "as `do_lower_case`", as does absent.
    pub(crate) strip_accents: Option<bool>,
    pub(crate) tokenize_chinese_chars: Option<bool>,
    /// Some libraries write 1e30 for "no limit".
    model_max_length: Option<f64>,
}

#[derive(Default, Deserialize)]
struct SentenceBert {
    max_seq_length: Option<usize>,
    #[serde(default)]
    do_lower_case: bool,
}

#[derive(Default, Deserialize)]
struct SentenceTransformers {
    #[serde(default)]
    prompts: BTreeMap<String, Option<String>>,
    default_prompt_name: Option<String>,
}

impl Folder {
    pub(crate) fn read(root: &Path) -> Result<Self, LoadError> {
        if !root.is_dir() {
            return Err(LoadError::NoFolder { folder: root.to_owned() });
        }
        let mut hasher = blake3::Hasher::new();
        let (transformer, pooling_folder) = modules(root, &mut hasher)?;
        let (config_file, architecture) = architecture::read(&transformer, &mut hasher)?;
        let sentence_bert: SentenceBert =
            ["sentence_bert_config.json", "sentence_roberta_config.json", "sentence_xlm-roberta_config.json"]
                .iter()
                .find_map(|name| optional(&transformer, name, &mut hasher).transpose())
                .transpose()?
                .unwrap_or_default();
        let tokenizer: TokenizerConfig =
            optional(&transformer, "tokenizer_config.json", &mut hasher)?.unwrap_or_default();
        let pooling = pooling(&pooling_folder, architecture.hidden, &mut hasher)?;
        // Prompts are part of a recipe by their text, not of the model's hash.
        let named: SentenceTransformers =
            optional(root, "config_sentence_transformers.json", &mut blake3::Hasher::new())?
                .unwrap_or_default();
        let prompts = named
            .prompts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect::<BTreeMap<_, _>>();
        if let Some(name) = &named.default_prompt_name
            && !prompts.contains_key(name)
        {
            return Err(LoadError::Inconsistent {
                file: root.join("config_sentence_transformers.json"),
                what: format!("the default prompt `{name}` is not among the prompts"),
            });
        }
        let usable = architecture.positions.saturating_sub(architecture.position_offset);
        let stated = tokenizer.model_max_length.filter(|&n| n < 1e6).map(|n| n as usize);
        let max_tokens = sentence_bert.max_seq_length.or(stated).unwrap_or(usable).min(usable);
        if max_tokens < 3 {
            return Err(LoadError::Inconsistent {
                file: config_file,
                what: format!(
                    "a text may have {max_tokens} tokens at most, which leaves no room for any word"
                ),
            });
        }
        Ok(Self {
            transformer,
            architecture,
            pooling,
            max_tokens,
            lower_case: sentence_bert.do_lower_case,
            prompts,
            default_prompt: named.default_prompt_name,
            tokenizer,
            hasher,
        })
    }

    /// The bytes of the weights, added to the hash: of `model.safetensors` or, failing that, of `pytorch_model.bin`.
    pub(crate) fn weights(&mut self) -> Result<(PathBuf, Vec<u8>), LoadError> {
        let there = |name: &str| self.transformer.join(name).exists();
        let split = ["model.safetensors.index.json", "pytorch_model.bin.index.json"].into_iter().any(there);
        for name in [SAFETENSORS, CHECKPOINT] {
            let file = self.transformer.join(name);
            if let Some(bytes) = read(&file, WEIGHTS_CAP)? {
                hash(&mut self.hasher, name, &bytes);
                return Ok((file, bytes));
            }
        }
        let needed_for = if split {
            "the weights are split over several files, which is not supported; join them into one"
        } else {
            "it or pytorch_model.bin holds the weights; fetch the model again"
        };
        Err(LoadError::MissingFile { file: self.transformer.join(SAFETENSORS), needed_for })
    }

    /// The bytes of `tokenizer.json` or, failing that, of `vocab.txt`, added to the hash.
    pub(crate) fn tokenizer_file(&mut self) -> Result<(PathBuf, Vec<u8>), LoadError> {
        for name in ["tokenizer.json", "vocab.txt"] {
            let file = self.transformer.join(name);
            if let Some(bytes) = read(&file, TEXT_CAP)? {
                hash(&mut self.hasher, name, &bytes);
                return Ok((file, bytes));
            }
        }
        let file = self.transformer.join("tokenizer.json");
        let needed_for = if self.transformer.join("sentencepiece.bpe.model").exists() {
            "only sentencepiece.bpe.model is there, which is not read; save the model with its fast tokenizer"
        } else {
            "it or a WordPiece vocab.txt holds the tokenizer; fetch the model again"
        };
        Err(LoadError::MissingFile { file, needed_for })
    }
}
