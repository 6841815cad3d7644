//! Feeds read from files, as the pipeline reads them.

mod csv;
mod support;
