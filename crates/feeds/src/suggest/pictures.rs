//! Pictures: every column that holds some, and what parts several in one cell.

use super::assign::{Column, place};
use super::mapping::Placed;
use super::sample::Sample;
use super::shape;
use super::vocabulary::Meaning;

/// Adds the further columns of pictures to the best one.
pub(super) fn extend(sample: &Sample, columns: &[Column], taken: &[usize], placed: &mut Placed) {
    const ENOUGH: f64 = 0.5;
    let first = placed.columns[0];
    let is_small = |at: usize| {
        let compact = columns[at].header.compact();
        ["thumb", "small", "swatch", "miniatur", "icon", "ikon"].iter().any(|word| compact.contains(word))
    };
    let score = |at: usize| columns[at].scores[place(Meaning::Images)];
    let mut all: Vec<usize> = (0..columns.len())
        .filter(|at| *at == first || (!taken.contains(at) && score(*at) >= ENOUGH && !is_small(*at)))
        .filter(|at| *at == first || sample.columns[*at].filled > 0)
        .collect();
    all.sort_by_key(|at| (columns[*at].header.ordinal.is_some() && *at != first, *at));
    placed.rule.from = all.iter().map(|at| sample.columns[*at].name.clone()).collect();
    placed.columns = all;
    placed.rule.split = split(&sample.columns[first].text);
}

/// What parts file names in one cell. Addresses with a scheme are told apart without.
fn split(text: &str) -> Option<String> {
    const MANY: usize = 2;
    let several = |separator: char| {
        let list = |line: &&str| {
            let parts: Vec<&str> = line.split(separator).map(str::trim).filter(|p| !p.is_empty()).collect();
            parts.len() > 1
                && parts[..parts.len() - 1].iter().all(|part| shape::is_picture(part))
                && !parts.iter().all(|part| shape::is_url(part))
        };
        text.lines().filter(list).count()
    };
    let found =
        ['|', ';', ','].into_iter().find(|separator| several(*separator) >= MANY.min(text.lines().count()));
    found.filter(|_| !text.is_empty()).map(String::from)
}
