//! Vectors and texts to ranked categories; learns from confirmed decisions.
