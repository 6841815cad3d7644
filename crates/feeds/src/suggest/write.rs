//! A suggestion as a section of `berika.toml`, with what it rests on as comments.

use std::fmt::Write as _;

use super::{FieldSuggestion, Suggestion};
use crate::config::{FieldRule, Format};

/// The section. It reads back as the configuration that it was written from.
pub(super) fn toml(suggestion: &Suggestion) -> String {
    let mut text = String::new();
    head(suggestion, &mut text);
    format(suggestion, &mut text);
    fields(suggestion, &mut text);
    rest(suggestion, &mut text);
    text
}

fn head(s: &Suggestion, text: &mut String) {
    comment(
        text,
        &format!(
            "Suggested for {} from {} rows{}.",
            s.file,
            s.rows,
            if s.whole { "" } else { ", not the whole file" }
        ),
    );
    for doubt in &s.doubts {
        comment(text, &format!("Unsure: {doubt}"));
    }
    for problem in &s.problems {
        comment(text, &format!("Found: {problem}"));
    }
    line(text, "[[suppliers]]");
    line(text, &format!("id = {}", quoted(s.id.as_str())));
    comment(text, &format!("{:.2}: {}", s.delivery.confidence, s.delivery.reason));
    line(text, &format!("delivery = {}", quoted(&s.delivery.value)));
    if let Some(language) = &s.language {
        comment(text, &format!("{:.2}: {}", language.confidence, language.reason));
        line(text, &format!("language = {}", quoted(&language.value)));
    }
    if let Some(currency) = &s.currency {
        comment(text, &format!("{:.2}: {}", currency.confidence, currency.reason));
        line(text, &format!("currency = {}", quoted(&currency.value)));
    }
    line(text, "");
    line(text, "[suppliers.source]");
    line(text, &format!("path = {}", quoted(&s.file)));
}

fn format(s: &Suggestion, text: &mut String) {
    line(text, "");
    line(text, "[suppliers.format]");
    line(text, &format!("type = {}", quoted(s.config.format.name())));
    for note in &s.format_notes {
        comment(text, note);
    }
    for (key, value) in settings(&s.config.format) {
        line(text, &format!("{key} = {value}"));
    }
}

/// The keys of a format that are set, as TOML.
fn settings(format: &Format) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(keys)) = serde_json::to_value(format) else { return Vec::new() };
    let keys = keys.into_iter().filter(|(key, _)| key != "type");
    keys.filter_map(|(key, value)| Some((key, scalar(&value)?))).collect()
}

fn scalar(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(quoted(text)),
        serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Some(value.to_string()),
        serde_json::Value::Array(list) if !list.is_empty() => {
            let parts: Option<Vec<String>> = list.iter().map(scalar).collect();
            Some(format!("[{}]", parts?.join(", ")))
        }
        _ => None,
    }
}

fn fields(s: &Suggestion, text: &mut String) {
    line(text, "");
    if s.built_in {
        comment(text, "This format says itself what is what. Read so far:");
        for field in &s.fields {
            let from = if field.columns.is_empty() { "the item" } else { &field.columns[0] };
            comment(text, &format!("{} from {from}: {}", field.field, shown(&field.samples)));
        }
        return;
    }
    line(text, "[suppliers.fields]");
    for field in &s.fields {
        comment(text, &evidence(field));
        line(text, &format!("{} = {}", field.field, rule(&field.rule)));
    }
    if !s.attributes.is_empty() {
        line(text, "attributes = [");
        for attribute in &s.attributes {
            let samples = shown(&attribute.samples);
            line(text, &format!("    {}, # {}", quoted(&attribute.column), one_line(&samples)));
        }
        line(text, "]");
    }
}

fn evidence(field: &FieldSuggestion) -> String {
    let mut text = format!("{:.2}: {}", field.confidence, shown(&field.samples));
    if let Some(reason) = &field.reason {
        text.push_str(" — ");
        text.push_str(reason);
    }
    text
}

fn rest(s: &Suggestion, text: &mut String) {
    if !s.unplaced.is_empty() {
        line(text, "");
        comment(text, "Not placed:");
        for column in &s.unplaced {
            let samples = if column.samples.is_empty() {
                String::new()
            } else {
                format!(": {}", shown(&column.samples))
            };
            comment(text, &format!("  {} ({}){samples}", quoted(&column.column), column.reason));
        }
    }
}

fn shown(samples: &[String]) -> String {
    samples.iter().map(|sample| quoted(sample)).collect::<Vec<_>>().join(", ")
}

/// A rule in its shortest spelling.
fn rule(rule: &FieldRule) -> String {
    let list = |names: &[String]| match names {
        [name] => quoted(name),
        names => format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")),
    };
    let mut keys: Vec<String> = Vec::new();
    if let Some(split) = &rule.split {
        keys.push(format!("split = {}", quoted(split)));
    }
    if rule.all {
        keys.push("all = true".to_owned());
    }
    match keys.is_empty() {
        true => list(&rule.from),
        false => format!("{{ from = {}, {} }}", list(&rule.from), keys.join(", ")),
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                write!(quoted, "\\u{:04X}", u32::from(c)).unwrap_or_default();
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn line(text: &mut String, content: &str) {
    text.push_str(content);
    text.push('\n');
}

/// Supplier text must not end its comment: a line break within it would begin a line of TOML.
fn comment(text: &mut String, content: &str) {
    text.push_str("# ");
    text.push_str(&one_line(content));
    text.push('\n');
}

fn one_line(content: &str) -> String {
    content.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
