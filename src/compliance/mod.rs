//! Compliance: facts about an environment, checks on facts, frameworks of requirements, and the
//! verdicts. Pure: no account is asked and no clock is read.

pub mod assess;
pub mod attestation;
mod cases;
pub mod check;
pub mod drift;
pub mod facts;
pub mod framework;
mod judge;
pub mod library;
pub mod parameter;
pub mod population;
pub mod predicate;
pub mod records;
pub mod verdict;
pub mod waiver;

#[cfg(test)]
mod tests;
