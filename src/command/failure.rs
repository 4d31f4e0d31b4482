//! Why a command ended early, for people.

use std::{fmt::Display, io, path::Path};

use crate::{
    account::ObserveError, desired::CompileError, exit::Exit, iam::catalogue::CatalogueError,
    plan::CycleError, report::text::safe_lines,
};

/// The end of a command that could not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How the run ends.
    pub exit: Exit,
    /// What is wrong and what to do.
    pub message: String,
}

impl Failure {
    /// A failure on the way.
    pub fn new(message: impl Display) -> Self {
        Self::with(Exit::Failed, message)
    }

    /// A failure with an exit of its own. Messages quote files and accounts, which are foreign.
    pub fn with(exit: Exit, message: impl Display) -> Self {
        Self {
            exit,
            message: safe_lines(message),
        }
    }

    /// A specification that is invalid, with its frames and colours.
    pub fn specification(rendered: String) -> Self {
        Self {
            exit: Exit::InvalidSpec,
            message: rendered,
        }
    }

    /// A file that cannot be read.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        Self::new(format_args!("cannot read {}: {error}", path.display()))
    }

    /// A file that cannot be written.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        Self::new(format_args!("cannot write {}: {error}", path.display()))
    }
}

impl From<ObserveError> for Failure {
    fn from(error: ObserveError) -> Self {
        Self::new(error)
    }
}

impl From<CompileError> for Failure {
    fn from(error: CompileError) -> Self {
        Self::with(Exit::InvalidSpec, error)
    }
}

impl From<CatalogueError> for Failure {
    fn from(error: CatalogueError) -> Self {
        Self::new(error)
    }
}

impl From<CycleError> for Failure {
    fn from(error: CycleError) -> Self {
        Self::new(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::new(error)
    }
}
