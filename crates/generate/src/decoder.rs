//! The forward pass: tokens of one or several texts in, the scores of each text's next token out.
//!
//! Written anew over candle's quantised products: its own model of Gemma 3 gates with SiLU where Gemma has GELU, builds
//! a table of 131,072 rotations a layer, copies its cache at each token, and cannot go on from a prefix with more than one
//! token. Here the families are one pass that differs in what its files hold.
//!
//! What a row gives depends on the tokens before it alone: not on other texts in the pass, nor on how a prompt is cut.

use candle_core::Result;

use crate::arithmetic::{Attention, Gate, add, each_row, gated, rms_norm};
use crate::cache::Sequence;
use crate::error::LoadError;
use crate::linear::{Linear, Stack};
use crate::rotation::Rotation;
use crate::settings::{Family, Settings};
use crate::weights::Weights;

/// Tokens that follow on what a text already has.
pub(crate) struct Span<'a> {
    pub(crate) tokens: &'a [u32],
    pub(crate) sequence: &'a mut Sequence,
    /// Whether the scores of what follows are wanted.
    pub(crate) scored: bool,
}

#[derive(Debug)]
struct Layer {
    attention_norm: Vec<f32>,
    queries_keys_values: Stack,
    query_norm: Option<Vec<f32>>,
    key_norm: Option<Vec<f32>>,
    attention_output: Linear,
    post_attention_norm: Option<Vec<f32>>,
    inner_norm: Vec<f32>,
    gate_up: Stack,
    down: Linear,
    post_inner_norm: Option<Vec<f32>>,
    /// How many of the last tokens it sees.
    window: usize,
    rotation: usize,
}

/// The weights of a model and how they are gone through.
#[derive(Debug)]
pub(crate) struct Decoder {
    settings: Settings,
    /// The table of tokens, where it is not the head as well.
    table: Option<Linear>,
    layers: Vec<Layer>,
    rotations: Vec<Rotation>,
    output_norm: Vec<f32>,
    head: Linear,
    vocabulary: usize,
}

impl Decoder {
    pub(crate) fn load(weights: &Weights<'_>, settings: Settings) -> std::result::Result<Self, LoadError> {
        let Settings { width, inner, heads, kv_heads, head_width, .. } = settings;
        let (query, key) = (heads * head_width, kv_heads * head_width);
        let vocabulary = weights.vocabulary("token_embd.weight")?;
        let tied = !weights.has("output.weight");
        let table = if tied { None } else { Some(weights.linear("token_embd.weight", vocabulary, width)?) };
        let head = if tied { "token_embd.weight" } else { "output.weight" };
        let factors = match weights.has("rope_freqs.weight") {
            true => Some(weights.vector("rope_freqs.weight", head_width / 2)?),
            false => None,
        };
        let gemma = settings.family == Family::Gemma3;
        let normed = gemma || settings.family == Family::Qwen3;
        let mut rotations: Vec<Rotation> = Vec::new();
        let mut layers = Vec::new();
        for index in 0..settings.layers {
            let prefix = format!("blk.{index}");
            let vector = |name: &str, size: usize| weights.vector(&format!("{prefix}.{name}.weight"), size);
            let (window, base, scale) = settings.sight(index);
            let rotation = Rotation::new(head_width, settings.pairs, base, scale, factors.as_deref());
            let known = rotations.iter().position(|other| *other == rotation);
            let rotation = known.unwrap_or_else(|| {
                rotations.push(rotation);
                rotations.len() - 1
            });
            layers.push(Layer {
                attention_norm: vector("attn_norm", width)?,
                queries_keys_values: weights.stack(
                    &prefix,
                    &[("attn_q", query), ("attn_k", key), ("attn_v", key)],
                    width,
                )?,
                query_norm: if normed { Some(vector("attn_q_norm", head_width)?) } else { None },
                key_norm: if normed { Some(vector("attn_k_norm", head_width)?) } else { None },
                attention_output: weights.linear(&format!("{prefix}.attn_output.weight"), width, query)?,
                post_attention_norm: if gemma { Some(vector("post_attention_norm", width)?) } else { None },
                inner_norm: vector("ffn_norm", width)?,
                gate_up: weights.stack(&prefix, &[("ffn_gate", inner), ("ffn_up", inner)], width)?,
                down: weights.linear(&format!("{prefix}.ffn_down.weight"), width, inner)?,
                post_inner_norm: if gemma { Some(vector("post_ffw_norm", width)?) } else { None },
                window,
                rotation,
            });
        }
        Ok(Self {
            table,
            layers,
            rotations,
            output_norm: weights.vector("output_norm.weight", width)?,
            head: weights.tall(head, vocabulary, width)?,
            vocabulary,
            settings,
        })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Tokens that the model knows.
    pub(crate) fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Goes through the tokens of every span, adds them to its sequence, and gives the scores of what follows on each
    /// span that wants them: a row of [`Self::vocabulary`] numbers for each, in their order.
    pub(crate) fn forward(&self, spans: &mut [Span<'_>]) -> Result<Vec<f32>> {
        let settings = &self.settings;
        let width = settings.width;
        let mut x = Vec::new();
        let mut places = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            for (offset, &token) in span.tokens.iter().enumerate() {
                x.extend(self.table.as_ref().unwrap_or(&self.head).row(token)?);
                places.push((index, span.sequence.len() + offset));
            }
        }
        let rows = places.len();
        if settings.family == Family::Gemma3 {
            let scale = (width as f32).sqrt();
            x.iter_mut().for_each(|x| *x *= scale);
        }
        let angles: Vec<Vec<f32>> = self
            .rotations
            .iter()
            .map(|rotation| places.iter().flat_map(|&(_, position)| rotation.angles(position)).collect())
            .collect();
        for (index, layer) in self.layers.iter().enumerate() {
            let mut h = x.clone();
            rms_norm(&mut h, &layer.attention_norm, settings.epsilon);
            let attended = self.attention(index, layer, &h, &places, &angles[layer.rotation], spans)?;
            let mut h = layer.attention_output.forward(&attended, rows)?;
            if let Some(norm) = &layer.post_attention_norm {
                rms_norm(&mut h, norm, settings.epsilon);
            }
            add(&mut x, &h);
            h.copy_from_slice(&x);
            rms_norm(&mut h, &layer.inner_norm, settings.epsilon);
            let both = layer.gate_up.forward(&h, rows)?;
            let gate = if settings.family == Family::Gemma3 { Gate::Gelu } else { Gate::Silu };
            let mut h = layer.down.forward(&gated(&both, settings.inner, gate), rows)?;
            if let Some(norm) = &layer.post_inner_norm {
                rms_norm(&mut h, norm, settings.epsilon);
            }
            add(&mut x, &h);
        }
        let mut last = Vec::new();
        let mut end = 0;
        for span in spans.iter_mut() {
            span.sequence.grow(span.tokens.len());
            end += span.tokens.len();
            if span.scored && !span.tokens.is_empty() {
                last.extend_from_slice(&x[(end - 1) * width..end * width]);
            }
        }
        if last.is_empty() {
            return Ok(Vec::new());
        }
        rms_norm(&mut last, &self.output_norm, settings.epsilon);
        self.head.forward(&last, last.len() / width)
    }

    /// Self-attention of a layer over rows of `h`; keys and values go into the sequences.
    fn attention(
        &self,
        index: usize,
        layer: &Layer,
        h: &[f32],
        places: &[(usize, usize)],
        angles: &[f32],
        spans: &mut [Span<'_>],
    ) -> Result<Vec<f32>> {
        let Settings { heads, kv_heads, head_width, epsilon, .. } = self.settings;
        let (query, key) = (heads * head_width, kv_heads * head_width);
        let rotation = &self.rotations[layer.rotation];
        let mut all = layer.queries_keys_values.forward(h, places.len())?;
        let total = query + 2 * key;
        let work = all.len() * 4;
        each_row(&mut all, total, work, |row, all| {
            let (queries, rest) = all.split_at_mut(query);
            for (part, norm) in [(queries, &layer.query_norm), (&mut rest[..key], &layer.key_norm)] {
                if let Some(norm) = norm {
                    rms_norm(part, norm, epsilon);
                }
                let angles = &angles[row * head_width..][..head_width];
                part.chunks_exact_mut(head_width).for_each(|head| rotation.turn(head, angles));
            }
        });
        for (row, &(span, _)) in all.chunks_exact(total).zip(places) {
            let (keys, values) = row[query..].split_at(key);
            spans[span].sequence.push(index, keys, values);
        }
        let spans: &[Span<'_>] = spans;
        let group = heads / kv_heads * head_width;
        let mut out = vec![0.0; places.len() * query];
        let seen: usize = places.iter().map(|&(_, position)| (position + 1).min(layer.window)).sum();
        each_row(&mut out, group, seen * query, |unit, out| {
            let (row, kv_head) = (unit / kv_heads, unit % kv_heads);
            let (span, position) = places[row];
            let queries = &all[row * total + kv_head * group..][..group];
            let from = (position + 1).saturating_sub(layer.window);
            let runs = spans[span].sequence.runs(index, kv_head, from..position + 1);
            Attention { queries, width: head_width, runs, out }.compute();
        });
        Ok(out)
    }
}
