//! The one integration binary: what needs more than one module, or a wire.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cli;
mod contract;
mod evidence;
mod house;
#[cfg(feature = "aws")]
mod moto;
mod report;
#[cfg(feature = "aws")]
mod wire;
