//! Composes descriptions for products read from standard input as JSON lines (title, brand, attributes, description,
//! language, category by language) and prints them, for reading, or with `--time` only how many products a second and how much
//! of what is known is told, or with `--json` as lines for a checker. Pass the languages to write in.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use berika_catalog::{Language, ProductValues};
use berika_describe::{Description, Facts, Outcome, Request, Voice, compose};

struct Row {
    id: String,
    values: ProductValues,
    categories: serde_json::Value,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (flags, tags): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let languages = tags.iter().map(|tag| Language::parse(tag)).collect::<Result<Vec<_>, _>>()?;
    let rows = std::io::stdin().lock().lines().map(|line| Ok(row(&serde_json::from_str(&line?)?)));
    let rows = rows.collect::<Result<Vec<Row>, Box<dyn std::error::Error>>>()?;
    let mut out = std::io::stdout().lock();
    match flags.first().map(String::as_str) {
        Some("--time") => time(&rows, &languages, &mut out)?,
        Some("--json") => print_json(&rows, &languages, &mut out)?,
        _ => print(&rows, &languages, &mut out)?,
    }
    Ok(())
}

fn row(row: &serde_json::Value) -> Row {
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
    let names = if row["category"].is_object() { "category" } else { "category_names" };
    Row { id: text("id").unwrap_or_default(), values, categories: row[names].clone() }
}

fn composed(row: &Row, facts: &Facts, language: &Language) -> Outcome {
    let category = row.categories[language.as_str()].as_str();
    compose(&Request { values: &row.values, facts, category, language, voice: &Voice::default() })
}

fn print(rows: &[Row], languages: &[Language], out: &mut impl Write) -> std::io::Result<()> {
    for row in rows {
        let facts = Facts::of(&row.values);
        for language in languages {
            writeln!(out, "{language} {}", row.values.title.as_deref().unwrap_or_default())?;
            match composed(row, &facts, language) {
                Outcome::Described(description) => print_one(&description, out)?,
                Outcome::NotDescribed(reason) => writeln!(out, "  ({reason})")?,
            }
        }
    }
    Ok(())
}

fn print_json(rows: &[Row], languages: &[Language], out: &mut impl Write) -> std::io::Result<()> {
    for row in rows {
        let facts = Facts::of(&row.values);
        for language in languages {
            let Outcome::Described(description) = composed(row, &facts, language) else { continue };
            let mut line = serde_json::json!({ "id": row.id, "language": language.as_str() });
            let mut sentences = Vec::new();
            for (part, text) in description.texts() {
                line[part.as_str()] = text.text.clone().into();
                for sentence in &text.sentences {
                    let fields = sentence.fields.clone();
                    sentences.push(
                        serde_json::json!({ "part": part.as_str(), "text": sentence.text, "fields": fields }),
                    );
                }
            }
            line["sentences"] = sentences.into();
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn print_one(description: &Description, out: &mut impl Write) -> std::io::Result<()> {
    for (part, text) in description.texts() {
        writeln!(out, "  {:<16}{}", part.as_str(), text.text.replace("\n\n", " | "))?;
    }
    let left = description.left_out.iter().map(|left| format!("{}: {}", left.field, left.reason.as_str()));
    writeln!(out, "  - {}", left.collect::<Vec<_>>().join("; "))
}

fn time(rows: &[Row], languages: &[Language], out: &mut impl Write) -> std::io::Result<()> {
    let start = std::time::Instant::now();
    let read: Vec<Facts> = rows.iter().map(|row| Facts::of(&row.values)).collect();
    let facts_in = start.elapsed().as_secs_f64();
    writeln!(out, "facts: {:.0} products a second", rows.len() as f64 / facts_in)?;
    for language in languages {
        let start = std::time::Instant::now();
        let outcomes: Vec<Outcome> =
            rows.iter().zip(&read).map(|(row, facts)| composed(row, facts, language)).collect();
        let seconds = start.elapsed().as_secs_f64();
        let (mut described, mut eligible, mut stated, mut known) = (0, 0, 0, 0);
        for (outcome, facts) in outcomes.iter().zip(&read) {
            let Some(description) = outcome.description() else {
                eligible += usize::from(facts.facts.len() >= 2);
                continue;
            };
            described += 1;
            eligible += 1;
            let texts = description.texts();
            let sentences = texts.iter().flat_map(|(_, text)| &text.sentences);
            let fields: BTreeSet<&str> =
                sentences.flat_map(|sentence| &sentence.fields).map(String::as_str).collect();
            known += facts.facts.len();
            stated += facts.facts.iter().filter(|fact| fields.contains(fact.source.as_str())).count();
        }
        writeln!(
            out,
            "{language}: {:.0} products a second, {described} of {eligible} with two facts described, {:.3} of the facts told",
            rows.len() as f64 / seconds,
            stated as f64 / f64::from(u32::try_from(known.max(1)).unwrap_or(u32::MAX)),
        )?;
    }
    Ok(())
}
