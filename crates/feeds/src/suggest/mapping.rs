//! From scored columns to rules: one a field, the rest properties or listed as not placed.

use super::assign::{self, Column, LEAST, Pair};
use super::categories;
use super::header::Header;
use super::pictures;
use super::sample::Sample;
use super::vocabulary::Meaning;
use super::{price, properties};
use crate::config::FieldRule;

/// A field's rule and why.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) meaning: Meaning,
    pub(super) columns: Vec<usize>,
    pub(super) rule: FieldRule,
    pub(super) confidence: f64,
    pub(super) reason: Option<String>,
}

/// The whole mapping.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) fields: Vec<Placed>,
    /// Columns or paths that become properties, with the first column of each.
    pub(super) attributes: Vec<(String, usize)>,
    pub(super) unplaced: Vec<(usize, String)>,
    pub(super) doubts: Vec<String>,
    /// Whether the paths lead through lists of objects: variants below a product.
    pub(super) columns: Vec<Column>,
}

impl Mapping {
    pub(super) fn of(sample: &Sample) -> Self {
        let columns = assign::columns(sample);
        let mut pairs = assign::assign(&columns);
        let mut mapping = Self::default();
        mapping.title_and_description(sample, &columns, &mut pairs);
        mapping.article_number(sample, &columns, &mut pairs);
        for pair in &pairs {
            if let Some(placed) = mapping.place(sample, &columns, &pairs, *pair) {
                mapping.fields.push(placed);
            }
        }
        mapping.fields.sort_by_key(|placed| placed.meaning);
        properties::add(sample, &columns, &mut mapping);
        mapping.columns = columns;
        mapping
    }

    pub(super) fn field(&self, meaning: Meaning) -> Option<&Placed> {
        self.fields.iter().find(|placed| placed.meaning == meaning)
    }

    pub(super) fn is_used(&self, column: usize) -> bool {
        self.fields.iter().any(|placed| placed.columns.contains(&column))
    }

    fn place(&mut self, sample: &Sample, columns: &[Column], pairs: &[Pair], pair: Pair) -> Option<Placed> {
        let name = |at: usize| sample.columns[at].name.as_str();
        let taken: Vec<usize> =
            pairs.iter().filter(|other| other.meaning != pair.meaning).map(|other| other.column).collect();
        let mut placed = Placed {
            meaning: pair.meaning,
            columns: vec![pair.column],
            rule: FieldRule::column(name(pair.column)),
            confidence: pair.score.min(0.99),
            reason: None,
        };
        match pair.meaning {
            Meaning::Category => categories::extend(sample, columns, &taken, &mut placed),
            Meaning::Images => pictures::extend(sample, columns, &taken, &mut placed),
            Meaning::Price => self.prices(sample, columns, &mut placed),
            meaning => self.rivals(sample, columns, &taken, meaning, &mut placed),
        }
        Some(placed)
    }

    /// Says which prices were passed over, and which kind was taken.
    fn prices(&mut self, sample: &Sample, columns: &[Column], placed: &mut Placed) {
        let taken = placed.columns[0];
        let mut others: Vec<String> = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let Some(kind) = column.price.filter(|kind| at != taken && *kind != price::Kind::Other) else {
                continue;
            };
            if sample.columns[at].filled > 0 && column.scores[assign::place(Meaning::Price)] >= LEAST {
                others.push(format!("{:?} ({})", sample.columns[at].name, kind.name()));
            }
        }
        let kind = columns[taken].price.unwrap_or(price::Kind::Plain);
        if !others.is_empty() {
            placed.reason = Some(format!("{}; not taken: {}", kind.name(), others.join(", ")));
        } else if kind > price::Kind::Plain {
            placed.reason = Some(kind.name().to_owned());
            // The only one there is, so it is sure to be the one to take.
            placed.confidence = (placed.confidence / kind.weight().max(0.1)).min(0.95);
        }
    }

    /// Lowers the confidence where another free column suits a field nearly as well, and says so.
    fn rivals(
        &mut self,
        sample: &Sample,
        columns: &[Column],
        taken: &[usize],
        meaning: Meaning,
        placed: &mut Placed,
    ) {
        const NEAR: f64 = 0.12;
        let at = assign::place(meaning);
        let rival = columns
            .iter()
            .enumerate()
            .filter(|(i, column)| {
                !placed.columns.contains(i) && !taken.contains(i) && column.scores[at] >= LEAST.max(0.45)
            })
            .rev()
            .max_by(|a, b| a.1.scores[at].total_cmp(&b.1.scores[at]));
        let Some((rival, column)) = rival else { return };
        let ahead = columns[placed.columns[0]].scores[at] - column.scores[at];
        if ahead < NEAR && columns[rival].header.language.is_none() {
            placed.confidence *= 0.8;
            self.doubts.push(format!(
                "{}: {:?} would suit nearly as well as {:?}",
                field_name(meaning),
                sample.columns[rival].name,
                sample.columns[placed.columns[0]].name
            ));
        }
    }

    /// A file's only text is its title, whatever it is called; of two, the shorter is.
    fn title_and_description(&mut self, sample: &Sample, columns: &[Column], pairs: &mut [Pair]) {
        let at = |meaning: Meaning, pairs: &[Pair]| pairs.iter().position(|pair| pair.meaning == meaning);
        let sense =
            |column: usize, meaning: Meaning| columns[column].senses.get(&meaning).copied().unwrap_or(0.0);
        let described = at(Meaning::Description, pairs);
        let titled = at(Meaning::Title, pairs);
        if let (Some(d), None) = (described, titled) {
            pairs[d].meaning = Meaning::Title;
            pairs[d].score = (pairs[d].score * 0.8).max(LEAST);
            self.doubts.push("description: no column beside the title has a text for it".to_owned());
            return;
        }
        let (Some(d), Some(t)) = (described, titled) else { return };
        let (title, description) = (pairs[t].column, pairs[d].column);
        let length = |column: usize| sample.columns[column].mean_length();
        let both = sense(title, Meaning::Title) < 0.9 || sense(title, Meaning::Description) > 0.3;
        let either = sense(description, Meaning::Title) > 0.3 && sense(title, Meaning::Description) > 0.3;
        let much_longer = length(title) > 1.5 * length(description).max(1.0);
        if sample.columns[description].filled > 0
            && both
            && (either || sense(title, Meaning::Title) < 0.5)
            && much_longer
        {
            (pairs[t].column, pairs[d].column) = (description, title);
        }
        // Two lines of one name: `Description` and `Description 2`.
        let ordinal = |column: usize| columns[column].header.ordinal.unwrap_or(1);
        let (title, description) = (pairs[t].column, pairs[d].column);
        if columns[title].header.words == columns[description].header.words
            && ordinal(title) > ordinal(description)
        {
            (pairs[t].column, pairs[d].column) = (description, title);
        }
    }

    /// Every product needs a key: where nothing is an article number, another number must do.
    fn article_number(&mut self, sample: &Sample, columns: &[Column], pairs: &mut Vec<Pair>) {
        if pairs.iter().any(|pair| pair.meaning == Meaning::Sku) {
            return;
        }
        let full = |column: usize| {
            sample.columns[column].fill() >= 0.9 && sample.columns[column].uniqueness() >= 0.9
        };
        let stand_in =
            |meaning: Meaning| pairs.iter().find(|p| p.meaning == meaning && full(p.column)).copied();
        let found = stand_in(Meaning::Gtin).or_else(|| stand_in(Meaning::Mpn)).or_else(|| {
            let free = (0..columns.len()).filter(|at| pairs.iter().all(|pair| pair.column != *at));
            let unique = free.filter(|at| full(*at) && sample.columns[*at].mean_words() <= 1.6);
            unique.min().map(|column| Pair { meaning: Meaning::Sku, column, score: 0.2 })
        });
        let found = found.or_else(|| pairs.iter().find(|pair| pair.meaning == Meaning::Title).copied());
        match found {
            Some(pair) => {
                self.doubts.push(format!(
                    "sku: no column is surely the article number; {:?} stands in because it is unique",
                    sample.columns[pair.column].name
                ));
                pairs.insert(0, Pair { meaning: Meaning::Sku, column: pair.column, score: 0.25 });
            }
            None => self.doubts.push("sku: no column can be the article number; name one".to_owned()),
        }
    }
}

/// The field's name in `[suppliers.fields]`.
pub(super) fn field_name(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Sku => "sku",
        Meaning::Gtin => "gtin",
        Meaning::Title => "title",
        Meaning::Brand => "brand",
        Meaning::Mpn => "mpn",
        Meaning::Description => "description",
        Meaning::Category => "supplier_category",
        Meaning::Price => "price",
        Meaning::Currency => "currency",
        Meaning::Images => "images",
        Meaning::Language => "language",
        Meaning::BestBefore => "best_before",
        Meaning::Stock => "stock",
        Meaning::GroupId => "group_id",
        Meaning::Attribute => "attributes",
        Meaning::Action | Meaning::Other => "",
    }
}

/// Headers alike but for a number at their end.
pub(super) fn same_words(one: &Header, other: &Header) -> bool {
    !one.words.is_empty() && one.words == other.words
}
