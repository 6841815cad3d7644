//! Supplier bytes to products, row by row.
