//! Embeds on request, for `benches/peers/embed.py`, which runs it beside other programs that answer the same lines.
//!
//! `cargo run --release -p berika-embed --example contender -- berika MODEL_DIR PRECISION` or `-- candle MODEL_DIR`; threads
//! are those of `RAYON_NUM_THREADS`. Requests are lines of words parted by tabs; each is answered with one line:
//!
//! | request | answer |
//! |---|---|
//! | (none, after loading) | seconds of loading |
//! | `settings` | what may be set, blank-separated; nothing to choose: empty |
//! | `set` SETTING | `ok` |
//! | `embed` FILE | seconds for the lines of the file as one call |
//! | `one` TEXT | seconds for one text |
//! | `save` FILE OUT.npy | `ok`, the vectors written |
//!
//! `candle` is `candle_transformers`' own BERT as its examples use it: texts sorted by length, padded batches.

#![expect(clippy::print_stdout, reason = "a program that answers on standard output")]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use berika_embed::{Cpu, Model, Prompt, Vectors, write_npy};
use candle_core::{DType, Device, Tensor};
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let began = Instant::now();
    let mut contender: Box<dyn Contender> = match args[..] {
        ["berika", folder, precision] => {
            Box::new(Model::load_with(Path::new(folder), precision.parse()?, Cpu::detected())?)
        }
        ["candle", folder] => Box::new(Candle::load(Path::new(folder))?),
        _ => return Err("usage: contender berika MODEL_DIR PRECISION | candle MODEL_DIR".into()),
    };
    answer(began.elapsed().as_secs_f64())?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["settings"] => answer(contender.settings())?,
            ["set", setting] => {
                contender.set(setting)?;
                answer("ok")?;
            }
            ["embed", file] => {
                let text = std::fs::read_to_string(file)?;
                answer(timed(contender.as_ref(), &text.lines().collect::<Vec<_>>())?)?;
            }
            ["one", text] => answer(timed(contender.as_ref(), &[text])?)?,
            ["save", file, out] => {
                let text = std::fs::read_to_string(file)?;
                let vectors = contender.embed(&text.lines().collect::<Vec<_>>())?;
                let mut out = BufWriter::new(File::create(out)?);
                write_npy(&mut out, &vectors)?;
                out.flush()?;
                answer("ok")?;
            }
            _ => return Err(format!("no such request: {line:?}").into()),
        }
    }
    Ok(())
}

fn answer(what: impl std::fmt::Display) -> Result<()> {
    println!("{what}");
    Ok(std::io::stdout().flush()?)
}

fn timed(contender: &dyn Contender, texts: &[&str]) -> Result<f64> {
    let began = Instant::now();
    contender.embed(texts)?;
    Ok(began.elapsed().as_secs_f64())
}

trait Contender {
    fn settings(&self) -> &'static str {
        ""
    }
    fn set(&mut self, setting: &str) -> Result<()> {
        Err(format!("nothing to set: {setting}").into())
    }
    fn embed(&self, texts: &[&str]) -> Result<Vectors>;
}

impl Contender for Model {
    fn embed(&self, texts: &[&str]) -> Result<Vectors> {
        Ok(Model::embed(self, texts, Prompt::Default, &mut |_| {})?)
    }
}

struct Candle {
    tokenizer: Tokenizer,
    model: BertModel,
    batch: usize,
}

impl Candle {
    fn load(folder: &Path) -> Result<Self> {
        let config: Config = serde_json::from_slice(&std::fs::read(folder.join("config.json"))?)?;
        let limits: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("sentence_bert_config.json"))?)?;
        let mut tokenizer =
            Tokenizer::from_file(folder.join("tokenizer.json")).map_err(|error| error.to_string())?;
        let max_length = limits["max_seq_length"].as_u64().ok_or("no max_seq_length")? as usize;
        tokenizer.with_padding(Some(PaddingParams::default()));
        tokenizer
            .with_truncation(Some(TruncationParams { max_length, ..TruncationParams::default() }))
            .map_err(|error| error.to_string())?;
        let weights = std::fs::read(folder.join("model.safetensors"))?;
        let builder = candle_nn::VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu)?;
        Ok(Self { tokenizer, model: BertModel::load(builder, &config)?, batch: 32 })
    }

    /// Unit vectors of a batch, the mean over each text's tokens: `[texts, hidden]`.
    fn batch(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let encoded = self.tokenizer.encode_batch(texts.to_vec(), true).map_err(|error| error.to_string())?;
        let rows = |of: fn(&tokenizers::Encoding) -> &[u32]| -> Result<Tensor> {
            let rows: Vec<Vec<u32>> = encoded.iter().map(|text| of(text).to_vec()).collect();
            Ok(Tensor::new(rows, &Device::Cpu)?)
        };
        let (ids, mask) = (rows(|text| text.get_ids())?, rows(|text| text.get_attention_mask())?);
        let hidden = self.model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
        let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
        let sums = hidden.broadcast_mul(&mask)?.sum(1)?;
        let means = sums.broadcast_div(&mask.sum(1)?)?;
        Ok(means.broadcast_div(&means.sqr()?.sum_keepdim(1)?.sqrt()?)?.to_vec2()?)
    }
}

impl Contender for Candle {
    fn settings(&self) -> &'static str {
        "4 8 16 32 64"
    }

    fn set(&mut self, setting: &str) -> Result<()> {
        self.batch = setting.parse()?;
        Ok(())
    }

    fn embed(&self, texts: &[&str]) -> Result<Vectors> {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(texts[at].len()));
        let mut vectors = vec![Vec::new(); texts.len()];
        for places in order.chunks(self.batch) {
            let batch: Vec<&str> = places.iter().map(|&at| texts[at]).collect();
            for (&at, vector) in places.iter().zip(self.batch(&batch)?) {
                vectors[at] = vector;
            }
        }
        let dimension = vectors.first().map_or(1, Vec::len);
        Vectors::new(dimension, vectors.concat()).ok_or_else(|| "vectors of several lengths".into())
    }
}
