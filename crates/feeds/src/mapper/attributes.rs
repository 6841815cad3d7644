//! Named properties.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Draft;
use super::plan::AttributesPlan;
use super::reading::Picked;
use super::texts::Shape;
use crate::item::Cell;
use crate::{RowError, text};

impl<'i> Draft<'_, 'i> {
    /// The attributes by name.
    pub(super) fn attributes(&mut self, plan: &AttributesPlan) -> Result<BTreeMap<String, String>, RowError> {
        let mut attributes = BTreeMap::new();
        for (name, rule) in &plan.named {
            if let Some(picked) = self.pick(rule)? {
                self.attribute(name, &picked, &mut attributes)?;
            }
        }
        let mut found: Vec<(Cow<'i, str>, Cell<'i>)> = Vec::new();
        let mut collect = |name: Cow<'i, str>, cell: Cell<'i>| {
            if !cell.is_blank() {
                found.push((name, cell));
            }
        };
        for source in &plan.members {
            self.item.members(source, &mut collect);
        }
        if plan.own_properties {
            self.item.properties(&mut collect);
        }
        if plan.rest {
            self.item.everything(&mut collect);
            found.retain(|(name, _)| !self.mapper.plan.is_used(name));
        }
        for (name, cell) in found {
            let column = name.as_ref().into();
            let picked = Picked::found(cell, &column);
            self.attribute(&name, &picked, &mut attributes)?;
        }
        Ok(attributes)
    }

    /// Adds one attribute. One that is there already is joined to, so that `Färg: röd` and `Färg: blå` are both kept.
    fn attribute(
        &mut self,
        name: &str,
        picked: &Picked<'_, '_>,
        attributes: &mut BTreeMap<String, String>,
    ) -> Result<(), RowError> {
        self.within_cap(picked)?;
        let name = text::line(name);
        if name.is_empty() {
            return Ok(());
        }
        let field = format!("attributes.{name}");
        if !self.sound(&field, picked) {
            return Ok(());
        }
        let (clean, repaired) = self.clean(&field, picked, Shape::Line);
        if clean.is_empty() {
            return Ok(());
        }
        match attributes.get_mut(name.as_ref()) {
            Some(known) if known.split(", ").any(|part| part == clean) => {}
            Some(known) => {
                known.push_str(", ");
                known.push_str(&clean);
            }
            None => {
                attributes.insert(name.into_owned(), clean);
                self.note_as(field.into(), picked, repaired);
            }
        }
        Ok(())
    }
}
