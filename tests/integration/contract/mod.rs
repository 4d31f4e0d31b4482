//! One contract for every kind of resource: what holds for one of them holds for all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub(crate) mod bank;
mod determinism;
mod directions;
mod execution;
mod faulty;
mod hands;
mod harm;
mod kinds;
mod linking;
mod ordering;
mod prediction;
mod quotas;
mod rehearsal;
mod saved;
mod states;
