//! The words of products and categories as numbers.
//!
//! A text's words, pairs of words and pieces of words ([`ngrams`]) are weighted by how rare they are among the
//! catalogue's texts ([`WordFrequencies`]) and hashed into a sparse vector of [`LEXICAL_DIMENSIONS`] numbers
//! ([`Sketch`]). Nothing but the frequencies is learnt, so the vector of a text does not depend on the products beside
//! it, and words that no decision ever named have their place, too.

mod frequencies;
mod ngrams;
mod sketch;

pub use frequencies::WordFrequencies;
pub use sketch::LEXICAL_DIMENSIONS;
pub(crate) use sketch::Sketch;
