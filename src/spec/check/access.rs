//! Whether what a service asks of AWS exists: its actions and resource types.

use crate::{model::Environment, spec::diagnostic::Draft};

/// What the action catalogue says about every access; empty until the catalogue is wired.
pub(in crate::spec) fn access_problems(_environment: &Environment) -> Vec<Draft> {
    Vec::new()
}
