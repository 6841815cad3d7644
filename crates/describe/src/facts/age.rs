//! The age from which something is recommended: `från 3 år`, `3 years+`, `ab 6 Monaten`.

use berika_catalog::Language;

use super::Quantity;
use super::number::{Blanks, number};
use super::quantity::Unit;

const FROM: &[&str] = &[
    "från", "fr.o.m.", "fr.", "fra", "from", "ab", "over", "över", "min", "min.", "minst", "mindst",
    "minimum", "age", "ages", "alder", "ålder", "alter", "suitable",
];

const UNITS: &[(&str, Unit)] = &[
    ("år", Unit::Year),
    ("years", Unit::Year),
    ("year", Unit::Year),
    ("yrs", Unit::Year),
    ("jahre", Unit::Year),
    ("jahren", Unit::Year),
    ("jahr", Unit::Year),
    ("månader", Unit::Month),
    ("månad", Unit::Month),
    ("mån", Unit::Month),
    ("måneder", Unit::Month),
    ("måned", Unit::Month),
    ("mdr", Unit::Month),
    ("mnd", Unit::Month),
    ("months", Unit::Month),
    ("month", Unit::Month),
    ("monate", Unit::Month),
    ("monaten", Unit::Month),
    ("monat", Unit::Month),
];

/// What may stand behind the unit.
const UPWARDS: &[&str] = &[
    "",
    "+",
    "och uppåt",
    "och äldre",
    "och över",
    "and up",
    "and over",
    "and older",
    "og op",
    "og opefter",
    "og ældre",
    "og oppover",
    "og eldre",
    "und älter",
    "und aufwärts",
    "upp",
    "up",
];

/// Reads an age without an upper end; a range says something else. A number without a unit may be either.
pub(super) fn from_age(text: &str, language: Option<&Language>) -> Option<Quantity> {
    let lower = text.trim().to_lowercase();
    let mut rest = lower.as_str();
    while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| FROM.contains(word)) {
        rest = after.trim_start();
    }
    let (value, length) = number(rest, language, Blanks::Separate)?;
    let behind = rest[length..].trim_start();
    let early = behind.strip_prefix('+').unwrap_or(behind).trim_start();
    // `12+` of a game: only ages that no baby food is for.
    let bare = behind == "+" && value >= 3.into() && value <= 18.into();
    if bare && text.trim().len() <= 3 {
        return Some(Quantity::new(value, Unit::Year));
    }
    let (unit, tail) = UNITS.iter().find_map(|(name, unit)| {
        let tail = early.strip_prefix(name)?;
        (!tail.starts_with(char::is_alphabetic)).then_some((*unit, tail))
    })?;
    let tail = tail.trim_start_matches('.').trim();
    let most = if unit == Unit::Year { 18 } else { 48 };
    let sensible = !value.is_zero() && value <= most.into();
    (sensible && UPWARDS.contains(&tail)).then(|| Quantity::new(value, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_upwards_are_read_and_ranges_are_not() {
        let read = |text| from_age(text, None).map(|age| age.to_string());
        for (text, expected) in [
            ("från 3 år", "3 years"),
            ("3 år+", "3 years"),
            ("3+ år", "3 years"),
            ("Ab 6 Monaten", "6 months"),
            ("3 years and up", "3 years"),
            ("Fra 12 måneder", "12 months"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for none in ["3-6 år", "3", "2+", "vuxna", "0 år", "100 år", "3 till 6 år"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
