//! The `berika` command.

fn main() {}
