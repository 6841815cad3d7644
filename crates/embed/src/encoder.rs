//! The BERT encoder (Devlin et al. 2019, post-norm), which XLM-R shares but for its position numbers.
//!
//! Tokens in, one vector a token out; how texts are tokenised, batched and pooled is not here. A batch is a rectangle of
//! token numbers, and all but the attention works on it as one matrix of `rows * width` tokens.

use candle_core::{D, Device, Result, Tensor};
use candle_nn::ops::{layer_norm, softmax_last_dim};

use crate::error::LoadError;
use crate::folder::{Activation, Architecture};
use crate::weights::Weights;

/// A loaded encoder.
pub(crate) struct Encoder {
    words: Tensor,
    /// Row `i` is what a text's token `i` gets: its position and token type 0.
    places: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
    hidden: usize,
    activation: Activation,
}

struct Layer {
    /// Query (already divided by the root of the head's size), key and value in one product: `[hidden, 3 * hidden]`.
    qkv: Linear,
    attention_out: Linear,
    attention_norm: Norm,
    up: Linear,
    down: Linear,
    out_norm: Norm,
}

struct Linear {
    /// `[inputs, outputs]`.
    weight: Tensor,
    bias: Tensor,
}

struct Norm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f32,
}

impl Linear {
    fn load(
        weights: &Weights<'_>,
        name: &str,
        inputs: usize,
        outputs: usize,
    ) -> std::result::Result<Self, LoadError> {
        let weight = weights.get(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = weights.get(&format!("{name}.bias"), &[outputs])?;
        Self::transposed(&weight, bias).map_err(|error| weights.failed(&error))
    }

    fn transposed(weight: &Tensor, bias: Tensor) -> Result<Self> {
        Ok(Self { weight: weight.t()?.contiguous()?, bias })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        xs.matmul(&self.weight)?.broadcast_add(&self.bias)
    }
}

impl Norm {
    fn load(weights: &Weights<'_>, name: &str, arch: &Architecture) -> std::result::Result<Self, LoadError> {
        Ok(Self {
            weight: weights.get(&format!("{name}.weight"), &[arch.hidden])?,
            bias: weights.get(&format!("{name}.bias"), &[arch.hidden])?,
            epsilon: arch.epsilon as f32,
        })
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        layer_norm(xs, &self.weight, &self.bias, self.epsilon)
    }
}

impl Encoder {
    pub(crate) fn load(weights: &Weights<'_>, arch: &Architecture) -> std::result::Result<Self, LoadError> {
        let hidden = arch.hidden;
        let words = weights.get("embeddings.word_embeddings.weight", &[arch.vocabulary, hidden])?;
        let positions = weights.get("embeddings.position_embeddings.weight", &[arch.positions, hidden])?;
        let types = weights.get("embeddings.token_type_embeddings.weight", &[arch.types, hidden])?;
        let offset = arch.position_offset;
        let places = (|| {
            positions
                .narrow(0, offset, arch.positions.saturating_sub(offset))?
                .broadcast_add(&types.narrow(0, 0, 1)?)
        })()
        .map_err(|error| weights.failed(&error))?;
        let norm = Norm::load(weights, "embeddings.LayerNorm", arch)?;
        let layers = (0..arch.layers)
            .map(|at| Layer::load(weights, at, arch))
            .collect::<std::result::Result<_, _>>()?;
        Ok(Self { words, places, norm, layers, heads: arch.heads, hidden, activation: arch.activation })
    }

    /// Rows of the token table.
    pub(crate) fn vocabulary(&self) -> usize {
        self.words.dims()[0]
    }

    /// Runs the encoder on `lengths.len()` texts of `width` token numbers each, row-major in `tokens`; only the first
    /// `lengths[i]` tokens of row `i` are the text's own. Returns the last layer, `[rows * width, hidden]` row-major;
    /// what stands at padding means nothing.
    pub(crate) fn forward(&self, tokens: Vec<u32>, width: usize, lengths: &[usize]) -> Result<Vec<f32>> {
        let rows = lengths.len();
        let tokens = Tensor::from_vec(tokens, rows * width, &Device::Cpu)?;
        let places = self.places.narrow(0, 0, width)?;
        let embedded = self.words.index_select(&tokens, 0)?.reshape((rows, width, self.hidden))?;
        let mut xs =
            self.norm.forward(&embedded.broadcast_add(&places)?.reshape((rows * width, self.hidden))?)?;
        let mask = mask(width, lengths)?;
        for layer in &self.layers {
            xs = layer.forward(&xs, rows, self.heads, mask.as_ref(), self.activation)?;
        }
        xs.flatten_all()?.to_vec1()
    }
}

/// `[rows, 1, 1, width]`: 0 at a text's own tokens, a number that no softmax survives at padding. `None` without padding.
fn mask(width: usize, lengths: &[usize]) -> Result<Option<Tensor>> {
    if lengths.iter().all(|&length| length == width) {
        return Ok(None);
    }
    let row = |&length: &usize| (0..width).map(move |at| if at < length { 0.0 } else { f32::MIN });
    let data: Vec<f32> = lengths.iter().flat_map(row).collect();
    Tensor::from_vec(data, (lengths.len(), 1, 1, width), &Device::Cpu).map(Some)
}

impl Layer {
    fn load(weights: &Weights<'_>, at: usize, arch: &Architecture) -> std::result::Result<Self, LoadError> {
        let (hidden, inner) = (arch.hidden, arch.intermediate);
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        let part = |part: &str| -> std::result::Result<(Tensor, Tensor), LoadError> {
            Ok((
                weights.get(&name(&format!("attention.self.{part}.weight")), &[hidden, hidden])?,
                weights.get(&name(&format!("attention.self.{part}.bias")), &[hidden])?,
            ))
        };
        let ((query, query_bias), (key, key_bias), (value, value_bias)) =
            (part("query")?, part("key")?, part("value")?);
        let scale = 1.0 / ((hidden / arch.heads) as f64).sqrt();
        let qkv = (|| {
            let weight = Tensor::cat(&[&(query * scale)?, &key, &value], 0)?;
            Linear::transposed(&weight, Tensor::cat(&[&(query_bias * scale)?, &key_bias, &value_bias], 0)?)
        })()
        .map_err(|error| weights.failed(&error))?;
        Ok(Self {
            qkv,
            attention_out: Linear::load(weights, &name("attention.output.dense"), hidden, hidden)?,
            attention_norm: Norm::load(weights, &name("attention.output.LayerNorm"), arch)?,
            up: Linear::load(weights, &name("intermediate.dense"), hidden, inner)?,
            down: Linear::load(weights, &name("output.dense"), inner, hidden)?,
            out_norm: Norm::load(weights, &name("output.LayerNorm"), arch)?,
        })
    }

    fn forward(
        &self,
        xs: &Tensor,
        rows: usize,
        heads: usize,
        mask: Option<&Tensor>,
        activation: Activation,
    ) -> Result<Tensor> {
        let (tokens, hidden) = xs.dims2()?;
        let qkv = self.qkv.forward(xs)?.reshape((rows, tokens / rows, 3, heads, hidden / heads))?;
        // [3, rows, heads, width, size of a head]
        let qkv = qkv.permute((2, 0, 3, 1, 4))?.contiguous()?;
        let (query, key, value) = (qkv.get(0)?, qkv.get(1)?, qkv.get(2)?);
        let mut scores = query.matmul(&key.transpose(D::Minus1, D::Minus2)?)?;
        if let Some(mask) = mask {
            scores = scores.broadcast_add(mask)?;
        }
        let attended = softmax_last_dim(&scores)?.matmul(&value)?;
        let attended = attended.transpose(1, 2)?.reshape((tokens, hidden))?;
        let xs = self.attention_norm.forward(&(self.attention_out.forward(&attended)? + xs)?)?;
        let inner = self.up.forward(&xs)?;
        let inner = match activation {
            Activation::Gelu => inner.gelu_erf()?,
            Activation::GeluTanh => inner.gelu()?,
            Activation::Relu => inner.relu()?,
            Activation::Silu => inner.silu()?,
        };
        self.out_norm.forward(&(self.down.forward(&inner)? + xs)?)
    }
}
