//! Metrics, bootstrap, comparison, reports. No IO.
