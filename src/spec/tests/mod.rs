//! The reader from outside: what is accepted, and how each refusal reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod bank;
mod edges;
mod environment;
mod fields;
mod files;
mod hostile;
mod meta;
mod names;
mod records;
mod services;
mod shipped;
mod values;
mod yaml;
