//! The figures as one HTML page that needs nothing besides: no script, no font, no picture from elsewhere.

use berika_evaluate::{Estimate, Figure};

use super::figures::{CurvePoint, Details, Figures};
use super::svg::{Chart, Line, Point, draw, fifths};
use super::text::{self, chance, percent};
use super::vectors;

/// The most rows of a table.
const MOST_ROWS: usize = 1000;
/// The most pairs of confused categories.
const MOST_CONFUSIONS: usize = 50;

const STYLE: &str = include_str!("page.css");

/// The page.
pub(super) fn page(figures: &Figures) -> String {
    let report = &figures.report;
    let model = vectors::shown(&figures.model, figures.approximate.as_ref());
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Accuracy of categorisation</title>\n",
    );
    page.push_str(&format!(
        "<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Accuracy of categorisation</h1>\n"
    ));
    page.push_str(&format!(
        "<p>{} rows, {} categories, {} labels, seed {}. Model {}, <code>{}</code>.</p>\n",
        report.rows,
        report.categories,
        figures.labels,
        figures.seed,
        text::html(&model),
        text::html(&figures.model_recipe)
    ));
    if !figures.fail_under.is_empty() || !figures.notes.is_empty() {
        page.push_str("<ul>\n");
        for held in &figures.fail_under {
            let class = if held.reached { "" } else { " class=\"below\"" };
            page.push_str(&format!("<li{class}>{}</li>\n", text::html(&held.to_string())));
        }
        for note in &figures.notes {
            page.push_str(&format!("<li>Note: {}</li>\n", text::html(note)));
        }
        page.push_str("</ul>\n");
    }
    let rows = Figure::ALL.iter().map(|&figure| match report.figure(figure) {
        Some(Estimate { value, low, high }) => {
            vec![figure.name().to_owned(), percent(value), format!("{} to {}", percent(low), percent(high))]
        }
        None => vec![figure.name().to_owned(), "nothing accepted".to_owned(), String::new()],
    });
    page.push_str(&table(&["figure", "value", "95 % interval"], 1, rows));
    curve(&mut page, figures);
    against(&mut page, figures);
    confidence(&mut page, figures.confidence_kind, &figures.details);
    errors(&mut page, &figures.details);
    page.push_str("</body>\n</html>\n");
    page
}

/// A table whose first `words` columns are words and the others numbers.
fn table(headings: &[&str], words: usize, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let class = |column: usize| if column < words { "" } else { " class=\"n\"" };
    let mut table = String::from("<div class=\"wide\"><table>\n<thead><tr>");
    for (column, heading) in headings.iter().enumerate() {
        table.push_str(&format!("<th{}>{}</th>", class(column), text::html(heading)));
    }
    table.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        table.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            table.push_str(&format!("<td{}>{}</td>", class(column), text::html(cell)));
        }
        table.push_str("</tr>\n");
    }
    table.push_str("</tbody>\n</table></div>\n");
    table
}

fn curve(page: &mut String, figures: &Figures) {
    if figures.curve.len() < 2 && figures.curve.iter().all(|point| point.runs.len() < 2) {
        return;
    }
    page.push_str("<h2>By number of labels</h2>\n");
    if figures.curve.len() > 1 {
        let mut lines: Vec<Line> = [Figure::Top1, Figure::CoverageAt95]
            .into_iter()
            .map(|figure| line(figure.name().to_owned(), figure, &figures.curve, false))
            .collect();
        for against in figures.against.iter().filter(|against| !against.curve.is_empty()) {
            lines.push(line(format!("top1 of {}", against.name), Figure::Top1, &against.curve, true));
        }
        let ticks = figures.curve.iter().enumerate();
        let place = |at| place(at, figures.curve.len());
        page.push_str(&draw(&Chart {
            title: "Figures by number of labels",
            across: "labels; bars from the lowest to the highest seed",
            ticks: ticks.map(|(at, point)| (place(at), point.labels.to_string())).collect(),
            diagonal: false,
            lines,
        }));
    }
    page.push_str(&curve_table(&figures.curve));
}

fn line(name: String, figure: Figure, curve: &[CurvePoint], broken: bool) -> Line {
    let points = curve.iter().enumerate().filter_map(|(at, point)| {
        let spread = point.figures.get(&figure)?;
        Some(Point {
            across: place(at, curve.len()),
            up: spread.mean,
            between: (spread.count > 1).then_some((spread.lowest, spread.highest)),
            says: format!("{name}, {} labels: {}", point.labels, percent(spread.mean)),
        })
    });
    let points = points.collect();
    Line { name, points, marked: true, broken }
}

/// Evenly spaced, because numbers of labels grow by factors.
fn place(at: usize, of: usize) -> f64 {
    (at as f64 + 0.5) / of as f64
}

fn curve_table(curve: &[CurvePoint]) -> String {
    let headings: Vec<&str> = ["labels", "seeds"].into_iter().chain(Figure::ALL.map(Figure::name)).collect();
    let rows = curve.iter().map(|point| {
        let mut row = vec![point.labels.to_string(), point.runs.len().to_string()];
        row.extend(Figure::ALL.map(|figure| {
            point.figures.get(&figure).map_or_else(String::new, |spread| match spread.count {
                1 => percent(spread.mean),
                _ => format!("{} ± {:.1}", percent(spread.mean), spread.deviation * 100.0),
            })
        }));
        row
    });
    table(&headings, 0, rows)
}

fn against(page: &mut String, figures: &Figures) {
    for against in &figures.against {
        page.push_str(&format!("<h2>Against {}</h2>\n", text::html(&against.name)));
        let headings = [
            "labels",
            "top1 here",
            "top1 there",
            "difference",
            "95 % interval",
            "right only here",
            "only there",
            "p",
        ];
        let rows = against.comparisons.iter().map(|compared| {
            let comparison = &compared.comparison;
            let Estimate { value, low, high } = comparison.difference;
            let first = comparison.pairs[0];
            vec![
                compared.labels.to_string(),
                percent(comparison.this),
                percent(comparison.other),
                format!("{:+.1}", value * 100.0),
                format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0),
                first.only_this.to_string(),
                first.only_other.to_string(),
                chance(first.p_value),
            ]
        });
        page.push_str(&table(&headings, 0, rows));
        page.push_str(
            "<p>The difference is in points, the mean over seeds, with a paired bootstrap interval; the last three columns \
             are of the first seed, p by McNemar's exact test.</p>\n",
        );
        if !against.curve.is_empty() {
            page.push_str("<h3>Its own figures</h3>\n");
            page.push_str(&curve_table(&against.curve));
        }
    }
}

fn confidence(page: &mut String, kind: &str, details: &Details) {
    page.push_str(&format!(
        "<h2>What confidence is worth</h2>\n<p>Confidence is {}.</p>\n",
        text::html(kind)
    ));
    let bins = details.reliability.iter().map(|bin| Point {
        across: bin.confidence,
        up: bin.right,
        between: None,
        says: format!(
            "{} rows: confidence {}, right {}",
            bin.rows,
            percent(bin.confidence),
            percent(bin.right)
        ),
    });
    page.push_str("<h3>Reliability</h3>\n");
    page.push_str(&draw(&Chart {
        title: "Share right by confidence",
        across: "mean confidence of a bin; on the dashed line a confidence is true",
        ticks: fifths(),
        diagonal: true,
        lines: vec![Line {
            name: "share right".to_owned(),
            points: bins.collect(),
            marked: true,
            broken: false,
        }],
    }));
    let points = details.precision_over_coverage.iter().map(|point| Point {
        across: point.coverage,
        up: point.precision,
        between: None,
        says: String::new(),
    });
    page.push_str("<h3>Precision over coverage</h3>\n");
    page.push_str(&draw(&Chart {
        title: "Share right of the surest rows",
        across: "share of rows, the surest first",
        ticks: fifths(),
        diagonal: false,
        lines: vec![Line {
            name: "precision".to_owned(),
            points: points.collect(),
            marked: false,
            broken: false,
        }],
    }));
}

fn errors(page: &mut String, details: &Details) {
    let share = |share: Option<f64>| share.map_or_else(String::new, percent);
    if details.by_language.len() > 1 {
        page.push_str("<h2>By language</h2>\n");
        let headings: Vec<&str> =
            ["language", "rows"].into_iter().chain(Figure::ALL.map(Figure::name)).collect();
        let rows = details.by_language.iter().take(MOST_ROWS).map(|row| {
            let language = row.language.clone().unwrap_or_else(|| "none named".to_owned());
            let figures = Figure::ALL.map(|figure| share(row.report.figure(figure).map(|found| found.value)));
            [language, row.report.rows.to_string()].into_iter().chain(figures).collect()
        });
        page.push_str(&table(&headings, 1, rows));
    }
    if !details.confusions.is_empty() {
        page.push_str("<h2>Most often confused</h2>\n");
        let rows =
            details.confusions.iter().take(MOST_CONFUSIONS).map(|pair| {
                vec![text::path(&pair.category), text::path(&pair.predicted), pair.rows.to_string()]
            });
        page.push_str(&table(&["belongs into", "was put into", "rows"], 2, rows));
    }
    page.push_str("<h2>By category</h2>\n");
    let rows = details.by_category.iter().take(MOST_ROWS).map(|row| {
        let counts = [row.rows, row.predicted, row.right].map(|count| count.to_string());
        let shares = [share(row.recall), share(row.precision), percent(row.f1)];
        std::iter::once(text::path(&row.category)).chain(counts).chain(shares).collect()
    });
    page.push_str(&table(&["category", "rows", "predicted", "right", "recall", "precision", "F1"], 1, rows));
    if let Some(more) = details.by_category.len().checked_sub(MOST_ROWS).filter(|&more| more > 0) {
        page.push_str(&format!("<p>{more} more categories are in the JSON file.</p>\n"));
    }
}
