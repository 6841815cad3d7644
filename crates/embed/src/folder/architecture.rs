//! `config.json`: what the encoder is built from.

use std::path::{Path, PathBuf};

use berika_kernels::Activation;
use serde::Deserialize;

use super::files::required;
use crate::error::LoadError;

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

/// Reads `config.json`; returns its path, too.
pub(super) fn read(folder: &Path, hasher: &mut blake3::Hasher) -> Result<(PathBuf, Architecture), LoadError> {
    let needed_for = "it says how the encoder is built; fetch the model again";
    let (file, config) = required(folder, "config.json", needed_for, hasher)?;
    let architecture = architecture(&file, &config)?;
    Ok((file, architecture))
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
