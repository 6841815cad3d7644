//! The supplier's category: one column cut into levels, or one column a level.

use super::assign::Column;
use super::mapping::Placed;
use super::sample::Sample;
use super::vocabulary::Meaning;

/// Parts of headers that say which level a column is.
const UPPER: [&str; 9] = ["huvud", "hoved", "haupt", "paa", "paaryh", "main", "ober", "overg", "ylar"];
const LOWER: [&str; 8] = ["under", "unter", "sub", "sous", "alar", "alaluok", "child", "ala "];

/// Makes the best column's rule one of levels, where there are any.
pub(super) fn extend(sample: &Sample, columns: &[Column], taken: &[usize], placed: &mut Placed) {
    const ENOUGH: f64 = 0.5;
    const LEVELS: f64 = 0.3;
    let named = |at: usize| {
        let profile = &sample.columns[at];
        profile.share(profile.counts.letters) >= 0.5
    };
    let sense = |at: usize| columns[at].senses.get(&Meaning::Category).copied().unwrap_or(0.0);
    let mut levels: Vec<usize> = (0..columns.len())
        .filter(|at| !taken.contains(at) && sample.columns[*at].filled > 0)
        .filter(|at| sense(*at) >= ENOUGH && named(*at))
        .filter(|at| columns[*at].header.language == columns[placed.columns[0]].header.language)
        .collect();
    // A path holds all levels by itself.
    let path = |at: usize| sample.columns[at].separator().filter(|(_, share)| *share >= LEVELS);
    let paths: Vec<usize> = levels.iter().copied().filter(|at| path(*at).is_some()).collect();
    let own = paths.iter().copied().find(|at| !is_foreign(&columns[*at])).or_else(|| paths.first().copied());
    let own = own.or_else(|| Some(placed.columns[0]).filter(|at| path(*at).is_some()));
    if let Some((at, (separator, share))) = own.and_then(|at| Some((at, path(at)?)))
        && (levels.len() < 2 || share >= 0.5)
    {
        placed.columns = vec![at];
        placed.rule = crate::config::FieldRule::column(&sample.columns[at].name);
        placed.rule.split = Some(written(separator));
        return;
    }
    if levels.iter().any(|at| !is_foreign(&columns[*at])) {
        levels.retain(|at| !is_foreign(&columns[*at]));
    }
    if levels.len() < 2 {
        // A list in JSON: each element is a level.
        let profile = &sample.columns[placed.columns[0]];
        placed.rule.all = profile.values > profile.filled;
        return;
    }
    levels.sort_by_key(|at| {
        let header = &columns[*at].header;
        (rank(&header.compact()), header.ordinal.unwrap_or(0), *at)
    });
    placed.rule.from = levels.iter().map(|at| sample.columns[*at].name.clone()).collect();
    placed.rule.all = true;
    placed.columns = levels;
    placed.reason = Some("one level a column".to_owned());
}

/// Blanks around a separator are trimmed with the levels, but for a hyphen, which also stands within words.
fn written(separator: &str) -> String {
    let trimmed = separator.trim();
    if matches!(trimmed, "-" | "/") && trimmed != separator {
        separator.to_owned()
    } else {
        trimmed.to_owned()
    }
}

fn rank(compact: &str) -> u8 {
    let is = |parts: &[&str]| parts.iter().any(|part| compact.contains(part));
    match () {
        () if is(&LOWER) => 2,
        () if is(&UPPER) => 0,
        () => 1,
    }
}

/// Another body's categories: Google's, UNSPSC's.
fn is_foreign(column: &Column) -> bool {
    let compact = column.header.compact();
    ["googl", "unspsc", "etim", "eclass", "gpc", "facebook"].iter().any(|name| compact.contains(name))
}
