//! The peers as a real client meets them.

#[cfg(test)]
mod client;
#[cfg(test)]
mod language_model;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod supplier;
