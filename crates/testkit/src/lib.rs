//! Loopback peers for tests and the demo: a supplier server and a webhook receiver.
