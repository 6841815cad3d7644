//! `berika embed`.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_embed::{Model, Prompt, write_npy};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika embed` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    /// The model's id or a sentence-transformers folder.
    #[arg(long, value_name = "DIR|ID", default_value = "sentence-transformers/all-MiniLM-L6-v2")]
    model: String,
    /// The texts, one a line, UTF-8.
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Where to write the vectors: NumPy, float32, one row a line.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// The name of one of the model's prompts to put before each text.
    #[arg(long, value_name = "NAME")]
    prompt: Option<String>,
}

pub(crate) fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let located =
        berika_models::find_here_for(berika_models::Kind::Embedding, &args.model, &context::model_cache()?)?;
    let model = Model::load(&located.folder)?;
    let input = File::open(&args.input).with_context(|| format!("cannot read {}", args.input.display()))?;
    let texts: Vec<String> = BufReader::new(input)
        .lines()
        .collect::<Result<_, _>>()
        .with_context(|| format!("{} is not UTF-8 text", args.input.display()))?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let prompt = args.prompt.as_deref().map_or(Prompt::Default, Prompt::Named);
    let began = std::time::Instant::now();
    let vectors = model.embed(&texts, prompt, &mut |_| {})?;
    let seconds = began.elapsed().as_secs_f64();
    let written = || format!("cannot write {}", args.output.display());
    let mut out = BufWriter::new(File::create(&args.output).with_context(written)?);
    write_npy(&mut out, &vectors).and_then(|()| out.flush()).with_context(written)?;
    let recipe = model.recipe(prompt)?;
    if global.json {
        output::json(&serde_json::json!({
            "texts": texts.len(), "dimension": vectors.dimension(), "seconds": seconds, "recipe": recipe,
            "approximate": located.approximate,
        }))?;
    } else {
        output::line(format!(
            "{} vectors of {} numbers in {seconds:.2} s ({recipe}): {}",
            texts.len(),
            vectors.dimension(),
            context::shown(&args.output)
        ));
        if let Some(approximate) = located.approximate {
            output::line(format!("the model is {approximate}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
