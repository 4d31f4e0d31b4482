//! Compliance: facts about an environment, checks on facts, frameworks of requirements, and the
//! verdicts. Pure: no account is asked and no clock is read.

pub mod facts;
