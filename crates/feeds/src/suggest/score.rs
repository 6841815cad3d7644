//! How well a column's values suit a field, and how much they prove by themselves.

use super::profile::Profile;
use super::vocabulary::Meaning;

/// From 0, where the values cannot be this field, to 1, where nothing speaks against it.
pub(super) fn fit(meaning: Meaning, p: &Profile) -> f64 {
    const EMPTY: f64 = 0.35;
    if p.filled == 0 {
        return if matches!(meaning, Meaning::Attribute | Meaning::Other) { 1.0 } else { EMPTY };
    }
    let c = &p.counts;
    let of = |count: u32| p.share(count);
    match meaning {
        Meaning::Sku => {
            let unique = ramp(p.uniqueness(), 0.2, 0.85);
            let word = if p.mean_words() <= 1.6 && p.mean_length() <= 40.0 { 1.0 } else { 0.3 };
            let other = of(c.url).max(of(c.date)).max(of(c.html)).max(of(c.amount)).max(of(c.truth));
            let internal = 1.0 - 0.5 * of(c.uuid);
            let fraction = if of(c.fraction) > 0.4 && of(c.comma + c.point) > 0.4 { 0.3 } else { 1.0 };
            let row_number = if p.is_row_number() { 0.5 } else { 1.0 };
            unique * word * (1.0 - other) * internal * fraction * row_number * ramp(p.fill(), 0.0, 0.8)
        }
        Meaning::Gtin => {
            let (valid, like) = (of(c.gtin), of(c.like_gtin));
            if valid >= 0.3 { 0.7 + 0.3 * valid } else { 0.65 * like.max(valid) }
        }
        Meaning::Title => {
            let prose = if p.mean_length() <= 200.0 { 1.0 } else { 0.45 };
            let other = of(c.url).max(of(c.date)).max(of(c.number)).max(of(c.uuid)).max(of(c.language));
            text(p) * prose * (1.0 - other) * ramp(p.uniqueness(), 0.02, 0.35) * ramp(p.fill(), 0.0, 0.5)
        }
        Meaning::Description => {
            let length = p.mean_length();
            let long = match () {
                () if of(c.html) > 0.2 || length >= 40.0 => 1.0,
                () if length >= 15.0 => 0.75,
                () => 0.5,
            };
            text(p) * long * (1.0 - of(c.url).max(of(c.date)).max(of(c.number)))
        }
        Meaning::Brand => {
            let short = if p.mean_words() <= 4.0 && p.mean_length() <= 35.0 { 1.0 } else { 0.3 };
            let other = of(c.url).max(of(c.date)).max(of(c.number)).max(of(c.unit)).max(of(c.gtin));
            let repeated = if p.values >= 12 && p.uniqueness() > 0.95 { 0.6 } else { 1.0 };
            short * (1.0 - other) * repeated
        }
        Meaning::Mpn => {
            let code = if p.mean_words() <= 2.2 && p.mean_length() <= 40.0 { 1.0 } else { 0.35 };
            let other = of(c.url).max(of(c.date)).max(of(c.gtin)).max(of(c.uuid)).max(of(c.html));
            code * (1.0 - other) * ramp(p.uniqueness(), 0.0, 0.4)
        }
        Meaning::Category => {
            let other = of(c.url).max(of(c.date)).max(of(c.gtin)).max(of(c.html)).max(of(c.truth));
            let named = if of(c.letters) >= 0.5 { 1.0 } else { 0.5 };
            let repeated = if p.values >= 12 && p.uniqueness() > 0.97 { 0.6 } else { 1.0 };
            named * repeated * (1.0 - other) * if p.mean_length() > 150.0 { 0.4 } else { 1.0 }
        }
        Meaning::Price => {
            let number = of(c.number) + of(c.amount);
            ramp(number, 0.2, 0.8) * (1.0 - of(c.negative)) * (1.0 - 0.9 * of(c.gtin)) * (1.0 - of(c.date))
        }
        Meaning::Currency => of(c.currency),
        Meaning::Images => {
            let files = of(c.picture);
            files.max(0.9 * of(c.url))
        }
        Meaning::Language => of(c.language),
        Meaning::BestBefore => of(c.date),
        Meaning::Stock => {
            let number = of(c.number);
            ramp(number, 0.2, 0.8)
                * (1.0 - of(c.gtin).max(of(c.date)))
                * (1.0 - 0.6 * of(c.two_decimals) * varied(p))
        }
        Meaning::GroupId => {
            let code = if p.mean_words() <= 3.0 && p.mean_length() <= 60.0 { 1.0 } else { 0.3 };
            let repeated = if p.values >= 4 && p.uniqueness() > 0.97 { 0.55 } else { 1.0 };
            let constant = if p.is_constant() { 0.5 } else { 1.0 };
            code * repeated * constant * (1.0 - of(c.url).max(of(c.date)).max(of(c.html)))
        }
        Meaning::Action | Meaning::Attribute | Meaning::Other => 1.0,
    }
}

/// From 0 to 1, how surely the values are this field's whatever the column is called.
pub(super) fn evidence(meaning: Meaning, p: &Profile, first: bool) -> f64 {
    if p.filled == 0 {
        return 0.0;
    }
    let c = &p.counts;
    let of = |count: u32| p.share(count);
    match meaning {
        Meaning::Sku => {
            let code = of(c.code) >= 0.9 && p.uniqueness() >= 0.98 && p.fill() >= 0.98;
            let other = of(c.gtin) >= 0.5
                || of(c.uuid) >= 0.5
                || of(c.comma + c.point) >= 0.3
                || of(c.date) >= 0.5
                || of(c.picture) >= 0.3
                || p.is_row_number();
            if !code || other { 0.0 } else { 0.4 + 0.12 * f64::from(u8::from(first)) }
        }
        Meaning::Gtin => {
            let sure = if p.values >= 3 { 0.92 } else { 0.6 };
            if of(c.gtin) >= 0.75 { sure * of(c.gtin) } else { 0.0 }
        }
        Meaning::Title => {
            let named = p.mean_words() >= 1.8 && (8.0..=120.0).contains(&p.mean_length());
            let plain = of(c.url) + of(c.date) + of(c.unit) + of(c.html) < 0.2 && text(p) >= 0.8;
            let levels = p.separator().is_some_and(|(_, share)| share > 0.6);
            if named && plain && !levels { 0.55 * ramp(p.uniqueness(), 0.3, 0.85) } else { 0.0 }
        }
        Meaning::Description => {
            let long = p.mean_length() >= 80.0 || (of(c.html) >= 0.4 && p.mean_length() >= 30.0);
            if long && of(c.url) < 0.3 && text(p) >= 0.7 { 0.6 } else { 0.0 }
        }
        Meaning::Category => {
            let levels = p.separator().filter(|(_, share)| *share >= 0.6);
            let sure =
                |(separator, _): (&str, f64)| if separator.contains(['>', '|', '»']) { 0.75 } else { 0.4 };
            let plain = of(c.url) + of(c.date) + of(c.unit) < 0.2 && p.mean_length() < 100.0;
            levels.filter(|_| plain).map_or(0.0, sure)
        }
        Meaning::Price => {
            let money = of(c.amount);
            if money >= 0.5 {
                0.7 * money
            } else if of(c.two_decimals) >= 0.6 && of(c.negative) == 0.0 {
                0.42
            } else {
                0.0
            }
        }
        Meaning::Currency => {
            if of(c.currency) >= 0.95 {
                0.85
            } else {
                0.0
            }
        }
        Meaning::Images => {
            if of(c.picture) >= 0.7 {
                0.85 * of(c.picture)
            } else {
                0.0
            }
        }
        Meaning::Brand
        | Meaning::Mpn
        | Meaning::Language
        | Meaning::BestBefore
        | Meaning::Stock
        | Meaning::GroupId
        | Meaning::Attribute
        | Meaning::Action
        | Meaning::Other => 0.0,
    }
}

fn text(p: &Profile) -> f64 {
    ramp(p.share(p.counts.letters), 0.1, 0.6)
}

/// Whether a column of decimals holds more than `.00`.
fn varied(p: &Profile) -> f64 {
    ramp(p.share(p.counts.fraction), 0.0, 0.5)
}

/// 0 up to `low`, 1 from `high` on, and a straight line between.
fn ramp(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}
