//! Paths within a row: `price/@currency`, `attributes/attribute[@name='Color']`, `../@id`.

use super::rows::is_named;
use super::{Ancestor, Node};

/// Steps down from a row, or first up to what encloses it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path {
    /// How many elements up: `../../@id` is 2.
    pub(super) up: usize,
    steps: Vec<Step>,
    /// The attribute at the end: `price/@currency`.
    pub(super) attribute: Option<String>,
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
    pub(super) fn find<'t>(&self, root: Node<'t>, found: &mut dyn FnMut(Node<'t>, Option<&'t str>, &'t str)) {
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
    pub(super) fn find_above<'t>(&self, ancestors: &'t [Ancestor]) -> Option<&'t str> {
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
