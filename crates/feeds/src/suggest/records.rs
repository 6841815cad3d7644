//! Where a JSON document holds its products: in the array with the most objects.

use std::cell::RefCell;
use std::fmt;
use std::io::{BufRead as _, BufReader, Read as _};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::source::Source;
use crate::{FeedProblem, encoding};

/// One object a line, or one document with an array at this pointer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lines,
    Document(String),
}

/// What was found, and what is unsure of it.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) shape: Shape,
    pub(super) doubt: Option<String>,
}

/// Looks through the first megabytes: what an array holds beyond them cannot make a shorter one the longest.
pub(super) fn find(source: &Source) -> Result<Records, FeedProblem> {
    const LOOKED_AT: u64 = 16 << 20;
    let text = || -> Result<_, FeedProblem> {
        Ok(BufReader::new(encoding::decode(source, encoding::find(source, None)?)?.take(LOOKED_AT)))
    };
    let lines = objects_a_line(text()?)?;
    if lines > 1 {
        return Ok(Records { shape: Shape::Lines, doubt: None });
    }
    let counts: Counts = RefCell::default();
    let mut document = serde_json::Deserializer::from_reader(text()?);
    // A cut or broken document ends the look early; the reader will say what is wrong with it.
    let _whole = Look { path: Some(String::new()), counts: &counts }.deserialize(&mut document).is_ok();
    let mut counts = counts.into_inner();
    counts.retain(|(_, objects)| *objects > 0);
    counts.sort_by_key(|(_, objects)| std::cmp::Reverse(*objects));
    match counts.first() {
        Some((pointer, longest)) => {
            let doubt = counts.get(1).filter(|(_, second)| second * 2 > *longest).map(|(second, _)| {
                format!("records: {second:?} holds nearly as many objects as {pointer:?}")
            });
            Ok(Records { shape: Shape::Document(pointer.clone()), doubt })
        }
        // A single object on a single line.
        None if lines == 1 => Ok(Records { shape: Shape::Lines, doubt: None }),
        None => Ok(Records { shape: Shape::Document(String::new()), doubt: None }),
    }
}

/// How many of the first two lines that are not blank are a JSON object each.
fn objects_a_line(text: impl std::io::BufRead) -> Result<usize, FeedProblem> {
    const LONGEST: u64 = 4 << 20;
    let mut text = text.take(LONGEST);
    let (mut objects, mut line) = (0, Vec::new());
    while objects < 2 {
        line.clear();
        if text.read_until(b'\n', &mut line).map_err(FeedProblem::io("read the file"))? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<serde_json::Value>(&line) {
            Ok(serde_json::Value::Object(_)) => objects += 1,
            _ => return Ok(0),
        }
    }
    Ok(objects)
}

type Counts = RefCell<Vec<(String, u64)>>;

/// Walks over objects and counts the objects in arrays, without keeping any value.
struct Look<'c> {
    /// The pointer to the value. An array's elements have none and are not walked, because a pointer leads to one array,
    /// not to one in each product.
    path: Option<String>,
    counts: &'c Counts,
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Gives whether the value is an object.
impl<'de> Visitor<'de> for Look<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let Some(path) = &self.path else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(true);
        };
        while let Some(key) = map.next_key::<String>()? {
            let path = Some(format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")));
            map.next_value_seed(Look { path, counts: self.counts })?;
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let Some(path) = self.path else {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(false);
        };
        let at = {
            let mut counts = self.counts.borrow_mut();
            counts.push((path, 0));
            counts.len() - 1
        };
        while let Some(is_object) = seq.next_element_seed(Look { path: None, counts: self.counts })? {
            self.counts.borrow_mut()[at].1 += u64::from(is_object);
        }
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}
