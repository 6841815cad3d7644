//! Sources against real peers on loopback: good, bad and hostile ones.

#[cfg(test)]
mod auth;
#[cfg(test)]
mod file;
#[cfg(test)]
mod graphql;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod support;
