//! A workbook's table of contents: its sheets, and in which parts of the archive everything stands.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;

use zip::ZipArchive;

use super::part::{Part, Step, attribute, damaged, is_set};
use super::strings::Strings;
use super::styles::Styles;
use crate::error::nearest_name;
use crate::source::Source;
use crate::{FeedProblem, Limits};

pub(super) struct Book {
    archive: ZipArchive<BufReader<File>>,
    /// Places in the archive by name in lower case, because some programs differ in case between name and reference.
    places: HashMap<String, usize>,
    sheets: Vec<Entry>,
    styles: String,
    strings: String,
    /// Whether days are counted from 1904.
    pub(super) since_1904: bool,
}

struct Entry {
    name: String,
    shown: bool,
    /// `None` for charts and dialogs.
    part: Option<String>,
}

/// Where a part points to.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl Book {
    pub(super) fn open(source: &Source, limits: &Limits) -> Result<Self, FeedProblem> {
        let archive = ZipArchive::new(source.reader()?).map_err(|error| damaged(error.to_string()))?;
        let name = |raw: &[u8]| String::from_utf8_lossy(raw).replace('\\', "/").to_lowercase();
        let places = archive.file_names_raw().enumerate().map(|(at, raw)| (name(raw), at)).collect();
        let mut book = Self {
            archive,
            places,
            sheets: Vec::new(),
            styles: "xl/styles.xml".to_owned(),
            strings: "xl/sharedstrings.xml".to_owned(),
            since_1904: false,
        };
        book.expect_workbook()?;
        let root = book.relations("", "_rels/.rels", limits)?;
        let main = root.into_iter().find(|relation| relation.kind == "officeDocument");
        let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations = book.relations(folder, &format!("{folder}/_rels/{file}.rels"), limits)?;
        for relation in &relations {
            match relation.kind.as_str() {
                "styles" => book.styles.clone_from(&relation.target),
                "sharedStrings" => book.strings.clone_from(&relation.target),
                _ => {}
            }
        }
        book.read_contents(&main, &relations, limits)?;
        Ok(book)
    }

    /// Tells other documents that are zip archives apart.
    fn expect_workbook(&self) -> Result<(), FeedProblem> {
        let has = |name: &str| self.places.contains_key(name);
        let found = match () {
            () if has("xl/workbook.bin") => "a binary workbook (.xlsb); save it as .xlsx",
            () if has("mimetype") => "an OpenDocument file such as .ods; save it as .xlsx",
            () if has("word/document.xml") => "a Word document",
            () if has("ppt/presentation.xml") => "a presentation",
            () => return Ok(()),
        };
        Err(FeedProblem::WrongContent { expected: "an Excel workbook (.xlsx)", found: found.to_owned() })
    }

    fn read_contents(
        &mut self,
        main: &str,
        relations: &[Relation],
        limits: &Limits,
    ) -> Result<(), FeedProblem> {
        let (mut sheets, mut since_1904) = (Vec::new(), false);
        let Some(mut part) = self.small_part(main, limits)? else {
            return Err(damaged("it has no part that lists its sheets"));
        };
        loop {
            match part.next()? {
                Step::Open(start) => match start.local_name().into_inner() {
                    "workbookPr" => since_1904 = is_set(&start, "date1904"),
                    "sheet" => {
                        let id = attribute(&start, "id").unwrap_or_default();
                        let relation = relations.iter().find(|relation| relation.id == id);
                        let part = relation.filter(|relation| relation.kind == "worksheet");
                        sheets.push(Entry {
                            name: attribute(&start, "name").unwrap_or_default(),
                            shown: attribute(&start, "state").is_none_or(|state| state == "visible"),
                            part: part.map(|relation| relation.target.clone()),
                        });
                    }
                    _ => {}
                },
                Step::End => break,
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        drop(part);
        (self.sheets, self.since_1904) = (sheets, since_1904);
        Ok(())
    }

    fn relations(&mut self, folder: &str, name: &str, limits: &Limits) -> Result<Vec<Relation>, FeedProblem> {
        let mut found = Vec::new();
        let Some(mut part) = self.small_part(name, limits)? else { return Ok(found) };
        loop {
            match part.next()? {
                Step::Open(start) if start.local_name().into_inner() == "Relationship" => {
                    let of = |name| attribute(&start, name).unwrap_or_default();
                    let kind = of("Type").rsplit('/').next().unwrap_or_default().to_owned();
                    found.push(Relation { id: of("Id"), kind, target: resolve(folder, &of("Target")) });
                }
                Step::End => return Ok(found),
                Step::Open(_) | Step::Close(_) | Step::Text(_) => {}
            }
        }
    }

    /// The named sheet, or the first one that is shown: its name and its part.
    pub(super) fn choose(&self, wanted: Option<&str>) -> Result<(String, String), FeedProblem> {
        let entry = match wanted {
            Some(wanted) => {
                let names = || self.sheets.iter().map(|sheet| sheet.name.as_str());
                self.sheets.iter().find(|sheet| sheet.name == wanted).ok_or_else(|| {
                    FeedProblem::SheetMissing {
                        sheet: wanted.to_owned(),
                        nearest: nearest_name(wanted, names()),
                    }
                })?
            }
            None => self
                .sheets
                .iter()
                .find(|sheet| sheet.shown && sheet.part.is_some())
                .ok_or_else(|| damaged("it has no visible sheet"))?,
        };
        let part =
            entry.part.clone().ok_or_else(|| damaged(format!("{:?} is no sheet of cells", entry.name)))?;
        Ok((entry.name.clone(), part))
    }

    pub(super) fn styles(&mut self, limits: &Limits) -> Result<Styles, FeedProblem> {
        let name = self.styles.clone();
        self.small_part(&name, limits)?.map_or_else(|| Ok(Styles::default()), Styles::read)
    }

    pub(super) fn strings(&mut self, limits: &Limits) -> Result<Strings, FeedProblem> {
        let name = self.strings.clone();
        let part = self.part(&name, limits.workbook_bytes, limits)?;
        part.map_or_else(|| Ok(Strings::default()), Strings::read)
    }

    /// A sheet's cells.
    pub(super) fn sheet(&mut self, part: &str, limits: &Limits) -> Result<Part<'_>, FeedProblem> {
        let part = self.part(part, limits.unpacked_bytes, limits)?;
        part.ok_or_else(|| damaged("the part with the sheet's cells is missing"))
    }

    /// A part that is held in memory, and therefore no larger than a row may be.
    fn small_part(&mut self, name: &str, limits: &Limits) -> Result<Option<Part<'_>>, FeedProblem> {
        self.part(name, limits.row_bytes, limits)
    }

    fn part(&mut self, name: &str, most: u64, limits: &Limits) -> Result<Option<Part<'_>>, FeedProblem> {
        let name = name.to_lowercase();
        let Some(place) = self.places.get(name.trim_start_matches('/')) else { return Ok(None) };
        let unpacked = self.archive.by_index(*place).map_err(|error| damaged(error.to_string()))?;
        Ok(Some(Part::new(unpacked, most, limits)))
    }
}

/// The part that `target` names from within `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.join("/")
}
