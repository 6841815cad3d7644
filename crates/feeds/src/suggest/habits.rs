//! How the supplier writes: language, currency, decimal sign.

use std::collections::BTreeMap;

use berika_catalog::{Currency, Language};
use whatlang::Lang;

use super::assign::Column;
use super::mapping::Mapping;
use super::sample::Sample;
use super::vocabulary::Meaning;

/// A guess with how sure it is and why.
#[derive(Debug, Clone)]
pub(super) struct Guess<T> {
    pub(super) value: T,
    pub(super) confidence: f64,
    pub(super) reason: String,
}

const DETECTED: [(Lang, &str); 8] = [
    (Lang::Swe, "sv"),
    (Lang::Dan, "da"),
    (Lang::Nob, "no"),
    (Lang::Deu, "de"),
    (Lang::Eng, "en"),
    (Lang::Fin, "fi"),
    (Lang::Nld, "nl"),
    (Lang::Fra, "fr"),
];

/// Words that tell Danish and Norwegian apart, which are otherwise written much alike.
const NEAR: [(&str, &[&str]); 2] = [
    ("da", &["af", "efter", "uden", "mod", "hvid", "grøn", "vægt", "håndtag", "mellem", "bruges", "nem"]),
    (
        "no",
        &[
            "av", "etter", "uten", "mot", "hvit", "grønn", "vekt", "håndtak", "mellom", "brukes", "også",
            "lett",
        ],
    ),
];

/// The language of a feed's texts, with its headers, letters and addresses as further witnesses.
pub(super) fn language(texts: &str, headers: &[&Column], addresses: &str) -> Option<Guess<Language>> {
    let mut votes: BTreeMap<&str, f64> = BTreeMap::new();
    let letters = texts.chars().filter(|c| c.is_alphabetic()).count();
    if letters >= 20 {
        let allowed = DETECTED.iter().map(|(lang, _)| *lang).collect();
        if let Some(info) = whatlang::Detector::with_allowlist(allowed).detect(texts)
            && let Some((_, tag)) = DETECTED.iter().find(|(lang, _)| *lang == info.lang())
        {
            // A few words prove little.
            let enough = (letters as f64 / 400.0).clamp(0.3, 1.0);
            let vote = 3.0 * info.confidence() * enough;
            // The detector takes one of these for the other too often: the rest must decide.
            match NEAR.map(|(tag, _)| tag) {
                [one, other] if *tag == one || *tag == other => {
                    let far = if *tag == one { other } else { one };
                    *votes.entry(tag).or_default() += 0.6 * vote;
                    *votes.entry(far).or_default() += 0.4 * vote;
                }
                _ => *votes.entry(tag).or_default() += vote,
            }
        }
    }
    for (tag, signs) in [("sv", "åÅ"), ("da", "æø"), ("no", "æø"), ("de", "üßÜ"), ("fi", "")] {
        let found = texts.chars().filter(|c| signs.contains(*c)).count() as f64;
        *votes.entry(tag).or_default() += (found / letters.max(1) as f64 * 40.0).min(0.8);
    }
    let mut by_header: BTreeMap<&str, f64> = BTreeMap::new();
    for column in headers {
        let languages = column.header.languages();
        for tag in &languages {
            *by_header.entry(tag).or_default() += 1.0 / languages.len() as f64;
        }
    }
    let total: f64 = by_header.values().sum();
    for (tag, count) in by_header {
        // English headers stand above texts in any language.
        let weight = if tag == "en" { 0.5 } else { 2.0 };
        *votes.entry(tag).or_default() += weight * count / total.max(3.0);
    }
    for (end, tag) in
        [(".se/", "sv"), (".dk/", "da"), (".no/", "no"), (".fi/", "fi"), (".de/", "de"), (".nl/", "nl")]
    {
        if addresses.contains(end) {
            *votes.entry(tag).or_default() += 0.7;
        }
    }
    for (tag, words) in NEAR {
        let count = texts.split(|c: char| !c.is_alphabetic()).filter(|word| words.contains(word)).count();
        *votes.entry(tag).or_default() += (count as f64 * 0.2).min(1.0);
    }
    for (code, tag) in [("sek", "sv"), ("dkk", "da"), ("nok", "no")] {
        if headers.iter().any(|column| column.header.currency == Some(code)) {
            *votes.entry(tag).or_default() += 0.8;
        }
    }
    let mut ranked: Vec<(&str, f64)> = votes.into_iter().filter(|(_, vote)| *vote > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let (tag, first) = *ranked.first()?;
    let second = ranked.get(1).map_or(0.0, |(_, vote)| *vote);
    let confidence = ((first - second) / 3.0 + 0.45).clamp(0.2, 0.98) * (first / 0.8).min(1.0);
    let mut reason = "by the texts and headers".to_owned();
    if let Some((other, vote)) = ranked.get(1).filter(|(_, vote)| *vote > 0.6 * first) {
        reason = format!("by the texts and headers; {other} is nearly as likely ({vote:.1} to {first:.1})");
    }
    Some(Guess { value: Language::parse(tag).ok()?, confidence, reason })
}

/// The currency of prices that do not say it themselves.
pub(super) fn currency(
    sample: &Sample,
    mapping: &Mapping,
    language: Option<&Language>,
) -> Option<Guess<Currency>> {
    let placed = mapping.field(Meaning::Price)?;
    let at = placed.columns[0];
    let (column, profile) = (&mapping.columns[at], &sample.columns[at]);
    let guess = |code: &str, confidence: f64, reason: &str| {
        let value = Currency::parse(code).ok()?;
        Some(Guess { value, confidence, reason: reason.to_owned() })
    };
    if let Some(code) = column.header.currency {
        return guess(code, 0.97, "in the header of the price");
    }
    if let Some((code, _)) = profile.currencies.iter().max_by_key(|(_, count)| **count) {
        return guess(code, 0.97, "in the cells of the price");
    }
    let other =
        mapping.columns.iter().filter(|column| column.price.is_some()).find_map(|c| c.header.currency);
    if let Some(code) = other {
        return guess(code, 0.8, "in the header of another price");
    }
    let krona = profile.counts.krona > 0;
    let (code, sure) = match language.map(Language::as_str)? {
        "sv" => ("SEK", true),
        "da" => ("DKK", true),
        "no" => ("NOK", true),
        "fi" | "de" | "nl" | "fr" => ("EUR", false),
        _ => return None,
    };
    match (krona, sure) {
        (true, true) => guess(code, 0.85, "\"kr\" in the cells and the language of the texts"),
        _ => guess(code, 0.5, "only by the language of the texts"),
    }
}

/// Whether numbers have a decimal comma; `None` where nothing tells or both signs stand.
pub(super) fn decimal_comma(
    sample: &Sample,
    mapping: &Mapping,
    language: Option<&Language>,
) -> Option<Guess<bool>> {
    let sums = |columns: &mut dyn Iterator<Item = usize>| {
        columns.fold((0, 0), |(comma, point), at| {
            let counts = &sample.columns[at].counts;
            (comma + counts.comma, point + counts.point)
        })
    };
    let of = |meaning| mapping.field(meaning).map(|placed| placed.columns[0]);
    let mut own = [of(Meaning::Price), of(Meaning::Stock)].into_iter().flatten();
    let (mut comma, mut point) = sums(&mut own);
    if comma + point == 0 {
        let prices = mapping.columns.iter().enumerate().filter(|(_, column)| column.price.is_some());
        (comma, point) = sums(&mut prices.map(|(at, _)| at));
    }
    if comma + point == 0 {
        let numeric = |at: &usize| {
            let profile = &sample.columns[*at];
            profile.share(profile.counts.number) > 0.8 && profile.counts.date == 0
        };
        (comma, point) = sums(&mut (0..sample.columns.len()).filter(numeric));
    }
    let guess =
        |value, confidence, reason: &str| Some(Guess { value, confidence, reason: reason.to_owned() });
    match (comma, point) {
        (0, 0) => {
            let tag = language.map(Language::as_str)?;
            let text_numbers = of(Meaning::Price).is_some_and(|at| sample.columns[at].counts.number > 0);
            text_numbers.then(|| guess(tag != "en", 0.5, "only by the language: no number has a fraction"))?
        }
        (_, 0) => guess(true, 0.95, "fractions stand behind a comma"),
        (0, _) => guess(false, 0.95, "fractions stand behind a point"),
        (comma, point) if comma > 9 * point => guess(true, 0.7, "most fractions stand behind a comma"),
        (comma, point) if point > 9 * comma => guess(false, 0.7, "most fractions stand behind a point"),
        _ => None,
    }
}
