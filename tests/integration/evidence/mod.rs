//! Evidence as an auditor meets it: sealed, tampered with in every way, and verified.

pub mod bundle;
mod chained;
mod keys;
mod sealed;
mod tampered;
#[cfg(feature = "aws")]
mod trail;
