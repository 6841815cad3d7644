//! Which elements are rows, and which might be where the row path finds none.

use std::collections::BTreeMap;

use super::{Ancestor, Xml};
use crate::source::Source;
use crate::{FeedProblem, Limits, encoding};

/// Which elements are rows.
#[derive(Debug, Clone)]
pub(crate) enum Rows {
    /// Those of these names, without prefix, wherever they stand. They never stand in one another.
    Named(&'static [&'static str]),
    /// Those at a path.
    At(RowPath),
    /// None: only the elements around them are looked at.
    Nowhere,
}

/// `catalog/products/product` from the root on, or `//product` anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowPath {
    steps: Vec<String>,
    anywhere: bool,
}

impl RowPath {
    pub(crate) fn parse(text: &str) -> Result<Self, FeedProblem> {
        let text = text.trim();
        let anywhere = text.starts_with("//");
        let steps: Vec<String> = text.trim_matches('/').split('/').map(str::to_owned).collect();
        let is_name = |step: &String| {
            !step.is_empty() && !step.contains(|c: char| c.is_whitespace() || "[]@*<>()".contains(c))
        };
        if steps.iter().all(is_name) {
            return Ok(Self { steps, anywhere });
        }
        let reason = format!("{text:?} is no path such as \"catalog/products/product\" or \"//product\"");
        Err(FeedProblem::Setting { key: "rows", reason })
    }

    fn last(&self) -> &str {
        self.steps.last().map(String::as_str).unwrap_or_default()
    }

    fn is_at(&self, ancestors: &[Ancestor]) -> bool {
        let above = self.steps.get(..self.steps.len() - 1).unwrap_or_default();
        let same = |(step, open): (&String, &Ancestor)| is_named(&open.name, step);
        match self.anywhere {
            false if ancestors.len() != above.len() => false,
            true if ancestors.len() < above.len() => false,
            _ => above.iter().rev().zip(ancestors.iter().rev()).all(same),
        }
    }
}

impl Rows {
    /// Whether an opening tag of this name, with these elements open around it, opens a row.
    pub(super) fn opens(&self, name: &[u8], ancestors: &[Ancestor]) -> bool {
        self.is_row_name(name)
            && match self {
                Self::At(path) => path.is_at(ancestors),
                Self::Named(_) | Self::Nowhere => true,
            }
    }

    pub(super) fn is_row_name(&self, name: &[u8]) -> bool {
        match self {
            Self::Named(names) => names.iter().any(|wanted| matches(name, wanted.as_bytes())),
            Self::At(path) => matches(name, path.last().as_bytes()),
            Self::Nowhere => false,
        }
    }

    /// Whether a row may stand within a row.
    pub(super) fn may_nest(&self) -> bool {
        matches!(self, Self::At(_))
    }

    /// Whether a text holds the tag of a row.
    pub(super) fn is_mentioned_in(&self, text: &[u8]) -> bool {
        text.split(|byte| *byte == b'<').skip(1).any(|rest| {
            let name = rest.strip_prefix(b"/").unwrap_or(rest);
            let end = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
            end.and_then(|end| name.get(..end)).is_some_and(|name| self.is_row_name(name))
        })
    }
}

/// Whether a name is the one that a step of a path asks for: with its prefix, or without any.
pub(super) fn is_named(name: &str, step: &str) -> bool {
    matches(name.as_bytes(), step.as_bytes())
}

fn matches(name: &[u8], step: &[u8]) -> bool {
    match name.strip_suffix(step) {
        Some([]) => true,
        Some(prefix) => prefix.ends_with(b":") && !step.contains(&b':'),
        None => false,
    }
}

/// The path of the elements that look most like products: those that are repeated and hold the most kinds of parts.
pub(crate) fn likely_rows(
    source: &Source,
    found: encoding::Found,
    limits: &Limits,
) -> Result<Option<String>, FeedProblem> {
    const MOST_STEPS: usize = 1_000_000;
    let mut xml = Xml::open(source, found, limits, Rows::Nowhere)?;
    let mut shapes = Shapes::default();
    for _ in 0..MOST_STEPS {
        // What cannot be read on has told enough, or nothing.
        match xml.surrounding() {
            Ok(Some(depth)) => shapes.add(&xml.ancestors, depth),
            Ok(None) | Err(_) => break,
        }
    }
    Ok(shapes.likeliest())
}

/// The name of the document's root element, without prefix.
pub(crate) fn root(
    source: &Source,
    found: encoding::Found,
    limits: &Limits,
) -> Result<Option<String>, FeedProblem> {
    let mut xml = Xml::open(source, found, limits, Rows::Nowhere)?;
    xml.surrounding()?;
    Ok(xml.root().map(str::to_owned))
}

/// What stands at each path of a document.
#[derive(Default)]
struct Shapes {
    paths: BTreeMap<String, Shape>,
}

#[derive(Default)]
struct Shape {
    times: u64,
    depth: usize,
    /// Names of the parts found in it.
    parts: std::collections::BTreeSet<String>,
}

impl Shapes {
    fn add(&mut self, open: &[Ancestor], depth: usize) {
        const MOST_PATHS: usize = 5_000;
        let path = |open: &[Ancestor]| open.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join("/");
        let Some((last, above)) = open.split_last() else { return };
        if self.paths.len() >= MOST_PATHS {
            return;
        }
        if let Some(shape) = self.paths.get_mut(&path(above)) {
            shape.parts.insert(last.name.clone());
        }
        let shape = self.paths.entry(path(open)).or_default();
        shape.times += 1;
        shape.depth = depth;
        shape.parts.extend(last.attributes.iter().map(|(name, _)| format!("@{name}")));
    }

    fn likeliest(self) -> Option<String> {
        let most = self.paths.values().map(|shape| shape.times).max().unwrap_or_default();
        let repeated = |shape: &Shape| shape.times > 1 || most <= 1;
        let score = |shape: &Shape| (shape.parts.len() as u64).pow(2) * shape.times;
        self.paths
            .into_iter()
            .filter(|(_, shape)| repeated(shape) && !shape.parts.is_empty())
            .max_by_key(|(_, shape)| (score(shape), std::cmp::Reverse(shape.depth)))
            .map(|(path, _)| path)
    }
}
