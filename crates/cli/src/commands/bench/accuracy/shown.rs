//! The figures on standard output.

use berika_evaluate::{Estimate, Figure};

use super::figures::Figures;
use super::text::{chance, percent};
use super::vectors;
use crate::output;

/// The figures that a learning curve shows.
const CURVE: [Figure; 6] = [
    Figure::Top1,
    Figure::Top5,
    Figure::Accepted,
    Figure::AcceptedPrecision,
    Figure::CoverageAt95,
    Figure::Ece,
];

/// A line a figure, then the curve, what it was compared with, and what is amiss.
pub(super) fn print(figures: &Figures) {
    let report = &figures.report;
    let model = vectors::shown(&figures.model, figures.approximate.as_ref());
    output::line(format!(
        "{} rows, {} categories, {} labels, seed {}, model {} ({})",
        report.rows, report.categories, figures.labels, figures.seed, model, figures.model_recipe
    ));
    for figure in Figure::ALL {
        let name = figure.name();
        output::line(match report.figure(figure) {
            Some(Estimate { value, low, high }) => format!("{name:18} {value:.3}  [{low:.3}, {high:.3}]"),
            None => format!("{name:18} nothing accepted"),
        });
    }
    output::line(format!("{:18} {:.0}", "products/second", figures.products_per_second));
    curve(figures);
    for against in &figures.against {
        output::line(format!("\nagainst {}", against.name));
        for compared in &against.comparisons {
            let comparison = &compared.comparison;
            let Estimate { value, low, high } = comparison.difference;
            let first = comparison.pairs[0];
            output::line(format!(
                "{} labels: top1 {:.3} here, {:.3} there, difference {value:+.3}  [{low:+.3}, {high:+.3}]; seed {}: right \
                 only here {}, only there {}, p {}",
                compared.labels,
                comparison.this,
                comparison.other,
                compared.seeds[0],
                first.only_this,
                first.only_other,
                chance(first.p_value)
            ));
        }
    }
    for note in &figures.notes {
        output::line(format!("note: {note}"));
    }
    for held in &figures.fail_under {
        output::line(held);
    }
}

fn curve(figures: &Figures) {
    if figures.curve.len() == 1 && figures.curve[0].runs.len() == 1 {
        return;
    }
    let mut headings = vec!["labels", "seeds"];
    headings.extend(CURVE.map(Figure::name));
    let mut table = output::table(&headings);
    for point in &figures.curve {
        let mut row = vec![point.labels.to_string(), point.runs.len().to_string()];
        row.extend(CURVE.map(|figure| {
            point.figures.get(&figure).map_or_else(String::new, |spread| {
                format!("{} ± {:.1}", percent(spread.mean), spread.deviation * 100.0)
            })
        }));
        table.add_row(row);
    }
    output::line(format!("\n{table}"));
}
