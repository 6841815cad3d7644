//! Article numbers of variants, each once within its product.
//!
//! A variant without a number of its own is called by the product's and by what tells it from its siblings,
//! `linen-shirt/Blue/M`: not by its place, which changes when a sibling goes.

use std::collections::HashMap;

use berika_catalog::Digest;

use super::{Folded, Part, repeated};
use crate::row::shorten;
use crate::{FieldProblem, RowError, RowWarning, text};

const LONGEST: usize = 200;

/// Names every variant. One that cannot be told from an earlier one is taken out: silently where its row says the
/// same, else its row is refused.
pub(super) fn name_variants(folded: &mut Folded) {
    let mut times: HashMap<String, usize> = HashMap::new();
    for part in &folded.variants {
        *times.entry(plain(&part.sku)).or_default() += 1;
    }
    for part in &mut folded.variants {
        let own = plain(&part.sku);
        let problem = match times.get(&own) {
            _ if own.is_empty() => None,
            Some(2..) => Some("several variants have it"),
            _ => unusable(&part.sku),
        };
        if let Some(problem) = problem {
            folded.warnings.push(RowWarning {
                row: folded.rows[part.row].row,
                field: "variants.sku".to_owned(),
                column: part.column.clone(),
                value: Some(shorten(&own)),
                problem: FieldProblem::VariantSku(problem),
            });
        }
        part.sku = if own.is_empty() || problem.is_some() { descriptive(&folded.key, part) } else { own };
    }
    drop_repeated(folded);
}

fn drop_repeated(folded: &mut Folded) {
    let (rows, main) = (&folded.rows, folded.main);
    let mut first: HashMap<String, usize> = HashMap::new();
    // The product's own row is counted as the product: its variant is never the one that goes.
    first.extend(folded.variants.iter().find(|part| part.row == main).map(|part| (part.sku.clone(), main)));
    folded.variants.retain(|part| {
        let kept = *first.entry(part.sku.clone()).or_insert(part.row);
        if kept == part.row {
            return true;
        }
        if !rows[kept].says_the_same(&rows[part.row]) {
            let error = repeated(&rows[part.row], &rows[kept], &folded.key);
            let error = RowError { column: part.column.clone(), value: Some(shorten(&part.sku)), ..error };
            folded.refused_rows.push(error);
        }
        false
    });
}

/// A number as it is meant: exports put an apostrophe before digits to keep spreadsheets from counting with them.
fn plain(sku: &str) -> String {
    let sku = text::line(sku);
    match sku.strip_prefix('\'') {
        Some(rest) if rest.bytes().all(|b| b.is_ascii_digit()) => rest.to_owned(),
        _ => sku.into_owned(),
    }
}

fn unusable(sku: &str) -> Option<&'static str> {
    match () {
        () if sku.contains('\0') => Some("it holds NUL bytes"),
        () if sku.contains(char::REPLACEMENT_CHARACTER) => {
            Some("it holds bytes that are not in the file's encoding")
        }
        () if sku.len() > LONGEST => Some("it is longer than 200 bytes"),
        () if crate::mapper::is_error_text(sku) => Some("it is a spreadsheet's error"),
        () => None,
    }
}

fn descriptive(key: &str, part: &Part) -> String {
    let values: Vec<_> = part.made.properties().map(|(_, value)| text::line(value)).collect();
    let name = std::iter::once(key).chain(values.iter().map(|value| &**value)).collect::<Vec<_>>().join("/");
    if name.len() <= LONGEST {
        return name;
    }
    format!("{}/{}", Digest::of_parts([key]), Digest::of_parts(values.iter().map(|value| &**value)))
}
