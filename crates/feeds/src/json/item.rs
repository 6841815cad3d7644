//! A JSON object as an item.

use std::borrow::Cow;

use super::value::{Object, Value, plain_number};
use crate::item::{Cell, Item, Source};

pub(super) struct JsonItem<'v> {
    pub(super) number: u64,
    pub(super) value: &'v Value,
}

impl Item for JsonItem<'_> {
    fn number(&self) -> u64 {
        self.number
    }

    fn values<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cell<'s>)) {
        at(self.value, &source.name, &mut |value| scalars(value, found));
    }

    fn members<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        at(self.value, &source.name, &mut |value| match value {
            Value::Object(object) => named(object, "", found),
            Value::Array(list) if list.iter().all(|value| object(value).is_some()) => {
                list.iter().filter_map(object).for_each(|object| pair(object, found));
            }
            value => scalars(value, &mut |cell| found(Cow::Owned(source.name.clone()), cell)),
        });
    }

    fn everything<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        if let Value::Object(object) = self.value {
            named(object, "", found);
        }
    }

    fn outline<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        outlined(self.value, "", found);
    }
}

/// As [`named`], through lists of objects too: `variants.sku` for each of the variants.
fn outlined<'v>(value: &'v Value, path: &str, found: &mut dyn FnMut(Cow<'v, str>, Cell<'v>)) {
    match value {
        Value::Object(object) => {
            for (key, value) in &object.0 {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                outlined(value, &path, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|element| outlined(element, path, found)),
        value => {
            if let Some(cell) = scalar(value) {
                found(Cow::Owned(path.to_owned()), cell);
            }
        }
    }
}

fn object(value: &Value) -> Option<&Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The values at a dotted path. A member whose own name holds the dots goes before.
fn at<'v>(value: &'v Value, path: &str, found: &mut dyn FnMut(&'v Value)) {
    match value {
        Value::Object(object) => {
            if let Some(member) = object.get(path) {
                return found(member);
            }
            for (dot, _) in path.match_indices('.') {
                if let Some(member) = object.get(&path[..dot]) {
                    return at(member, &path[dot + 1..], found);
                }
            }
        }
        Value::Array(list) => {
            let (first, rest) = path.split_once('.').unwrap_or((path, ""));
            match first.parse::<usize>() {
                Ok(index) => match list.get(index) {
                    Some(element) if rest.is_empty() => found(element),
                    Some(element) => at(element, rest, found),
                    None => {}
                },
                Err(_) => list.iter().for_each(|element| at(element, path, found)),
            }
        }
        _ => {}
    }
}

/// The plain values in `value`: itself, or the elements of a list.
fn scalars<'v>(value: &'v Value, found: &mut dyn FnMut(Cell<'v>)) {
    match value {
        Value::Array(list) => list.iter().for_each(|element| scalars(element, found)),
        value => {
            if let Some(cell) = scalar(value) {
                found(cell);
            }
        }
    }
}

fn scalar(value: &Value) -> Option<Cell<'_>> {
    match value {
        Value::String(text) => Some(Cell::text(text.as_str())),
        Value::Bool(truth) => Some(Cell::text(if *truth { "true" } else { "false" })),
        Value::Number(number) => Some(Cell::number(plain_number(number))),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Every plain value below an object by its dotted name.
fn named<'v>(object: &'v Object, prefix: &str, found: &mut dyn FnMut(Cow<'v, str>, Cell<'v>)) {
    for (key, value) in &object.0 {
        let name = || match prefix {
            "" => Cow::Borrowed(key.as_str()),
            prefix => Cow::Owned(format!("{prefix}.{key}")),
        };
        match value {
            Value::Object(inner) => named(inner, &name(), found),
            value => scalars(value, &mut |cell| found(name(), cell)),
        }
    }
}

/// `{"name": "Färg", "value": "Röd"}`, as many shops list their properties; any other object by its members.
fn pair<'v>(object: &'v Object, found: &mut dyn FnMut(Cow<'v, str>, Cell<'v>)) {
    let of = |names: &[&str]| names.iter().find_map(|name| object.get(name));
    match (of(&["name", "key", "label"]), of(&["value", "values"])) {
        (Some(Value::String(name)), Some(value)) => {
            scalars(value, &mut |cell| found(Cow::Borrowed(name.as_str()), cell));
        }
        _ => named(object, "", found),
    }
}
