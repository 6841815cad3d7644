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

/// Whether an article number is one that a spreadsheet has made a date of, as it shows dates without a year or day:
/// `1-2` became `1 Feb`, `01-feb`, `feb-26`.
pub(crate) fn was_a_code(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', ' ', '.', '/']).filter(|part| !part.is_empty()).collect();
    let number = |text: &str, most: u8| text.len() < 3 && text.parse().is_ok_and(|number: u8| number <= most);
    match parts[..] {
        [day, month] if is_month(month) => number(day, 31),
        [month, year] if is_month(month) => year.len() == 2 && number(year, 99),
        [day, month, year] if is_month(month) => {
            number(day, 31) && matches!(year.len(), 2 | 4) && year.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// Whether an article number is a whole date, with separators.
pub(crate) fn is_whole(text: &str) -> bool {
    text.contains(['-', '.', '/']) && date(text).is_some()
}

/// A month's short name as spreadsheets write it in English, German, Finnish and the Scandinavian languages.
fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 34] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "maj",
        "mai", "okt", "mär", "mrz", "dez", "des", "juni", "juli", "tammi", "helmi", "maalis", "huhti",
        "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu",
    ];
    let mut chars = text.chars();
    chars.next().is_some() && chars.all(char::is_lowercase) && MONTHS.contains(&text.to_lowercase().as_str())
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
    fn codes_that_became_dates_are_told_from_codes() {
        for text in ["1 Feb", "01-feb", "2-jan", "feb-26", "31.maj", "1-Mär", "01-feb-26", "1 feb. 2026"] {
            assert!(was_a_code(text), "{text}");
        }
        for text in ["MAJ-10", "maj", "maj-1", "32-feb", "1-2", "A-feb", "feb-2026-x", "jan-123", "12"] {
            assert!(!was_a_code(text), "{text}");
        }
        assert!(is_whole("2026-02-01") && is_whole("01.02.2026"));
        assert!(!is_whole("20260201") && !is_whole("46356") && !is_whole("1-2"));
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
