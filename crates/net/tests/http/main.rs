//! The client against peers on real loopback sockets: good, bad and hostile ones.

#[cfg(test)]
mod fetch;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod post;
#[cfg(test)]
mod support;
