//! XML of no standard: rows by a path, fields by paths within a row.

use super::path_item::{PathItem, Paths};
use super::rows::{RowPath, likely_rows};
use super::{Rows, Xml, give};
use crate::config::{FieldRule, Fields, XmlRowsFormat};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, encoding};

pub(crate) fn read(
    source: &Source,
    format: &XmlRowsFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    let path = RowPath::parse(&format.rows)?;
    source.expect_text("XML")?;
    let found = encoding::find_in_xml(source)?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    let paths = Paths::default();
    let rules: Vec<&FieldRule> = fields.rules().into_iter().filter_map(|(_, rule)| rule).collect();
    paths.check(rules.into_iter().flat_map(|rule| &rule.from))?;
    let plan = Plan::for_paths(fields, &Fields::default())?;
    let mapper = Mapper::new(plan, output)?;
    let mut xml = Xml::open(source, found, output.limits, Rows::At(path))?;
    let mut any = false;
    while let Some(item) = xml.next()? {
        any = true;
        if give(&item, &PathItem { found: &item, paths: &paths }, &mapper, output)?.is_break() {
            break;
        }
    }
    output.delivery.notes = xml.notes();
    output.delivery.unseen = mapper.unseen();
    if any {
        return Ok(());
    }
    let likely = likely_rows(source, found, output.limits)?;
    Err(FeedProblem::NoElements { path: format.rows.clone(), likely })
}
