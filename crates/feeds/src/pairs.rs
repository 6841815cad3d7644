//! An item as a list of named texts: what the XML formats make of theirs.

use std::borrow::Cow;

use crate::item::{Cell, Item, Source};

/// Named texts, and apart from them what the format knows to be properties.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'t> {
    pub(crate) number: u64,
    pub(crate) values: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    pub(crate) properties: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}

impl<'t> Pairs<'t> {
    pub(crate) fn push(&mut self, name: impl Into<Cow<'t, str>>, text: impl Into<Cow<'t, str>>) {
        self.values.push((name.into(), text.into()));
    }

    pub(crate) fn property(&mut self, name: impl Into<Cow<'t, str>>, text: impl Into<Cow<'t, str>>) {
        self.properties.push((name.into(), text.into()));
    }
}

impl Item for Pairs<'_> {
    fn number(&self) -> u64 {
        self.number
    }

    fn values<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cell<'s>)) {
        let named = self.values.iter().filter(|(name, _)| *name == source.name);
        named.for_each(|(_, text)| found(Cell::text(text.as_ref())));
    }

    fn members<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let named = self.values.iter().chain(&self.properties).filter(|(name, _)| *name == source.name);
        named.for_each(|(name, text)| found(Cow::Borrowed(name.as_ref()), Cell::text(text.as_ref())));
    }

    fn everything<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let all = self.values.iter();
        all.for_each(|(name, text)| found(Cow::Borrowed(name.as_ref()), Cell::text(text.as_ref())));
    }

    fn properties<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let all = self.properties.iter();
        all.for_each(|(name, text)| found(Cow::Borrowed(name.as_ref()), Cell::text(text.as_ref())));
    }
}
