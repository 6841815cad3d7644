//! Files of confirmed decisions: CSV with the columns `supplier`, `sku`, `category` and, where wanted, `decided_by`,
//! `decided_at`, `note`, `chosen_by`, `taxonomy` and `taxonomy_version`. An empty category says: belongs to none of ours.
//!
//! `chosen_by` says how the product came to be decided on, `import` where left out: that counts as a random sample of the
//! catalogue. `taxonomy` and `taxonomy_version` say what was decided over, the present one where left out; a later one
//! is refused. A decision over an earlier version follows its category where that is called otherwise since; one whose category is gone is logged all the same, because it was made: the product goes to review.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use berika_catalog::{CategoryId, ChosenBy, Decision, ProductKey, SupplierId, Taxonomy};
use berika_store::CategoryNames;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a file of decisions is refused. Nothing of it is taken in then.
#[derive(Debug, thiserror::Error)]
pub enum DecisionsError {
    /// It is no CSV, or lacks a column.
    #[error(
        "{file}: {source}; the columns are supplier, sku, category and, if wanted, decided_by, decided_at, note, chosen_by, taxonomy, taxonomy_version"
    )]
    Csv {
        /// The file.
        file: String,
        /// What is wrong, with the line.
        source: csv::Error,
    },
    /// A line says what cannot be.
    #[error("{file} line {line}: {problem}")]
    Line {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// There are no decisions in it.
    #[error("{0} holds no decisions")]
    Empty(String),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    supplier: String,
    sku: String,
    category: Option<String>,
    #[serde(default)]
    decided_by: Option<String>,
    #[serde(default)]
    decided_at: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    chosen_by: Option<String>,
    #[serde(default)]
    taxonomy: Option<String>,
    #[serde(default)]
    taxonomy_version: Option<String>,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionsFile {
    /// The decisions in the order of the file.
    pub decisions: Vec<Decision>,
    /// What its author should know, a sentence each: products decided on twice and differently, categories that are
    /// gone, decisions over another version. At most [`MOST_NOTICES`], then how many more there are.
    pub notices: Vec<String>,
}

/// Notices that are written out.
pub const MOST_NOTICES: usize = 20;

/// Reads decisions over `taxonomy`, whose categories had other `names` in earlier versions. Lines without a name or a time get `by` and `at`. Times count in milliseconds, as
/// the log keeps them.
///
/// # Errors
/// [`DecisionsError`] for the first line that cannot be: an unknown category names the nearest one, and a file over
/// another taxonomy is refused.
pub fn read(
    file: &str,
    bytes: impl Read,
    taxonomy: &Taxonomy,
    names: &CategoryNames,
    by: &str,
    at: Timestamp,
) -> Result<DecisionsFile, DecisionsError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let mut decisions = Vec::new();
    let mut notices = Vec::new();
    let headers =
        reader.headers().cloned().map_err(|source| DecisionsError::Csv { file: file.to_owned(), source })?;
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|source| DecisionsError::Csv { file: file.to_owned(), source })?
    {
        let number = record.position().map_or(0, csv::Position::line);
        let line: Line = record
            .deserialize(Some(&headers))
            .map_err(|source| DecisionsError::Csv { file: file.to_owned(), source })?;
        let refused = |problem| DecisionsError::Line { file: file.to_owned(), line: number, problem };
        let (decision, notice) = decision(line, taxonomy, names, by, at).map_err(refused)?;
        notices.extend(notice.map(|notice| format!("line {number}: {notice}")));
        decisions.push(decision);
    }
    if decisions.is_empty() {
        return Err(DecisionsError::Empty(file.to_owned()));
    }
    let mut all = contradictions(&decisions);
    all.extend(other_versions(&decisions, taxonomy));
    all.append(&mut notices);
    if all.len() > MOST_NOTICES {
        let more = all.len() - MOST_NOTICES;
        all.truncate(MOST_NOTICES);
        all.push(format!("and {more} more of these"));
    }
    Ok(DecisionsFile { decisions, notices: all })
}

/// Products that the file decides on more than once and differently: which decision holds.
fn contradictions(decisions: &[Decision]) -> Vec<String> {
    let mut by_product: BTreeMap<&ProductKey, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions {
        by_product.entry(&decision.product).or_default().push(decision);
    }
    let differ = |said: &&Vec<&Decision>| said.iter().any(|decision| decision.category != said[0].category);
    let shown = |decision: &Decision| {
        decision.category.as_ref().map_or("none of ours", CategoryId::as_str).to_owned()
    };
    by_product
        .values()
        .filter(differ)
        .filter_map(|said| {
            // As the log has it: the latest by time, of equally late ones the last in the file.
            let holds = said.iter().max_by_key(|decision| decision.at)?;
            let other = said.iter().rev().find(|decision| decision.category != holds.category)?;
            Some(format!(
                "{} is decided {} times and differently: {} holds, {} does not",
                holds.product,
                said.len(),
                shown(holds),
                shown(other)
            ))
        })
        .collect()
}

/// How many decisions were made over another version of the taxonomy.
fn other_versions(decisions: &[Decision], taxonomy: &Taxonomy) -> Option<String> {
    let count = decisions.iter().filter(|decision| decision.taxonomy_version != taxonomy.version).count();
    (count > 0).then(|| {
        format!(
            "{count} decisions were made over another version of taxonomy {} than the present {}; those whose category \
             is still there hold",
            taxonomy.id, taxonomy.version
        )
    })
}

/// Writes decisions in the same form.
///
/// # Errors
/// The writer's.
pub fn write<'a>(
    out: impl Write,
    decisions: impl IntoIterator<Item = &'a Decision>,
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    for decision in decisions {
        writer.serialize(Line {
            supplier: decision.product.supplier.to_string(),
            sku: decision.product.sku.clone(),
            category: decision.category.as_ref().map(ToString::to_string),
            decided_by: Some(decision.by.clone()),
            decided_at: Some(decision.at.to_string()),
            note: decision.reason.clone(),
            chosen_by: Some(decision.chosen_by.as_str().to_owned()),
            taxonomy: Some(decision.taxonomy.clone()),
            taxonomy_version: Some(decision.taxonomy_version.to_string()),
        })?;
    }
    writer.flush().map_err(csv::Error::from)
}

/// The decision of a line, and what is to be said of it.
fn decision(
    line: Line,
    taxonomy: &Taxonomy,
    names: &CategoryNames,
    by: &str,
    default_at: Timestamp,
) -> Result<(Decision, Option<String>), String> {
    let present = |text: Option<String>| text.filter(|text| !text.is_empty());
    let supplier = SupplierId::new(&line.supplier).map_err(|error| error.to_string())?;
    if line.sku.is_empty() {
        return Err("sku is empty".to_owned());
    }
    let over = present(line.taxonomy).unwrap_or_else(|| taxonomy.id.clone());
    if over != taxonomy.id {
        return Err(format!(
            "the decision is over taxonomy {over}, and products are put into {}; a category of one says nothing of the \
             other: translate the file, or leave out the column taxonomy if only the name was changed",
            taxonomy.id
        ));
    }
    let version: u32 = match present(line.taxonomy_version) {
        Some(text) => {
            text.parse().map_err(|_| format!("taxonomy_version {text:?} is no number such as 3"))?
        }
        None => taxonomy.version,
    };
    if version > taxonomy.version {
        return Err(format!(
            "taxonomy_version {version} is still to come, taxonomy {} is at version {}; leave it out if the decision is over \
             that one",
            taxonomy.id, taxonomy.version
        ));
    }
    let category = present(line.category).map(CategoryId);
    let now = category.as_ref().map(|category| names.now(category, version));
    let notice = match now.map(|category| known(category, taxonomy)) {
        None | Some(Ok(())) => None,
        Some(Err(problem)) if version < taxonomy.version => {
            Some(format!("{problem}; it was decided over version {version}, so the product goes to review"))
        }
        Some(Err(problem)) => return Err(problem),
    };
    let chosen_by = present(line.chosen_by).map_or(Ok(ChosenBy::Import), |word| chosen_by(&word))?;
    let at: Timestamp = match present(line.decided_at) {
        Some(text) => text
            .parse()
            .map_err(|_| format!("decided_at {text:?} is no time such as 2026-05-01T09:30:00Z"))?,
        None => default_at,
    };
    // The log keeps milliseconds; a decision read back from it must be the same one.
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let decision = Decision {
        product: ProductKey { supplier, sku: line.sku },
        category,
        taxonomy: over,
        taxonomy_version: version,
        by: present(line.decided_by).unwrap_or_else(|| by.to_owned()),
        at,
        run: None,
        reason: present(line.note),
        chosen_by,
    };
    Ok((decision, notice))
}

fn chosen_by(word: &str) -> Result<ChosenBy, String> {
    use ChosenBy::{ActiveReview, Import, LookAlikeGroup, Machine, RandomAudit};
    let all = [Import, RandomAudit, ActiveReview, LookAlikeGroup, Machine];
    all.into_iter().find(|chosen| chosen.as_str() == word).ok_or_else(|| {
        let words = all.map(ChosenBy::as_str).join(", ");
        format!("chosen_by {word:?} is none of {words}")
    })
}

/// Whether products can be put into this category; else what to say.
pub(crate) fn known(category: &CategoryId, taxonomy: &Taxonomy) -> Result<(), String> {
    let leaf = |index: usize| taxonomy.categories()[index].id.as_str();
    match taxonomy.index_of(category) {
        Some(index) if taxonomy.is_leaf(index) => Ok(()),
        Some(_) => Err(format!("category {category} has categories below it; decide on one of those")),
        None => {
            let nearest = taxonomy
                .leaves()
                .map(leaf)
                .max_by(|a, b| {
                    let alike = |id| strsim::jaro_winkler(category.as_str(), id);
                    alike(a).total_cmp(&alike(b))
                })
                .unwrap_or_default();
            Err(format!(
                "there is no category {category} in taxonomy {} version {}; the nearest is {nearest}",
                taxonomy.id, taxonomy.version
            ))
        }
    }
}

#[cfg(test)]
mod tests;
