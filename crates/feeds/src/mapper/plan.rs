//! Rules made ready for one delivery: columns found in its header, the format's own rules under the supplier's.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use crate::config::{AttributesRule, FieldRule, Fields};
use crate::error::nearest_name;
use crate::item::Source;
use crate::{FeedProblem, Limits};

/// One field's rule with its columns found.
#[derive(Debug, Default)]
pub(crate) struct Rule {
    pub(super) sources: Vec<Source>,
    pub(super) default: Option<String>,
    pub(super) constant: Option<String>,
    pub(super) split: Option<String>,
    /// For lists: every source counts, not the first with a value.
    pub(super) all: bool,
    /// Whether the supplier's own configuration names it: only then is it news that no item has it.
    configured: bool,
    seen: Cell<bool>,
}

impl Rule {
    pub(super) fn mark_seen(&self) {
        self.seen.set(true);
    }
}

/// Every rule of one delivery.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(super) sku: Rule,
    pub(super) title: Rule,
    pub(super) brand: Rule,
    pub(super) gtin: Rule,
    pub(super) mpn: Rule,
    pub(super) description: Rule,
    pub(super) supplier_category: Rule,
    pub(super) price: Rule,
    pub(super) currency: Rule,
    pub(super) images: Rule,
    pub(super) language: Rule,
    pub(super) best_before: Rule,
    pub(super) stock: Rule,
    pub(super) group_id: Rule,
    pub(super) named_attributes: Vec<(String, Rule)>,
    pub(super) attribute_members: Vec<Source>,
    /// The format's own properties are attributes, because no rule says otherwise.
    pub(super) own_properties: bool,
    /// Everything that no field uses is an attribute.
    pub(super) rest: bool,
    used: HashSet<String>,
}

/// Where names are looked up.
enum Lookup<'a> {
    Table(HashMap<&'a str, usize>, &'a [String]),
    Paths,
}

impl Plan {
    /// Rules over a table with these columns.
    ///
    /// # Errors
    /// [`FeedProblem::ColumnMissing`] for a rule none of whose columns is there and that has no default.
    pub(crate) fn for_table(fields: &Fields, columns: &[String]) -> Result<Self, FeedProblem> {
        Self::for_known_table(fields, &Fields::default(), columns)
    }

    /// Rules over a table whose format is known, the supplier's before the format's own.
    ///
    /// # Errors
    /// As [`Self::for_table`]; a column that only the format's own rules name may be missing.
    pub(crate) fn for_known_table(
        fields: &Fields,
        built_in: &Fields,
        columns: &[String],
    ) -> Result<Self, FeedProblem> {
        let index = columns.iter().enumerate().rev().map(|(i, name)| (name.as_str(), i)).collect();
        Self::new(fields, built_in, &Lookup::Table(index, columns))
    }

    /// Rules over paths, the supplier's before the format's own.
    ///
    /// # Errors
    /// As [`Self::for_table`]; a path is never missing before the first item.
    pub(crate) fn for_paths(fields: &Fields, built_in: &Fields) -> Result<Self, FeedProblem> {
        Self::new(fields, built_in, &Lookup::Paths)
    }

    fn new(fields: &Fields, built_in: &Fields, lookup: &Lookup<'_>) -> Result<Self, FeedProblem> {
        let mut rules: HashMap<&str, Rule> = HashMap::new();
        for ((name, own), (_, otherwise)) in fields.rules().into_iter().zip(built_in.rules()) {
            if let Some(rule) = own.or(otherwise) {
                rules.insert(name, lookup.rule(name, rule, own.is_some())?);
            }
        }
        let mut take = |name: &str| rules.remove(name).unwrap_or_default();
        let mut plan = Self {
            sku: take("sku"),
            title: take("title"),
            brand: take("brand"),
            gtin: take("gtin"),
            mpn: take("mpn"),
            description: take("description"),
            supplier_category: take("supplier_category"),
            price: take("price"),
            currency: take("currency"),
            images: take("images"),
            language: take("language"),
            best_before: take("best_before"),
            stock: take("stock"),
            group_id: take("group_id"),
            ..Self::default()
        };
        plan.used = plan.fields().flat_map(|rule| &rule.sources).map(|source| source.name.clone()).collect();
        plan.add_attributes(fields.attributes.as_ref(), lookup)?;
        Ok(plan)
    }

    fn add_attributes(
        &mut self,
        rule: Option<&AttributesRule>,
        lookup: &Lookup<'_>,
    ) -> Result<(), FeedProblem> {
        match rule {
            None => self.own_properties = true,
            Some(AttributesRule::Rest) => match lookup {
                Lookup::Table(_, columns) => {
                    let free = columns.iter().enumerate();
                    let free = free.filter(|(_, name)| !name.is_empty() && !self.used.contains(*name));
                    let source = |(i, name): (usize, &String)| Source { name: name.clone(), index: Some(i) };
                    self.attribute_members = free.map(source).collect();
                }
                Lookup::Paths => (self.rest, self.own_properties) = (true, true),
            },
            Some(AttributesRule::Columns(names)) => {
                for name in names {
                    let rule = lookup.rule("attributes", &FieldRule::column(name), true)?;
                    self.attribute_members.extend(rule.sources);
                }
            }
            Some(AttributesRule::Named(named)) => {
                for (name, rule) in named {
                    let rule = lookup.rule(&format!("attributes.{name}"), rule, true)?;
                    self.named_attributes.push((name.clone(), rule));
                }
            }
        }
        Ok(())
    }

    /// A table's columns that hold the article number.
    pub(crate) fn key_columns(&self) -> Vec<usize> {
        self.sku.sources.iter().filter_map(|source| source.index).collect()
    }

    /// Whether a field is read from the value of this name.
    pub(super) fn is_used(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Configured paths that no item had so far.
    pub(super) fn unseen(&self) -> Vec<String> {
        let rules = self.fields().chain(self.named_attributes.iter().map(|(_, rule)| rule));
        let unseen = rules.filter(|rule| rule.configured && rule.default.is_none() && !rule.seen.get());
        unseen.flat_map(|rule| &rule.sources).map(|source| source.name.clone()).collect()
    }

    fn fields(&self) -> impl Iterator<Item = &Rule> {
        [
            &self.sku,
            &self.title,
            &self.brand,
            &self.gtin,
            &self.mpn,
            &self.description,
            &self.supplier_category,
            &self.price,
            &self.currency,
            &self.images,
            &self.language,
            &self.best_before,
            &self.stock,
            &self.group_id,
        ]
        .into_iter()
    }
}

impl Lookup<'_> {
    fn rule(&self, field: &str, rule: &FieldRule, configured: bool) -> Result<Rule, FeedProblem> {
        let source = |name: &String| match self {
            Self::Table(index, _) => {
                index.get(name.trim()).map(|&i| Source { name: name.clone(), index: Some(i) })
            }
            Self::Paths => Some(Source { name: name.clone(), index: None }),
        };
        let sources: Vec<Source> = rule.from.iter().filter_map(source).collect();
        if let (Self::Table(_, columns), Some(column), true) = (self, rule.from.first(), sources.is_empty())
            && rule.default.is_none()
        {
            return Err(FeedProblem::ColumnMissing {
                field: field.to_owned(),
                column: column.clone(),
                nearest: nearest_name(column, columns.iter().map(String::as_str)),
            });
        }
        Ok(Rule {
            sources,
            default: rule.default.clone(),
            constant: rule.constant.clone(),
            split: rule.split.clone().filter(|split| !split.is_empty()),
            all: rule.all || field == "images",
            configured,
            seen: Cell::new(false),
        })
    }
}

/// Column names as they may be mapped: cleaned, without empty ones at the end, repeated ones numbered.
///
/// # Errors
/// [`FeedProblem::TooManyColumns`]
pub(crate) fn column_names<'a>(
    header: impl IntoIterator<Item = &'a str>,
    limits: &Limits,
) -> Result<Vec<String>, FeedProblem> {
    let mut names: Vec<String> = Vec::new();
    let mut times: HashMap<String, usize> = HashMap::new();
    for name in header {
        let name = crate::text::line(name).into_owned();
        let nth = times.entry(name.clone()).and_modify(|n| *n += 1).or_insert(1);
        names.push(if *nth == 1 || name.is_empty() { name } else { format!("{name} ({nth})") });
    }
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    if names.len() > limits.columns {
        return Err(FeedProblem::TooManyColumns { found: names.len(), limit: limits.columns });
    }
    Ok(names)
}
