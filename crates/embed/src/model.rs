//! A loaded model: texts in, unit vectors out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use berika_kernels::Cpu;
use rayon::prelude::*;

use crate::backend::Backend;
use crate::cost::{Cost, Shape};
use crate::encoder::{Encoder, Scratch, Shelf};
use crate::error::{EmbedError, LoadError};
use crate::folder::{Architecture, Folder};
use crate::plan::{Limits, plan};
use crate::pooling::{Pooling, normalise};
use crate::precision::Precision;
use crate::tokenize::Tokenizer;
use crate::vectors::Vectors;
use crate::weights::Weights;

/// Raised when the same files and texts would give other vectors than before in the same precision.
const ARITHMETIC: u32 = 2;

/// Passes that a thread runs before progress is told.
const PASSES_OF_THREAD: usize = 4;

/// What is put in front of every text of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt<'a> {
    /// The model's default prompt, if it names one, else nothing.
    #[default]
    Default,
    /// Nothing.
    None,
    /// The prompt of this name from the model's `config_sentence_transformers.json`.
    Named(&'a str),
    /// This text.
    Text(&'a str),
}

/// A sentence-embedding model, loaded from a folder. It is not changed by use and may be shared by threads, but calls
/// that overlap only slow one another: each uses every core.
pub struct Model {
    tokenizer: Tokenizer,
    encoder: Backend,
    shape: Shape,
    pooling: Pooling,
    dimension: usize,
    max_tokens: usize,
    prompts: BTreeMap<String, String>,
    default_prompt: Option<String>,
    content: String,
    precision: Precision,
    limits: Limits,
    shelf: Shelf,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("content", &self.content)
            .field("dimension", &self.dimension)
            .field("max_tokens", &self.max_tokens)
            .field("pooling", &self.pooling.name())
            .field("precision", &self.precision)
            .finish_non_exhaustive()
    }
}

impl Model {
    /// Loads a sentence-transformers folder: `modules.json`, the transformer's `config.json`, `model.safetensors` (or
    /// `pytorch_model.bin`) and `tokenizer.json` or `vocab.txt`, the pooling's `config.json`; `sentence_bert_config.json`,
    /// `tokenizer_config.json` and `config_sentence_transformers.json` where they are there.
    ///
    /// The encoder is BERT or XLM-R; the weights are f32, f16 or bf16 and its products are computed in f32. Nothing outside the
    /// folder is read. Checksums are not compared here: `berika-models` does that.
    ///
    /// # Errors
    /// [`LoadError`] names the file and what to do.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        Self::load_with(folder, Precision::F32, Cpu::detected())
    }

    /// As [`Self::load`], with products in `precision` and no processor extension but those of `cpu`.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_with(folder: &Path, precision: Precision, cpu: Cpu) -> Result<Self, LoadError> {
        Self::load_backend(folder, precision, |weights, arch| Backend::load(weights, arch, precision, cpu))
    }

    /// As [`Self::load_with`], with the encoder that `load` makes.
    pub(crate) fn load_backend(
        folder: &Path,
        precision: Precision,
        load: impl FnOnce(&Weights<'_>, &Architecture) -> Result<Backend, LoadError>,
    ) -> Result<Self, LoadError> {
        let mut parts = Folder::read(folder)?;
        let (tokenizer_file, tokenizer_bytes) = parts.tokenizer_file()?;
        let tokenizer = Tokenizer::load(
            &tokenizer_file,
            &tokenizer_bytes,
            &parts.tokenizer,
            parts.max_tokens,
            parts.lower_case,
        )?;
        drop(tokenizer_bytes);
        if tokenizer.vocabulary() > parts.architecture.vocabulary {
            let (known, rows) = (tokenizer.vocabulary(), parts.architecture.vocabulary);
            let what = format!("it knows {known} tokens, but config.json has room for {rows}");
            return Err(LoadError::Inconsistent { file: tokenizer_file, what });
        }
        let (weights_file, weights_bytes) = parts.weights()?;
        let weights = Weights::new(&weights_file, &weights_bytes)?;
        let encoder = load(&weights, &parts.architecture)?;
        let content = parts.hasher.finalize().to_hex()[..16].to_owned();
        tracing::debug!(content, folder = %folder.display(), "model loaded");
        Ok(Self {
            tokenizer,
            limits: encoder.limits(),
            shelf: Shelf::default(),
            encoder,
            shape: Shape::from(&parts.architecture),
            pooling: parts.pooling,
            dimension: parts.architecture.hidden,
            max_tokens: parts.max_tokens,
            prompts: parts.prompts,
            default_prompt: parts.default_prompt,
            content,
            precision,
        })
    }

    /// The same model with other limits on its batches. Vectors do not depend on them beyond the last digits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Numbers in a vector.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// The most tokens of a text that the model reads, those around it and the prompt's included.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// The sizes that a forward pass costs by.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// What [`Self::embed`] computes for these texts, without computing it.
    ///
    /// # Errors
    /// [`EmbedError`]: an unknown prompt, or a text that cannot be tokenised.
    pub fn cost(&self, texts: &[&str], prompt: Prompt<'_>) -> Result<Cost, EmbedError> {
        let prompt = self.prompt_text(prompt)?;
        let mut seen = HashSet::with_capacity(texts.len());
        let different: Vec<(usize, &str)> =
            texts.iter().copied().enumerate().filter(|(_, text)| seen.insert(*text)).collect();
        let lengths: Vec<usize> = different
            .par_iter()
            .map(|&(at, text)| Ok(self.tokens(prompt, text, at)?.len()))
            .collect::<Result<_, EmbedError>>()?;
        let rows_at_once = match &self.encoder {
            Backend::Kernels(encoder) => self.precision.rows_at_once(encoder.cpu()),
            #[cfg(any(test, feature = "cuda"))]
            Backend::Tensors(_) => 1,
        };
        let cost = Cost::new(self.shape, &lengths, &self.plan(&lengths), rows_at_once);
        Ok(Cost { texts: texts.len(), ..cost })
    }

    /// The prompts that the model names, by name.
    #[must_use]
    pub fn prompts(&self) -> &BTreeMap<String, String> {
        &self.prompts
    }

    /// The text that a prompt puts in front.
    ///
    /// # Errors
    /// [`EmbedError::UnknownPrompt`] if the model names no such prompt.
    pub fn prompt_text<'a>(&'a self, prompt: Prompt<'a>) -> Result<&'a str, EmbedError> {
        let named = |name: &str| {
            self.prompts.get(name).map(String::as_str).ok_or_else(|| EmbedError::UnknownPrompt {
                name: name.to_owned(),
                known: self.prompts.keys().cloned().collect(),
            })
        };
        match prompt {
            Prompt::None => Ok(""),
            Prompt::Text(text) => Ok(text),
            Prompt::Named(name) => named(name),
            Prompt::Default => self.default_prompt.as_deref().map_or(Ok(""), named),
        }
    }

    /// What decides a vector besides the text, as one stable line: a hash of the model's files (the first 16 digits of
    /// BLAKE3), the arithmetic and the prompt, such as `blake3:0123456789abcdef f32.2 prompt="query: "`. Equal texts
    /// under equal recipes have vectors that are equal to the bit on one kind of processor, and in all but the last digits (8 bits:
    /// within the noise of the rounding) on any.
    ///
    /// # Errors
    /// [`EmbedError::UnknownPrompt`] if the model names no such prompt.
    pub fn recipe(&self, prompt: Prompt<'_>) -> Result<String, EmbedError> {
        let Self { content, precision, .. } = self;
        Ok(format!("blake3:{content} {precision}.{ARITHMETIC} prompt={:?}", self.prompt_text(prompt)?))
    }

    /// How many tokens the text has, with the two around it and without any prompt. A text that is many times longer
    /// than [`Self::max_tokens`] is not counted to its end.
    #[must_use]
    pub fn count_tokens(&self, text: &str) -> usize {
        self.tokenizer.count(text)
    }

    /// The longest beginning of the text that [`Self::count_tokens`] counts to at most `limit`.
    #[must_use]
    pub fn truncate_to_tokens<'a>(&self, text: &'a str, limit: usize) -> &'a str {
        self.tokenizer.truncate(text, limit)
    }

    /// The unit vectors of the texts, in their order: `[texts.len(), dimension]`, float32, length one.
    ///
    /// What goes beyond [`Self::max_tokens`] is cut off. Equal texts are embedded once; no text means no forward pass.
    /// `progress` is told after every few forward passes how many of the texts are done.
    ///
    /// # Errors
    /// [`EmbedError`]: an unknown prompt, or damaged model files.
    pub fn embed(
        &self,
        texts: &[&str],
        prompt: Prompt<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vectors, EmbedError> {
        let prompt = self.prompt_text(prompt)?;
        // Where each text stands among the different ones, and how often and first where each of those occurs.
        let mut known: HashMap<&str, usize> = HashMap::with_capacity(texts.len());
        let mut first: Vec<usize> = Vec::new();
        let mut times: Vec<usize> = Vec::new();
        let places: Vec<usize> = (texts.iter().enumerate())
            .map(|(at, text)| {
                let place = *known.entry(text).or_insert_with(|| {
                    first.push(at);
                    times.push(0);
                    first.len() - 1
                });
                times[place] += 1;
                place
            })
            .collect();
        let tokens: Vec<Vec<u32>> =
            first.par_iter().map(|&at| self.tokens(prompt, texts[at], at)).collect::<Result<_, _>>()?;
        let lengths: Vec<usize> = tokens.iter().map(Vec::len).collect();
        let mut unique = vec![0.0; tokens.len() * self.dimension];
        let mut done = 0;
        let passes = self.plan(&lengths);
        // A few passes a thread at a time, so that progress is seen and what they give is not piled up.
        for some in passes.chunks(PASSES_OF_THREAD * rayon::current_num_threads()) {
            let vectors = self.passes(some, &tokens)?;
            for (&at, vector) in
                some.iter().flatten().zip(vectors.iter().flat_map(|rows| rows.chunks_exact(self.dimension)))
            {
                let out = &mut unique[at * self.dimension..(at + 1) * self.dimension];
                out.copy_from_slice(vector);
                if !normalise(out) {
                    return Err(EmbedError::NoDirection { index: first[at] });
                }
                done += times[at];
            }
            progress(done);
        }
        let data = if first.len() == texts.len() {
            unique
        } else {
            places
                .iter()
                .flat_map(|&at| &unique[at * self.dimension..(at + 1) * self.dimension])
                .copied()
                .collect()
        };
        Ok(Vectors::new(self.dimension, data).expect("one row of the dimension was made for each text"))
    }

    /// The passes for texts of these lengths, on the current pool.
    fn plan(&self, lengths: &[usize]) -> Vec<Vec<usize>> {
        plan(lengths, self.limits.shared_by(rayon::current_num_threads(), lengths))
    }

    /// The pooled vectors of each pass's texts, in its order.
    fn passes(&self, passes: &[Vec<usize>], tokens: &[Vec<u32>]) -> Result<Vec<Vec<f32>>, EmbedError> {
        match &self.encoder {
            Backend::Kernels(encoder) => {
                // Threads that are left over share the passes' rows.
                let threads = (rayon::current_num_threads() / passes.len().max(1)).max(1);
                let pass = |pass: &Vec<usize>| {
                    self.shelf.with(|scratch| self.pass(encoder, pass, tokens, threads, scratch))
                };
                Ok(passes.par_iter().map(pass).collect())
            }
            #[cfg(any(test, feature = "cuda"))]
            Backend::Tensors(encoder) => encoder.passes(passes, tokens, self.pooling),
        }
    }

    /// The pooled vectors of one pass's texts, in its order.
    fn pass(
        &self,
        encoder: &Encoder,
        pass: &[usize],
        tokens: &[Vec<u32>],
        threads: usize,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let lengths: Vec<usize> = pass.iter().map(|&at| tokens[at].len()).collect();
        let all: Vec<u32> = pass.iter().flat_map(|&at| &tokens[at]).copied().collect();
        let mut hidden = encoder.forward(&all, &lengths, threads, scratch);
        let mut vectors = vec![0.0; pass.len() * self.dimension];
        for (vector, length) in vectors.chunks_exact_mut(self.dimension).zip(&lengths) {
            let (own, rest) = hidden.split_at(length * self.dimension);
            self.pooling.pool(own, vector);
            hidden = rest;
        }
        vectors
    }

    fn tokens(&self, prompt: &str, text: &str, index: usize) -> Result<Vec<u32>, EmbedError> {
        let tokens = if prompt.is_empty() {
            self.tokenizer.encode(text)
        } else {
            self.tokenizer.encode(&[prompt, text].concat())
        };
        let tokens = tokens.map_err(|reason| EmbedError::Tokenize { index, reason })?;
        let rows = self.encoder.vocabulary();
        match tokens.iter().find(|&&token| token as usize >= rows) {
            Some(&token) => Err(EmbedError::TokenOutOfRange { index, token, rows }),
            None => Ok(tokens),
        }
    }
}
