//! What a rule makes of a value that it picked: a part of it, our word for it, the amount in another unit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use crate::config::{FieldRule, Unmapped};
use crate::unit::Unit;
use crate::{FeedProblem, FieldProblem};

/// The keys `pattern`, `map` and `unit` of one rule, made ready.
#[derive(Debug, Default)]
pub(crate) struct Rework {
    pattern: Option<Regex>,
    map: BTreeMap<String, String>,
    unmapped: Option<Unmapped>,
    unit: Option<Unit>,
}

/// A value after its rule had its say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Reworked<'t> {
    /// The value; `None` where it was dropped.
    pub(crate) text: Option<Cow<'t, str>>,
    /// The rule's key that changed it last.
    pub(crate) by: Option<&'static str>,
    pub(crate) problem: Option<FieldProblem>,
}

impl Rework {
    /// The rule's keys made ready.
    ///
    /// # Errors
    /// [`FeedProblem::Rule`] for a pattern that is none or takes too much memory, and for an unknown unit.
    pub(crate) fn new(field: &str, rule: &FieldRule) -> Result<Self, FeedProblem> {
        let refuse = |key, reason| FeedProblem::Rule { field: field.to_owned(), key, reason };
        let pattern = rule.pattern.as_deref().map(compile).transpose();
        let unit = rule.unit.as_deref().map(|name| {
            let unknown = || format!("{name:?} is no known unit; known are {}", Unit::names());
            Unit::named(name).ok_or_else(unknown)
        });
        Ok(Self {
            pattern: pattern.map_err(|reason| refuse("pattern", reason))?,
            map: rule.map.clone(),
            unmapped: rule.unmapped,
            unit: unit.transpose().map_err(|reason| refuse("unit", reason))?,
        })
    }

    /// Whether every value stays as it is.
    pub(crate) fn is_nothing(&self) -> bool {
        self.pattern.is_none() && self.map.is_empty() && self.unit.is_none()
    }

    /// The part of `text` that counts: the pattern's first group, or all that it matches. `None` where it does not.
    pub(crate) fn part<'t>(&self, text: &'t str) -> Option<&'t str> {
        let Some(pattern) = &self.pattern else { return Some(text) };
        let captures = pattern.captures(text)?;
        let part = captures.get(1).or_else(|| captures.get(0))?.as_str();
        Some(part).filter(|part| !part.trim().is_empty())
    }

    /// The value for a blank cell.
    pub(crate) fn blank(&self) -> Option<&str> {
        self.map.get("").map(String::as_str)
    }

    /// What becomes of a part: our word for it, or its amount in our unit.
    pub(crate) fn value<'t>(&'t self, part: Cow<'t, str>, decimal_comma: Option<bool>) -> Reworked<'t> {
        let mut by = self.pattern.is_some().then_some("pattern");
        let mut text = part;
        if !self.map.is_empty() {
            match self.map.get(crate::text::line(&text).as_ref()) {
                Some(word) => (text, by) = (Cow::Borrowed(word.as_str()), Some("map")),
                None if self.unmapped == Some(Unmapped::Drop) => {
                    return Reworked { problem: Some(FieldProblem::Unmapped), ..Reworked::default() };
                }
                None => {}
            }
        }
        if let Some(unit) = self.unit
            && !text.trim().is_empty()
        {
            match unit.convert(&text, decimal_comma) {
                Some(converted) if converted == *text => {}
                Some(converted) => (text, by) = (Cow::Owned(converted), Some("unit")),
                None => {
                    let problem = Some(FieldProblem::Unit(unit.name));
                    return Reworked { text: Some(text), by, problem };
                }
            }
        }
        Reworked { text: Some(text), by, problem: None }
    }
}

fn compile(pattern: &str) -> Result<Regex, String> {
    const LONGEST: usize = 2_000;
    const MOST_BYTES: usize = 1 << 20;
    if pattern.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    RegexBuilder::new(pattern).size_limit(MOST_BYTES).dfa_size_limit(MOST_BYTES).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => "it is too large when compiled; repeat less".to_owned(),
            error => in_one_line(pattern, &error.to_string()),
        }
    })
}

/// The message of `regex`, which draws the pattern with a caret below it, in one line.
fn in_one_line(pattern: &str, message: &str) -> String {
    const MARGIN: usize = 4;
    let reason = message.lines().last().unwrap_or_default().trim_start_matches("error: ");
    let caret = message.lines().find(|line| line.trim_start().starts_with('^') && line.len() > MARGIN);
    let at = caret.and_then(|line| line.find('^')).map(|at| format!(" at character {}", at + 1 - MARGIN));
    format!("{reason}{} of {pattern:?}", at.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rework(toml: &str) -> Rework {
        Rework::new("x", &toml::from_str(&format!("from = 'x'\n{toml}")).unwrap()).unwrap()
    }

    fn text(rework: &Rework, text: &str) -> Option<String> {
        rework.value(text.to_owned().into(), None).text.map(Cow::into_owned)
    }

    #[test]
    fn a_pattern_takes_its_first_group_or_the_whole_match() {
        assert_eq!(rework(r"pattern = '(\d+) ?g'").part("Kaffe 450 g"), Some("450"));
        assert_eq!(rework(r"pattern = '\d+ ?g'").part("Kaffe 450 g"), Some("450 g"));
        assert_eq!(rework(r"pattern = '(\d+) ?g'").part("Kaffe"), None);
        assert_eq!(rework(r"pattern = '(\d*)x?'").part("Kaffe"), None);
    }

    #[test]
    fn a_map_says_what_becomes_of_other_values() {
        let drop = rework("map = { J = 'ja', N = '' }\nunmapped = 'drop'");
        assert_eq!(text(&drop, " J "), Some("ja".to_owned()));
        assert_eq!(text(&drop, "N"), Some(String::new()));
        assert_eq!(drop.value("?".into(), None).problem, Some(FieldProblem::Unmapped));
        assert_eq!(text(&rework("map = { J = 'ja' }\nunmapped = 'keep'"), "?"), Some("?".to_owned()));
    }

    #[test]
    fn an_amount_that_cannot_be_converted_is_kept() {
        let grams = rework("unit = 'g'");
        assert_eq!(grams.value("7,5 kg".into(), None).by, Some("unit"));
        let kept = grams.value("ca 7 kg".into(), None);
        assert_eq!((kept.text.as_deref(), kept.problem), (Some("ca 7 kg"), Some(FieldProblem::Unit("g"))));
    }
}
