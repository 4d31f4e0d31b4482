//! The proof on the shipped bank, and what single changes do to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bank;
mod pairs;
