//! The whole program from outside: the real `berika` binary with the real model, real HTTP on loopback and a real
//! SQLite file. One file a subject.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod apply;
mod assortment;
mod bench;
mod check;
mod compare;
mod contract;
mod crash;
mod decide;
mod describe;
mod duplicates;
mod edits;
mod endpoints;
mod environment;
mod explain;
mod feeds;
mod lifecycle;
mod plan;
mod precision;
mod promise;
mod review;
mod rules;
mod runs;
mod sources;
mod suggest;
mod support;
mod taxonomy;
mod taxonomy_changes;
mod unchanged;
