//! A header and a category a row. The columns are documented in the parent module.

use std::collections::{BTreeMap, HashMap};

use berika_catalog::{Category, CategoryId, Language};

use super::assemble::Row;
use super::{MOST_CATEGORIES, MOST_ID, MOST_LEVELS, TaxonomyFileError};

/// What a column holds.
enum Column {
    Id,
    Parent,
    Path(Language),
    Name(Language),
    Description(Language),
    Excludes(Language),
    Synonyms(Language),
    External(String),
}

const COLUMNS: &str =
    "id, parent, path.LANG, name.LANG, description.LANG, excludes.LANG, synonyms.LANG and external.NAME";

pub(super) fn rows(file: &str, text: &str) -> Result<Vec<Row>, TaxonomyFileError> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(text)).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(header) = records.next() else { return Ok(Vec::new()) };
    let columns = columns(file, &header.map_err(|error| broken(file, &error))?)?;
    let mut table = Table::default();
    for record in records {
        let record = record.map_err(|error| broken(file, &error))?;
        let line = record.position().map_or(1, |at| usize::try_from(at.line()).unwrap_or(1));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        table
            .add(line, Cells::of(&columns, &record))
            .map_err(|problem| TaxonomyFileError::line(file, line, problem))?;
        if table.rows.len() > MOST_CATEGORIES {
            break;
        }
    }
    Ok(table.rows)
}

fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|&byte| byte == delimiter).count();
    // The first of equals, so a header of one column is read with commas.
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&d| count(d)).unwrap_or(b',')
}

fn broken(file: &str, error: &csv::Error) -> TaxonomyFileError {
    let line = error.position().map_or(1, |at| usize::try_from(at.line()).unwrap_or(1));
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells instead of the header's {expected_len}; quote cells that hold the delimiter")
        }
        _ => format!("{error}; mend the line"),
    };
    TaxonomyFileError::line(file, line.max(1), problem)
}

fn columns(file: &str, header: &csv::StringRecord) -> Result<Vec<Column>, TaxonomyFileError> {
    let refuse = |problem: String| TaxonomyFileError::line(file, 1, problem);
    let mut seen = std::collections::BTreeSet::new();
    let mut columns = Vec::with_capacity(header.len());
    for title in header {
        let title = title.trim().to_lowercase();
        if !seen.insert(title.clone()) {
            return Err(refuse(format!("the column {title:?} is there twice; remove one")));
        }
        let (kind, rest) = title.split_once('.').unwrap_or((title.as_str(), ""));
        let language = || {
            let tag = if rest.is_empty() { "en" } else { rest };
            Language::parse(tag).map_err(|error| refuse(format!("column {title:?}: {error}")))
        };
        columns.push(match (kind, rest) {
            ("id", "") => Column::Id,
            ("parent", "") => Column::Parent,
            ("path", _) => Column::Path(language()?),
            ("name" | "names", _) => Column::Name(language()?),
            ("description" | "descriptions", _) => Column::Description(language()?),
            ("excludes", _) => Column::Excludes(language()?),
            ("synonym" | "synonyms", _) => Column::Synonyms(language()?),
            ("external" | "external_ids", name) if !name.is_empty() => Column::External(name.to_owned()),
            _ => return Err(refuse(format!("unknown column {title:?}; the columns are {COLUMNS}"))),
        });
    }
    let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
    let named = has(|c| matches!(c, Column::Name(_)));
    let placed = has(|c| matches!(c, Column::Path(_)));
    if placed && has(|c| matches!(c, Column::Parent)) {
        return Err(refuse("both parent and path columns; keep one of them".to_owned()));
    }
    let identified = named && has(|c| matches!(c, Column::Id));
    if !placed && !identified {
        return Err(refuse(format!("neither id and name nor path columns; the columns are {COLUMNS}")));
    }
    Ok(columns)
}

/// One row's cells by what they hold; empty cells are left out.
#[derive(Default)]
struct Cells {
    id: Option<String>,
    parent: Option<String>,
    paths: BTreeMap<Language, Vec<String>>,
    names: BTreeMap<Language, String>,
    descriptions: BTreeMap<Language, String>,
    excludes: BTreeMap<Language, String>,
    synonyms: BTreeMap<Language, Vec<String>>,
    external_ids: BTreeMap<String, String>,
}

impl Cells {
    fn of(columns: &[Column], record: &csv::StringRecord) -> Self {
        let mut cells = Self::default();
        for (column, cell) in columns.iter().zip(record) {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            let parts = |separator| cell.split(separator).map(|part| part.trim().to_owned()).collect();
            match column {
                Column::Id => cells.id = Some(cell.to_owned()),
                Column::Parent => cells.parent = Some(cell.to_owned()),
                Column::Path(language) => {
                    cells.paths.insert(language.clone(), parts('>'));
                }
                Column::Name(language) => {
                    cells.names.insert(language.clone(), cell.to_owned());
                }
                Column::Description(language) => {
                    cells.descriptions.insert(language.clone(), cell.to_owned());
                }
                Column::Excludes(language) => {
                    cells.excludes.insert(language.clone(), cell.to_owned());
                }
                Column::Synonyms(language) => {
                    cells.synonyms.insert(language.clone(), parts('|'));
                }
                Column::External(name) => {
                    cells.external_ids.insert(name.clone(), cell.to_owned());
                }
            }
        }
        cells
    }
}

/// Rows so far, and where paths are.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    /// Position in `rows` by that of the parent and the name in the first language of the paths, with whether it has a row
    /// of its own. Not by whole paths: those of a deep file would fill the memory.
    places: HashMap<(Option<usize>, String), (usize, bool)>,
}

impl Table {
    /// Adds a row, and the ancestors that its path names.
    fn add(&mut self, line: usize, mut cells: Cells) -> Result<(), String> {
        let paths = std::mem::take(&mut cells.paths);
        let Some(main) = paths.values().next().cloned() else {
            let Some(id) = cells.id.take() else { return Err("the row has no id; give it one".to_owned()) };
            self.rows.push(Row { line, category: cells.into_category(id) });
            return Ok(());
        };
        let levels = main.len();
        if paths.values().any(|path| path.len() != levels || path.iter().any(String::is_empty)) {
            return Err(
                "the paths have levels without a name, or not equally many in all languages".to_owned()
            );
        }
        if levels > MOST_LEVELS {
            return Err(format!("the path has more than {MOST_LEVELS} levels; flatten the taxonomy"));
        }
        let mut parent = None;
        for level in 1..levels {
            parent = Some(self.place(line, &main[..level], parent, Cells::default(), &paths, false)?);
        }
        self.place(line, &main, parent, cells, &paths, true).map(drop)
    }

    /// Puts the category of `main`, whose parent is at `parent`, into the table unless it is there, and says where it is;
    /// `own` says that this is its own row.
    fn place(
        &mut self,
        line: usize,
        main: &[String],
        parent: Option<usize>,
        mut cells: Cells,
        paths: &BTreeMap<Language, Vec<String>>,
        own: bool,
    ) -> Result<usize, String> {
        let level = main.len();
        for (language, path) in paths {
            cells.names.entry(language.clone()).or_insert_with(|| path[level - 1].clone());
        }
        cells.parent = parent.map(|place| self.rows[place].category.id.0.clone());
        let key = (parent, main[level - 1].clone());
        match self.places.get(&key).copied() {
            Some((_, true)) if own => {
                Err(format!("the path {:?} is there twice; remove one", main.join(" > ")))
            }
            Some((place, false)) if own => {
                // Its children already name the id it was given when a child came first, so that id stays.
                let known = self.rows[place].category.id.0.clone();
                if cells.id.as_ref().is_some_and(|id| *id != known) {
                    return Err(format!("the row of {:?} must stand before its children", main.join(" > ")));
                }
                self.rows[place] = Row { line, category: cells.into_category(known) };
                self.places.insert(key, (place, true));
                Ok(place)
            }
            Some((place, _)) => Ok(place),
            None => {
                let id = cells.id.take().unwrap_or_else(|| main.join(" > "));
                if id.len() > MOST_ID {
                    return Err(format!(
                        "the id of {:?}, or the path that serves as one, is longer than {MOST_ID} bytes; give it a row \
                         with an id before those below it",
                        main[level - 1]
                    ));
                }
                let place = self.rows.len();
                self.places.insert(key, (place, own));
                self.rows.push(Row { line, category: cells.into_category(id) });
                Ok(place)
            }
        }
    }
}

impl Cells {
    fn into_category(self, id: String) -> Category {
        Category {
            id: CategoryId(id),
            parent: self.parent.map(CategoryId),
            names: self.names,
            descriptions: self.descriptions,
            excludes: self.excludes,
            synonyms: self.synonyms,
            external_ids: self.external_ids,
        }
    }
}
