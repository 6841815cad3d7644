//! Article numbers and GTINs.

use berika_catalog::Gtin;

use super::picking::ORIGINAL;
use super::reading::Picked;
use super::rule::Rule;
use super::{Draft, gtin};
use crate::item::CellKind;
use crate::row::shorten_to;
use crate::{RowError, RowProblem, text};

impl Draft<'_, '_> {
    pub(super) fn sku(&mut self, rule: &Rule) -> Result<String, RowError> {
        const LONGEST: usize = 200;
        let (mapper, row) = (self.mapper, self.item.number());
        let missing = || RowError {
            row,
            sku: None,
            column: rule.sources.first().map(|source| source.name.clone()),
            value: None,
            problem: RowProblem::NoSku,
        };
        let picked = self.pick(rule)?.ok_or_else(missing)?;
        let refuse = |problem| Err(mapper.error(row, Some(&picked), problem));
        if picked.is_error() {
            return refuse(RowProblem::SkuError);
        }
        if picked.cell.kind == CellKind::Date {
            return refuse(RowProblem::SkuDate);
        }
        if picked.cell.text.contains('\0') {
            return refuse(RowProblem::BadSku("it holds NUL bytes"));
        }
        if picked.cell.text.contains(char::REPLACEMENT_CHARACTER) {
            return refuse(RowProblem::BadSku("it holds bytes that are not in the file's encoding"));
        }
        let sku = text::line(&picked.cell.text);
        match sku.len() {
            0 => Err(missing()),
            1..=LONGEST => Ok(sku.into_owned()),
            _ => refuse(RowProblem::BadSku("it is longer than 200 bytes; look at the mapping")),
        }
    }

    pub(super) fn gtin(&mut self, rule: &Rule) -> Result<Option<Gtin>, RowError> {
        let Some(picked) = self.pick_good(rule)? else { return Ok(None) };
        match gtin::read(&picked.cell) {
            Ok(found) => {
                if let Some(warning) = found.warning {
                    self.warn(&rule.field, &picked, warning);
                }
                let original = found.restored.map(|_| shorten_to(&picked.cell.text, ORIGINAL));
                let picked = Picked { original: original.or_else(|| picked.original.clone()), ..picked };
                self.note(rule, &picked, found.restored);
                Ok(Some(found.gtin))
            }
            Err(problem) => {
                self.warn(&rule.field, &picked, problem);
                Ok(None)
            }
        }
    }
}
