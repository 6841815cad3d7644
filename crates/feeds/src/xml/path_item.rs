//! A row as what paths find in it, and everything else in it by its own path.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::path::Path;
use super::{Item, Node, local};
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
