//! The only place that makes an HTTP client: address guard, deadline, size cap, conditional fetch.
