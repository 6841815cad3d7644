//! Real suppliers' files, counted by our reader and by a Python script that shares nothing with it.
//!
//! The files are not ours to give on: they lie beside the checkout in `../shared/data/feeds`, or the test says that it is left
//! out.

use std::path::{Path, PathBuf};
use std::process::Command;

use berika_feeds::FeedConfig;
use serde::Deserialize;

use crate::support::*;

/// What the script counts in a file.
#[derive(Debug, Deserialize, PartialEq)]
struct Counts {
    file: String,
    rows: u64,
    products: u64,
    variants: u64,
    reported: u64,
    gtins: u64,
    images: Option<u64>,
}

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/feeds");
    folder.is_dir().then_some(folder)
}

fn independent_counts(folder: &Path) -> Vec<Counts> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent/counts.py");
    let run = Command::new("python3").arg(script).arg(folder).output().expect("python3 is there");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lines = String::from_utf8(run.stdout).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How a person would describe the file; the table in `docs/feeds/real-feeds.md` has the same lines.
fn config(file: &str) -> FeedConfig {
    let section = match file {
        _ if file.starts_with("shopify") => "[format]\ntype = 'shopify'",
        "abalight_produkte_de.tsv" => {
            "[format]\ntype = 'csv'\ndecimal_comma = true\n[fields]\nsku = 'Artikelnummer'\ntitle = 'Kurzbez.'\n\
             description = 'Langtext'\nattributes = '*'"
        }
        _ if file.to_lowercase().contains("bmecat") => "[format]\ntype = 'bmecat'",
        _ => "[format]\ntype = 'google'",
    };
    toml::from_str(section).unwrap()
}

#[test]
fn real_feeds_hold_what_an_independent_look_finds() {
    let Some(folder) = folder() else {
        eprintln!("left out: there is no ../shared/data/feeds");
        return;
    };
    let expected = independent_counts(&folder);
    assert!(expected.len() >= 13, "{expected:?}");
    let mut found = Vec::new();
    for counts in &expected {
        let read = read_file(&folder.join(&counts.file), &config(&counts.file));
        let delivery = read.delivery();
        let values = || read.products().into_iter().map(|product| &product.values);
        let gtins = |v: &berika_catalog::ProductValues| {
            let own = v.gtin.iter().filter(|_| v.variants.is_empty()).count();
            own + v.variants.iter().filter(|variant| variant.gtin.is_some()).count()
        };
        let pictures = |v: &berika_catalog::ProductValues| {
            let of_variants = v.variants.iter().flat_map(|variant| &variant.images);
            v.images.iter().chain(of_variants).collect::<std::collections::BTreeSet<_>>().len()
        };
        found.push(Counts {
            file: counts.file.clone(),
            rows: delivery.rows,
            products: delivery.products,
            variants: values().map(|v| v.variants.len() as u64).sum(),
            reported: delivery.rejected,
            gtins: values().map(gtins).sum::<usize>() as u64,
            images: counts.images.map(|_| values().map(pictures).sum::<usize>() as u64),
        });
    }
    assert_eq!(expected, found);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/feeds/real-feeds.md");
    let page = std::fs::read_to_string(page).unwrap();
    for Counts { file, rows, products, variants, reported, .. } in &found {
        let end = format!("| {rows} | {products} | {variants} | {reported} |");
        let line = page.lines().find(|line| line.starts_with(&format!("| `{file}` |")));
        assert!(line.is_some_and(|line| line.ends_with(&end)), "{file}: {end}");
    }
}
