//! What can go wrong between a valid specification and resources that AWS accepts.

use std::fmt;

use crate::model::ServiceName;

/// Everything that stands in the way of compiling an environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CompileError(pub Vec<Problem>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The service that it concerns; none for the environment.
    pub service: Option<ServiceName>,
    /// The field of the specification to look at.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.service {
            Some(service) => write!(f, "service {service}, {}: {}", self.field, self.message),
            None => write!(f, "{}: {}", self.field, self.message),
        }
    }
}
