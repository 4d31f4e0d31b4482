//! The rehearsal: an environment is applied, tampered with field by field, found out and repaired.
//! What is tampered with is generated from the resources themselves; nothing is listed by hand.
//! It works on any account, and it changes nothing but through that account's own calls.

mod alter;
mod plausible;
mod record;
mod run;
mod shape;
mod tamper;
mod tampering;
mod whole;

pub use record::{Failure, Finding, Rehearsal, SCHEMA, Stage};
pub use run::rehearse;
pub use shape::Shape;
pub use tamper::tamperings;
pub use tampering::{Expected, Fixed, Generated, Tampering, Verb};
