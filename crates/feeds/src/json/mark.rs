//! Where the next item begins when an item's own end cannot be trusted: a quote or a bracket in it is missing.

/// How items of a delivery begin: the first name in them, which stands nowhere else in them.
#[derive(Default)]
pub(super) struct Mark {
    /// With its quotes.
    name: Vec<u8>,
    /// Some item has the name in its inner objects too: it tells nothing.
    ambiguous: bool,
}

impl Mark {
    /// Takes note of an item without fault.
    pub(super) fn learn(&mut self, item: &[u8]) {
        if self.ambiguous {
            return;
        }
        if self.name.is_empty() {
            let Some(name) = first_name(item) else { return };
            self.name = name.to_vec();
        }
        self.ambiguous = count(item, &self.name) > 1;
    }

    /// Where in the text of a faulty item the item behind it begins.
    pub(super) fn find(&self, text: &[u8]) -> Option<usize> {
        if self.ambiguous || self.name.is_empty() {
            return None;
        }
        let commas = text.iter().enumerate().filter(|(_, byte)| **byte == b',');
        commas.map(|(at, _)| at + 1).find_map(|at| {
            let brace = at + blanks(&text[at..]);
            let inner = text[brace..].strip_prefix(b"{")?;
            inner[blanks(inner)..].starts_with(&self.name).then_some(brace)
        })
    }
}

/// `"id"` of `{ "id": 1 }`.
fn first_name(item: &[u8]) -> Option<&[u8]> {
    let inner = item.strip_prefix(b"{")?;
    let inner = &inner[blanks(inner)..];
    let end = inner.strip_prefix(b"\"")?.iter().position(|byte| *byte == b'"')?;
    Some(&inner[..end + 2])
}

/// How often `name` stands in `item` as a name.
fn count(item: &[u8], name: &[u8]) -> usize {
    let quotes = item.iter().enumerate().filter(|(_, byte)| **byte == b'"');
    let behind = quotes.filter_map(|(at, _)| item[at..].strip_prefix(name));
    behind.filter(|behind| behind[blanks(behind)..].first() == Some(&b':')).count()
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_tells_where_items_begin() {
        let mut mark = Mark::default();
        assert_eq!(mark.find(br#"{"id": "1, {"id": 2}"#), None);
        mark.learn(br#"{ "id": 1, "title": "id" }"#);
        assert_eq!(mark.find(br#"{"id": "1, {"id": 2}"#), Some(11));
        assert_eq!(mark.find(br#"{"id": "1, {"x": 2}"#), None);
        mark.learn(br#"{"id": 1, "variants": [{"id": 2}]}"#);
        assert_eq!(mark.find(br#"{"id": "1, {"id": 2}"#), None);
    }
}
