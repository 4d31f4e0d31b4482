//! The reader from outside: what is accepted, and how each refusal reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bank;
mod environment;
mod files;
mod hostile;
mod meta;
mod services;
mod shape;
mod shipped;
mod yaml;
