//! The commands, one a file.

pub(crate) mod bench;
pub(crate) mod blame;
pub(crate) mod conflicts;
pub(crate) mod decide;
pub(crate) mod deliveries;
pub(crate) mod demo;
pub(crate) mod describe;
pub(crate) mod doctor;
pub(crate) mod duplicates;
pub(crate) mod embed;
pub(crate) mod explain;
pub(crate) mod model;
pub(crate) mod policy;
pub(crate) mod product;
pub(crate) mod recategorise;
pub(crate) mod review;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod supplier;
pub(crate) mod taxonomy;
pub(crate) mod voice;
