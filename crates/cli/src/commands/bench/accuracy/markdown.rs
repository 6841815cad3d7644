//! The figures as Markdown, short enough for the summary of a build.

use std::fmt::Write as _;

use berika_evaluate::{Estimate, Figure};

use super::figures::{CurvePoint, Figures};
use super::text::{self, chance, percent};
use super::vectors;

/// The most rows of a table.
const MOST_ROWS: usize = 20;

/// The figures.
pub(super) fn page(figures: &Figures) -> String {
    let mut page = String::from("# Accuracy of categorisation\n\n");
    let report = &figures.report;
    let model = vectors::shown(&figures.model, figures.approximate.as_ref());
    line(
        &mut page,
        format!(
            "{} rows, {} categories, {} labels, seed {}, model {}",
            report.rows,
            report.categories,
            figures.labels,
            figures.seed,
            text::markdown(&model)
        ),
    );
    for held in &figures.fail_under {
        line(&mut page, format!("- {}", text::markdown(&held.to_string())));
    }
    for note in &figures.notes {
        line(&mut page, format!("- Note: {}", text::markdown(note)));
    }
    line(&mut page, "\n| figure | value | 95 % interval |\n|---|---|---|");
    for figure in Figure::ALL {
        let (value, interval) = match report.figure(figure) {
            Some(Estimate { value, low, high }) => {
                (percent(value), format!("{} to {}", percent(low), percent(high)))
            }
            None => ("nothing accepted".to_owned(), String::new()),
        };
        line(&mut page, format!("| {} | {value} | {interval} |", figure.name()));
    }
    if figures.curve.len() > 1 || figures.curve.iter().any(|point| point.runs.len() > 1) {
        line(&mut page, "\n## By number of labels\n");
        curve(&mut page, &figures.curve);
    }
    against(&mut page, figures);
    details(&mut page, figures);
    page
}

fn line(page: &mut String, line: impl AsRef<str>) {
    page.push_str(line.as_ref());
    page.push('\n');
}

fn curve(page: &mut String, curve: &[CurvePoint]) {
    let mut headings = String::from("| labels | seeds |");
    let mut below = String::from("|---|---|");
    for figure in Figure::ALL {
        let _infallible = write!(headings, " {} |", figure.name());
        below.push_str("---|");
    }
    line(page, headings);
    line(page, below);
    for point in curve {
        let mut row = format!("| {} | {} |", point.labels, point.runs.len());
        for figure in Figure::ALL {
            let cell = point.figures.get(&figure).map_or_else(String::new, |spread| match spread.count {
                1 => percent(spread.mean),
                _ => format!("{} ± {:.1}", percent(spread.mean), spread.deviation * 100.0),
            });
            let _infallible = write!(row, " {cell} |");
        }
        line(page, row);
    }
}

fn against(page: &mut String, figures: &Figures) {
    for against in &figures.against {
        line(page, format!("\n## Against {}\n", text::markdown(&against.name)));
        line(
            page,
            "| labels | top1 here | top1 there | difference | 95 % interval | right only here, only there | p |",
        );
        line(page, "|---|---|---|---|---|---|---|");
        for compared in &against.comparisons {
            let comparison = &compared.comparison;
            let Estimate { value, low, high } = comparison.difference;
            let first = comparison.pairs[0];
            line(
                page,
                format!(
                    "| {} | {} | {} | {:+.1} | {:+.1} to {:+.1} | {}, {} | {} |",
                    compared.labels,
                    percent(comparison.this),
                    percent(comparison.other),
                    value * 100.0,
                    low * 100.0,
                    high * 100.0,
                    first.only_this,
                    first.only_other,
                    chance(first.p_value),
                ),
            );
        }
        line(
            page,
            "\nThe difference is in points, the mean over seeds; the last two columns are of the first seed.",
        );
        if !against.curve.is_empty() {
            line(page, "\nIts own figures:\n");
            curve(page, &against.curve);
        }
    }
}

fn details(page: &mut String, figures: &Figures) {
    let details = &figures.details;
    if details.by_language.len() > 1 {
        line(
            page,
            "\n## By language\n\n| language | rows | top1 | top5 | accepted | precision of accepted | coverage_at_95 | ece |",
        );
        line(page, "|---|---|---|---|---|---|---|---|");
        for row in details.by_language.iter().take(MOST_ROWS) {
            let report = &row.report;
            line(
                page,
                format!(
                    "| {} | {} | {} | {} | {} | {} | {} | {} |",
                    text::markdown(row.language.as_deref().unwrap_or("none named")),
                    report.rows,
                    percent(report.top1.value),
                    percent(report.top5.value),
                    percent(report.accepted.value),
                    report.accepted_precision.map_or_else(String::new, |precision| percent(precision.value)),
                    percent(report.coverage_at_95.value),
                    percent(report.ece.value),
                ),
            );
        }
    }
    if !details.confusions.is_empty() {
        line(page, "\n## Most often confused\n\n| belongs into | was put into | rows |\n|---|---|---|");
        for pair in details.confusions.iter().take(MOST_ROWS) {
            let (category, predicted) = (text::path(&pair.category), text::path(&pair.predicted));
            let (category, predicted) = (text::markdown(&category), text::markdown(&predicted));
            line(page, format!("| {category} | {predicted} | {} |", pair.rows));
        }
    }
    let mut worst: Vec<_> = details.by_category.iter().filter(|row| row.right < row.rows).collect();
    worst.sort_by_key(|row| std::cmp::Reverse(row.rows - row.right));
    if !worst.is_empty() {
        line(
            page,
            "\n## Categories with most errors\n\n| category | rows | wrong | recall | precision | F1 |",
        );
        line(page, "|---|---|---|---|---|---|");
        for row in worst.into_iter().take(MOST_ROWS) {
            let share = |share: Option<f64>| share.map_or_else(String::new, percent);
            let (category, wrong) = (text::markdown(&text::path(&row.category)), row.rows - row.right);
            let (recall, precision) = (share(row.recall), share(row.precision));
            line(
                page,
                format!(
                    "| {category} | {} | {wrong} | {recall} | {precision} | {} |",
                    row.rows,
                    percent(row.f1)
                ),
            );
        }
    }
}
