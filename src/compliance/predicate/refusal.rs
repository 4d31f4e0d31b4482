//! Why a predicate is refused, and where in its text.

use std::{collections::BTreeSet, fmt};

/// A predicate that is refused at load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The column in the predicate, from 1; none where the whole is meant.
    pub column: Option<u32>,
    /// What is wrong.
    pub kind: RefusalKind,
}

/// What is wrong with a predicate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusalKind {
    /// CEL cannot parse it.
    #[error("is not CEL: {0}")]
    Syntax(String),
    /// It is longer than the limit.
    #[error("is longer than {0} characters: write several clauses")]
    TooLong(usize),
    /// It tests presence, which would turn an unread fact into an absent one.
    #[error(
        "tests presence with has(); every fact is present, and an unread one stops the predicate by itself"
    )]
    Presence,
    /// It uses optional access, which would turn an unread fact into a default.
    #[error(
        "uses optional access (?); every fact is present, and an unread one stops the predicate by itself"
    )]
    Optional,
    /// A variable that is not in scope.
    #[error("`{name}` is not in scope; there are {}", list(known))]
    UnknownVariable {
        /// The name as written.
        name: String,
        /// The names in scope.
        known: BTreeSet<String>,
    },
    /// A path that the facts' schema does not have.
    #[error("`{path}` is not a fact{}", did_you_mean(nearest))]
    UnknownFact {
        /// The path as written.
        path: String,
        /// The nearest field.
        nearest: Option<String>,
    },
    /// A parameter that the check does not declare.
    #[error("`params.{name}` is not declared; there are {}", list(known))]
    UnknownParameter {
        /// The name as written.
        name: String,
        /// The declared ones.
        known: BTreeSet<String>,
    },
    /// A function or macro that is not on the list.
    #[error("`{0}` is not among the operators and functions that predicates may use")]
    UnknownFunction(String),
    /// Two types that can never be equal or ordered.
    #[error("compares {left} with {right}")]
    CrossType {
        /// The type on the left.
        left: String,
        /// The type on the right.
        right: String,
    },
    /// A text that the schema does not list for the fact.
    #[error("`{word}` is never a value of that fact; it is one of {}", list(known))]
    UnknownWord {
        /// The text as written.
        word: String,
        /// The listed texts.
        known: BTreeSet<String>,
    },
    /// An operand or result of the wrong type.
    #[error("{what} must be {wanted}, and is {found}")]
    WrongType {
        /// What has the type.
        what: String,
        /// The type that it must have.
        wanted: String,
        /// The type that it has.
        found: String,
    },
    /// A literal or construct outside the language of predicates.
    #[error("{0} is outside the language of predicates")]
    Unsupported(&'static str),
    /// No fact is touched, so the verdict would say nothing about the account.
    #[error("touches no fact, so it says nothing about the account")]
    TouchesNothing,
}

impl Refusal {
    /// A refusal of the whole predicate.
    pub(super) fn whole(kind: RefusalKind) -> Self {
        Self { column: None, kind }
    }
}

/// The first syntax error; the parser knows optional access only as an error.
pub(super) fn of_syntax(errors: cel::ParseErrors) -> Refusal {
    let Some(first) = errors.errors.first() else {
        return Refusal::whole(RefusalKind::Syntax("no expression".to_owned()));
    };
    let optional = ["'.?'", "'[?'"]
        .iter()
        .any(|syntax| first.msg.contains(syntax));
    Refusal {
        column: u32::try_from(first.pos.1).ok(),
        kind: match optional {
            true => RefusalKind::Optional,
            false => RefusalKind::Syntax(first.msg.clone()),
        },
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "column {column}: {}", self.kind),
            None => self.kind.fmt(f),
        }
    }
}

fn list(names: &BTreeSet<String>) -> String {
    match names.is_empty() {
        true => "none".to_owned(),
        false => names.iter().cloned().collect::<Vec<_>>().join(", "),
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}
