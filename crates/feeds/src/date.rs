//! Dates as suppliers write them.

use jiff::civil::Date;

/// Reads `2026-11-30` (a time behind it is ignored), `30.11.2026`, `30-11-2026`, `30/11/2026` where the day cannot be
/// the month, `20261130`, or an Excel serial number of the 1900 system.
pub(crate) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = text.split([' ', 'T']).next()?;
    if day.bytes().all(|b| b.is_ascii_digit()) {
        return match day.len() {
            8 => ymd(&day[..4], &day[4..6], &day[6..]),
            5 if text.len() == 5 => serial(day.parse().ok()?, false),
            _ => None,
        };
    }
    let separator = day.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = day.split(separator).collect();
    let [a, b, c] = parts[..] else { return None };
    match (separator, a.len(), c.len()) {
        ('-' | '/' | '.', 4, _) => ymd(a, b, c),
        ('.' | '-', 1 | 2, 4) => ymd(c, b, a),
        ('/', 1 | 2, 4) => {
            // Americans write the month first. Only what cannot be read so, or is the same both ways, is certain.
            let (first, second): (u8, u8) = (a.parse().ok()?, b.parse().ok()?);
            (first > 12 || first == second).then(|| ymd(c, b, a)).flatten()
        }
        _ => None,
    }
}

/// A spreadsheet's serial day; `since_1904` for workbooks that count from 1904.
pub(crate) fn serial(days: i32, since_1904: bool) -> Option<Date> {
    // The 1900 system counts a 29 February 1900 that never was: from March on it is as if it began a day earlier.
    let epoch = if since_1904 { jiff::civil::date(1904, 1, 1) } else { jiff::civil::date(1899, 12, 30) };
    let date = epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    plausible(date)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<Date> {
    plausible(Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?)
}

/// No food was made before 1990 or keeps beyond 2199: such a date is a number read wrongly.
fn plausible(date: Date) -> Option<Date> {
    (1990..2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_spellings_are_read() {
        for text in [
            "2026-11-30",
            "2026-11-30T08:00:00Z",
            "2026/11/30",
            "30.11.2026",
            "30-11-2026",
            "30/11/2026",
            "20261130",
            "46356",
        ] {
            assert_eq!(date(text).map(|d| d.to_string()).as_deref(), Some("2026-11-30"), "{text}");
        }
        assert_eq!(date("1.2.2027").map(|d| d.to_string()).as_deref(), Some("2027-02-01"));
    }

    #[test]
    fn what_is_uncertain_or_impossible_is_refused() {
        for text in ["05/06/2026", "31.02.2026", "2026", "", "30.11.26", "11/30/2026", "00000000", "10.5"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn both_date_systems_count_days() {
        assert_eq!(serial(46356, false), serial(46356 - 1462, true));
        assert_eq!(serial(i32::MAX, false), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,20}") {
            prop_assert!(date(&text).is_none_or(|date| date.year() >= 1990));
        }
    }
}
