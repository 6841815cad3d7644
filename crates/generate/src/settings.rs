//! What a model is made of, as its file's header states it.

use crate::gguf::{Header, Value};

/// The most of anything that multiplies what is computed or kept for a token.
const SIZE_CAP: u64 = 1 << 17;
const LAYERS_CAP: u64 = 512;
/// The most tokens that are held together, whatever a file promises.
const CONTEXT_CAP: u64 = 1 << 17;

/// A family of models that is computed alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Gemma3,
    Qwen2,
    Qwen3,
    Llama,
}

/// Which way the two numbers of a rotated pair lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairs {
    /// Side by side.
    Adjacent,
    /// Half a head apart.
    Halves,
}

/// Sizes and constants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) family: Family,
    pub(crate) layers: usize,
    pub(crate) width: usize,
    pub(crate) inner: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    pub(crate) head_width: usize,
    pub(crate) epsilon: f32,
    /// Tokens that are held together.
    pub(crate) context: usize,
    pub(crate) pairs: Pairs,
    pub(crate) rope_base: f32,
    /// Positions are divided by it in layers that see everything.
    pub(crate) rope_scale: f32,
    /// Layers that see only the last tokens: how many, and the base of their rotation.
    pub(crate) window: Option<(usize, f32)>,
}

/// Why the settings cannot be used.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The file states too little or what cannot be.
    Damaged(String),
    /// The file is sound but asks for what is not supported: what, and what is.
    Unsupported(String, &'static str),
}

/// One layer in so many of Gemma 3 sees everything; the files do not say so.
const GEMMA_PERIOD: usize = 6;
const GEMMA_LOCAL_BASE: f32 = 10_000.0;

impl Settings {
    pub(crate) fn read(header: &Header) -> Result<Self, Refused> {
        let damaged = |what: String| Refused::Damaged(what);
        let name = header
            .text("general.architecture")
            .ok_or_else(|| damaged("it states no architecture".to_owned()))?;
        let family = match name {
            "gemma3" => Family::Gemma3,
            "qwen2" => Family::Qwen2,
            "qwen3" => Family::Qwen3,
            "llama" => Family::Llama,
            other => {
                let other: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
                return Err(Refused::Unsupported(
                    format!("the architecture `{other}`"),
                    "supported are gemma3, qwen2, qwen3 and llama",
                ));
            }
        };
        let key = |key: &str| format!("{name}.{key}");
        let optional = |what: &str, cap: u64| match header.integer(&key(what)) {
            Some(n) if n == 0 || n > cap => Err(damaged(format!("its {what} is {n}"))),
            n => Ok(n.map(|n| n as usize)),
        };
        let size = |what: &str, cap: u64| {
            optional(what, cap)?.ok_or_else(|| damaged(format!("it does not state {what}")))
        };
        let number = |what: &str, sound: std::ops::RangeInclusive<f32>| match header.float(&key(what)) {
            Some(x) if !sound.contains(&x) => Err(damaged(format!("its {what} is {x}"))),
            x => Ok(x),
        };
        if header.integer(&key("expert_count")).is_some_and(|count| count > 0) {
            return Err(Refused::Unsupported("a mixture of experts".to_owned(), "choose a dense model"));
        }
        let width = size("embedding_length", SIZE_CAP)?;
        let heads = size("attention.head_count", SIZE_CAP)?;
        let kv_heads = optional("attention.head_count_kv", SIZE_CAP)?.unwrap_or(heads);
        let head_width = optional("attention.key_length", 4096)?.unwrap_or(width / heads);
        let value_width = optional("attention.value_length", 4096)?.unwrap_or(head_width);
        let rotated = optional("rope.dimension_count", 4096)?.unwrap_or(head_width);
        if !heads.is_multiple_of(kv_heads)
            || heads.saturating_mul(head_width) > SIZE_CAP as usize
            || head_width < 2
        {
            return Err(damaged(format!("it has {heads} heads of {head_width} on {kv_heads}")));
        }
        if value_width != head_width || rotated != head_width || !head_width.is_multiple_of(2) {
            return Err(Refused::Unsupported(
                format!("heads of {head_width} with values of {value_width}, {rotated} of them rotated"),
                "all three must be the same and even",
            ));
        }
        let rope_scale = match header.text(&key("rope.scaling.type")) {
            None | Some("none") => 1.0,
            Some("linear") => number("rope.scaling.factor", 0.01..=1e4)?.unwrap_or(1.0),
            Some(_) => {
                let instead = "without scaling and with linear scaling it is";
                return Err(Refused::Unsupported("its way of scaling positions".to_owned(), instead));
            }
        };
        let window = match family {
            Family::Gemma3 => Some((
                size("attention.sliding_window", 1 << 20)?,
                number("rope.freq_base_swa", 1.0..=1e12)?.unwrap_or(GEMMA_LOCAL_BASE),
            )),
            _ => None,
        };
        if header.values.get(&key("attn_logit_softcapping")).is_some_and(|value| *value != Value::Float(0.0))
        {
            return Err(Refused::Unsupported("capped attention".to_owned(), "choose another model"));
        }
        let context = header.integer(&key("context_length")).filter(|&n| n > 0);
        let base = if family == Family::Gemma3 { 1_000_000.0 } else { 10_000.0 };
        Ok(Self {
            family,
            layers: size("block_count", LAYERS_CAP)?,
            width,
            inner: size("feed_forward_length", SIZE_CAP * 8)?,
            heads,
            kv_heads,
            head_width,
            epsilon: number("attention.layer_norm_rms_epsilon", 0.0..=1.0)?
                .ok_or_else(|| damaged("it does not state attention.layer_norm_rms_epsilon".to_owned()))?,
            context: context
                .ok_or_else(|| damaged("it does not state context_length".to_owned()))?
                .min(CONTEXT_CAP) as usize,
            pairs: if family == Family::Llama { Pairs::Adjacent } else { Pairs::Halves },
            rope_base: number("rope.freq_base", 1.0..=1e12)?.unwrap_or(base),
            rope_scale,
            window,
        })
    }

    /// How many of the last tokens a layer sees, and how it rotates: base and scale.
    pub(crate) fn sight(&self, layer: usize) -> (usize, f32, f32) {
        match self.window {
            Some((window, base)) if !(layer + 1).is_multiple_of(GEMMA_PERIOD) => (window, base, 1.0),
            _ => (usize::MAX, self.rope_base, self.rope_scale),
        }
    }
}
