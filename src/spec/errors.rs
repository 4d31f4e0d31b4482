//! All that is wrong with a specification, sorted, ready to be shown.

use std::fmt;

use super::{
    code::Severity,
    diagnostic::{Diagnostic, Machine},
    source::Sources,
};

/// Why a specification was refused: every problem of every file.
#[derive(Debug, Clone)]
pub struct SpecErrors {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl SpecErrors {
    pub(super) fn new(sources: Sources, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            sources,
            diagnostics,
        }
    }

    /// The diagnostics, errors and warnings, by file and place.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The texts that were read.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// How many of the diagnostics refuse the specification.
    pub fn errors(&self) -> usize {
        self.diagnostics
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .count()
    }

    /// Every diagnostic with a frame of the YAML, with ANSI colour or without.
    pub fn render(&self, colour: bool) -> String {
        self.sources.render(&self.diagnostics, colour)
    }

    /// Every diagnostic as machines read it.
    pub fn machine(&self) -> Vec<Machine> {
        self.sources.machine(&self.diagnostics)
    }
}

impl fmt::Display for SpecErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors() {
            1 => f.write_str("the specification has 1 error"),
            many => write!(f, "the specification has {many} errors"),
        }
    }
}

impl std::error::Error for SpecErrors {}
