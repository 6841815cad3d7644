//! The same encoder as a program of candle's tensors, for a GPU.
//!
//! Texts stand one behind the other as in [`super::Encoder`], and all but the attention works on them as one matrix. The
//! attention takes neighbours of one length together, as a rectangle without padding: a plan sorts texts by length, so
//! rectangles are few. Numbers are those of the weights' type; sums of products, of a softmax, a normalisation and a mean
//! are taken in f32 by candle's CUDA kernels.

use berika_kernels::Activation;
use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::ops::{layer_norm, softmax_last_dim};

use crate::error::{EmbedError, LoadError};
use crate::folder::Architecture;
use crate::pooling::Pooling;
use crate::weights::Weights;

#[cfg(test)]
mod tests;

/// A loaded encoder.
pub(crate) struct TensorEncoder {
    device: Device,
    /// `[vocabulary, hidden]`.
    words: Tensor,
    /// Row `i` is what a text's token `i` gets: its position and token type 0.
    places: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    /// Query (already divided by the root of the head's size), key and value in one product.
    qkv: Linear,
    attention_out: Linear,
    attention_norm: Norm,
    up: Linear,
    down: Linear,
    out_norm: Norm,
    heads: usize,
    activation: Activation,
}

struct Linear {
    /// `[outputs, inputs]`.
    weight: Tensor,
    /// `[outputs]`.
    bias: Tensor,
}

/// Scale and shift of a normalisation, `[hidden]` each.
struct Norm {
    weight: Tensor,
    shift: Tensor,
    epsilon: f32,
}

/// Neighbours of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    /// The first token of the first.
    start: usize,
    texts: usize,
    length: usize,
}

/// Puts weights where they are computed with.
struct Loader<'a> {
    weights: &'a Weights<'a>,
    device: &'a Device,
    dtype: DType,
}

type Loaded<T> = std::result::Result<T, LoadError>;

impl TensorEncoder {
    /// Takes the weights over to `device`, as numbers of `dtype`.
    pub(crate) fn load(
        weights: &Weights<'_>,
        arch: &Architecture,
        device: &Device,
        dtype: DType,
    ) -> Loaded<Self> {
        let hidden = arch.hidden;
        let loader = Loader { weights, device, dtype };
        let words = loader.tensor("embeddings.word_embeddings.weight", &[arch.vocabulary, hidden])?;
        let positions = weights.get("embeddings.position_embeddings.weight", &[arch.positions, hidden])?;
        let types = weights.get("embeddings.token_type_embeddings.weight", &[arch.types, hidden])?;
        let usable = arch.positions.saturating_sub(arch.position_offset);
        let places = loader.put((|| {
            positions.narrow(0, arch.position_offset, usable)?.broadcast_add(&types.narrow(0, 0, 1)?)
        })())?;
        let norm = loader.norm("embeddings.LayerNorm", arch)?;
        let layers = (0..arch.layers).map(|at| Layer::load(&loader, at, arch)).collect::<Loaded<_>>()?;
        Ok(Self { device: device.clone(), words, places, norm, layers })
    }

    /// Rows of the token table.
    pub(crate) fn vocabulary(&self) -> usize {
        self.words.dims()[0]
    }

    /// The pooled vectors of the texts of each pass, `[texts, hidden]`, in its order; `tokens` are those of every text.
    ///
    /// # Errors
    /// [`EmbedError::Encoder`], such as for want of the device's memory.
    pub(crate) fn passes(
        &self,
        passes: &[Vec<usize>],
        tokens: &[Vec<u32>],
        pooling: Pooling,
    ) -> std::result::Result<Vec<Vec<f32>>, EmbedError> {
        let failed = |pass: &[usize]| {
            let length = pass.iter().map(|&at| tokens[at].len()).max().unwrap_or_default();
            let rows = pass.len();
            move |source| EmbedError::Encoder { rows, length, source }
        };
        // All are queued before the first is waited for, so that a GPU is not idle between two.
        let mut queued = Vec::with_capacity(passes.len());
        for pass in passes {
            let lengths: Vec<usize> = pass.iter().map(|&at| tokens[at].len()).collect();
            let all: Vec<u32> = pass.iter().flat_map(|&at| &tokens[at]).copied().collect();
            queued.push(self.forward(&all, &lengths, pooling).map_err(failed(pass))?);
        }
        let fetched = passes.iter().zip(&queued).map(|(pass, pooled)| {
            pooled.flatten_all().and_then(|pooled| pooled.to_vec1()).map_err(failed(pass))
        });
        fetched.collect()
    }

    /// Runs the encoder on texts of `lengths` tokens each, whose token numbers stand one behind the other in `tokens`, and pools
    /// each: `[lengths.len(), hidden]`, f32, on the device, which may not have computed it yet.
    ///
    /// # Errors
    /// Those of the device, such as want of memory. On a GPU nothing looks whether a token is in the table.
    fn forward(&self, tokens: &[u32], lengths: &[usize], pooling: Pooling) -> Result<Tensor> {
        let groups = groups(lengths);
        let mut xs = self.embed(tokens, lengths)?;
        for layer in &self.layers {
            xs = layer.forward(&xs, &groups)?;
        }
        let pooled: Vec<Tensor> =
            groups.iter().map(|group| group.pool(&xs, pooling)).collect::<Result<_>>()?;
        Tensor::cat(&pooled, 0)
    }

    /// Word, position and type of each token, normalised.
    fn embed(&self, tokens: &[u32], lengths: &[usize]) -> Result<Tensor> {
        let places: Vec<u32> = lengths.iter().flat_map(|&length| 0..length as u32).collect();
        let words = self.words.index_select(&Tensor::new(tokens, &self.device)?, 0)?;
        let places = self.places.index_select(&Tensor::new(places, &self.device)?, 0)?;
        self.norm.forward(&(words + places)?)
    }
}

impl Layer {
    fn load(loader: &Loader<'_>, at: usize, arch: &Architecture) -> Loaded<Self> {
        let (hidden, inner) = (arch.hidden, arch.intermediate);
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        let scale = 1.0 / ((hidden / arch.heads) as f64).sqrt();
        let joined = |which: &str, shape: &[usize]| {
            let part =
                |part: &str| loader.weights.get(&name(&format!("attention.self.{part}.{which}")), shape);
            let (query, key, value) = (part("query")?, part("key")?, part("value")?);
            loader.put((query * scale).and_then(|query| Tensor::cat(&[query, key, value], 0)))
        };
        Ok(Self {
            qkv: Linear { weight: joined("weight", &[hidden, hidden])?, bias: joined("bias", &[hidden])? },
            attention_out: loader.linear(&name("attention.output.dense"), (hidden, hidden))?,
            attention_norm: loader.norm(&name("attention.output.LayerNorm"), arch)?,
            up: loader.linear(&name("intermediate.dense"), (hidden, inner))?,
            down: loader.linear(&name("output.dense"), (inner, hidden))?,
            out_norm: loader.norm(&name("output.LayerNorm"), arch)?,
            heads: arch.heads,
            activation: arch.activation,
        })
    }

    /// `xs` is `[tokens, hidden]`, as is what comes back.
    fn forward(&self, xs: &Tensor, groups: &[Group]) -> Result<Tensor> {
        let qkv = self.qkv.forward(xs)?;
        let attended: Vec<Tensor> =
            groups.iter().map(|group| group.attend(&qkv, self.heads)).collect::<Result<_>>()?;
        let attended = self.attention_out.forward(&Tensor::cat(&attended, 0)?)?;
        let xs = self.attention_norm.forward(&(attended + xs)?)?;
        let inner = self.up.forward(&xs)?;
        let inner = match self.activation {
            Activation::Gelu => inner.gelu_erf(),
            Activation::GeluTanh => inner.gelu(),
            Activation::Relu => inner.relu(),
            Activation::Silu => inner.silu(),
        }?;
        self.out_norm.forward(&(self.down.forward(&inner)? + xs)?)
    }
}

impl Linear {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        xs.matmul(&self.weight.t()?)?.broadcast_add(&self.bias)
    }
}

impl Norm {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        layer_norm(xs, &self.weight, &self.shift, self.epsilon)
    }
}

fn groups(lengths: &[usize]) -> Vec<Group> {
    let mut start = 0;
    let of = |same: &[usize]| {
        let group = Group { start, texts: same.len(), length: same[0] };
        start += group.tokens();
        group
    };
    lengths.chunk_by(|a, b| a == b).map(of).collect()
}

impl Group {
    fn tokens(self) -> usize {
        self.texts * self.length
    }

    /// The attention of each text to itself. `qkv` is `[all tokens, 3 * hidden]`; what comes back `[tokens, hidden]`.
    fn attend(self, qkv: &Tensor, heads: usize) -> Result<Tensor> {
        let hidden = qkv.dim(D::Minus1)? / 3;
        let own = qkv.narrow(0, self.start, self.tokens())?;
        let own = own.reshape((self.texts, self.length, 3, heads, hidden / heads))?;
        // [3, texts, heads, length, size of a head]
        let parts = own.permute((2, 0, 3, 1, 4))?.contiguous()?;
        let (query, key, value) = (parts.get(0)?, parts.get(1)?, parts.get(2)?);
        let shares = softmax_last_dim(&query.matmul(&key.t()?)?)?;
        shares.matmul(&value)?.transpose(1, 2)?.reshape((self.tokens(), hidden))
    }

    /// `[texts, hidden]`, in f32, of `xs`, `[all tokens, hidden]`.
    fn pool(self, xs: &Tensor, pooling: Pooling) -> Result<Tensor> {
        let hidden = xs.dim(D::Minus1)?;
        let own = xs.narrow(0, self.start, self.tokens())?.reshape((self.texts, self.length, hidden))?;
        match pooling {
            Pooling::Mean => own.to_dtype(DType::F32)?.mean(1),
            Pooling::Cls => own.narrow(1, 0, 1)?.squeeze(1)?.to_dtype(DType::F32),
            Pooling::Max => own.max(1)?.to_dtype(DType::F32),
        }
    }
}

impl Loader<'_> {
    /// Takes a tensor that was made in f32 and in memory over to the device.
    fn put(&self, tensor: Result<Tensor>) -> Loaded<Tensor> {
        let moved = tensor.and_then(|tensor| tensor.to_dtype(self.dtype)?.to_device(self.device));
        moved.map_err(|error| self.weights.failed(&error))
    }

    fn tensor(&self, name: &str, shape: &[usize]) -> Loaded<Tensor> {
        self.put(Ok(self.weights.get(name, shape)?))
    }

    /// Loads `name.weight`, `[outputs, inputs]`, and `name.bias`.
    fn linear(&self, name: &str, (inputs, outputs): (usize, usize)) -> Loaded<Linear> {
        Ok(Linear {
            weight: self.tensor(&format!("{name}.weight"), &[outputs, inputs])?,
            bias: self.tensor(&format!("{name}.bias"), &[outputs])?,
        })
    }

    fn norm(&self, name: &str, arch: &Architecture) -> Loaded<Norm> {
        Ok(Norm {
            weight: self.tensor(&format!("{name}.weight"), &[arch.hidden])?,
            shift: self.tensor(&format!("{name}.bias"), &[arch.hidden])?,
            epsilon: arch.epsilon as f32,
        })
    }
}
