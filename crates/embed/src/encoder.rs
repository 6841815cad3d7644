//! The BERT encoder (Devlin et al. 2019, post-norm), which XLM-R shares but for its position numbers.
//!
//! Tokens in, one vector a token out; how texts are tokenised, batched and pooled is not here. A batch is a rectangle of
//! token numbers, and all but the attention works on it as one matrix of `rows * width` tokens.

use candle_core::{D, Device, IndexOp as _, Result, Storage, Tensor, bail};

use crate::error::LoadError;
use crate::folder::{Activation, Architecture};
use crate::ops::{Bias, ResidualNorm, Softmax, each_row, normalise};
use crate::weights::Weights;

/// A loaded encoder.
pub(crate) struct Encoder {
    /// `[vocabulary, hidden]`.
    words: Tensor,
    /// Row `i` is what a text's token `i` gets: its position and token type 0.
    places: Vec<f32>,
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
    bias: Vec<f32>,
}

struct Norm {
    weight: Vec<f32>,
    shift: Vec<f32>,
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
        Self::transposed(&weight, &bias).map_err(|error| weights.failed(&error))
    }

    fn transposed(weight: &Tensor, bias: &Tensor) -> Result<Self> {
        Ok(Self { weight: weight.t()?.contiguous()?, bias: bias.to_vec1()? })
    }

    /// The product with the bias, and the activation, if any.
    fn forward(&self, xs: &Tensor, activation: Option<Activation>) -> Result<Tensor> {
        let ys = xs.matmul(&self.weight)?;
        ys.inplace_op1(&Bias { bias: &self.bias, activation })?;
        Ok(ys)
    }

    /// The product with the bias and the residual, normalised.
    fn forward_onto(&self, xs: &Tensor, residual: &Tensor, norm: &Norm) -> Result<Tensor> {
        let ys = xs.matmul(&self.weight)?;
        let (weight, shift, epsilon) = (&norm.weight, &norm.shift, norm.epsilon);
        ys.inplace_op2(residual, &ResidualNorm { bias: &self.bias, weight, shift, epsilon })?;
        Ok(ys)
    }
}

impl Norm {
    fn load(weights: &Weights<'_>, name: &str, arch: &Architecture) -> std::result::Result<Self, LoadError> {
        let numbers = |part: &str| {
            let tensor = weights.get(&format!("{name}.{part}"), &[arch.hidden])?;
            tensor.to_vec1().map_err(|error| weights.failed(&error))
        };
        Ok(Self { weight: numbers("weight")?, shift: numbers("bias")?, epsilon: arch.epsilon as f32 })
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
            let places = positions.narrow(0, offset, arch.positions.saturating_sub(offset))?;
            places.broadcast_add(&types.narrow(0, 0, 1)?)?.flatten_all()?.to_vec1()
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
    pub(crate) fn forward(&self, tokens: &[u32], width: usize, lengths: &[usize]) -> Result<Vec<f32>> {
        let mut xs = self.embed(tokens, width)?;
        for layer in &self.layers {
            xs = layer.forward(&xs, width, lengths, self.heads, self.activation)?;
        }
        xs.flatten_all()?.to_vec1()
    }

    /// Word, position and type of each token, normalised: `[tokens.len(), hidden]`.
    fn embed(&self, tokens: &[u32], width: usize) -> Result<Tensor> {
        let size = self.hidden;
        let (storage, _) = self.words.storage_and_layout();
        let Storage::Cpu(storage) = &*storage else { bail!("the token table is not in memory") };
        let words = storage.as_slice::<f32>()?;
        let mut xs = vec![0.0; tokens.len() * size];
        each_row(&mut xs, size, |at, row| {
            let (word, place) = (tokens[at] as usize, at % width);
            let word = &words[word * size..(word + 1) * size];
            let place = &self.places[place * size..(place + 1) * size];
            row.iter_mut().zip(word).zip(place).for_each(|((x, w), p)| *x = w + p);
            normalise(row, &self.norm.weight, &self.norm.shift, self.norm.epsilon);
        });
        Tensor::from_vec(xs, (tokens.len(), size), &Device::Cpu)
    }
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
            Linear::transposed(&weight, &Tensor::cat(&[&(query_bias * scale)?, &key_bias, &value_bias], 0)?)
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

    /// `xs` is `[texts * width, hidden]`, as is what comes back.
    fn forward(
        &self,
        xs: &Tensor,
        width: usize,
        lengths: &[usize],
        heads: usize,
        activation: Activation,
    ) -> Result<Tensor> {
        let (tokens, hidden) = xs.dims2()?;
        let texts = lengths.len();
        let qkv = self.qkv.forward(xs, None)?.reshape((texts, width, 3, heads, hidden / heads))?;
        // [3, texts, heads, width, size of a head]
        let qkv = qkv.permute((2, 0, 3, 1, 4))?.contiguous()?;
        let (query, key, value) = (qkv.i(0)?, qkv.i(1)?, qkv.i(2)?);
        let scores = query.matmul(&key.transpose(D::Minus1, D::Minus2)?)?;
        scores.inplace_op1(&Softmax { width, rows_of_text: heads * width, lengths })?;
        let attended = scores.matmul(&value)?.transpose(1, 2)?.reshape((tokens, hidden))?;
        let xs = self.attention_out.forward_onto(&attended, xs, &self.attention_norm)?;
        let inner = self.up.forward(&xs, Some(activation))?;
        self.down.forward_onto(&inner, &xs, &self.out_norm)
    }
}
