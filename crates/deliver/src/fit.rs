//! Shortening JSON by replacing its long parts with their hashes.

use berika_catalog::Digest;
use serde_json::{Map, Value, json};

/// Members of the data that tell what was shortened.
pub(crate) const TRUNCATED: &str = "truncated";
pub(crate) const SHORTENED: &str = "shortened";

/// `,"shortened":[],"truncated":true`, whichever commas it takes.
const NOTE_BYTES: usize = 34;

/// A part that may be replaced.
struct Part {
    /// Where it is, as a JSON Pointer relative to the data.
    pointer: String,
    /// Names and indices on the way: 1 for a direct member of the data.
    depth: usize,
    /// Whether it is an array or object that holds no array or object worth replacing.
    innermost: bool,
    /// Bytes that the whole gets shorter by, the entry in the list of shortened parts counted.
    gain: usize,
}

/// Replaces parts of `data`, whose envelope has `size` bytes, until it has at most `limit` bytes or nothing is left
/// that would help. What was replaced is noted in `data` itself.
pub(crate) fn shorten(data: &mut Map<String, Value>, size: usize, limit: usize) {
    data.remove(TRUNCATED);
    data.remove(SHORTENED);
    let mut root = Value::Object(std::mem::take(data));
    let whole = root.clone();
    let mut size = size + NOTE_BYTES;
    let mut shortened = Vec::new();

    let mut texts = parts(&root, Value::is_string);
    texts.sort_by(|a, b| b.gain.cmp(&a.gain).then_with(|| a.pointer.cmp(&b.pointer)));
    for part in texts {
        if size <= limit {
            break;
        }
        size -= part.gain;
        replace(&mut root, &whole, &mut shortened, part.pointer);
    }
    while size > limit {
        let mut containers = parts(&root, |value| value.is_array() || value.is_object());
        if containers.iter().any(|part| part.depth > 1) {
            containers.retain(|part| part.depth > 1);
        }
        let enough = containers.iter().filter(|part| size - part.gain.min(size) <= limit);
        let smallest = enough.min_by_key(|part| part.gain);
        let chosen = smallest
            .or_else(|| containers.iter().filter(|part| part.innermost).max_by_key(|part| part.gain))
            .map(|part| (part.pointer.clone(), part.gain));
        let Some((pointer, gain)) = chosen else { break };
        size = size.saturating_sub(gain);
        replace(&mut root, &whole, &mut shortened, pointer);
    }

    shortened.sort();
    if let Value::Object(members) = root {
        *data = members;
    }
    data.insert(TRUNCATED.to_owned(), Value::Bool(true));
    data.insert(SHORTENED.to_owned(), shortened.into());
}

/// The stand-in is made from what the event would have held there, also where texts in it were replaced before.
fn replace(root: &mut Value, whole: &Value, shortened: &mut Vec<String>, pointer: String) {
    if let (Some(value), Some(original)) = (root.pointer_mut(&pointer), whole.pointer(&pointer)) {
        *value = stand_in(original);
        let below = format!("{pointer}/");
        shortened.retain(|earlier| !earlier.starts_with(&below));
        shortened.push(pointer);
    }
}

/// Hash and length of a text, or of the compact JSON of anything else.
fn stand_in(value: &Value) -> Value {
    let (hash, length) = match value {
        Value::String(text) => (Digest::of_bytes(text.as_bytes()), text.len()),
        other => (Digest::of_json(other), json_length(other)),
    };
    json!({ "blake3": hash.as_str(), "length": length })
}

/// All parts of the wanted kind whose replacement makes the whole shorter.
fn parts(root: &Value, wanted: fn(&Value) -> bool) -> Vec<Part> {
    let mut found = Vec::new();
    walk(root, &mut String::new(), 0, wanted, &mut found);
    found
}

/// Returns the length of the value's JSON and whether a part was found in it or is it itself.
fn walk(
    value: &Value,
    pointer: &mut String,
    depth: usize,
    wanted: fn(&Value) -> bool,
    found: &mut Vec<Part>,
) -> (usize, bool) {
    let mut child = |name: &str, inner: &Value| {
        let end = pointer.len();
        pointer.push('/');
        pointer.push_str(name);
        let result = walk(inner, pointer, depth + 1, wanted, found);
        pointer.truncate(end);
        result
    };
    let (length, holds_part) = match value {
        Value::Object(members) => members.iter().fold((2, false), |(length, any), (name, inner)| {
            let escaped = name.replace('~', "~0").replace('/', "~1");
            let (inner_length, inner_any) = child(&escaped, inner);
            (length + string_length(name) + 2 + inner_length, any | inner_any)
        }),
        Value::Array(items) => items.iter().enumerate().fold((2, false), |(length, any), (at, inner)| {
            let (inner_length, inner_any) = child(&at.to_string(), inner);
            (length + 1 + inner_length, any | inner_any)
        }),
        other => (json_length(other), false),
    };
    // Commas were counted once too often.
    let length = match value {
        Value::Object(members) if !members.is_empty() => length - 1,
        Value::Array(items) if !items.is_empty() => length - 1,
        _ => length,
    };
    if depth == 0 || !wanted(value) {
        return (length, holds_part);
    }
    let cost = STAND_IN_BYTES + string_length(pointer) + 1;
    if length > cost {
        let innermost = !holds_part;
        found.push(Part { pointer: pointer.clone(), depth, innermost, gain: length - cost });
    }
    (length, holds_part || length > cost)
}

/// `{"blake3":"…32 digits…","length":…}`, with room for a length of ten digits. Every real one is shorter, so a
/// stand-in never looks worth replacing.
const STAND_IN_BYTES: usize = r#"{"blake3":"","length":}"#.len() + 32 + 10;

fn json_length(value: &Value) -> usize {
    match value {
        Value::String(text) => string_length(text),
        other => other.to_string().len(),
    }
}

fn string_length(text: &str) -> usize {
    let extra = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0x00..=0x1f => 5,
        _ => 0,
    };
    2 + text.bytes().map(|byte| 1 + extra(byte)).sum::<usize>()
}
