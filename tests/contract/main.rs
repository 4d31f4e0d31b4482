//! One contract for every kind of resource: what holds for one of them holds for all.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bank;
mod directions;
mod kinds;
mod rehearsal;
mod states;
