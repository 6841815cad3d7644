//! Whether a delivery is the whole assortment or what changed.

use std::path::Path;

use berika_catalog::DeliveryKind;

use super::habits::Guess;
use super::mapping::Mapping;
use super::sample::Sample;
use super::vocabulary::Meaning;

/// The guess and why: the file's own word before a column's, a column's before the name's.
pub(super) fn of(
    path: &Path,
    is_update: Option<bool>,
    seen: Option<(&Sample, &Mapping)>,
) -> Guess<DeliveryKind> {
    let guess = |value, confidence, reason: String| Guess { value, confidence, reason };
    if let Some(is_update) = is_update {
        let kind = if is_update { DeliveryKind::Delta } else { DeliveryKind::Full };
        let reason =
            if is_update { "the transaction is an update" } else { "the transaction is T_NEW_CATALOG" };
        return guess(kind, 0.97, reason.to_owned());
    }
    if let Some((sample, mapping)) = seen {
        let action = |(at, _): &(usize, _)| sample.columns[*at].filled > 0;
        let columns = mapping.columns.iter().enumerate();
        let found = columns.filter(|(_, column)| column.plain == Some(Meaning::Action)).find(action);
        if let Some((at, _)) = found {
            let name = &sample.columns[at].name;
            return guess(
                DeliveryKind::Delta,
                0.8,
                format!("the column {name:?} says what happened to each row"),
            );
        }
    }
    let file = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let words = super::header::fold(&file);
    let named = |names: &[&str]| words.iter().find(|word| names.contains(&word.as_str())).cloned();
    let delta = [
        "delta",
        "update",
        "updates",
        "changes",
        "changed",
        "diff",
        "incremental",
        "andringar",
        "endringer",
        "andringer",
        "muutokset",
        "aenderungen",
        "anderungen",
        "inc",
    ];
    let full = [
        "full", "complete", "all", "hela", "komplett", "total", "kaikki", "gesamt", "alla", "catalog",
        "katalog",
    ];
    if let Some(word) = named(&delta) {
        return guess(DeliveryKind::Delta, 0.75, format!("the file's name says {word:?}"));
    }
    if let Some(word) = named(&full) {
        return guess(DeliveryKind::Full, 0.75, format!("the file's name says {word:?}"));
    }
    guess(
        DeliveryKind::Full,
        0.5,
        "nothing says that it is not; set \"delta\" if a file holds only what changed".to_owned(),
    )
}
