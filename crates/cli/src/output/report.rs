//! A run's report as tables.

use std::time::Duration;

use berika_pipeline::{Delivered, RunReport, StageTime, SupplierOutcome, TextCounts};

use super::{cut, json_with_problems, line, table};

/// Prints the report for a person.
pub(crate) fn run_as_text(report: &RunReport, dry_run: bool) {
    line(suppliers(report));
    for supplier in &report.suppliers {
        if let SupplierOutcome::TakenIn(taken) | SupplierOutcome::Reported(taken) = &supplier.outcome
            && !taken.examples.is_empty()
        {
            line(format!("\n{}: rows refused and fields dropped, the first few", supplier.id));
            for example in &taken.examples {
                line(format!("  {}", cut(example, 180)));
            }
        }
    }
    for supplier in &report.suppliers {
        if let SupplierOutcome::Reported(_) = &supplier.outcome {
            line(format!("{}: only reported on; nothing was taken in", supplier.id));
        }
        for note in notes(&supplier.outcome) {
            line(format!("{}: {note}", supplier.id));
        }
    }
    if dry_run {
        line("\nNothing was written: this was a dry run.");
    } else {
        line(format!("\n{}", stages(&report.stages, report.took)));
        if let Some(TextCounts { wanted, embedded, reused, equal }) = report.texts {
            line(format!(
                "texts: {wanted} wanted, {embedded} embedded now, {reused} with a vector from before, {equal} equal to another"
            ));
        }
        if let Some(acceptance) = &report.acceptance {
            line(format!("accepted without a look: {acceptance}"));
        }
        endpoints(&report.endpoints);
    }
    for problem in report.problems() {
        line(format!("! {problem}"));
    }
}

/// Prints the report for a machine.
pub(crate) fn run_as_json(report: &RunReport) -> anyhow::Result<()> {
    json_with_problems(report, &report.problems())
}

/// What is new of a delivery and does no harm.
fn notes(outcome: &SupplierOutcome) -> &[String] {
    match outcome {
        SupplierOutcome::TakenIn(taken) | SupplierOutcome::Reported(taken) => &taken.notes,
        SupplierOutcome::Held { notes, .. } => notes,
        _ => &[],
    }
}

fn suppliers(report: &RunReport) -> comfy_table::Table {
    let left = |outcome: &SupplierOutcome| match outcome {
        SupplierOutcome::TakenIn(taken) | SupplierOutcome::Reported(taken) => taken.counts.left,
        _ => 0,
    };
    // Only few suppliers leave anything out.
    let some_left = report.suppliers.iter().any(|supplier| left(&supplier.outcome) > 0);
    let mut headings = vec!["supplier", "rows read", "stored", "folded", "rejected (why)", "fields dropped"];
    headings.extend(some_left.then_some("left out (mode)"));
    headings.extend(["categorised", "for review", "outside", "described", "delivered"]);
    let mut table = table(&headings);
    for supplier in &report.suppliers {
        let stands = &supplier.standing;
        let delivery = match &supplier.outcome {
            SupplierOutcome::TakenIn(taken) | SupplierOutcome::Reported(taken) => {
                let counts = &taken.counts;
                [
                    counts.read.to_string(),
                    stored(counts),
                    counts.folded.to_string(),
                    with_kinds(counts.refused, &taken.refused),
                    with_kinds(counts.dropped_fields, &taken.dropped),
                ]
            }
            SupplierOutcome::Unchanged => said("unchanged"),
            SupplierOutcome::Held { .. } => said("held"),
            SupplierOutcome::Failed { .. } => said("failed"),
            SupplierOutcome::NotReached => said("not reached"),
        };
        let stands = [stands.accepted, stands.review, stands.rejected, stands.described, stands.delivered]
            .map(|n| n.to_string());
        let left = some_left.then(|| left(&supplier.outcome).to_string());
        let row = std::iter::once(supplier.id.to_string()).chain(delivery).chain(left).chain(stands);
        table.add_row(row);
    }
    table
}

fn stored(counts: &berika_store::ImportCounts) -> String {
    let changes: Vec<String> = [(counts.new, "new"), (counts.changed, "changed")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if changes.is_empty() {
        counts.stored.to_string()
    } else {
        format!("{} ({})", counts.stored, changes.join(", "))
    }
}

fn said(word: &str) -> [String; 5] {
    [word, "", "", "", ""].map(str::to_owned)
}

fn with_kinds(count: u64, kinds: &std::collections::BTreeMap<String, u64>) -> String {
    if kinds.is_empty() {
        return count.to_string();
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    format!("{count} ({})", kinds.join(", "))
}

/// Prints a line for each endpoint.
pub(crate) fn endpoints(endpoints: &[Delivered]) {
    for endpoint in endpoints {
        line(format!(
            "endpoint {}: {} events delivered, {} attempts failed, {} waiting, {} given up",
            endpoint.endpoint, endpoint.delivered, endpoint.failed, endpoint.pending, endpoint.dead
        ));
    }
}

/// How long each stage took and all of it.
pub(crate) fn stages(stages: &[StageTime], took: Duration) -> comfy_table::Table {
    let mut table = table(&["stage", "items", "seconds", "items/s"]);
    for stage in stages {
        let seconds = stage.took.as_secs_f64();
        let rate = if stage.items == 0 {
            String::new()
        } else {
            format!("{:.0}", stage.items as f64 / seconds.max(1e-6))
        };
        table.add_row([stage.stage.to_owned(), stage.items.to_string(), format!("{seconds:.2}"), rate]);
    }
    table.add_row(["all".to_owned(), String::new(), format!("{:.2}", took.as_secs_f64()), String::new()]);
    table
}
