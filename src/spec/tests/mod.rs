//! The reader from outside: what is accepted, and how each refusal reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shipped;
