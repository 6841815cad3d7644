//! `format.records`: the way to the products in a document.

use crate::FeedProblem;

/// One step of the way.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// A member, or an element by its number.
    Named(String),
    /// `*`: every member or element.
    Every,
}

impl Step {
    pub(super) fn leads_to(&self, name: &str) -> bool {
        match self {
            Self::Named(wanted) => wanted == name,
            Self::Every => true,
        }
    }
}

/// RFC 6901 and `*`: parts behind slashes, with `~1` for `/` and `~0` for `~`.
pub(super) fn parse(pointer: &str) -> Result<Vec<Step>, FeedProblem> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(parts) = pointer.strip_prefix('/') else {
        let reason =
            format!("{pointer:?} is no JSON pointer: it must begin with a slash, such as \"/products\"");
        return Err(FeedProblem::Setting { key: "records", reason });
    };
    let step = |part: &str| match part {
        "*" => Step::Every,
        part => Step::Named(part.replace("~1", "/").replace("~0", "~")),
    };
    Ok(parts.split('/').map(step).collect())
}
