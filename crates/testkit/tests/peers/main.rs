//! The peers as a real client meets them.

#[cfg(test)]
mod client;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod supplier;
