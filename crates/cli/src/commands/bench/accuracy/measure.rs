//! The classifier, called: rows and vectors in, what it makes of each test row out. The only file that knows it.

use anyhow::Context;
use berika_classify::promise::{Promise, Trial, Verification, threshold};
use berika_classify::{BuildInput, Classifier, Evidence, Parameters, Policy, Query, Sight, Verdict};

use super::super::embedded::Embedded;
use super::super::labelled_file::LabelledRow;
use super::super::stages::Stages;
use super::input::Input;

/// How a confidence is to be read: as a probability, calibrated on labels where there are enough.
pub(super) const CONFIDENCE_KIND: &str = "calibrated";

/// What the classifier makes of the test rows.
#[derive(Debug)]
pub(super) struct Measured {
    /// Of each row, in the order of the test file.
    pub(super) rows: Vec<Judged>,
    /// How the classifier was made.
    pub(super) classifier_recipe: String,
}

/// What the classifier makes of one row.
#[derive(Debug)]
pub(super) struct Judged {
    /// The categories offered, best first; empty where there is nothing to go by.
    pub(super) candidates: Vec<Offered>,
    /// How sure the first is, 0..=1.
    pub(super) confidence: f32,
    /// Whether the first would be accepted without a look.
    pub(super) auto: bool,
    /// Whether the row would be put aside.
    pub(super) rejected: bool,
}

/// A category offered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offered {
    /// Its position in the taxonomy.
    pub(super) category: usize,
    /// Its score.
    pub(super) score: f32,
}

/// Builds a classifier that knows the rows `labelled` of the training file as confirmed decisions, and lets it judge the
/// test rows.
///
/// # Errors
/// If a labelled row is of a category that cannot be chosen, naming file and line.
pub(super) fn measure(
    input: &Input,
    embedded: &Embedded,
    labelled: &[usize],
    stages: &mut Stages,
) -> anyhow::Result<Measured> {
    let evidence = evidence(input, embedded, labelled)?;
    let build = BuildInput {
        targets: input.categories.targets.clone(),
        vectors: &embedded.categories,
        means: &embedded.means,
        frequencies: &embedded.frequencies,
        evidence: &evidence,
        model_recipe: embedded.encoder.recipe(),
        parameters: Parameters::default(),
    };
    let classifier = embedded.encoder.compute(|| Classifier::build(build))?;
    stages.done("build");
    let rows = input.test.iter().zip(&embedded.test).zip(&embedded.test_words);
    let queries: Vec<Query<'_>> =
        rows.map(|((row, vector), text)| query(row, vector.as_deref(), text)).collect();
    let rankings = embedded.encoder.compute(|| classifier.rank(&queries))?;
    stages.done("rank");
    let policy = policy(&classifier, input.promise);
    let judged = rankings.into_iter().zip(&input.test).map(|(ranking, row)| {
        let verdict = policy.judge(&Sight::of(&row.id, &ranking), classifier.taxonomy());
        let offered = |c: &berika_classify::Candidate| Offered { category: c.category, score: c.score };
        Judged {
            candidates: ranking.candidates.iter().map(offered).collect(),
            confidence: ranking.confidence,
            auto: matches!(verdict, Verdict::Accept { .. }),
            rejected: matches!(verdict, Verdict::Reject { .. }),
        }
    });
    Ok(Measured { rows: judged.collect(), classifier_recipe: classifier.recipe().to_owned() })
}

/// What the promise allows to accept, going by the labels alone: they were drawn at random.
fn policy(classifier: &Classifier, promise: Promise) -> Policy {
    let trials: Vec<Trial<'_>> = classifier.cross_fitted().iter().map(|fitted| fitted.trial(false)).collect();
    match threshold(&trials, promise) {
        Verification::Threshold(found) => Policy::Promised {
            at: found.at,
            promise: promise.share(),
            trials: found.trials,
            audit: 0.0,
            seed: String::new(),
        },
        Verification::NotYet(not_yet) => Policy::NotYet(not_yet),
    }
}

fn query<'a>(row: &'a LabelledRow, vector: Option<&'a [f32]>, text: &'a str) -> Query<'a> {
    Query {
        vector,
        text,
        language: row.values.language.as_ref(),
        supplier: row.supplier.as_deref(),
        supplier_category: &row.values.supplier_category,
    }
}

/// The rows that count as confirmed decisions.
fn evidence<'a>(
    input: &'a Input,
    embedded: &'a Embedded,
    labelled: &[usize],
) -> anyhow::Result<Vec<Evidence<'a>>> {
    labelled
        .iter()
        .map(|&at| {
            let row = &input.train[at];
            let category = input.categories.id(&row.truth[0]).with_context(|| {
                let (path, file) = (row.truth[0].join(" > "), &input.train_file);
                format!("{file}, line {}: category {path:?} is not among the categories given", row.line)
            })?;
            Ok(Evidence {
                key: &row.id,
                category: Some(category),
                vector: embedded.train[at].as_deref(),
                text: &embedded.train_words[at],
                group: embedded.alike.group(at),
                at: at as i64,
                language: row.values.language.as_ref(),
                supplier: row.supplier.as_deref(),
                supplier_category: &row.values.supplier_category,
            })
        })
        .collect()
}
