//! Finding a rule's value in an item, judging the cell it stands in, and noting where it was found.

use berika_catalog::Origin;

use super::Draft;
use super::plan::Rule;
use super::reading::{Picked, is_error_text};
use crate::item::{Cell, CellKind};
use crate::row::shorten;
use crate::{FieldProblem, RowError, RowProblem, RowWarning, mojibake};

impl<'m, 'i> Draft<'m, 'i> {
    /// The first non-blank cell of a rule, else its default.
    pub(super) fn pick<'r>(&self, rule: &'r Rule) -> Result<Option<Picked<'r, 'i>>, RowError>
    where
        'm: 'r,
    {
        if let Some(constant) = &rule.constant {
            return Ok(Some(Picked {
                cell: Cell::text(constant.clone()),
                column: None,
                rule: Some("constant"),
            }));
        }
        for source in &rule.sources {
            let mut first = None;
            self.item.values(source, &mut |cell| {
                if first.is_none() && !cell.is_blank() {
                    first = Some(cell);
                }
            });
            if let Some(cell) = first {
                rule.mark_seen();
                let picked = Picked { cell, column: Some(&source.name), rule: None };
                self.within_cap(&picked)?;
                return Ok(Some(picked));
            }
        }
        let default = rule.default.as_ref();
        Ok(default.map(|text| Picked { cell: Cell::text(text.clone()), column: None, rule: Some("default") }))
    }

    /// As [`Self::pick`], without cells that hold a spreadsheet's error, and with NULs and undecodable bytes noted.
    pub(super) fn pick_good<'r>(
        &mut self,
        field: &str,
        rule: &'r Rule,
    ) -> Result<Option<Picked<'r, 'i>>, RowError>
    where
        'm: 'r,
    {
        let Some(picked) = self.pick(rule)? else { return Ok(None) };
        Ok(self.sound(field, &picked).then_some(picked))
    }

    /// The non-blank cells of the first source that has any, or of all sources.
    pub(super) fn pick_all<'r>(
        &mut self,
        field: &str,
        rule: &'r Rule,
    ) -> Result<Vec<Picked<'r, 'i>>, RowError>
    where
        'm: 'r,
    {
        let mut all = Vec::new();
        for source in &rule.sources {
            if !all.is_empty() && !rule.all {
                break;
            }
            self.item.values(source, &mut |cell| {
                if !cell.is_blank() {
                    all.push(Picked { cell, column: Some(source.name.as_str()), rule: None });
                }
            });
        }
        if all.is_empty() {
            all.extend(self.pick(rule)?);
        } else {
            rule.mark_seen();
        }
        let mut good = Vec::with_capacity(all.len());
        for picked in all {
            self.within_cap(&picked)?;
            if self.sound(field, &picked) {
                good.push(picked);
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

    pub(super) fn note(&mut self, field: &str, picked: &Picked<'_, '_>, repaired: Option<&str>) {
        let origin = self.origin(picked.column, repaired.or(picked.rule));
        self.provenance.insert(field.to_owned(), origin);
    }

    pub(super) fn origin(&self, column: Option<&str>, rule: Option<&str>) -> Origin {
        Origin {
            file: self.mapper.context.file.clone(),
            row: self.item.number(),
            column: column.map(str::to_owned),
            rule: rule.map(str::to_owned),
        }
    }

    pub(super) fn warn(&mut self, field: &str, picked: &Picked<'_, '_>, problem: FieldProblem) {
        self.warnings.push(RowWarning {
            row: self.item.number(),
            field: field.to_owned(),
            column: picked.column.map(str::to_owned),
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
