//! A language model behind real HTTP on loopback: good servers, bad ones and hostile ones.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod dialects;
#[cfg(test)]
mod load;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tries;
