//! How each cell style shows a number.

use std::collections::HashMap;

use super::part::{Part, Step, attribute};
use super::shown::NumberFormat;
use crate::FeedProblem;

/// The number formats of the cell styles, in order.
#[derive(Default)]
pub(super) struct Styles(Vec<NumberFormat>);

impl Styles {
    pub(super) fn read(mut part: Part<'_>) -> Result<Self, FeedProblem> {
        let mut own: HashMap<u32, NumberFormat> = HashMap::new();
        let (mut styles, mut within) = (Vec::new(), false);
        loop {
            match part.next()? {
                Step::Open(start) => match start.local_name().into_inner() {
                    "numFmt" => {
                        let id = attribute(&start, "numFmtId").and_then(|id| id.trim().parse().ok());
                        if let (Some(id), Some(code)) = (id, attribute(&start, "formatCode")) {
                            own.insert(id, NumberFormat::of_code(&code));
                        }
                    }
                    "cellXfs" => within = true,
                    "xf" if within => {
                        let id = attribute(&start, "numFmtId").and_then(|id| id.trim().parse().ok());
                        let id = id.unwrap_or(0);
                        styles.push(own.get(&id).cloned().unwrap_or_else(|| NumberFormat::built_in(id)));
                    }
                    _ => {}
                },
                Step::Close(name) if name == "cellXfs" => within = false,
                Step::Close(_) | Step::Text(_) => {}
                Step::End => return Ok(Self(styles)),
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> &NumberFormat {
        self.0.get(index).unwrap_or(&NumberFormat::Plain)
    }
}
