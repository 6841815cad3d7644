//! A category a line.

use berika_catalog::Category;

use super::assemble::Row;
use super::{MOST_CATEGORIES, TaxonomyFileError};

pub(super) fn rows(file: &str, text: &str) -> Result<Vec<Row>, TaxonomyFileError> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let category: Category = serde_json::from_str(line).map_err(|error| {
            let cause = error.to_string();
            let cause = cause.rsplit_once(" at line ").map_or(cause.as_str(), |(cause, _)| cause);
            let problem = format!(
                "{cause} (column {}); a line is an object such as {{\"id\": \"milk\", \"parent\": \"food\", \
                 \"names\": {{\"en\": \"Milk\"}}}}",
                error.column()
            );
            TaxonomyFileError::line(file, index + 1, problem)
        })?;
        rows.push(Row { line: index + 1, category });
        if rows.len() > MOST_CATEGORIES {
            break;
        }
    }
    Ok(rows)
}
