//! The rules, and the limits they go by. A limit is what an ordinary week never comes near, not what is usual.

use super::share::{SURE, Share, Usual, percent};
use super::{Breach, Judgement, Profile, Rule, Terms, mix, prices};
use crate::DeliveryKind;

/// Deliveries of fewer products are too small to be judged by shares.
const FEWEST: u64 = 10;
/// The share of its products that may lose a field.
const FILL_LOST: f64 = 0.3;
/// The share of products whose texts may be broken beyond what is usual.
const BROKEN: f64 = 0.01;
/// How many deviations are no chance where the encoding is another one, too.
const SURE_WITH_ENCODING: f64 = 3.0;
/// The share of article numbers that may be new while as many are gone.
const RENUMBERED: f64 = 0.5;
/// The share of known products that may have another title.
const TITLES_CHANGED: f64 = 0.5;
/// The same where the encoding is another one.
const TITLES_WITH_ENCODING: f64 = 0.1;
/// How much more of it than ever before.
const MORE_THAN_EVER: f64 = 0.25;
/// The share of rows that may be refused beyond what is usual.
const REFUSED: f64 = 0.1;
/// How many times the largest delivery a new one may be, if it has so many products more.
const GROWN: (u64, u64) = (3, 200);

/// Judges a new delivery by those before it.
pub fn judge(new: &Profile, terms: &Terms<'_>) -> Judgement {
    let mut judgement = Judgement { learnt_from: terms.earlier.len(), ..Judgement::default() };
    let found = &mut judgement.breaches;
    let large_enough = |profile: &&Profile| profile.products >= FEWEST;
    let comparable = terms.earlier.iter().any(|profile| large_enough(&profile));
    if new.rows >= FEWEST && comparable {
        encoding(new, terms, found);
        if terms.kind == DeliveryKind::Full && new.products >= FEWEST {
            fill(new, terms, found);
        }
    }
    if new.products >= FEWEST {
        keys(new, terms, found);
        if comparable {
            prices::level(new, terms, found);
            titles(new, terms, found);
            mix::shifted(new, terms, found);
        }
    }
    if new.rows >= FEWEST && comparable {
        refused(new, terms, found);
    }
    if terms.kind == DeliveryKind::Full {
        size(new, terms, found);
    }
    if let Some(last) = terms.earlier.first() {
        judgement.notes = notes(new, last);
    }
    judgement
}

fn encoding(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let of = |profile: &Profile| Share::new(profile.broken, profile.products);
    let Some(usual) = Usual::of(terms.earlier.iter().map(of)) else { return };
    let now = of(new);
    let other = other_encoding(new, terms.earlier.first());
    let sure = if other.is_some() { SURE_WITH_ENCODING } else { SURE };
    if now.value() < usual.median + BROKEN || !usual.is_left_by(now, sure) {
        return;
    }
    let broken = format!(
        "{} of the products have broken characters in their texts, {} had",
        percent(now.value()),
        percent(usual.median)
    );
    let reason = match other {
        Some((is, was)) => format!("the encoding is {is}, was {was}, and {broken}"),
        None => broken,
    };
    found.push(Breach { rule: Rule::Encoding, subject: String::new(), severity: now.value(), reason });
}

/// The encoding now and before, where it is another one.
fn other_encoding<'a>(new: &'a Profile, last: Option<&'a Profile>) -> Option<(&'a str, &'a str)> {
    let pair = new.reading.encoding.as_deref().zip(last?.reading.encoding.as_deref());
    pair.filter(|(is, was)| is != was)
}

fn fill(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let Some(last) = terms.earlier.first() else { return };
    let before = found.len();
    for (name, field) in &last.fields {
        let of = |profile: &Profile| {
            Share::new(profile.fields.get(name).map_or(0, |field| field.products), profile.products)
        };
        let Some(usual) = Usual::of(terms.earlier.iter().map(of)) else { continue };
        let now = of(new);
        let lost = 1.0 - now.value() / usual.median.max(f64::MIN_POSITIVE);
        if lost < FILL_LOST || !usual.is_left_by(now, SURE) {
            continue;
        }
        let filled = format!(
            "{name} is filled in {} of the products, was in {}",
            percent(now.value()),
            percent(usual.median)
        );
        let gone = field.columns.keys().find(|column| {
            last.reading.columns.contains(column)
                && !new.reading.columns.is_empty()
                && !new.reading.columns.contains(column)
        });
        let reason = match gone {
            Some(column) => format!("column {column:?} is gone{}: {filled}", came(new, last)),
            None => filled,
        };
        found.push(Breach { rule: Rule::Fill, subject: name.clone(), severity: lost, reason });
    }
    // What a product is called says more than its attributes do.
    found[before..]
        .sort_by_key(|breach| (breach.subject != "title", breach.subject.starts_with("attributes.")));
}

/// Columns that were not there before, as the end of a sentence on one that is gone.
fn came(new: &Profile, last: &Profile) -> String {
    const MOST: usize = 3;
    let came: Vec<String> = added(&last.reading.columns, &new.reading.columns);
    match came.len() {
        0 => String::new(),
        1 => format!(" and {} is new", came[0]),
        n if n <= MOST => format!(" and {} are new", came.join(", ")),
        n => format!(" and {} and {} more are new", came[..MOST].join(", "), n - MOST),
    }
}

fn keys(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let Some(known) = new.known.as_ref().filter(|known| known.active >= FEWEST) else { return };
    if terms.kind == DeliveryKind::Delta {
        return;
    }
    let ever = terms.earlier.iter().filter_map(|profile| profile.known.as_ref());
    let ever = ever.map(|known| known.unknown.min(known.gone)).fold(0.0, f64::max);
    let severity = known.unknown.min(known.gone);
    if severity < RENUMBERED.max(ever + MORE_THAN_EVER) {
        return;
    }
    found.push(Breach {
        rule: Rule::Keys,
        subject: String::new(),
        severity,
        reason: format!(
            "{} of the article numbers are unknown and {} of the known ones are gone: perhaps renumbered",
            percent(known.unknown),
            percent(known.gone)
        ),
    });
}

fn titles(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let Some(known) = new.known.as_ref().filter(|known| known.looked_at >= FEWEST) else { return };
    let ever = terms.earlier.iter().filter_map(|profile| profile.known.as_ref());
    let ever = ever.map(|known| known.titles_changed).fold(0.0, f64::max);
    let changed = known.titles_changed;
    let other = other_encoding(new, terms.earlier.first());
    let reason = match other {
        Some((is, was)) if changed >= TITLES_WITH_ENCODING.max(2.0 * ever) => format!(
            "the encoding is {is}, was {was}, and {} of the known products have another title",
            percent(changed)
        ),
        // What changed is what a delta is made of.
        _ if terms.kind == DeliveryKind::Full && changed >= TITLES_CHANGED.max(ever + MORE_THAN_EVER) => {
            format!(
                "{} of the known products have another title, up to {} had: perhaps rows or columns were shifted",
                percent(changed),
                percent(ever)
            )
        }
        _ => return,
    };
    found.push(Breach { rule: Rule::Titles, subject: String::new(), severity: changed, reason });
}

fn refused(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let of = |profile: &Profile| Share::new(profile.refused_rows(), profile.rows);
    let Some(usual) = Usual::of(terms.earlier.iter().map(of)) else { return };
    let now = of(new);
    if now.value() < usual.median + REFUSED || !usual.is_left_by(now, SURE) {
        return;
    }
    let most = new.refused.iter().max_by_key(|(kind, count)| (**count, std::cmp::Reverse(*kind)));
    let most = most.map(|(kind, count)| format!(", most for {kind:?} ({count})")).unwrap_or_default();
    found.push(Breach {
        rule: Rule::Refused,
        subject: String::new(),
        severity: now.value(),
        reason: format!(
            "{} of the rows are refused, {} were{most}",
            percent(now.value()),
            percent(usual.median)
        ),
    });
}

fn size(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let listed = new.products;
    let before = new.known.as_ref().map_or(0, |known| known.active);
    let lost = if before == 0 { 0.0 } else { 1.0 - listed as f64 / before as f64 };
    if lost > terms.shrink_limit {
        found.push(Breach {
            rule: Rule::Shrunk,
            subject: String::new(),
            severity: lost,
            reason: format!(
                "it lists {listed} products where {before} were listed before, {:.0} % fewer; up to {:.0} % is taken in \
                 without a look",
                lost * 100.0,
                terms.shrink_limit * 100.0
            ),
        });
    }
    let (times, more) = GROWN;
    let largest = terms.earlier.iter().map(|profile| profile.products).max();
    if let Some(largest) = largest.map(|largest| largest.max(before))
        && listed > largest.saturating_mul(times)
        && listed > largest + more
    {
        let factor = listed as f64 / largest.max(1) as f64;
        found.push(Breach {
            rule: Rule::Grown,
            subject: String::new(),
            severity: factor.log10(),
            reason: format!(
                "it lists {listed} products where {largest} were the most, {factor:.1} times as many"
            ),
        });
    }
}

/// What is new and does no harm.
fn notes(new: &Profile, last: &Profile) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some((is, was)) = other_encoding(new, Some(last)) {
        notes.push(format!("the encoding is {is}, was {was}"));
    }
    if let Some((is, was)) = new.reading.delimiter.zip(last.reading.delimiter).filter(|(is, was)| is != was) {
        notes.push(format!("the delimiter is {is:?}, was {was:?}"));
    }
    let (now, before) = (&new.reading.columns, &last.reading.columns);
    if !now.is_empty() && !before.is_empty() {
        let (came, gone) = (added(before, now), added(now, before));
        match (came.is_empty(), gone.is_empty()) {
            (true, true) if now != before => notes.push("the columns stand in another order".to_owned()),
            (true, true) => {}
            _ => {
                notes.extend(list("new columns", &came));
                notes.extend(list("columns that are gone", &gone));
            }
        }
    }
    notes
}

fn list(what: &str, names: &[String]) -> Option<String> {
    const MOST: usize = 10;
    let shown = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => None,
        n if n <= MOST => Some(format!("{what}: {shown}")),
        n => Some(format!("{what}: {shown} and {} more", n - MOST)),
    }
}

/// Names in `now` that are not in `before`, quoted.
fn added(before: &[String], now: &[String]) -> Vec<String> {
    let names = now.iter().filter(|name| !name.is_empty() && !before.contains(name));
    names.map(|name| format!("{name:?}")).collect()
}
