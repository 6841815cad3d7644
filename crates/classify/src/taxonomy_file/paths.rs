//! Shopify's taxonomy and GS1's product classification as JSON Lines: a category a line with its whole path.
//!
//! `{"id": "aa-1", "path": ["Apparel", "Clothing"], "path_i18n": {"sv": ["Kläder", "Plagg"]}}` is Shopify's form,
//! `{"id": "10000002", "path": [segment, family, class, brick], "description": "Includes …. Excludes …."}` GS1's, whose
//! lines are bricks only. `path` and `description` are English. Parents follow from the paths; one without a line of its
//! own is made, with its path for an id.

use std::collections::{BTreeMap, HashMap};

use berika_catalog::{Category, CategoryId, Language, exclusion};
use serde::Deserialize;

use super::assemble::Row;
use super::{MOST_CATEGORIES, MOST_ID, MOST_LEVELS, MOST_TEXT, TaxonomyFileError};

/// What joins the names of a path that has to serve as an id.
const JOINT: &str = " > ";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    path: Vec<String>,
    #[serde(default)]
    path_i18n: BTreeMap<Language, Vec<String>>,
    #[serde(default)]
    description: Option<String>,
}

/// Whether the first line that is not empty is an object with a path and without names.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct First {
        #[serde(rename = "path")]
        _path: Vec<String>,
        names: Option<serde::de::IgnoredAny>,
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    serde_json::from_slice::<First>(first).is_ok_and(|first| first.names.is_none())
}

pub(super) fn rows(file: &str, text: &str) -> Result<Vec<Row>, TaxonomyFileError> {
    let lines = lines(file, text)?;
    let english = Language::parse("en").expect("en is a language");
    let mut tree = Tree::default();
    let mut at = Vec::with_capacity(lines.len());
    for (index, (line_no, line)) in lines.iter().enumerate() {
        let place = tree.place(index, &line.path);
        let too_many = || TaxonomyFileError::TooMany { file: file.to_owned(), most: MOST_CATEGORIES };
        at.push(place.ok_or_else(too_many)?);
        if line.id.trim().is_empty() {
            let problem = format!("the category {:?} has no id; give it one", line.path.join(JOINT));
            return Err(TaxonomyFileError::line(file, *line_no, problem));
        }
    }
    let mut rows = Vec::with_capacity(tree.nodes.len());
    for (node, place) in tree.nodes.iter().enumerate().filter(|(_, node)| node.own.is_none()) {
        let (line_no, line) = &lines[place.first];
        let id = tree.id(node, &lines).map_err(|problem| TaxonomyFileError::line(file, *line_no, problem))?;
        let above = place.parent.map(|above| tree.id(above, &lines)).transpose();
        let parent = above.map_err(|problem| TaxonomyFileError::line(file, *line_no, problem))?;
        rows.push(Row { line: *line_no, category: category(id, parent, names(line, place.level, &english)) });
    }
    for ((line_no, line), &node) in lines.iter().zip(&at) {
        let above = tree.nodes[node].parent.map(|above| tree.id(above, &lines)).transpose();
        let parent = above.map_err(|problem| TaxonomyFileError::line(file, *line_no, problem))?;
        let mut category =
            category(line.id.trim().to_owned(), parent, names(line, line.path.len(), &english));
        let system = system(category.id.as_str());
        category.external_ids.extend(system.map(|system| (system.to_owned(), category.id.0.clone())));
        describe(&mut category, line.description.as_deref(), &english);
        rows.push(Row { line: *line_no, category });
    }
    Ok(rows)
}

fn lines(file: &str, text: &str) -> Result<Vec<(usize, Line)>, TaxonomyFileError> {
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let refuse = |problem: String| TaxonomyFileError::line(file, index + 1, problem);
        if lines.len() == MOST_CATEGORIES {
            return Err(TaxonomyFileError::TooMany { file: file.to_owned(), most: MOST_CATEGORIES });
        }
        let mut line: Line = serde_json::from_str(line).map_err(|error| {
            let cause = error.to_string();
            let cause = cause.rsplit_once(" at line ").map_or(cause.as_str(), |(cause, _)| cause);
            refuse(format!(
                "{cause} (column {}); a line is an object such as {{\"id\": \"aa-1\", \"path\": [\"Apparel\", \
                 \"Clothing\"]}}",
                error.column()
            ))
        })?;
        let id = &line.id;
        for path in std::iter::once(&mut line.path).chain(line.path_i18n.values_mut()) {
            for name in path {
                // Translations have stray blanks, and a name must be written alike on every line.
                *name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                if name.len() > MOST_TEXT {
                    return Err(refuse(format!(
                        "a name in the path of category {id} is longer than {MOST_TEXT} bytes; shorten it"
                    )));
                }
            }
        }
        let levels = line.path.len();
        if levels == 0 {
            return Err(refuse(format!(
                "the path of category {id} is empty; give it the names from the root down"
            )));
        }
        if levels > MOST_LEVELS {
            return Err(refuse(format!(
                "the path of category {id} has more than {MOST_LEVELS} levels; flatten the taxonomy"
            )));
        }
        if line.path.iter().any(String::is_empty) {
            return Err(refuse(format!("the path of category {id} has a level without a name; give it one")));
        }
        if let Some((language, path)) = line.path_i18n.iter().find(|(_, path)| path.len() != levels) {
            return Err(refuse(format!(
                "the path of category {id} has {levels} levels and {} in {language}; make them equally many",
                path.len()
            )));
        }
        lines.push((index + 1, line));
    }
    Ok(lines)
}

/// All paths as one tree.
#[derive(Default)]
struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    children: HashMap<(Option<usize>, &'a str), usize>,
}

struct Node<'a> {
    parent: Option<usize>,
    name: &'a str,
    /// From 1.
    level: usize,
    /// The first line that passes through it.
    first: usize,
    /// The first line whose path ends in it. Two ids may have come to the same words; what stands below belongs to the
    /// first.
    own: Option<usize>,
}

impl<'a> Tree<'a> {
    /// The node in which the path ends; `None` where there are too many.
    fn place(&mut self, line: usize, path: &'a [String]) -> Option<usize> {
        let mut at = None;
        for (level, name) in path.iter().enumerate() {
            let nodes = &mut self.nodes;
            at = Some(*self.children.entry((at, name)).or_insert_with(|| {
                nodes.push(Node { parent: at, name, level: level + 1, first: line, own: None });
                nodes.len() - 1
            }));
        }
        let at = at?;
        self.nodes[at].own.get_or_insert(line);
        (self.nodes.len() <= MOST_CATEGORIES).then_some(at)
    }

    /// The id of a node: its line's, else its path.
    fn id(&self, node: usize, lines: &[(usize, Line)]) -> Result<String, String> {
        if let Some(line) = self.nodes[node].own {
            return Ok(lines[line].1.id.trim().to_owned());
        }
        let (mut names, mut length, mut at) = (Vec::new(), 0, Some(node));
        while let Some(node) = at {
            let node = &self.nodes[node];
            length += node.name.len() + JOINT.len();
            if length > MOST_ID + JOINT.len() {
                return Err(format!(
                    "the category {:?} above has no line of its own, and its path is longer than {MOST_ID} bytes; give it \
                     a line with an id",
                    node.name
                ));
            }
            names.push(node.name);
            at = node.parent;
        }
        names.reverse();
        Ok(names.join(JOINT))
    }
}

/// The names of a line's path at a level, from 1.
fn names(line: &Line, level: usize, english: &Language) -> BTreeMap<Language, String> {
    let mut names = BTreeMap::from([(english.clone(), line.path[level - 1].clone())]);
    names.extend(line.path_i18n.iter().map(|(language, path)| (language.clone(), path[level - 1].clone())));
    names
}

fn category(id: String, parent: Option<String>, names: BTreeMap<Language, String>) -> Category {
    Category {
        id: CategoryId(id),
        parent: parent.map(CategoryId),
        names,
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    }
}

/// Whose id this is by its form: GS1's bricks have eight digits, Google's categories at most six, and Shopify's are two
/// letters and numbers.
fn system(id: &str) -> Option<&'static str> {
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        return match id.len() {
            1..=6 => Some("google"),
            8 => Some("gpc"),
            _ => None,
        };
    }
    let mut parts = id.split('-');
    let letters = parts
        .next()
        .is_some_and(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (letters && parts.all(number)).then_some("shopify")
}

/// What the definition includes is the description; what it excludes is kept apart.
fn describe(category: &mut Category, definition: Option<&str>, english: &Language) {
    let split = exclusion::split(definition.unwrap_or_default());
    let included = without_opening(&split.kept);
    category.descriptions.extend((!included.is_empty()).then(|| (english.clone(), included)));
    category.excludes.extend((!split.excluded.is_empty()).then(|| (english.clone(), split.excluded)));
}

/// The definition without the words that nearly all of them begin with, which would make all categories alike: "Includes
/// any products that can be described/observed as".
fn without_opening(definition: &str) -> String {
    const OPENING: usize = 80;
    let Some(rest) = definition.strip_prefix("Includes ") else { return definition.to_owned() };
    let head = &rest[..rest.floor_char_boundary(OPENING)];
    let opening = head.split_once('.').map_or(head, |(sentence, _)| sentence);
    let as_what =
        ["described/observed as ", "described/ observed as ", "observed/described as ", "described as "];
    let end = as_what.iter().filter_map(|words| Some(opening.find(words)? + words.len())).min();
    let rest = rest[end.unwrap_or(0)..].trim_start();
    let mut letters = rest.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
