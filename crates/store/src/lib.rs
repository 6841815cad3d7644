//! Everything that is remembered: all SQL.
