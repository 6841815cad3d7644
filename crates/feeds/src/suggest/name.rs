//! The supplier's short name, from the file's.

use std::path::Path;

use berika_catalog::SupplierId;

/// A name for where there is none.
pub(super) fn unnamed() -> SupplierId {
    // Its letters are all allowed, so the fallback of a fallback is never needed.
    SupplierId::new("supplier").unwrap_or_else(|_| unreachable!("a constant of allowed letters"))
}

/// The file's name without endings, dates and words that say what kind of file it is.
pub(super) fn from_file(path: &Path) -> SupplierId {
    const NO_NAMES: [&str; 32] = [
        "feed",
        "export",
        "products",
        "product",
        "full",
        "delta",
        "update",
        "pricelist",
        "prislista",
        "prisliste",
        "artiklar",
        "artikel",
        "catalog",
        "katalog",
        "data",
        "items",
        "preisliste",
        "tuotteet",
        "hinnasto",
        "google",
        "prisjakt",
        "de",
        "en",
        "sv",
        "fi",
        "no",
        "nl",
        "da",
        "shopify",
        "bmecat",
        "stock",
        "lager",
    ];
    let file = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let parts: Vec<String> = super::header::fold(stem);
    let telling = |part: &&String| {
        !NO_NAMES.contains(&part.as_str()) && part.contains(|c: char| c.is_ascii_alphabetic())
    };
    let kept: Vec<&str> = parts.iter().filter(telling).take(3).map(String::as_str).collect();
    let ascii: String =
        kept.join("-").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
    SupplierId::new(ascii.trim_matches('-')).unwrap_or_else(|_| unnamed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_gives_a_suppliers() {
        for (file, id) in [
            ("nordmat.csv.gz", "nordmat"),
            ("Prislista_Järnvik 2026-11.xlsx", "jarnvik"),
            ("products.json", "supplier"),
            ("../in/abalight_produkte_de.tsv", "abalight-produkte"),
            ("", "supplier"),
        ] {
            assert_eq!(from_file(Path::new(file)).as_str(), id, "{file}");
        }
    }
}
