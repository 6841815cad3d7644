//! Finding a rule's value in an item, judging the cell it stands in, and noting where it was found.

use std::borrow::Cow;

use berika_catalog::{Origin, SharedText};

use super::Draft;
use super::reading::{Picked, is_error_text, is_zero};
use super::rule::Rule;
use crate::item::{Cell, CellKind};
use crate::row::{shorten, shorten_to};
use crate::{FieldProblem, RowError, RowProblem, RowWarning, mojibake};

/// A value, where there is one.
type Found<'r, 'i> = Option<Picked<'r, 'i>>;

/// How many characters of a text provenance keeps where a rule changed it.
pub(super) const ORIGINAL: usize = 200;

impl<'m, 'i> Draft<'m, 'i> {
    /// A rule's value: of the first source that has one, else its default; then as the rule's other keys have it.
    pub(super) fn pick<'r>(&mut self, rule: &'r Rule) -> Result<Option<Picked<'r, 'i>>, RowError>
    where
        'm: 'r,
    {
        if let Some(constant) = &rule.constant {
            return Ok(Some(Picked::given(constant, "constant")));
        }
        let (found, unmatched) = match &rule.join {
            Some((between, column)) => (self.joined(rule, between, column)?, None),
            None => self.first(rule)?,
        };
        if let Some(picked) = found {
            return Ok(self.reworked(rule, picked));
        }
        if let Some(default) = &rule.default {
            return Ok(Some(Picked::given(default, "default")));
        }
        if let Some(picked) = unmatched {
            self.warn(&rule.field, &picked, FieldProblem::Unmatched);
        }
        Ok(rule.rework.blank().map(|word| Picked::given(word, "map")))
    }

    /// The first non-blank cell that the rule's pattern matches; beside it the last that it does not. A price of nothing
    /// gives way to a later source: where no sale is on, the column of sale prices often holds 0.
    fn first<'r>(&self, rule: &'r Rule) -> Result<(Found<'r, 'i>, Found<'r, 'i>), RowError> {
        let (mut zero, mut unmatched) = (None, None);
        for source in &rule.sources {
            let mut first = None;
            self.item.values(source, &mut |cell| {
                if first.is_none() && !cell.is_blank() {
                    first = Some(cell);
                }
            });
            let Some(cell) = first else { continue };
            rule.mark_seen();
            let picked = Picked::found(cell, &source.column);
            self.within_cap(&picked)?;
            if rule.is_price && is_zero(&picked.cell.text) {
                zero = zero.or(Some(picked));
            } else if picked.is_error() || rule.rework.part(&picked.cell.text).is_some() {
                return Ok((Some(picked), None));
            } else {
                unmatched = Some(picked);
            }
        }
        Ok((zero, unmatched))
    }

    /// The values of all sources together, without blank cells and spreadsheet errors.
    fn joined<'r>(
        &mut self,
        rule: &'r Rule,
        between: &str,
        column: &'r SharedText,
    ) -> Result<Found<'r, 'i>, RowError> {
        let mut text = String::new();
        let mut parts = 0;
        for source in &rule.sources {
            let mut cells = Vec::new();
            self.item.values(source, &mut |cell| cells.push(cell));
            for cell in cells.into_iter().filter(|cell| !cell.is_blank()) {
                let picked = Picked::found(cell, &source.column);
                self.within_cap(&picked)?;
                if !self.sound(&rule.field, &picked) {
                    continue;
                }
                if parts > 0 {
                    text.push_str(between);
                }
                parts += 1;
                text.push_str(picked.cell.text.trim());
            }
        }
        if parts == 0 {
            return Ok(None);
        }
        rule.mark_seen();
        let picked =
            Picked { rule: (parts > 1).then_some("join"), ..Picked::found(Cell::text(text), column) };
        self.within_cap(&picked)?;
        Ok(Some(picked))
    }

    /// A value after the rule's pattern, map and unit; `None` where they drop it.
    fn reworked<'r>(&mut self, rule: &'r Rule, picked: Picked<'r, 'i>) -> Found<'r, 'i> {
        if rule.rework.is_nothing() || picked.is_error() {
            return Some(picked);
        }
        let Some(part) = rule.rework.part(&picked.cell.text) else {
            self.warn(&rule.field, &picked, FieldProblem::Unmatched);
            return None;
        };
        let reworked = rule.rework.value(part.into(), self.decimal_comma(&picked.cell));
        if let Some(problem) = reworked.problem {
            self.warn(&rule.field, &picked, problem);
        }
        let text = reworked.text?;
        if text == picked.cell.text {
            return Some(picked);
        }
        let kind = if reworked.by == Some("pattern") { picked.cell.kind } else { CellKind::Text };
        let cell = Cell { text: text.into_owned().into(), kind };
        let original = Some(shorten_to(&picked.cell.text, ORIGINAL));
        Some(Picked { cell, column: picked.column, rule: reworked.by.or(picked.rule), original })
    }

    /// As [`Self::pick`], without cells that hold a spreadsheet's error, and with NULs and undecodable bytes noted.
    pub(super) fn pick_good<'r>(&mut self, rule: &'r Rule) -> Result<Found<'r, 'i>, RowError>
    where
        'm: 'r,
    {
        let Some(picked) = self.pick(rule)? else { return Ok(None) };
        Ok(self.sound(&rule.field, &picked).then_some(picked))
    }

    /// The non-blank cells of the first source that has any, or of all sources.
    pub(super) fn pick_all<'r>(&mut self, rule: &'r Rule) -> Result<Vec<Picked<'r, 'i>>, RowError>
    where
        'm: 'r,
    {
        let mut all = Vec::new();
        for source in rule.sources.iter().filter(|_| rule.join.is_none()) {
            if !all.is_empty() && !rule.all {
                break;
            }
            self.item.values(source, &mut |cell| {
                if !cell.is_blank() {
                    all.push(Picked::found(cell, &source.column));
                }
            });
        }
        if all.is_empty() {
            return Ok(self.pick_good(rule)?.into_iter().collect());
        }
        rule.mark_seen();
        let mut good = Vec::with_capacity(all.len());
        for picked in all {
            self.within_cap(&picked)?;
            if self.sound(&rule.field, &picked) {
                good.extend(self.reworked(rule, picked));
            }
        }
        Ok(good)
    }

    pub(super) fn within_cap(&self, picked: &Picked<'_, '_>) -> Result<(), RowError> {
        let (bytes, limit) = (picked.cell.text.len(), self.mapper.limits.cell_bytes);
        if bytes <= limit {
            return Ok(());
        }
        let problem = RowProblem::TooLarge { bytes: bytes as u64, limit: limit as u64 };
        Err(self.mapper.error(self.item.number(), Some(picked), problem))
    }

    /// Whether the cell holds a value at all; warns of what was repaired in it.
    pub(super) fn sound(&mut self, field: &str, picked: &Picked<'_, '_>) -> bool {
        if picked.is_error() {
            self.warn(field, picked, FieldProblem::ErrorCell);
            return false;
        }
        if picked.cell.text.contains('\0') {
            self.warn(field, picked, FieldProblem::Nul);
        }
        if picked.cell.text.contains(char::REPLACEMENT_CHARACTER) {
            self.warn(field, picked, FieldProblem::Undecodable);
        }
        true
    }

    /// The cell's text as it was meant, where it is mojibake.
    pub(super) fn unmangled(&mut self, field: &str, picked: &Picked<'_, '_>) -> Option<String> {
        let meant = mojibake::repair(&picked.cell.text)?;
        self.warn(field, picked, FieldProblem::Mojibake);
        Some(meant)
    }

    pub(super) fn decimal_comma(&self, cell: &Cell<'_>) -> Option<bool> {
        match cell.kind {
            CellKind::Number => Some(false),
            CellKind::Text | CellKind::Date | CellKind::Error => self.mapper.decimal_comma,
        }
    }

    /// Notes where the value of a rule's field was found.
    pub(super) fn note(&mut self, rule: &Rule, picked: &Picked<'_, '_>, repaired: Option<&'static str>) {
        self.note_as(rule.field.clone(), picked, repaired);
    }

    pub(super) fn note_as(
        &mut self,
        field: Cow<'static, str>,
        picked: &Picked<'_, '_>,
        repaired: Option<&'static str>,
    ) {
        let origin = Origin {
            original: picked.original.clone(),
            ..self.origin(picked.column, repaired.or(picked.rule))
        };
        self.provenance.insert(field, origin);
    }

    pub(super) fn origin(&self, column: Option<&SharedText>, rule: Option<&'static str>) -> Origin {
        Origin {
            file: self.mapper.file.clone(),
            row: self.item.number(),
            column: column.cloned(),
            rule: rule.map(Cow::Borrowed),
            original: None,
        }
    }

    pub(super) fn warn(&mut self, field: &str, picked: &Picked<'_, '_>, problem: FieldProblem) {
        self.warnings.push(RowWarning {
            row: self.item.number(),
            field: field.to_owned(),
            column: picked.column.map(ToString::to_string),
            value: Some(shorten(&picked.cell.text)),
            problem,
        });
    }
}

impl Picked<'_, '_> {
    pub(super) fn is_error(&self) -> bool {
        self.cell.kind == CellKind::Error
            || (self.cell.kind == CellKind::Text && is_error_text(&self.cell.text))
    }
}
