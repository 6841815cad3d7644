//! Texts and lists of texts, their languages, and addresses of pictures.

use berika_catalog::{Language, LocalizedTexts};

use super::Draft;
use super::reading::{Picked, image_addresses};
use super::rule::Rule;
use crate::{FieldProblem, RowError, text};

/// How much of a text's lines is kept.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Line,
    Paragraphs,
}

impl Draft<'_, '_> {
    pub(super) fn text(&mut self, rule: &Rule, shape: Shape) -> Result<Option<String>, RowError> {
        let Some(picked) = self.pick_good(rule)? else { return Ok(None) };
        let (clean, repaired) = self.clean(&rule.field, &picked, shape);
        if !clean.is_empty() {
            self.note(rule, &picked, repaired);
        }
        Ok(Some(clean).filter(|clean| !clean.is_empty()))
    }

    /// A cell's text without mojibake, HTML and hidden characters, and what was done to it.
    pub(super) fn clean(
        &mut self,
        field: &str,
        picked: &Picked<'_, '_>,
        shape: Shape,
    ) -> (String, Option<&'static str>) {
        let meant = self.unmangled(field, picked);
        let source = meant.as_deref().unwrap_or(&picked.cell.text);
        let rendered = match text::from_html(source) {
            Ok(rendered) => rendered,
            Err(text::UnreadableHtml) => {
                self.warn(field, picked, FieldProblem::Html);
                None
            }
        };
        let plain = rendered.as_deref().unwrap_or(source);
        let clean = match shape {
            Shape::Line if rendered.is_some() => text::line(&text::in_one_line(plain)).into_owned().into(),
            Shape::Line => text::line(plain),
            Shape::Paragraphs => text::paragraphs(plain),
        };
        let repaired = match (meant.is_some(), rendered.is_some()) {
            (true, true) => Some("mojibake, html"),
            (true, false) => Some("mojibake"),
            (false, true) => Some("html"),
            (false, false) => None,
        };
        (clean.into_owned(), repaired)
    }

    pub(super) fn list(&mut self, rule: &Rule) -> Result<Vec<String>, RowError> {
        let mut parts = Vec::new();
        let mut found = self.pick_all(rule)?;
        if rule.split.is_some() && !rule.all {
            // Each cell is a whole list then: the first counts.
            found.truncate(1);
        }
        for picked in found {
            let (clean, repaired) = self.clean(&rule.field, &picked, Shape::Line);
            let before = parts.len();
            match &rule.split {
                Some(split) => parts.extend(clean.split(split.as_str()).map(str::trim).map(str::to_owned)),
                None => parts.push(clean),
            }
            parts.retain(|part| !part.is_empty());
            if parts.len() > before && before == 0 {
                self.note(rule, &picked, repaired);
            }
        }
        Ok(parts)
    }

    pub(super) fn images(&mut self, rule: &Rule) -> Result<Vec<String>, RowError> {
        let mut images = Vec::new();
        for picked in self.pick_all(rule)? {
            let before = images.len();
            for address in image_addresses(&picked.cell.text, rule.split.as_deref()) {
                let Ok(address) = address else {
                    self.warn(&rule.field, &picked, FieldProblem::Image);
                    continue;
                };
                if !images.contains(&address) {
                    images.push(address);
                }
            }
            if images.len() > before && before == 0 {
                self.note(rule, &picked, None);
            }
        }
        Ok(images)
    }

    pub(super) fn language(&mut self) -> Result<(), RowError> {
        let rule = &self.mapper.plan.language;
        if let Some(picked) = self.pick_good(rule)? {
            match Language::parse(&picked.cell.text) {
                Ok(language) => {
                    self.note(rule, &picked, None);
                    self.values.language = Some(language);
                    return Ok(());
                }
                Err(_) => self.warn(&rule.field, &picked, FieldProblem::Language),
            }
        }
        if let Some(language) = &self.mapper.context.language {
            self.values.language = Some(language.clone());
            let origin = self.origin(None, Some("supplier"));
            self.provenance.insert("language".into(), origin);
        }
        Ok(())
    }

    /// The texts in further languages.
    pub(super) fn localized(&mut self) -> Result<(), RowError> {
        for (language, title, description) in &self.mapper.plan.localized {
            let title = self.text(title, Shape::Line)?;
            let description = self.text(description, Shape::Paragraphs)?;
            if title.is_some() || description.is_some() {
                self.values.localized.insert(language.clone(), LocalizedTexts { title, description });
            }
        }
        Ok(())
    }
}
