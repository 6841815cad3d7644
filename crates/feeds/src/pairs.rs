//! An item as a list of named texts: what the XML formats make of theirs.

use std::borrow::Cow;

use crate::item::{Cell, Item, Source};

/// Named texts, and apart from them what the format knows to be properties.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) number: u64,
    pub(crate) values: Vec<(Cow<'static, str>, String)>,
    pub(crate) properties: Vec<(String, String)>,
}

impl Pairs {
    pub(crate) fn push(&mut self, name: impl Into<Cow<'static, str>>, text: impl Into<String>) {
        self.values.push((name.into(), text.into()));
    }
}

impl Item for Pairs {
    fn number(&self) -> u64 {
        self.number
    }

    fn values<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cell<'s>)) {
        let named = self.values.iter().filter(|(name, _)| *name == source.name);
        named.for_each(|(_, text)| found(Cell::text(text.as_str())));
    }

    fn members<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let named = self.values.iter().filter(|(name, _)| *name == source.name);
        named.for_each(|(_, text)| found(Cow::Owned(source.name.clone()), Cell::text(text.as_str())));
        let named = self.properties.iter().filter(|(name, _)| *name == source.name);
        named.for_each(|(name, text)| found(Cow::Borrowed(name.as_str()), Cell::text(text.as_str())));
    }

    fn everything<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let all = self.values.iter();
        all.for_each(|(name, text)| found(Cow::Borrowed(name.as_ref()), Cell::text(text.as_str())));
    }

    fn properties<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let all = self.properties.iter();
        all.for_each(|(name, text)| found(Cow::Borrowed(name.as_str()), Cell::text(text.as_str())));
    }
}
