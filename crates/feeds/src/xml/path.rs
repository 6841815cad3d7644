//! Paths within a row, `attributes/attribute[@name='Color']`, and a row as what such paths find in it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::rows::is_named;
use super::{Ancestor, Item, Node, local};
use crate::FeedProblem;
use crate::item::{Cell, Source};

/// Names of the part of a property that says what it is, and of the part that says how it is.
const NAMES: [&str; 9] = [
    "name",
    "key",
    "label",
    "param_name",
    "attribute_name",
    "attributename",
    "propertyname",
    "feature_name",
    "title",
];
const VALUES: [&str; 7] =
    ["value", "val", "values", "attribute_value", "attributevalue", "propertyvalue", "feature_value"];

/// Steps down from a row, or first up to what encloses it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path {
    /// How many elements up: `../../@id` is 2.
    up: usize,
    steps: Vec<Step>,
    /// The attribute at the end: `price/@currency`.
    attribute: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    name: String,
    filter: Option<Filter>,
}

/// What must hold for an element: `[@lang='sv']`, `[type='EAN']`, `[2]`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Filter {
    Attribute(String, String),
    Child(String, String),
    Nth(usize),
}

impl Path {
    /// `None` where the text is no path.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut path = Self::default();
        let parts = parts(text.trim().trim_start_matches("./"))?;
        for (i, part) in parts.iter().enumerate() {
            if path.attribute.is_some() {
                return None;
            }
            match part.strip_prefix('@') {
                _ if *part == ".." && path.up == i => path.up += 1,
                Some(name) if is_name(name) => path.attribute = Some(name.to_owned()),
                _ if *part == "." || *part == "text()" => {}
                _ => path.steps.push(Step::parse(part)?),
            }
        }
        Some(path)
    }

    /// Every element or attribute at this path, with its text.
    fn find<'t>(&self, root: Node<'t>, found: &mut dyn FnMut(Node<'t>, Option<&'t str>, &'t str)) {
        if self.up == 0 {
            self.walk(root, 0, found);
        }
    }

    fn walk<'t>(
        &self,
        node: Node<'t>,
        depth: usize,
        found: &mut dyn FnMut(Node<'t>, Option<&'t str>, &'t str),
    ) {
        let Some(step) = self.steps.get(depth) else {
            match &self.attribute {
                None => found(node, None, markup_or_text(node)),
                Some(wanted) => {
                    if let Some((name, value)) = node.attributes().find(|(name, _)| is_named(name, wanted)) {
                        found(node, Some(name), value);
                    }
                }
            }
            return;
        };
        let named = node.children().filter(|child| is_named(child.name(), &step.name));
        for (before, child) in named.enumerate() {
            if step.filter.as_ref().is_none_or(|filter| filter.holds(child, before + 1)) {
                self.walk(child, depth + 1, found);
            }
        }
    }

    /// The text of an enclosing element's attribute or of a plain element in it.
    fn find_above<'t>(&self, ancestors: &'t [Ancestor]) -> Option<&'t str> {
        let above = ancestors.get(ancestors.len().checked_sub(self.up)?)?;
        let among = |pairs: &'t [(String, String)], wanted: &str| {
            pairs.iter().find(|(name, _)| is_named(name, wanted)).map(|(_, text)| text.as_str())
        };
        match (&self.attribute, self.steps.as_slice()) {
            (Some(name), []) => among(&above.attributes, name),
            (None, [Step { name, filter: None }]) => among(&above.leaves, name),
            _ => None,
        }
    }
}

impl Step {
    fn parse(text: &str) -> Option<Self> {
        let (name, filter) = match text.split_once('[') {
            None => (text, None),
            Some((name, rest)) => (name, Some(Filter::parse(rest.strip_suffix(']')?)?)),
        };
        is_name(name).then(|| Self { name: name.to_owned(), filter })
    }
}

impl Filter {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(nth) = text.trim().parse() {
            return Some(Self::Nth(nth));
        }
        let (name, value) = text.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let value = quoted('\'').or_else(|| quoted('"'))?.to_owned();
        match name.strip_prefix('@') {
            Some(name) => is_name(name).then(|| Self::Attribute(name.to_owned(), value)),
            None => is_name(name).then(|| Self::Child(name.to_owned(), value)),
        }
    }

    fn holds(&self, node: Node<'_>, nth: usize) -> bool {
        match self {
            Self::Nth(wanted) => nth == *wanted,
            Self::Attribute(name, value) => node.attribute(name).is_some_and(|found| found.trim() == value),
            Self::Child(name, value) => node
                .children()
                .any(|child| is_named(child.name(), name) && child.text().trim() == value.as_str()),
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text != ".."
        && !text.contains(|c: char| c.is_whitespace() || "[]@/='\"()<>*".contains(c))
}

/// A path's parts: cut at `/`, but not within brackets.
fn parts(text: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut within) = (Vec::new(), 0, false);
    for (i, c) in text.char_indices() {
        match c {
            '[' => within = true,
            ']' => within = false,
            '/' if !within => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (!within && parts.iter().all(|part| !part.is_empty())).then_some(parts)
}

/// An element that holds elements is what stands between its tags: HTML, from which text is made later.
fn markup_or_text(node: Node<'_>) -> &str {
    if node.is_leaf() { node.text() } else { node.inner() }
}

/// Paths already parsed. Those that are none find nothing.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    parsed: RefCell<HashMap<String, Option<Rc<Path>>>>,
}

impl Paths {
    /// Parses the paths of a configuration.
    ///
    /// # Errors
    /// [`FeedProblem::NoPath`].
    pub(super) fn check<'f>(&self, texts: impl Iterator<Item = &'f String>) -> Result<(), FeedProblem> {
        for text in texts {
            if self.get(text).is_none() {
                return Err(FeedProblem::NoPath { text: text.clone() });
            }
        }
        Ok(())
    }

    fn get(&self, text: &str) -> Option<Rc<Path>> {
        if let Some(known) = self.parsed.borrow().get(text) {
            return known.clone();
        }
        let path = Path::parse(text).map(Rc::new);
        self.parsed.borrow_mut().insert(text.to_owned(), path.clone());
        path
    }
}

/// A row of XML by paths.
pub(crate) struct PathItem<'x> {
    pub(crate) found: &'x Item<'x>,
    pub(crate) paths: &'x Paths,
}

impl crate::item::Item for PathItem<'_> {
    fn number(&self) -> u64 {
        self.found.number
    }

    fn values<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cell<'s>)) {
        let Some(path) = self.paths.get(&source.name) else { return };
        match path.up {
            0 => path.find(self.found.root, &mut |_, _, text| found(Cell::text(text))),
            _ => path.find_above(self.found.ancestors).into_iter().for_each(|text| found(Cell::text(text))),
        }
    }

    fn members<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let Some(path) = self.paths.get(&source.name) else { return };
        if path.up > 0 || path.attribute.is_some() {
            return self.values(source, &mut |cell| found(Cow::Owned(source.name.clone()), cell));
        }
        path.find(self.found.root, &mut |node, _, _| match pair(node) {
            Some((name, value)) => found(name.into(), Cell::text(value)),
            None if node.is_leaf() => found(Cow::Owned(source.name.clone()), Cell::text(node.text())),
            None => {
                let mut leaves =
                    Leaves { used: &HashSet::new(), pairs: true, plain: true, outline: false, found };
                leaves.below(node, "");
            }
        });
    }

    fn everything<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.leaves(false, true, found);
    }

    fn outline<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let mut leaves = Leaves { used: &HashSet::new(), pairs: false, plain: true, outline: true, found };
        leaves.attributes(self.found.root, "");
        leaves.below(self.found.root, "");
    }

    fn properties<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.leaves(true, false, found);
    }
}

impl PathItem<'_> {
    fn leaves<'s>(&'s self, pairs: bool, plain: bool, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        // What a field is read from is no attribute beside it, by whatever path.
        let mut used = HashSet::new();
        for path in self.paths.parsed.borrow().values().flatten() {
            path.find(self.found.root, &mut |node, attribute, _| {
                used.insert((node.index(), attribute));
            });
        }
        let mut leaves = Leaves { used: &used, pairs, plain, outline: false, found };
        leaves.attributes(self.found.root, "");
        leaves.below(self.found.root, "");
    }
}

/// Everything that is plain text below an element, by its path; pairs of name and value by their name.
struct Leaves<'a, 's> {
    used: &'a HashSet<(usize, Option<&'s str>)>,
    pairs: bool,
    plain: bool,
    /// Pairs by their own path.
    outline: bool,
    found: &'a mut dyn FnMut(Cow<'s, str>, Cell<'s>),
}

impl<'s> Leaves<'_, 's> {
    fn below(&mut self, node: Node<'s>, prefix: &str) {
        for child in node.children() {
            if self.used.contains(&(child.index(), None)) {
                continue;
            }
            if let Some((name, value)) = pair(child) {
                let is_used = child.children().any(|part| self.used.contains(&(part.index(), None)));
                if self.outline {
                    (self.found)(path_below(prefix, child.name()), Cell::text(value));
                } else if self.pairs && !is_used {
                    (self.found)(name.into(), Cell::text(value));
                }
                continue;
            }
            let is_text = child.is_leaf() || !child.text().trim().is_empty();
            if is_text && !self.plain {
                continue;
            }
            let name = path_below(prefix, child.name());
            self.attributes(child, &name);
            if is_text {
                (self.found)(name, Cell::text(child.value()));
            } else {
                self.below(child, &name);
            }
        }
    }

    fn attributes(&mut self, node: Node<'s>, prefix: &str) {
        if !self.plain {
            return;
        }
        for (name, value) in node.attributes() {
            let is_declaration = name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xsi:");
            if is_declaration || self.used.contains(&(node.index(), Some(name))) {
                continue;
            }
            let slash = if prefix.is_empty() { "" } else { "/" };
            (self.found)(Cow::Owned(format!("{prefix}{slash}@{name}")), Cell::text(value));
        }
    }
}

fn path_below<'s>(prefix: &str, name: &'s str) -> Cow<'s, str> {
    match prefix {
        "" => Cow::Borrowed(name),
        prefix => Cow::Owned(format!("{prefix}/{name}")),
    }
}

/// A property written as name and value: `<attribute name="Color">red</attribute>`,
/// `<param name="Color" value="red"/>`, `<param><name>Color</name><value>red</value></param>`. A unit is added to its
/// value.
fn pair<'t>(node: Node<'t>) -> Option<(&'t str, Cow<'t, str>)> {
    let known = |name: &str, list: &[&str]| list.iter().any(|word| local(name).eq_ignore_ascii_case(word));
    let attribute =
        |list: &[&str]| node.attributes().find(|(name, _)| known(name, list)).map(|(_, value)| value.trim());
    let (name, value, unit) = if node.is_leaf() {
        let text = node.text().trim();
        let value = if text.is_empty() { attribute(&VALUES)? } else { text };
        (attribute(&NAMES)?, value, attribute(&["unit"]))
    } else {
        let child = |list: &[&str]| {
            let mut named = node.children().filter(|child| known(child.name(), list));
            named.next().filter(|child| child.is_leaf()).map(|child| child.text().trim())
        };
        // More parts than these make it a thing of its own.
        if node.children().nth(3).is_some() {
            return None;
        }
        (child(&NAMES).or_else(|| attribute(&NAMES))?, child(&VALUES)?, child(&["unit"]))
    };
    if name.is_empty() {
        return None;
    }
    Some((
        name,
        match unit.filter(|unit| !unit.is_empty() && !value.is_empty()) {
            Some(unit) => Cow::Owned(format!("{value} {unit}")),
            None => Cow::Borrowed(value),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_parsed_or_are_none() {
        for text in [
            "name",
            "price/@currency",
            "attributes/attribute[@name='Color']",
            "names/name[@lang=\"sv\"]",
            "codes/code[type='EAN']/value",
            "images/image[1]",
            "../@id",
            "../../name",
            "@id",
            "g:price",
            "names/name[@a='x/y']",
        ] {
            assert!(Path::parse(text).is_some(), "{text}");
        }
        for text in ["", "a//b", "a/", "@a/b", "a[", "a[@x]", "a[@x=y]", "a/../b", "a b", "*"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
