//! Taxonomies from bytes.
