//! The client against peers on real loopback sockets: good, bad and hostile ones.

#[cfg(test)]
mod call;
#[cfg(test)]
mod fetch;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod post;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod support;
