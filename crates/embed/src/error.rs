//! What can go wrong while a model folder is read and while texts are embedded.

use std::io;
use std::path::PathBuf;

/// A model folder could not be loaded. Every variant names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The folder is not there.
    #[error(
        "model folder {} does not exist; run `berika model fetch` or give the folder of a sentence-transformers model",
        .folder.display()
    )]
    NoFolder {
        /// The folder that was asked for.
        folder: PathBuf,
    },
    /// A file that the model needs is not there.
    #[error("model file {} is missing: {needed_for}", .file.display())]
    MissingFile {
        /// The missing file.
        file: PathBuf,
        /// What it holds and how to get it.
        needed_for: &'static str,
    },
    /// A file could not be read.
    #[error("model file {} could not be read", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A file is larger than any that a model of this kind has.
    #[error("model file {} has {size} bytes, more than the {cap} that are read", .file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The most that is read, in bytes.
        cap: u64,
    },
    /// A JSON file does not hold what it should.
    #[error("model file {} is not the JSON expected; fetch the model again", .file.display())]
    Json {
        /// The file.
        file: PathBuf,
        /// Where and why.
        #[source]
        source: serde_json::Error,
    },
    /// The model is sound but of a kind that is not supported.
    #[error("model file {} asks for {what}, which is not supported; {instead}", .file.display())]
    Unsupported {
        /// The file that says so.
        file: PathBuf,
        /// What it asks for.
        what: String,
        /// What is supported.
        instead: &'static str,
    },
    /// Two statements of the folder contradict one another.
    #[error("model file {}: {what}; fetch the model again", .file.display())]
    Inconsistent {
        /// The file.
        file: PathBuf,
        /// The contradiction.
        what: String,
    },
    /// The tokenizer file could not be understood.
    #[error("tokenizer {} could not be loaded: {reason}; fetch the model again", .file.display())]
    Tokenizer {
        /// The file.
        file: PathBuf,
        /// What the tokenizer library said.
        reason: String,
    },
    /// The weights file is truncated or is not safetensors.
    #[error("weights {} are damaged or not safetensors ({reason}); fetch the model again", .file.display())]
    Weights {
        /// The file.
        file: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// The checkpoint of PyTorch is damaged or of a form that is not read.
    #[error(
        "checkpoint {} cannot be read: {reason}; load it with transformers and save it as safetensors \
         (`save_pretrained`), or fetch the model again",
        .file.display()
    )]
    Checkpoint {
        /// The file.
        file: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// A tensor is absent, has another shape or kind of number than the configuration says, or holds NaN or infinity.
    #[error("weights {}: tensor `{tensor}` {problem}; fetch the model again", .file.display())]
    Tensor {
        /// The file.
        file: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Precision f16 was asked for where there is no GPU.
    #[cfg(feature = "cuda")]
    #[error(
        "precision f16 is computed on an NVIDIA GPU, and none answers; see `nvidia-smi`, or choose another precision"
    )]
    NoGpu {
        /// What the driver said.
        #[source]
        source: Box<candle_core::Error>,
    },
}

/// Texts could not be embedded.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model names no such prompt.
    #[error("the model has no prompt `{name}`; it has {}", list(.known))]
    UnknownPrompt {
        /// The prompt that was asked for.
        name: String,
        /// The prompts that the model names.
        known: Vec<String>,
    },
    /// The tokenizer refused a text.
    #[error("text {index} could not be tokenised: {reason}")]
    Tokenize {
        /// Position of the text in the call, from 0.
        index: usize,
        /// What the tokenizer library said.
        reason: String,
    },
    /// The tokenizer gave a token that the weights have no row for.
    #[error(
        "text {index} has token {token}, but the model's weights hold {rows} tokens; fetch the model again"
    )]
    TokenOutOfRange {
        /// Position of the text in the call, from 0.
        index: usize,
        /// The token's number.
        token: u32,
        /// Rows of the model's token table.
        rows: usize,
    },
    /// The encoder failed.
    #[error("the encoder failed on a batch of {rows} texts of {length} tokens")]
    Encoder {
        /// Texts in the batch.
        rows: usize,
        /// Tokens of its longest text.
        length: usize,
        /// What the tensor library said.
        #[source]
        source: candle_core::Error,
    },
    /// A vector has no direction: it is all zeros or not finite.
    #[error(
        "text {index} gives a vector without direction; the model's weights are damaged: fetch the model again"
    )]
    NoDirection {
        /// Position of the text in the call, from 0.
        index: usize,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
