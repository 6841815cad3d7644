//! What people and machines read: tables, JSON, progress bars, errors. The only place that prints.
#![expect(clippy::print_stderr, reason = "this is where the command speaks")]

mod bars;
mod report;

use std::borrow::Cow;
use std::io::{IsTerminal, Write as _};

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use serde::Serialize;
use tracing_subscriber::EnvFilter;

use crate::arguments::Global;

pub(crate) use bars::Bars;
pub(crate) use report::{endpoints, run_as_json, run_as_text, stages};

/// Prints a line. Whoever closed the pipe has read enough: nothing more is said then.
pub(crate) fn line(text: impl std::fmt::Display) {
    raw_line(&harmless(&text.to_string()));
}

/// Prints a line as it is: for forms that escape what is foreign themselves.
pub(crate) fn raw_line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// The text with whatever could command a terminal, or turn the direction of writing, made visible: names, notes and values
/// are foreign.
fn harmless(text: &str) -> Cow<'_, str> {
    let commands = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| if commands(c) { c.escape_unicode().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(visible).collect())
}

/// Prints a JSON document.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    // JSON escapes what could command a terminal itself.
    raw_line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Prints a report as a JSON document, with the sentences about what is left to do.
pub(crate) fn json_with_problems(report: &impl Serialize, problems: &[String]) -> anyhow::Result<()> {
    let mut value = serde_json::to_value(report)?;
    value["problems"] = serde_json::to_value(problems)?;
    json(&value)
}

/// Prints an error with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {}", harmless(&format!("{error:#}")));
}

/// Columns apart by blanks, one line below the headings.
const PLAIN: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table with these headings.
pub(crate) fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(PLAIN).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings.iter().copied());
    table
}

/// Cuts a text for a table cell.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Logs go to standard error; `BERIKA_LOG` says how much (`info`, `berika_pipeline=debug`), warnings by default.
/// Lines of JSON where the command writes JSON.
pub(crate) fn start_log(global: &Global) {
    let filter = EnvFilter::try_from_env("BERIKA_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    let started = if global.json { log.json().try_init() } else { log.compact().try_init() };
    if started.is_err() {
        // Only a second call could fail, and there is none.
        eprintln!("warning: the log could not be started");
    }
}

/// Whether progress is shown: to a person at a terminal who did not ask for quiet.
pub(crate) fn shows_progress(global: &Global) -> bool {
    !global.quiet && !global.json && std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn foreign_text_cannot_command_a_terminal() {
        assert_eq!(harmless("Mjölk 1 l\nnästa"), "Mjölk 1 l\nnästa");
        assert_eq!(harmless("a\u{1b}[31mb\r\u{202e}c"), "a\\u{1b}[31mb\\u{d}\\u{202e}c");
    }
}
