//! What the documents name exists: paths and names of code in ARCHITECTURE.md, and files that any document links to.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/accuracy.md",
    "docs/webhooks.md",
    "fixtures/README.md",
];

/// Looks like a path, but is none of the repository: what the program or its user makes.
const NOT_OURS: [&str; 1] = ["berika.toml"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What stands between backticks, outside blocks.
fn quoted(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2);
    outside.flat_map(|part| part.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

fn is_path(quoted: &str) -> bool {
    let ending = Path::new(quoted).extension().and_then(|ending| ending.to_str());
    let file = matches!(ending, Some("rs" | "toml" | "md" | "sql" | "csv" | "jsonl" | "py"));
    !quoted.contains(' ') && !quoted.starts_with("http") && (quoted.contains('/') || file)
}

/// A name of code with its owner (`Store::publish`) or a type (`RowError`).
fn is_code(quoted: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    let camel =
        quoted.starts_with(|c: char| c.is_ascii_uppercase()) && quoted.contains(|c: char| c.is_lowercase());
    (quoted.contains("::") || camel) && quoted.split("::").all(word)
}

fn sources(folder: &Path, words: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder was listed").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, words);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            words.extend(text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned));
        }
    }
}

#[test]
fn paths_in_the_architecture_exist() {
    let paths: Vec<String> = quoted(&read("ARCHITECTURE.md")).into_iter().filter(|q| is_path(q)).collect();
    assert!(paths.len() > 50, "only {} paths were found", paths.len());
    let missing: Vec<&String> = paths
        .iter()
        .filter(|path| !NOT_OURS.contains(&path.as_str()) && !root().join(path).exists())
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}

#[test]
fn names_of_code_in_the_architecture_exist() {
    let mut words = HashSet::new();
    sources(&root().join("crates"), &mut words);
    let names: Vec<String> = quoted(&read("ARCHITECTURE.md")).into_iter().filter(|q| is_code(q)).collect();
    assert!(names.len() > 20, "only {} names were found", names.len());
    let missing: Vec<&String> =
        names.iter().filter(|name| !name.split("::").all(|part| words.contains(part))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not in the code: {missing:?}");
}

#[test]
fn every_crate_is_on_the_code_map() {
    let map = read("ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("crates")).expect("there are crates") {
        let name = entry.expect("an entry").file_name().into_string().expect("names are UTF-8");
        assert!(map.contains(&format!("\n**`crates/{name}`.** ")), "crates/{name} is not on the code map");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut broken: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().expect("a file has a folder").to_owned();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                broken.entry(document).or_default().push(target.to_owned());
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
