//! Strongroom gives every microservice its own identity, key, audit log and network boundary.
//!
//! The way through the house: `spec` reads the YAML, `model` holds what is valid, `desired`
//! compiles it to resources (`resource` has one file a kind, `iam` the policies), `account`
//! observes a `snapshot`, `plan` compares the two, `apply` executes the plan, `compliance` judges
//! facts, `cost` tells what is paid by the month, `authorization` answers who may do what,
//! `isolation` proves who cannot do what to whom over the networks that `reachability` follows,
//! `lint` judges policy files, `report` shows it all, and `evidence` seals it.
//! `rehearse` goes the whole way in the embedded sandbox. `cli` says what can be asked, `command`
//! joins the rest, one file a verb, and `exit` is how it ends.

pub mod account;
pub mod apply;
pub mod authorization;
pub mod cli;
pub mod command;
pub mod compliance;
pub mod cost;
pub mod desired;
pub mod evidence;
pub mod exit;
pub mod iam;
pub mod isolation;
pub mod lint;
pub mod model;
pub mod plan;
pub mod reachability;
pub mod rehearse;
pub mod report;
pub mod resource;
pub mod snapshot;
pub mod spec;
