//! IAM: policy documents and their grammar, the action catalogue, and the access that a service
//! declares. Pure: nothing here reads a file or speaks to AWS.

pub mod access;
mod caseless;
pub mod catalogue;
pub mod document;
pub mod eval;
pub mod grammar;
mod shared;

pub use caseless::Caseless;
pub use document::{Effect, PolicyDocument, PrincipalType, Statement};
pub use shared::Shared;
