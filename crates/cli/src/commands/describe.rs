//! `berika describe`: texts for products of a file, without a store.

mod forecast;
mod products_file;
mod summary;
mod texts_file;
mod writing;

use std::path::PathBuf;
use std::process::ExitCode;

use berika_catalog::Language;
use berika_describe::{Facts, Outcome, Request};
use berika_pipeline::writers::Voices;

use crate::arguments::{Global, Json};
use crate::{context, output};

pub(crate) use products_file::{Product, ProductsFile};
use summary::Summary;
pub(crate) use texts_file::TextsFile;
pub(crate) use writing::Writing;

/// What `berika describe` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    /// The products, one JSON object a line: id, title, brand, attributes, description, language, gtin, category (a name per
    /// language).
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// The languages to write in.
    #[arg(long, value_name = "TAG,...", value_delimiter = ',', required = true, value_parser = Language::parse)]
    languages: Vec<Language>,
    /// Where the texts are written, one JSON object a product and language.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Go on with an output that a program that was stopped left behind.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    writing: Writing,
}

/// Describes the products of the file.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(twice) =
        args.languages.iter().enumerate().find(|(at, tag)| args.languages[..*at].contains(tag))
    {
        anyhow::bail!("--languages names {} twice", twice.1);
    }
    let setup = args.writing.setup(global)?;
    let mut input = ProductsFile::open(&args.input)?;
    let mut texts = TextsFile::open(&args.output, args.resume)?;
    let stop = context::stop_token();
    let writers = setup.writers(&args.output).await?;
    let mut summary = Summary::default();
    if let Some(forecast) = forecast::of(args, &setup, &writers)? {
        if !global.json {
            output::line(forecast.to_string());
        }
        summary.forecast = Some(forecast);
    }
    let began = std::time::Instant::now();
    let batch = (writers.batch() / args.languages.len()).max(1);
    while !stop.is_cancelled() {
        let products = input.next(batch)?;
        if products.is_empty() {
            break;
        }
        let facts: Vec<Facts> = products.iter().map(|product| Facts::of(&product.values)).collect();
        let mut requests = Vec::new();
        for (product, request) in requests_of(&products, &facts, &args.languages, &setup.voices) {
            if texts.has_next(&product.id, request.language)? {
                summary.kept += 1;
            } else {
                requests.push((product, request));
            }
        }
        let asked: Vec<Request<'_>> = requests.iter().map(|(_, request)| *request).collect();
        let outcomes = writers.describe(&asked, &stop).await;
        for ((product, request), outcome) in requests.iter().zip(outcomes) {
            if matches!(&outcome, Outcome::NotDescribed(reason) if reason.is_stopped()) {
                break;
            }
            summary.add(&outcome);
            texts.write(&product.id, request.language, &outcome, &request.facts.conflicts)?;
        }
        texts.flush()?;
    }
    summary.out_of_use = writers.out_of_use();
    summary.interrupted = stop.is_cancelled();
    summary.seconds = began.elapsed().as_secs_f64();
    if global.json {
        output::json(&summary)?;
    } else {
        summary.print(&context::shown(&args.output));
    }
    Ok(if summary.interrupted { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// What is asked of these products, each in every language.
pub(crate) fn requests_of<'a>(
    products: &'a [Product],
    facts: &'a [Facts],
    languages: &'a [Language],
    voices: &'a Voices,
) -> impl Iterator<Item = (&'a Product, Request<'a>)> {
    products.iter().zip(facts).flat_map(move |(product, facts)| {
        languages.iter().map(move |language| {
            let (category, voice) = (product.category(language), voices.of(language));
            (product, Request { values: &product.values, facts, category, language, voice })
        })
    })
}
