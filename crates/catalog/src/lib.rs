//! The nouns and the rules of Berika: product, text template, taxonomy, decision, provenance, hashes.
//!
//! Everything here is a value or a pure function. There is no IO, no async, no clock but the one passed in;
//! reading feeds is `berika-feeds`, remembering is `berika-store`, order is `berika-pipeline`.

pub mod clock;
pub mod contract;
pub mod country;
pub mod decision;
pub mod document;
pub mod edit;
pub mod exclusion;
pub mod gtin;
pub mod hash;
pub mod joined;
pub mod key;
pub mod language;
pub mod money;
pub mod product;
pub mod provenance;
pub mod taxonomy;
pub mod taxonomy_change;
pub mod text;
pub mod wording;

pub use clock::{Clock, ManualClock, SystemClock};
pub use country::Country;
pub use decision::{ChosenBy, Decision};
pub use document::{Change, Document};
pub use edit::{Conflict, Edit, Edits};
pub use gtin::{Gtin, GtinError};
pub use hash::Digest;
pub use joined::{FieldOrder, Joined, JoinedField};
pub use key::{InvalidKey, ProductKey, SupplierId};
pub use language::Language;
pub use money::{Currency, Money};
pub use product::{
    DeliveryKind, LocalizedTexts, Product, ProductRecord, ProductState, ProductValues, Variant,
};
pub use provenance::{Origin, Provenance, SharedText};
pub use taxonomy::{Category, CategoryId, Taxonomy, TaxonomyError};
