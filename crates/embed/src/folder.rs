//! The JSON files of a sentence-transformers folder: what the model is made of, not its weights.
//!
//! Read as sentence-transformers reads them: `modules.json` names the parts in order and where each lies, the
//! transformer's own folder holds `config.json`, `sentence_bert_config.json` and the tokenizer, `1_Pooling` how tokens
//! become one vector. Every file that decides a vector goes into the content hash, in a fixed order.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use berika_kernels::Activation;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::LoadError;
use crate::pooling::Pooling;

/// The largest JSON or tokenizer file that is read.
const TEXT_CAP: u64 = 256 << 20;
/// The largest weights file that is read.
const WEIGHTS_CAP: u64 = 8 << 30;

/// What the encoder is built from.
#[derive(Clone, Debug)]
pub(crate) struct Architecture {
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) intermediate: usize,
    pub(crate) vocabulary: usize,
    pub(crate) positions: usize,
    pub(crate) types: usize,
    pub(crate) epsilon: f64,
    pub(crate) activation: Activation,
    /// The first text token's row in the position table: 0 for BERT, padding token + 1 for XLM-R.
    pub(crate) position_offset: usize,
}

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

#[derive(Deserialize)]
struct ModuleEntry {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Config {
    model_type: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "one")]
    type_vocab_size: usize,
    #[serde(default = "default_epsilon")]
    layer_norm_eps: f64,
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
    pad_token_id: Option<usize>,
    #[serde(default)]
    is_decoder: bool,
}

fn one() -> usize {
    1
}

fn default_epsilon() -> f64 {
    1e-12
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

/// Both the flags of the older layout and the name of the newer one.
#[derive(Deserialize)]
struct PoolingConfig {
    word_embedding_dimension: Option<usize>,
    embedding_dimension: Option<usize>,
    pooling_mode: Option<Names>,
    #[serde(default)]
    include_prompt: Option<bool>,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

impl Folder {
    pub(crate) fn read(root: &Path) -> Result<Self, LoadError> {
        if !root.is_dir() {
            return Err(LoadError::NoFolder { folder: root.to_owned() });
        }
        let mut hasher = blake3::Hasher::new();
        let (transformer, pooling_folder) = modules(root, &mut hasher)?;
        let (config_file, config): (_, Config) = required(
            &transformer,
            "config.json",
            "it says how the encoder is built; fetch the model again",
            &mut hasher,
        )?;
        let architecture = architecture(&config_file, &config)?;
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

    /// The bytes of the weights, added to the hash.
    pub(crate) fn weights(&mut self) -> Result<(PathBuf, Vec<u8>), LoadError> {
        let file = self.transformer.join("model.safetensors");
        let needed_for = if self.transformer.join("model.safetensors.index.json").exists() {
            "the weights are split over several files, which is not supported; join them into one"
        } else if self.transformer.join("pytorch_model.bin").exists() {
            "only pytorch_model.bin is there, which is not read; save the model as safetensors"
        } else {
            "it holds the weights; fetch the model again"
        };
        let bytes =
            read(&file, WEIGHTS_CAP)?.ok_or(LoadError::MissingFile { file: file.clone(), needed_for })?;
        hash(&mut self.hasher, "model.safetensors", &bytes);
        Ok((file, bytes))
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

/// Reads `modules.json`; returns the transformer's and the pooling's folder.
fn modules(root: &Path, hasher: &mut blake3::Hasher) -> Result<(PathBuf, PathBuf), LoadError> {
    let needed_for =
        "it names the parts of a sentence-transformers model; give such a folder or fetch the model again";
    let (file, entries): (_, Vec<ModuleEntry>) = required(root, "modules.json", needed_for, hasher)?;
    let inconsistent = |what: &str| LoadError::Inconsistent { file: file.clone(), what: what.to_owned() };
    let (mut transformer, mut pooling) = (None, None);
    for entry in entries {
        let path = Path::new(&entry.path);
        if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(inconsistent(&format!("the path `{}` leaves the folder", entry.path)));
        }
        let slot = match entry.kind.rsplit('.').next().unwrap_or_default() {
            "Transformer" => &mut transformer,
            "Pooling" => &mut pooling,
            // Vectors are always brought to length one.
            "Normalize" => continue,
            _ => {
                return Err(LoadError::Unsupported {
                    file,
                    what: format!("the module `{}`", entry.kind),
                    instead: "use a model of Transformer, Pooling and Normalize alone",
                });
            }
        };
        if slot.replace(root.join(path)).is_some() {
            return Err(inconsistent(&format!("the module `{}` is named twice", entry.kind)));
        }
    }
    match (transformer, pooling) {
        (Some(transformer), Some(pooling)) => Ok((transformer, pooling)),
        (None, _) => Err(inconsistent("no Transformer module is named")),
        (_, None) => Err(inconsistent("no Pooling module is named")),
    }
}

fn architecture(file: &Path, config: &Config) -> Result<Architecture, LoadError> {
    let unsupported =
        |what: String, instead| Err(LoadError::Unsupported { file: file.to_owned(), what, instead });
    let position_offset = match config.model_type.as_str() {
        "bert" => 0,
        "xlm-roberta" | "roberta" | "camembert" => config.pad_token_id.unwrap_or(1).saturating_add(1),
        other => {
            return unsupported(format!("the encoder `{other}`"), "use a model with a BERT or XLM-R encoder");
        }
    };
    if config.position_embedding_type.as_deref().is_some_and(|kind| kind != "absolute") || config.is_decoder {
        return unsupported(
            "relative positions or a decoder".to_owned(),
            "use an encoder with absolute position embeddings",
        );
    }
    let activation = match config.hidden_act.as_deref().unwrap_or("gelu") {
        "gelu" => Activation::Gelu,
        "gelu_new" | "gelu_pytorch_tanh" => Activation::GeluTanh,
        "relu" => Activation::Relu,
        "silu" | "swish" => Activation::Silu,
        other => {
            return unsupported(format!("the activation `{other}`"), "use a model with gelu, relu or silu");
        }
    };
    if config.num_attention_heads == 0
        || config.hidden_size == 0
        || !config.hidden_size.is_multiple_of(config.num_attention_heads)
    {
        return Err(LoadError::Inconsistent {
            file: file.to_owned(),
            what: format!(
                "hidden_size {} does not divide over {} attention heads",
                config.hidden_size, config.num_attention_heads
            ),
        });
    }
    Ok(Architecture {
        hidden: config.hidden_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        intermediate: config.intermediate_size,
        vocabulary: config.vocab_size,
        positions: config.max_position_embeddings,
        types: config.type_vocab_size,
        epsilon: config.layer_norm_eps,
        activation,
        position_offset,
    })
}

fn pooling(folder: &Path, hidden: usize, hasher: &mut blake3::Hasher) -> Result<Pooling, LoadError> {
    let needed_for = "it says how tokens become one vector; fetch the model again";
    let (file, config): (_, PoolingConfig) = required(folder, "config.json", needed_for, hasher)?;
    let unsupported = |what: String| {
        let instead = "use a model with mean, cls or max pooling";
        Err(LoadError::Unsupported { file: file.clone(), what, instead })
    };
    if let Some(stated) = config.word_embedding_dimension.or(config.embedding_dimension)
        && stated != hidden
    {
        let what = format!("pooling expects dimension {stated}, but the encoder has {hidden}");
        return Err(LoadError::Inconsistent { file, what });
    }
    let names: Vec<String> = match config.pooling_mode {
        Some(Names::One(name)) => vec![name],
        Some(Names::Many(names)) => names,
        None => {
            let on = |(key, value): (String, serde_json::Value)| {
                (value == true).then(|| key.strip_prefix("pooling_mode_").map(str::to_owned)).flatten()
            };
            config.rest.into_iter().filter_map(on).collect()
        }
    };
    if config.include_prompt == Some(false) {
        return unsupported("pooling without the prompt's tokens".to_owned());
    }
    match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["mean" | "mean_tokens"] => Ok(Pooling::Mean),
        ["cls" | "cls_token"] => Ok(Pooling::Cls),
        ["max" | "max_tokens"] => Ok(Pooling::Max),
        [] => Err(LoadError::Inconsistent { file, what: "no pooling mode is switched on".to_owned() }),
        _ => unsupported(format!("the pooling {}", names.join(" with "))),
    }
}

/// Reads and hashes a JSON file that must be there.
fn required<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    needed_for: &'static str,
    hasher: &mut blake3::Hasher,
) -> Result<(PathBuf, T), LoadError> {
    let file = folder.join(name);
    match optional(folder, name, hasher)? {
        Some(value) => Ok((file, value)),
        None => Err(LoadError::MissingFile { file, needed_for }),
    }
}

/// Reads and hashes a JSON file if it is there.
fn optional<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    hasher: &mut blake3::Hasher,
) -> Result<Option<T>, LoadError> {
    let file = folder.join(name);
    let Some(bytes) = read(&file, TEXT_CAP)? else { return Ok(None) };
    hash(hasher, name, &bytes);
    serde_json::from_slice(&bytes).map(Some).map_err(|source| LoadError::Json { file, source })
}

fn hash(hasher: &mut blake3::Hasher, name: &str, bytes: &[u8]) {
    hasher.update(name.as_bytes());
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// The file's bytes, or `None` if there is no such file.
fn read(file: &Path, cap: u64) -> Result<Option<Vec<u8>>, LoadError> {
    let failed = |source| LoadError::Read { file: file.to_owned(), source };
    let opened = match fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let size = opened.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(size.min(cap) as usize);
    opened.take(cap + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > cap {
        return Err(LoadError::TooLarge { file: file.to_owned(), size, cap });
    }
    Ok(Some(bytes))
}
