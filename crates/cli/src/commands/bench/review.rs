//! `berika bench review`: what decisions in the order of `berika review next` are worth, against random ones.
//!
//! A catalogue without any decision is categorised, the first products of the order are confirmed with their labels,
//! the rest is categorised anew, and so on, batch by batch; accuracy is measured on the test rows. The same is done
//! with products drawn at random, several times. Nothing but the order of questions differs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use berika_classify::review_order::{Decided, Waiting, review_order};
use berika_classify::{BuildInput, Classifier, Evidence, Parameters, Query, Ranking};
use berika_evaluate::take_labels;
use berika_pipeline::{PrecisionSetting, review};
use serde::Serialize;

use super::categories::Categories;
use super::embedded::Embedded;
use super::labelled_file::{self, LabelledRow};
use super::stages::Stages;
use super::vectors;
use crate::output;

/// What `berika bench review` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Labelled products that can be asked about, in the form of `bench accuracy`.
    #[arg(long, value_name = "T.jsonl")]
    train: PathBuf,
    /// Labelled products to measure on.
    #[arg(long, value_name = "E.jsonl")]
    test: PathBuf,
    /// Numbers of decisions to measure after, rising. Those above the rows of the training file are left out.
    #[arg(long, value_delimiter = ',', default_value = "100,300,500,1000", value_name = "N,N")]
    labels: Vec<usize>,
    /// How many random choices the order is compared with: seeds 1, 2, and so on.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    seeds: u64,
    /// How many products are asked about before all are categorised anew.
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    batch: u64,
    /// The model: an id of the manifest, fetched where it is missing, or a sentence-transformers folder.
    #[arg(long, default_value = "all-MiniLM-L6-v2", value_name = "ID|DIR")]
    model: String,
    /// What vectors are computed in: f32, bf16, int8 or auto.
    #[arg(long, default_value = "f32", value_name = "NAME")]
    precision: PrecisionSetting,
    /// Where the figures are written.
    #[arg(long, value_name = "OUT.json")]
    json: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Figures {
    train_rows: usize,
    test_rows: usize,
    categories: usize,
    model: String,
    model_recipe: String,
    seeds: u64,
    batch: u64,
    /// Top-1 without any decision.
    top1_without: f64,
    points: Vec<Point>,
}

/// Top-1 after a number of decisions.
#[derive(Debug, Serialize)]
struct Point {
    labels: usize,
    /// Asked for in the order of review.
    review: f64,
    /// Drawn at random, the mean over the seeds,
    random: f64,
    /// and each of them.
    random_by_seed: Vec<f64>,
    /// How many random decisions are as good, between the numbers measured; `null` where it is more than the most.
    worth_random: Option<f64>,
}

/// Measures, prints a line a number and writes the file.
///
/// # Errors
/// If a file cannot be read or written, a row is not as it should be (naming file and line), or the model cannot be
/// had.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let train = labelled_file::read(&args.train)?;
    let test = labelled_file::read(&args.test)?;
    if train.is_empty() || test.is_empty() {
        bail!("{} or {} has no rows", args.train.display(), args.test.display());
    }
    let categories = Categories::of_rows(&train, &test)?;
    let embedded = Embedded::of(&categories, &train, &test, &args.model, args.precision, &mut Stages::new())?;
    let mut labels: Vec<usize> = args.labels.iter().copied().filter(|&n| n <= train.len()).collect();
    labels.sort_unstable();
    labels.dedup();
    let texts = train.iter().map(|row| review::telling_text(&row.values)).collect();
    let bench = Bench { train: &train, test: &test, categories: &categories, embedded: &embedded, texts };

    let top1_without = bench.top1(&[])?;
    let chosen = bench.review(labels.last().copied().unwrap_or_default(), args.batch as usize)?;
    let reviewed = labels.iter().map(|&n| bench.top1(&chosen[..n])).collect::<Result<Vec<_>, _>>()?;
    let mut random = Vec::with_capacity(labels.len());
    for &count in &labels {
        let by_seed = (1..=args.seeds).map(|seed| bench.top1(&take_labels(train.len(), count, seed)));
        random.push(by_seed.collect::<Result<Vec<_>, _>>()?);
    }
    let curve: Vec<(usize, f64)> = std::iter::once((0, top1_without))
        .chain(labels.iter().zip(&random).map(|(&n, seeds)| (n, mean(seeds))))
        .collect();
    let points: Vec<Point> = labels
        .iter()
        .zip(reviewed)
        .zip(random)
        .map(|((&labels, review), random_by_seed)| Point {
            labels,
            review,
            random: mean(&random_by_seed),
            random_by_seed,
            worth_random: worth(&curve, review),
        })
        .collect();
    let figures = Figures {
        train_rows: train.len(),
        test_rows: test.len(),
        categories: categories.len(),
        model: vectors::shown(&embedded.model, embedded.approximate.as_ref()),
        model_recipe: embedded.encoder.recipe().to_owned(),
        seeds: args.seeds,
        batch: args.batch,
        top1_without,
        points,
    };
    print(&figures);
    if let Some(file) = &args.json {
        write(file, &figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything that stays while decisions are added.
struct Bench<'a> {
    train: &'a [LabelledRow],
    test: &'a [LabelledRow],
    categories: &'a Categories,
    embedded: &'a Embedded,
    /// What words are taken from, per training row.
    texts: Vec<String>,
}

impl Bench<'_> {
    /// The first `most` training rows in the order of review, `batch` at a time.
    fn review(&self, most: usize, batch: usize) -> anyhow::Result<Vec<usize>> {
        let mut chosen: Vec<usize> = Vec::with_capacity(most);
        let mut asked = vec![false; self.train.len()];
        while chosen.len() < most {
            let rankings =
                self.rank(&chosen, self.train, &self.embedded.train, &self.embedded.train_words)?;
            // One of a look-alike group speaks for it; the others wait until nothing else is left.
            let asks: Vec<usize> = (0..self.train.len()).filter(|&row| !asked[row]).collect();
            let leading: Vec<usize> =
                asks.iter().copied().filter(|&row| self.embedded.alike.leader(row) == row).collect();
            let rows = if leading.is_empty() { asks } else { leading };
            let waiting: Vec<Waiting<'_>> = rows
                .iter()
                .map(|&row| Waiting {
                    key: &self.train[row].id,
                    text: &self.texts[row],
                    vector: self.embedded.train[row].as_deref(),
                    probabilities: review::first_two(&rankings[row]),
                    weight: f64::from(self.embedded.alike.size(row)),
                })
                .collect();
            let decided: Vec<Decided<'_>> = chosen
                .iter()
                .map(|&row| Decided { text: &self.texts[row], vector: self.embedded.train[row].as_deref() })
                .collect();
            let limit = batch.min(most - chosen.len());
            for turn in self.embedded.encoder.compute(|| review_order(&waiting, &decided, limit)) {
                asked[rows[turn.row]] = true;
                chosen.push(rows[turn.row]);
            }
        }
        Ok(chosen)
    }

    /// The share of test rows that are right after these training rows are confirmed.
    fn top1(&self, confirmed: &[usize]) -> anyhow::Result<f64> {
        let rankings = self.rank(confirmed, self.test, &self.embedded.test, &self.embedded.test_words)?;
        let right = self.test.iter().zip(&rankings).filter(|(row, ranking)| {
            ranking
                .candidates
                .first()
                .is_some_and(|first| row.truth.contains(&self.categories.path(first.category)))
        });
        Ok(right.count() as f64 / self.test.len() as f64)
    }

    fn rank(
        &self,
        confirmed: &[usize],
        rows: &[LabelledRow],
        vectors: &[Option<Vec<f32>>],
        texts: &[String],
    ) -> anyhow::Result<Vec<Ranking>> {
        let evidence: Vec<Evidence<'_>> = confirmed
            .iter()
            .filter_map(|&at| {
                let row = &self.train[at];
                Some(Evidence {
                    key: &row.id,
                    category: Some(self.categories.id(&row.truth[0])?),
                    vector: self.embedded.train[at].as_deref(),
                    text: &self.embedded.train_words[at],
                    group: self.embedded.alike.group(at),
                    at: at as i64,
                    language: row.values.language.as_ref(),
                    supplier: row.supplier.as_deref(),
                    supplier_category: &row.values.supplier_category,
                })
            })
            .collect();
        let input = BuildInput {
            targets: self.categories.targets.clone(),
            vectors: &self.embedded.categories,
            means: &self.embedded.means,
            frequencies: &self.embedded.frequencies,
            evidence: &evidence,
            model_recipe: self.embedded.encoder.recipe(),
            parameters: Parameters::default(),
        };
        let classifier = self.embedded.encoder.compute(|| Classifier::build(input))?;
        let queries: Vec<Query<'_>> = rows
            .iter()
            .zip(vectors)
            .zip(texts)
            .map(|((row, vector), text)| Query {
                vector: vector.as_deref(),
                text,
                language: row.values.language.as_ref(),
                supplier: row.supplier.as_deref(),
                supplier_category: &row.values.supplier_category,
            })
            .collect();
        Ok(self.embedded.encoder.compute(|| classifier.rank(&queries))?)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Where a curve of (decisions, accuracy) first reaches `accuracy`, straight between its points.
fn worth(curve: &[(usize, f64)], accuracy: f64) -> Option<f64> {
    if curve.first().is_some_and(|&(_, first)| first >= accuracy) {
        return Some(0.0);
    }
    curve.windows(2).find(|pair| pair[1].1 >= accuracy).map(|pair| {
        let [(n, low), (m, high)] = [pair[0], pair[1]];
        let share = (accuracy - low) / (high - low).max(f64::MIN_POSITIVE);
        n as f64 + share.clamp(0.0, 1.0) * (m - n) as f64
    })
}

fn print(figures: &Figures) {
    output::line(format!(
        "{} rows to ask about, {} to measure on, {} categories, model {}, {} at a time, {} random choices",
        figures.train_rows,
        figures.test_rows,
        figures.categories,
        figures.model,
        figures.batch,
        figures.seeds
    ));
    let mut table = output::table(&["decisions", "top1 review", "top1 random", "worth random"]);
    table.add_row(["0".to_owned(), format!("{:.3}", figures.top1_without), String::new(), String::new()]);
    for point in &figures.points {
        table.add_row([
            point.labels.to_string(),
            format!("{:.3}", point.review),
            format!("{:.3}", point.random),
            point.worth_random.map_or_else(|| "more".to_owned(), |worth| format!("{worth:.0}")),
        ]);
    }
    output::line(table);
}

fn write(file: &Path, figures: &Figures) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(figures)?;
    text.push('\n');
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worth_is_read_off_the_random_curve() {
        let curve = [(0, 0.2), (100, 0.4), (300, 0.5)];
        assert_eq!(worth(&curve, 0.1), Some(0.0));
        assert!((worth(&curve, 0.45).unwrap() - 200.0).abs() < 1e-9);
        assert_eq!(worth(&curve, 0.6), None);
    }
}
