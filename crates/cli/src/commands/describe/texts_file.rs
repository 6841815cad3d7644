//! The file of texts: one JSON object a product and language, in the order of the products. A file that a killed program
//! left is gone on with: whole lines are kept, a torn one at its end is written again.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use berika_catalog::Language;
use berika_describe::{Author, Conflict, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};

/// The file, open behind its last whole line.
pub(crate) struct TextsFile {
    path: PathBuf,
    out: BufWriter<File>,
    /// Whose texts are there already.
    written: std::collections::VecDeque<Key>,
}

/// Which text a line is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Key {
    id: String,
    language: Language,
}

impl TextsFile {
    /// Begins a file, or goes on with the one that is there.
    pub(crate) fn open(path: &Path, resume: bool) -> anyhow::Result<Self> {
        let failed = || format!("cannot write {}", path.display());
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let file = match resume {
            true => options.create(true).truncate(false).open(path).with_context(failed)?,
            false => options.create_new(true).open(path).with_context(|| {
                format!("cannot make {}; --resume goes on with a file that is there", path.display())
            })?,
        };
        let mut written = std::collections::VecDeque::new();
        let mut end = 0;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).with_context(failed)?;
            if read == 0 {
                break;
            }
            if line.last() != Some(&b'\n') {
                // What a killed program tore begins as its lines do; anything else is somebody's own.
                if !(line.starts_with(b"{\"") || b"{\"".starts_with(&line)) {
                    bail!(
                        "{} ends in something that is no text of `berika describe`; name another file",
                        path.display()
                    );
                }
                break;
            }
            let number = written.len() + 1;
            let key = serde_json::from_slice(&line).with_context(|| {
                format!("{}, line {number} is no text of `berika describe`", path.display())
            })?;
            written.push_back(key);
            end += read as u64;
        }
        let mut file = reader.into_inner();
        file.set_len(end).with_context(failed)?;
        file.seek(SeekFrom::Start(end)).with_context(failed)?;
        Ok(Self { path: path.to_owned(), out: BufWriter::new(file), written })
    }

    /// Whether the text that comes next in order is there already.
    ///
    /// # Errors
    /// Where another text stands in its place: the file is of other products or languages.
    pub(crate) fn has_next(&mut self, id: &str, language: &Language) -> anyhow::Result<bool> {
        let Some(key) = self.written.pop_front() else { return Ok(false) };
        if key.id != id || key.language != *language {
            bail!(
                "{} has {} in {} where {id} in {language} comes next: it was written for other products or languages; \
                 name another file",
                self.path.display(),
                key.id,
                key.language
            );
        }
        Ok(true)
    }

    /// Writes a text or the reason why there is none.
    pub(crate) fn write(
        &mut self,
        id: &str,
        language: &Language,
        outcome: &Outcome,
        conflicts: &[Conflict],
    ) -> anyhow::Result<()> {
        let failed = || format!("cannot write {}", self.path.display());
        serde_json::to_writer(&mut self.out, &line(id, language, outcome, conflicts)).with_context(failed)?;
        self.out.write_all(b"\n").with_context(failed)
    }

    /// Hands what was written over to the system: a killed program loses nothing of it.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        self.out.flush().with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn line(id: &str, language: &Language, outcome: &Outcome, conflicts: &[Conflict]) -> Value {
    let description = match outcome {
        Outcome::Described(description) => description,
        Outcome::NotDescribed(reason) => {
            return json!({
                "id": id, "language": language,
                "not_described": { "reason": reason.as_str(), "message": reason.to_string() },
            });
        }
    };
    let mut line = json!({ "id": id, "language": language });
    let mut sentences = Vec::new();
    let mut by_model = Vec::new();
    for (part, text) in description.texts() {
        line[part.as_str()] = json!(text.text);
        if text.by == Author::Model {
            by_model.push(part);
        }
        sentences.extend(
            text.sentences
                .iter()
                .map(|sentence| json!({ "part": part, "text": sentence.text, "fields": sentence.fields })),
        );
    }
    if let Some(html) = &description.long_html {
        line["long_html"] = json!(html);
    }
    line["sentences"] = json!(sentences);
    line["generator"] = json!(description.origin.generator);
    line["origin"] = json!(description.origin);
    line["ai"] = json!(by_model);
    line["guard"] = json!(description.report);
    line["left_out"] = json!(description.left_out);
    line["conflicts"] = json!(conflicts);
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use berika_describe::NotDescribed;

    fn none() -> Outcome {
        Outcome::NotDescribed(NotDescribed::NoTitle)
    }

    #[test]
    fn a_torn_line_is_written_again_and_whole_ones_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let swedish = Language::parse("sv").unwrap();
        let mut file = TextsFile::open(&path, false).unwrap();
        for id in ["a", "b"] {
            file.write(id, &swedish, &none(), &[]).unwrap();
        }
        file.flush().unwrap();
        let whole = std::fs::read(&path).unwrap();
        let second = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for end in second..whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            let mut file = TextsFile::open(&path, true).unwrap();
            assert!(file.has_next("a", &swedish).unwrap());
            assert!(!file.has_next("b", &swedish).unwrap());
            file.write("b", &swedish, &none(), &[]).unwrap();
            file.flush().unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
    }

    #[test]
    fn a_file_of_other_products_is_refused_and_one_that_is_there_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let swedish = Language::parse("sv").unwrap();
        let mut file = TextsFile::open(&path, false).unwrap();
        file.write("a", &swedish, &none(), &[]).unwrap();
        file.flush().unwrap();
        let taken = format!("{:#}", TextsFile::open(&path, false).map(|_| ()).unwrap_err());
        assert!(taken.contains("--resume"), "{taken}");
        let other = TextsFile::open(&path, true).unwrap().has_next("x", &swedish).unwrap_err().to_string();
        assert!(other.contains("has a in sv where x in sv comes next"), "{other}");
        std::fs::write(&path, "{}\n").unwrap();
        let foreign = format!("{:#}", TextsFile::open(&path, true).map(|_| ()).unwrap_err());
        assert!(foreign.contains("line 1 is no text"), "{foreign}");
    }
}
