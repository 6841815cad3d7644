//! One field's rule made ready for a delivery: its columns found, its pattern compiled.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use berika_catalog::SharedText;

use crate::FeedProblem;
use crate::config::FieldRule;
use crate::error::nearest_name;
use crate::item::Source;
use crate::rework::Rework;

/// One field's rule with its columns found.
#[derive(Debug, Default)]
pub(crate) struct Rule {
    /// The field's name, as in [`berika_catalog::ProductValues::fields`].
    pub(super) field: Cow<'static, str>,
    pub(super) sources: Vec<Source>,
    pub(super) default: Option<String>,
    pub(super) constant: Option<String>,
    pub(super) split: Option<String>,
    /// For lists: every source counts, not the first with a value.
    pub(super) all: bool,
    /// What stands between the values of all sources, and the name that provenance has for them together.
    pub(super) join: Option<(String, SharedText)>,
    pub(super) rework: Rework,
    pub(super) is_price: bool,
    /// Whether the supplier's own configuration names it: only then is it news that no item has it.
    configured: bool,
    seen: AtomicBool,
}

impl Rule {
    pub(super) fn mark_seen(&self) {
        // Written once only: a flag that threads keep writing would be fought over.
        if !self.seen.load(Ordering::Relaxed) {
            self.seen.store(true, Ordering::Relaxed);
        }
    }

    /// Whether no item had any of its sources, although the supplier's configuration names them.
    pub(super) fn is_unseen(&self) -> bool {
        self.configured && self.default.is_none() && !self.seen.load(Ordering::Relaxed)
    }
}

/// Where names are looked up.
pub(super) enum Lookup<'a> {
    Table(HashMap<&'a str, usize>, &'a [String]),
    Paths,
}

impl Lookup<'_> {
    /// The supplier's own rule, else the format's, else one that finds nothing.
    pub(super) fn optional(
        &self,
        field: String,
        configured_as: &str,
        own: Option<&FieldRule>,
        otherwise: Option<&FieldRule>,
    ) -> Result<Rule, FeedProblem> {
        match own.or(otherwise) {
            Some(rule) => self.rule(field, configured_as, rule, own.is_some()),
            None => Ok(Rule::default()),
        }
    }

    /// The rule of `field`, which the configuration calls `configured_as`.
    pub(super) fn rule(
        &self,
        field: impl Into<Cow<'static, str>>,
        configured_as: &str,
        rule: &FieldRule,
        configured: bool,
    ) -> Result<Rule, FeedProblem> {
        let field = field.into();
        let source = |name: &String| match self {
            Self::Table(index, _) => index.get(name.trim()).map(|&i| Source::new(name, Some(i))),
            Self::Paths => Some(Source::new(name, None)),
        };
        let sources: Vec<Source> = rule.from.iter().filter_map(source).collect();
        if let (Self::Table(_, columns), Some(column), true) = (self, rule.from.first(), sources.is_empty())
            && rule.default.is_none()
        {
            return Err(FeedProblem::ColumnMissing {
                field: configured_as.to_owned(),
                column: column.clone(),
                nearest: nearest_name(column, columns.iter().map(String::as_str)),
            });
        }
        let joined = || sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>().join(" + ");
        Ok(Rule {
            join: rule.join.clone().map(|join| (join, joined().into())),
            sources,
            default: rule.default.clone(),
            constant: rule.constant.clone(),
            split: rule.split.clone().filter(|split| !split.is_empty()),
            all: rule.all || field.ends_with("images"),
            field,
            rework: Rework::new(configured_as, rule)?,
            is_price: configured_as.ends_with("price"),
            configured,
            seen: AtomicBool::new(false),
        })
    }
}
