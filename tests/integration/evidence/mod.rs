//! Evidence as an auditor meets it: sealed, tampered with in every way, and verified.

mod bundle;
mod keys;
mod sealed;
mod tampered;
