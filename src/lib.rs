//! Strongroom gives every microservice its own identity, key, audit log and network boundary.
//!
//! The way through the house: `spec` reads the YAML, `model` holds what is valid, `desired`
//! compiles it to resources, `account` observes a `snapshot`, `plan` compares the two, `apply`
//! executes the plan, `compliance` judges facts, `report` shows the verdicts, and `command`
//! joins them, one file a verb.

pub mod account;
pub mod apply;
pub mod cli;
pub mod command;
pub mod compliance;
pub mod desired;
pub mod exit;
pub mod iam;
pub mod model;
pub mod plan;
pub mod report;
pub mod resource;
pub mod snapshot;
pub mod spec;
