//! Whole attempts against a receiver that verifies, fails, hangs and lies, over real loopback sockets.

#[cfg(test)]
mod attempts;
