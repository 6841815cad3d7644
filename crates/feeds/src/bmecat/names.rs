//! BMEcat's elements under their names of 2005, whichever version a catalogue is in.

use std::borrow::Cow;

use crate::xml::Node;

/// The name that BMEcat 2005 has for what 1.2 calls `ARTICLE` and `AID`.
pub(super) fn modern(local: &str) -> Cow<'_, str> {
    match local {
        "EAN" => Cow::Borrowed("INTERNATIONAL_PID"),
        "ART_ID" => Cow::Borrowed("PROD_ID"),
        "SUPPLIER_AID_SUPPLEMENT" => Cow::Borrowed("SUPPLIER_PID_SUPPLEMENT"),
        "ART_ID_TO" => Cow::Borrowed("PROD_ID_TO"),
        name if name.starts_with("ARTICLE") => Cow::Owned(name.replacen("ARTICLE", "PRODUCT", 1)),
        name => match name.strip_suffix("_AID") {
            Some(stem) => Cow::Owned(format!("{stem}_PID")),
            None => Cow::Borrowed(name),
        },
    }
}

/// The children of this name of 2005.
pub(super) fn all<'t>(node: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    node.children().filter(move |child| {
        let local = child.local();
        // Only a name that may be an older one needs a second look.
        local == name || (local.starts_with(['A', 'E']) || local.contains("_AID")) && modern(local) == name
    })
}

/// The first child of this name of 2005.
pub(super) fn child<'t>(node: Node<'t>, name: &'static str) -> Option<Node<'t>> {
    all(node, name).next()
}

/// The trimmed text of the first child of this name of 2005 that has any.
pub(super) fn text_of<'t>(node: Node<'t>, name: &'static str) -> Option<&'t str> {
    all(node, name).map(|child| child.text().trim()).find(|text| !text.is_empty())
}

/// The date in an element `name`, or in a `DATETIME` of that type: `2026-11-30`.
pub(super) fn date<'t>(node: Node<'t>, name: &'static str) -> Option<&'t str> {
    let typed = || {
        let of_type =
            |time: &Node<'t>| time.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case(name));
        all(node, "DATETIME").find(of_type).and_then(|time| text_of(time, "DATE"))
    };
    text_of(node, name).or_else(typed)?.get(..10)
}
