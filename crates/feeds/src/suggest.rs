//! A supplier section proposed from a file that nobody has described.
//!
//! The format is recognised by content, a bounded sample is read by the same readers as any delivery, and every
//! column is profiled. Headers are compared with a vocabulary in the languages of our markets; values count as much:
//! check digits, addresses, currencies, how often a value comes twice. Each field takes the column that suits it
//! best. The section is then tried on the file's first rows, so that what it is worth is known before it is pasted.
//!
//! What is not here: fetching, and judging deliveries that come later by what this one was like.

mod assign;
mod categories;
mod habits;
mod header;
mod kind;
mod mapping;
mod name;
mod pictures;
mod price;
mod profile;
mod properties;
mod recognise;
mod records;
mod sample;
mod score;
mod shape;
mod trial;
mod vocabulary;
mod write;

use std::path::Path;

use berika_catalog::{Currency, DeliveryKind, Language, SupplierId};
use serde::Serialize;

use crate::config::{AttributesRule, FeedConfig, FieldRule, Fields, Format};
use crate::source::Source;
use crate::{FeedError, FeedProblem, Limits};
use habits::Guess;
use mapping::{Mapping, Placed, field_name};
use recognise::Recognised;
use sample::Sample;
use trial::Trial;
use vocabulary::Meaning;

/// A proposed supplier section and what it rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Suggestion {
    /// The supplier's short name, from the file's.
    pub id: SupplierId,
    /// The file.
    pub file: String,
    /// Format and mapping, ready to read with.
    #[serde(flatten)]
    pub config: FeedConfig,
    /// `full` or `delta`.
    pub delivery: Stated<String>,
    /// The language of the texts.
    pub language: Option<Stated<String>>,
    /// The currency of prices that name none.
    pub currency: Option<Stated<String>>,
    /// The format has a mapping of its own.
    pub built_in: bool,
    /// What was found about the format.
    pub format_notes: Vec<String>,
    /// Each field with a source.
    #[serde(rename = "mapping")]
    pub fields: Vec<FieldSuggestion>,
    /// Columns that become properties.
    pub attributes: Vec<ColumnSuggestion>,
    /// Columns that have no place, each with the reason.
    pub unplaced: Vec<ColumnSuggestion>,
    /// What is unsure.
    pub doubts: Vec<String>,
    /// What was wrong with rows when the section was tried.
    pub problems: Vec<String>,
    /// Rows looked at.
    pub rows: u64,
    /// Whether they are all there are.
    pub whole: bool,
}

/// A value with how sure it is, from 0 to 1, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// From 0 to 1.
    pub confidence: f64,
    /// Why.
    pub reason: String,
}

/// One field's rule.
#[derive(Debug, Clone, Serialize)]
pub struct FieldSuggestion {
    /// As in `[suppliers.fields]`.
    pub field: &'static str,
    /// Columns or paths.
    pub columns: Vec<String>,
    /// The rule.
    pub rule: FieldRule,
    /// From 0 to 1: how well headers and values suit, no probability.
    pub confidence: f64,
    /// Up to three values as they would be stored.
    pub samples: Vec<String>,
    /// Why this one, where there was a choice.
    pub reason: Option<String>,
}

/// A column that is no field.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnSuggestion {
    /// The column or path.
    pub column: String,
    /// Why it has no place; empty for properties.
    pub reason: String,
    /// Up to three values.
    pub samples: Vec<String>,
}

impl Suggestion {
    /// The section for `berika.toml`, with confidences, samples and doubts as comments.
    pub fn to_toml(&self) -> String {
        write::toml(self)
    }
}

/// Proposes a supplier section for the file at `path`.
///
/// # Errors
/// [`FeedError`] where the file is nothing that can be read.
pub fn suggest(path: &Path, limits: &Limits) -> Result<Suggestion, FeedError> {
    propose(path, limits).map_err(|problem| FeedError {
        supplier: name::from_file(path),
        file: path.display().to_string(),
        problem,
    })
}

fn propose(path: &Path, limits: &Limits) -> Result<Suggestion, FeedProblem> {
    let source = Source::open(path, None, limits)?;
    let recognised = recognise::recognise(&source, limits)?;
    if recognised.built_in {
        with_own_mapping(path, recognised, limits)
    } else {
        mapped(path, &source, recognised, limits)
    }
}

/// A format that says what is what: its own mapping is tried, and the rest follows from what it gave.
fn with_own_mapping(path: &Path, recognised: Recognised, limits: &Limits) -> Result<Suggestion, FeedProblem> {
    let config = FeedConfig { format: recognised.format, fields: Fields::default(), member: None };
    let kind = kind::of(path, recognised.is_update, None);
    let trial = trial::read(path, &config, &trial::context(kind.value, None, None), limits)?;
    let language = match trial.fields.get("language").and_then(|held| held.samples.first()) {
        Some(tag) => Language::parse(tag).ok().map(|value| Guess {
            value,
            confidence: 0.95,
            reason: "the file says so".to_owned(),
        }),
        None => habits::language(&trial.texts, &[], &trial.addresses),
    };
    let currency = trial.currencies.iter().max_by_key(|(_, count)| **count).and_then(|(code, _)| {
        let reason = "the file says so".to_owned();
        Some(Guess { value: Currency::parse(code).ok()?, confidence: 0.95, reason })
    });
    let attribute = |(name, held): (&String, &trial::Held)| {
        let column = name.strip_prefix("attributes.")?.to_owned();
        Some(ColumnSuggestion { column, reason: String::new(), samples: held.samples.clone() })
    };
    let mut suggestion = Suggestion {
        built_in: true,
        fields: own_fields(&trial),
        attributes: trial.fields.iter().filter_map(attribute).collect(),
        doubts: recognised.doubts,
        rows: trial.rows,
        ..begun(path, config, &kind, language, currency)
    };
    suggestion.judge(&trial);
    Ok(suggestion)
}

/// What every suggestion says first; the columns are still to come.
fn begun(
    path: &Path,
    config: FeedConfig,
    kind: &Guess<DeliveryKind>,
    language: Option<Guess<Language>>,
    currency: Option<Guess<Currency>>,
) -> Suggestion {
    Suggestion {
        id: name::from_file(path),
        file: path.display().to_string(),
        config,
        delivery: stated(kind, |kind| kind_name(*kind)),
        language: language.map(|guess| stated(&guess, Language::to_string)),
        currency: currency.map(|guess| stated(&guess, Currency::to_string)),
        built_in: false,
        format_notes: Vec::new(),
        fields: Vec::new(),
        attributes: Vec::new(),
        unplaced: Vec::new(),
        doubts: Vec::new(),
        problems: Vec::new(),
        rows: 0,
        whole: false,
    }
}

fn own_fields(trial: &Trial) -> Vec<FieldSuggestion> {
    let mut fields: Vec<FieldSuggestion> = Vec::new();
    for meaning in assign::FIELDS {
        let field = field_name(meaning);
        let Some(held) = trial.fields.get(field) else { continue };
        let columns: Vec<String> = held.column.iter().cloned().collect();
        fields.push(FieldSuggestion {
            field,
            rule: FieldRule { from: columns.clone(), ..FieldRule::default() },
            columns,
            confidence: 0.99,
            samples: held.samples.clone(),
            reason: None,
        });
    }
    fields
}

/// A format without a mapping: one is worked out from a sample.
fn mapped(
    path: &Path,
    source: &Source,
    recognised: Recognised,
    limits: &Limits,
) -> Result<Suggestion, FeedProblem> {
    let sample = Sample::read(source, &recognised.format, limits)?;
    if let Some(format) = recognise::shop(&recognised.format, &sample.delivery.columns) {
        return with_own_mapping(path, Recognised { format, built_in: true, ..recognised }, limits);
    }
    let mapping = Mapping::of(&sample);
    let mut doubts = recognised.doubts;
    doubts.extend(mapping.doubts.iter().cloned());
    let language = language(&sample, &mapping);
    let tag = language.as_ref().map(|guess| &guess.value);
    let decimal = habits::decimal_comma(&sample, &mapping, tag);
    if decimal.is_none() && mapping.field(Meaning::Price).is_some() {
        let both = "decimal_comma: numbers have points and commas; those that could be either are dropped"
            .to_owned();
        let price = mapping.field(Meaning::Price).map(|placed| &sample.columns[placed.columns[0]].counts);
        doubts.extend(price.filter(|counts| counts.comma + counts.point > 0).map(|_| both));
    }
    let currency = match mapping.field(Meaning::Currency) {
        Some(placed) => constant_currency(&sample.columns[placed.columns[0]]),
        None => habits::currency(&sample, &mapping, tag),
    };
    if currency.is_none()
        && mapping.field(Meaning::Price).is_some()
        && mapping.field(Meaning::Currency).is_none()
    {
        doubts.push("currency: nothing names it; prices are dropped until `currency` is set".to_owned());
    }
    let mut notes = Vec::new();
    let format = settled(recognised.format, &sample, decimal.as_ref(), &mut notes);
    let fields = rules(&mapping);
    let config = FeedConfig { format, fields, member: None };
    let kind = kind::of(path, recognised.is_update, Some((&sample, &mapping)));
    let context =
        trial::context(kind.value, tag.cloned(), currency.as_ref().map(|guess| guess.value.clone()));
    let trial = match mapping.field(Meaning::Sku) {
        Some(_) => trial::read(path, &config, &context, limits)?,
        None => Trial::default(),
    };
    let column = |at: usize, reason: String| {
        let profile = &sample.columns[at];
        ColumnSuggestion { column: profile.name.clone(), reason, samples: profile.samples.clone() }
    };
    let attribute = |(name, at): &(String, usize)| ColumnSuggestion {
        column: name.clone(),
        ..column(*at, String::new())
    };
    let mut suggestion = Suggestion {
        format_notes: notes,
        fields: mapping.fields.iter().map(|placed| field(placed, &sample, &trial)).collect(),
        attributes: mapping.attributes.iter().map(attribute).collect(),
        unplaced: mapping.unplaced.iter().map(|(at, reason)| column(*at, reason.clone())).collect(),
        doubts,
        rows: u64::from(sample.items + sample.faulty),
        whole: sample.whole,
        ..begun(path, config, &kind, language, currency)
    };
    suggestion.judge(&trial);
    Ok(suggestion)
}

/// A column that names one currency throughout says what the supplier's is.
fn constant_currency(profile: &profile::Profile) -> Option<Guess<Currency>> {
    let (code, _) = profile.currencies.iter().next().filter(|_| profile.different() == 1)?;
    let reason = format!("the only one in {:?}", profile.name);
    Some(Guess { value: Currency::parse(code).ok()?, confidence: 0.97, reason })
}

fn language(sample: &Sample, mapping: &Mapping) -> Option<Guess<Language>> {
    let text = |meaning| mapping.field(meaning).map(|placed| sample.columns[placed.columns[0]].text.as_str());
    let mut texts: String = [Meaning::Title, Meaning::Description, Meaning::Category]
        .into_iter()
        .filter_map(text)
        .collect::<Vec<_>>()
        .join("\n");
    for (_, at) in mapping.attributes.iter().take(10) {
        texts.extend(sample.columns[*at].text.chars().take(300));
    }
    let title = mapping.field(Meaning::Title).map(|placed| placed.columns[0]);
    if let Some(tag) = title.and_then(|at| mapping.columns[at].header.language) {
        let reason = "in the header of the title".to_owned();
        return Some(Guess { value: Language::parse(tag).ok()?, confidence: 0.95, reason });
    }
    let columns: Vec<_> = mapping.columns.iter().collect();
    let urls = sample.columns.iter().filter(|p| p.counts.url > 0).flat_map(|p| &p.samples);
    let addresses: String = urls.map(|address| format!("{address}/\n")).collect();
    habits::language(&texts, &columns, &addresses)
}

/// The format with what was found filled in, and a note on each finding.
fn settled(
    format: Format,
    sample: &Sample,
    decimal: Option<&Guess<bool>>,
    notes: &mut Vec<String>,
) -> Format {
    let comma = decimal.map(|guess| guess.value);
    let delivery = &sample.delivery;
    let mut note_decimal = || {
        notes.extend(decimal.map(|guess| format!("decimal_comma {:.2}: {}", guess.confidence, guess.reason)));
    };
    let mut format = format;
    match &mut format {
        Format::Csv(csv) => {
            note_decimal();
            csv.decimal_comma = comma;
            csv.delimiter = delivery.delimiter;
            csv.header_row =
                delivery.header_row.and_then(|row| u32::try_from(row).ok()).filter(|row| *row != 1);
            let runner_up = delivery.encoding_runner_up.as_ref();
            let runner_up = runner_up.map(|other| format!(", or else {other}")).unwrap_or_default();
            if let Some(encoding) = &delivery.encoding {
                let label = encoding.to_lowercase();
                notes.push(format!(
                    "encoding = {label:?} was found{runner_up}; left out, it is found anew for each delivery"
                ));
            }
            notes.extend(
                delivery.delimiter_evidence.as_ref().map(|evidence| format!("delimiter: {evidence}")),
            );
        }
        Format::Xlsx(xlsx) => {
            if sample.columns.iter().any(|column| column.counts.comma + column.counts.point > 0) {
                note_decimal();
                xlsx.decimal_comma = comma;
            }
            xlsx.header_row =
                delivery.header_row.and_then(|row| u32::try_from(row).ok()).filter(|row| *row != 1);
            notes.extend(delivery.sheet.as_ref().map(|sheet| format!("read from the sheet {sheet:?}")));
        }
        Format::Json(json) => {
            json.decimal_comma = comma.filter(|_| has_text_numbers(sample));
        }
        Format::Jsonl(lines) => {
            lines.decimal_comma = comma.filter(|_| has_text_numbers(sample));
        }
        Format::Xml(xml) => {
            note_decimal();
            xml.decimal_comma = comma;
        }
        _ => {}
    }
    format
}

/// Whether numbers stand as texts, so that their decimal sign matters.
fn has_text_numbers(sample: &Sample) -> bool {
    sample.columns.iter().any(|column| column.counts.comma + column.counts.point > 0)
}

fn rules(mapping: &Mapping) -> Fields {
    let of = |meaning| mapping.field(meaning).map(|placed| placed.rule.clone());
    let attributes: Vec<String> = mapping.attributes.iter().map(|(name, _)| name.clone()).collect();
    Fields {
        sku: of(Meaning::Sku),
        title: of(Meaning::Title),
        brand: of(Meaning::Brand),
        gtin: of(Meaning::Gtin),
        mpn: of(Meaning::Mpn),
        description: of(Meaning::Description),
        supplier_category: of(Meaning::Category),
        price: of(Meaning::Price),
        currency: of(Meaning::Currency),
        images: of(Meaning::Images),
        language: of(Meaning::Language),
        best_before: of(Meaning::BestBefore),
        stock: of(Meaning::Stock),
        group_id: of(Meaning::GroupId),
        attributes: Some(attributes).filter(|names| !names.is_empty()).map(AttributesRule::Columns),
        ..Fields::default()
    }
}

fn field(placed: &Placed, sample: &Sample, trial: &Trial) -> FieldSuggestion {
    let field = field_name(placed.meaning);
    let stored = trial.fields.get(field).map(|held| held.samples.clone());
    let profile = &sample.columns[placed.columns[0]];
    FieldSuggestion {
        field,
        columns: placed.rule.from.clone(),
        rule: placed.rule.clone(),
        confidence: (placed.confidence * 100.0).round() / 100.0,
        samples: stored.unwrap_or_else(|| profile.samples.clone()),
        reason: placed.reason.clone(),
    }
}

impl Suggestion {
    /// Says what went wrong when the section was tried.
    fn judge(&mut self, trial: &Trial) {
        let mut problems: Vec<_> = trial.problems.iter().collect();
        problems.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
        for (kind, (count, example)) in problems.into_iter().take(8) {
            self.problems.push(format!("{count} of {} rows: {kind}, such as {example}", trial.rows));
        }
        if self.currency.is_none() && trial.problems.keys().any(|kind| kind.contains("no-currency")) {
            self.doubts
                .push("currency: nothing names it; prices are dropped until `currency` is set".to_owned());
        }
        if trial.products == 0 {
            self.doubts.push("no row is a product with this section".to_owned());
        }
        for field in self.fields.iter().filter(|field| field.confidence < 0.5) {
            self.doubts.push(format!(
                "{}: {} is no more than a guess ({:.2})",
                field.field,
                field.columns.iter().map(|column| format!("{column:?}")).collect::<Vec<_>>().join(", "),
                field.confidence
            ));
        }
    }
}

fn stated<T>(guess: &Guess<T>, name: impl Fn(&T) -> String) -> Stated<String> {
    let confidence = (guess.confidence * 100.0).round() / 100.0;
    Stated { value: name(&guess.value), confidence, reason: guess.reason.clone() }
}

fn kind_name(kind: DeliveryKind) -> String {
    match kind {
        DeliveryKind::Full => "full".to_owned(),
        DeliveryKind::Delta => "delta".to_owned(),
    }
}
