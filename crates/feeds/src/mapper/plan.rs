//! Every rule of one delivery: the format's own rules under the supplier's, attributes, languages, markets, variants.

use std::collections::{HashMap, HashSet};

use berika_catalog::{Country, Language};

use super::rule::{Lookup, Rule};
use crate::config::{AttributesRule, FieldRule, Fields, LocalizedFields, MarketFields};
use crate::item::Source;
use crate::{FeedProblem, Limits};

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
    pub(super) attributes: AttributesPlan,
    /// Title and description in further languages.
    pub(super) localized: Vec<(Language, Rule, Rule)>,
    /// Price and its currency in single countries.
    pub(super) market_prices: Vec<(Country, Rule, Rule)>,
    used: HashSet<String>,
}

/// Which values are attributes.
#[derive(Debug, Default)]
pub(super) struct AttributesPlan {
    pub(super) named: Vec<(String, Rule)>,
    pub(super) members: Vec<Source>,
    /// The format's own properties are attributes, because no rule says otherwise.
    pub(super) own_properties: bool,
    /// Everything that no field uses is an attribute.
    pub(super) rest: bool,
}

impl Plan {
    /// Rules over a table with these columns.
    ///
    /// # Errors
    /// [`FeedProblem::ColumnMissing`] for a rule none of whose columns is there and that has no default, and
    /// [`FeedProblem::Rule`].
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
                rules.insert(name, lookup.rule(name, name, rule, own.is_some())?);
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
        plan.localized = localized(fields, built_in, lookup)?;
        plan.market_prices = market_prices(fields, built_in, lookup)?;
        plan.used = plan.rules().flat_map(|rule| &rule.sources).map(|source| source.name.clone()).collect();
        let attributes = fields.attributes.as_ref().or(built_in.attributes.as_ref());
        plan.attributes = AttributesPlan::new(attributes, lookup, &plan.used)?;
        plan.attributes.own_properties |= attributes.is_none();
        Ok(plan)
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
        let named = self.attributes.named.iter().map(|(_, rule)| rule);
        let unseen = self.rules().chain(named).filter(|rule| rule.is_unseen());
        unseen.flat_map(|rule| &rule.sources).map(|source| source.name.clone()).collect()
    }

    /// Every rule but those of attributes.
    fn rules(&self) -> impl Iterator<Item = &Rule> {
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
        .chain(self.localized.iter().flat_map(|(_, title, description)| [title, description]))
        .chain(self.market_prices.iter().flat_map(|(_, price, currency)| [price, currency]))
    }
}

/// The rules of further languages, the supplier's before the format's own field by field.
fn localized(
    fields: &Fields,
    built_in: &Fields,
    lookup: &Lookup<'_>,
) -> Result<Vec<(Language, Rule, Rule)>, FeedProblem> {
    let nothing = LocalizedFields::default();
    let languages: std::collections::BTreeSet<&Language> =
        fields.localized.keys().chain(built_in.localized.keys()).collect();
    let mut all = Vec::new();
    for language in languages {
        let own = fields.localized.get(language).unwrap_or(&nothing);
        let otherwise = built_in.localized.get(language).unwrap_or(&nothing);
        let mut rules =
            own.rules().into_iter().zip(otherwise.rules()).map(|((name, own), (_, otherwise))| {
                let full = format!("localized.{language}.{name}");
                lookup.optional(full.clone(), &full, own, otherwise)
            });
        if let (Some(title), Some(description)) = (rules.next(), rules.next()) {
            all.push((language.clone(), title?, description?));
        }
    }
    Ok(all)
}

/// The rules of single countries, the supplier's before the format's own field by field.
fn market_prices(
    fields: &Fields,
    built_in: &Fields,
    lookup: &Lookup<'_>,
) -> Result<Vec<(Country, Rule, Rule)>, FeedProblem> {
    let nothing = MarketFields::default();
    let countries: std::collections::BTreeSet<&Country> =
        fields.markets.keys().chain(built_in.markets.keys()).collect();
    let mut all = Vec::new();
    for country in countries {
        let own = fields.markets.get(country).unwrap_or(&nothing);
        let otherwise = built_in.markets.get(country).unwrap_or(&nothing);
        let mut rules =
            own.rules().into_iter().zip(otherwise.rules()).map(|((name, own), (_, otherwise))| {
                let configured_as = format!("markets.{country}.{name}");
                lookup.optional(format!("market_prices.{country}"), &configured_as, own, otherwise)
            });
        if let (Some(price), Some(currency)) = (rules.next(), rules.next()) {
            all.push((country.clone(), price?, currency?));
        }
    }
    Ok(all)
}

impl AttributesPlan {
    fn new(
        rule: Option<&AttributesRule>,
        lookup: &Lookup<'_>,
        used: &HashSet<String>,
    ) -> Result<Self, FeedProblem> {
        let mut plan = Self::default();
        match rule {
            None => {}
            Some(AttributesRule::Rest) => match lookup {
                Lookup::Table(_, columns) => {
                    let free = columns.iter().enumerate();
                    let free = free.filter(|(_, name)| !name.is_empty() && !used.contains(*name));
                    plan.members = free.map(|(i, name)| Source::new(name, Some(i))).collect();
                }
                Lookup::Paths => (plan.rest, plan.own_properties) = (true, true),
            },
            Some(AttributesRule::Columns(names)) => {
                for name in names {
                    let rule = lookup.rule("attributes", "attributes", &FieldRule::column(name), true)?;
                    plan.members.extend(rule.sources);
                }
            }
            Some(AttributesRule::Named(named)) => {
                for (name, rule) in named {
                    let full = format!("attributes.{name}");
                    plan.named.push((name.clone(), lookup.rule(full.clone(), &full, rule, true)?));
                }
            }
        }
        Ok(plan)
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
