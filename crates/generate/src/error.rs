//! What can go wrong while a model file is read and while text is generated.

use std::io;
use std::path::PathBuf;

/// A model could not be loaded. Every variant names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Neither a file nor a folder is there.
    #[error("model {} does not exist; run `berika model fetch` or give a GGUF file", .path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// A folder without exactly one GGUF file.
    #[error("model folder {} has {count} files that end in .gguf; give the file itself", .folder.display())]
    NotOneFile {
        /// The folder.
        folder: PathBuf,
        /// GGUF files in it.
        count: usize,
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
    /// A file is larger than any that is read.
    #[error("model file {} has {size} bytes, more than the {cap} that are read", .file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The most that is read, in bytes.
        cap: u64,
    },
    /// The file is no GGUF, is cut off, or states what cannot be.
    #[error("model file {} is damaged or no GGUF: {what}; fetch it again", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// The first thing that is wrong.
        what: String,
    },
    /// The file is sound but of a kind that is not supported.
    #[error("model file {} asks for {what}, which is not supported; {instead}", .file.display())]
    Unsupported {
        /// The file.
        file: PathBuf,
        /// What it asks for.
        what: String,
        /// What is supported.
        instead: &'static str,
    },
    /// A tensor is absent or has another shape or kind of number than the settings say.
    #[error("model file {}: tensor `{tensor}` {problem}; fetch it again", .file.display())]
    Tensor {
        /// The file.
        file: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no tokenizer, or it could not be understood.
    #[error("the tokenizer of model {} could not be loaded: {reason}", .file.display())]
    Tokenizer {
        /// The file that holds it or should.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// Text could not be generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The prompt and the text asked for do not fit into the model's context.
    #[error(
        "the prompt has {prompt} tokens and {asked} more are asked for, but the model holds {context} together; \
         shorten the prompt"
    )]
    TooLong {
        /// Tokens of the prompt.
        prompt: usize,
        /// Tokens that were asked for.
        asked: usize,
        /// Tokens that the model holds.
        context: usize,
    },
    /// The prompt has no tokens at all.
    #[error("the prompt is empty")]
    EmptyPrompt,
    /// An option is out of its range.
    #[error("option {option} is {value}, but must be {must}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What it was.
        value: f32,
        /// What it may be.
        must: &'static str,
    },
    /// The tokenizer refused the prompt.
    #[error("the prompt could not be tokenised: {reason}")]
    Tokenize {
        /// What the tokenizer library said.
        reason: String,
    },
    /// The decoder failed.
    #[error("the decoder failed on {rows} tokens: {reason}")]
    Decoder {
        /// Tokens in the pass.
        rows: usize,
        /// What the tensor library said.
        reason: String,
    },
    /// The scores of the next token are not numbers.
    #[error("the model gives scores that are not finite; its weights are damaged: fetch it again")]
    NotFinite,
}
