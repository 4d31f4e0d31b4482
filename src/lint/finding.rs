//! One finding: what is wrong in a policy, where, and what to do.

use super::{LintCode, json::Span};

/// Something that lint found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The bytes of the text that are meant.
    pub span: Span,
    /// What it is.
    pub code: LintCode,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Finding {
    /// A finding at a place.
    pub(super) fn new(code: LintCode, span: Span, message: impl Into<String>) -> Self {
        Self {
            span,
            code,
            message: message.into(),
            help: String::new(),
        }
    }

    /// What to do about it.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        let help = help.into();
        Self { help, ..self }
    }
}
