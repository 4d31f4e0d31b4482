//! One problem of a specification: what is wrong, where, and what to do.
//! A problem is drafted where it is found and located once, when all files are known.

use serde::Serialize;

use super::{
    code::{Code, Severity},
    path::YamlPath,
    source::FileId,
    tree::Span,
};

/// A problem, located.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem.
    pub code: Code,
    /// Whether it refuses the specification.
    pub severity: Severity,
    /// The path inside the file; the root where the file as a whole is meant.
    pub path: YamlPath,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The file as a person would name it.
    pub file: String,
    /// The bytes of the file that are meant; none where the file cannot be shown.
    pub span: Option<Span>,
    /// Further places in the same file, each with a note.
    pub labels: Vec<(Span, String)>,
    /// Which source holds the text; none for a path that was never read.
    pub(super) source: Option<FileId>,
}

/// A diagnostic in the form that machines read: `validate --format json`, SARIF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// The stable id.
    pub code: Code,
    /// `error` or `warning`.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The file.
    pub file: String,
    /// The line, counted from one.
    pub line: Option<usize>,
    /// The column in characters, counted from one.
    pub column: Option<usize>,
    /// The path inside the file.
    pub path: YamlPath,
}

/// A problem on its way: it knows a path or a span, not yet the file.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub code: Code,
    pub path: YamlPath,
    /// The item of the list at `path`, where its position is not known.
    pub item: Option<String>,
    pub message: String,
    pub help: String,
    pub span: Option<Span>,
    pub labels: Vec<(Span, String)>,
}

impl Draft {
    /// A problem without place or help.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            path: YamlPath::root(),
            item: None,
            message: message.into(),
            help: String::new(),
            span: None,
            labels: Vec::new(),
        }
    }

    /// What to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The place in the document.
    pub fn path(mut self, path: YamlPath) -> Self {
        self.path = path;
        self
    }

    /// One item of the list at the path, by its text: sets do not remember positions.
    pub fn item(mut self, text: impl ToString) -> Self {
        self.item = Some(text.to_string());
        self
    }

    /// The exact bytes, where the path does not say them.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Another place in the same file.
    pub fn label(mut self, span: Span, note: impl Into<String>) -> Self {
        self.labels.push((span, note.into()));
        self
    }

    /// The diagnostic of a file that is known.
    pub fn located(self, file: String, source: Option<FileId>) -> Diagnostic {
        Diagnostic {
            code: self.code,
            severity: self.code.severity(),
            path: self.path,
            message: self.message,
            help: self.help,
            file,
            span: self.span,
            labels: self.labels,
            source,
        }
    }
}
