//! Configuration, the flow and its stages, back-pressure, shutdown.
