//! Product and category to a description whose every sentence names its source fields.
