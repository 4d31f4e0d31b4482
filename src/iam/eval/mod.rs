//! An evaluator of IAM policies: every type of policy, every operator, as AWS documents them.
//! Pure and total: it never guesses in favour of access, and never fails on a policy that parses.

mod arn;
mod condition;
mod decide;
mod glob;
mod grant;
mod keys;
mod layers;
pub mod line;
mod occurrence;
mod operand;
pub(crate) mod operator;
mod parse;
mod policy;
mod principal;
mod request;
mod scope;
mod special;
mod template;
#[cfg(test)]
mod tests;
mod truth;
mod verdict;
mod weigh;
mod written;

pub use arn::ResourcePattern;
pub use decide::decide;
pub use glob::Glob;
pub use grant::{Grant, GrantConstraints};
pub use keys::Context;
pub use layers::{EndpointKind, Layer, Layers, Level, Place};
pub use parse::PolicyError;
pub use policy::{Atoms, ConditionLine, Policy, Statement};
use principal::Grade;
pub use principal::{Caller, Identity};
pub use request::{Request, RequestError};
pub use scope::Named;
pub use truth::{Doubt, Truth};
pub use verdict::{Decision, Reason, Verdict};
