//! Composes descriptions for products read from standard input as JSON lines (title, brand, attributes, description,
//! language, category) and prints them, for reading. Pass the languages to write in.

use std::io::{BufRead, Write};

use berika_catalog::{Language, ProductValues};
use berika_describe::{Facts, Outcome, Request, Voice, compose};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let languages =
        std::env::args().skip(1).map(|tag| Language::parse(&tag)).collect::<Result<Vec<_>, _>>()?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        let attribute =
            |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let values = ProductValues {
            title: text("title"),
            brand: text("brand"),
            description: text("description"),
            language: text("language").and_then(|tag| Language::parse(&tag).ok()),
            attributes: row["attributes"]
                .as_object()
                .map(|map| map.iter().map(|(name, value)| (name.clone(), attribute(value))).collect())
                .unwrap_or_default(),
            ..ProductValues::default()
        };
        for language in &languages {
            let names = &row["category_names"];
            let category = names[language.as_str()].as_str();
            writeln!(out, "{} {}", language, values.title.as_deref().unwrap_or_default())?;
            let voice = Voice::default();
            match compose(&Request {
                values: &values,
                facts: &Facts::of(&values),
                category,
                language,
                voice: &voice,
            }) {
                Outcome::Described(description) => {
                    let left: Vec<String> = description
                        .left_out
                        .iter()
                        .map(|left| format!("{}: {}", left.field, left.reason.as_str()))
                        .collect();
                    writeln!(
                        out,
                        "  = {}\n  {}\n  - {}",
                        description.title.text,
                        description.short.text,
                        left.join("; ")
                    )?;
                }
                Outcome::NotDescribed(reason) => writeln!(out, "  ({reason})")?,
            }
        }
    }
    Ok(())
}
