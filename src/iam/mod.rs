//! IAM: policy documents, their grammar and their comparison. Pure; never speaks to AWS.

mod caseless;
pub mod document;
pub mod grammar;

pub use caseless::Caseless;
pub use document::{Effect, PolicyDocument, PrincipalType, Statement};
