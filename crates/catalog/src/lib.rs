//! The nouns and the rules: product, text template, taxonomy, decision, provenance, hashes. No IO, no async.
