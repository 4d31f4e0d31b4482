//! Three answers: yes, no, and "cannot be told". The third never allows and always denies.

use std::fmt;

/// Whether something matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It does not.
    No,
    /// AWS's documents or the request do not say.
    Unclear(Doubt),
    /// It does.
    Yes,
}

/// Why something cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// A condition operator that AWS does not document.
    UnknownOperator,
    /// An element that the policy grammar does not know, or one that its type of policy forbids.
    UnknownElement,
    /// An element that the grammar demands is missing or empty.
    MissingElement,
    /// Two elements that exclude each other, such as Action and NotAction.
    Contradiction,
    /// A variable where AWS documents none, or one that is not closed.
    Variable,
    /// A variable without a value in an element that excludes.
    MissingVariable,
    /// A pattern that is not one: an ARN without six segments, an action without a service.
    Pattern,
    /// A value that the operator cannot compare: no number, no date, no address.
    Value,
    /// Several values for an operator that compares one.
    ManyValues,
    /// A principal that the caller may or may not be.
    Principal,
    /// NotPrincipal that does not list the caller's session, role and account.
    NotPrincipal,
    /// A tag of a bucket for which attribute-based access control is not known to be on.
    BucketTag,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownOperator => "it uses a condition operator that AWS does not document",
            Self::UnknownElement => "it has an element that does not belong in such a policy",
            Self::MissingElement => "it lacks an element that the grammar demands",
            Self::Contradiction => "it has two elements that exclude each other",
            Self::Variable => "it uses a variable where AWS documents none",
            Self::MissingVariable => "it excludes by a variable that has no value here",
            Self::Pattern => "it has a pattern that is not one",
            Self::Value => "it compares values that cannot be compared",
            Self::ManyValues => "it compares one value, and the request has several",
            Self::Principal => "the caller may or may not be the principal that it names",
            Self::NotPrincipal => "NotPrincipal does not list session, role and account",
            Self::BucketTag => "tags of a bucket count only where its ABAC is on",
        })
    }
}

impl Truth {
    /// Both: no if one is no.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unclear(doubt), _) | (_, Self::Unclear(doubt)) => Self::Unclear(doubt),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// Either: yes if one is yes.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unclear(doubt), _) | (_, Self::Unclear(doubt)) => Self::Unclear(doubt),
            (Self::No, Self::No) => Self::No,
        }
    }

    /// The opposite; what cannot be told stays so.
    pub fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unclear(doubt) => Self::Unclear(doubt),
            Self::Yes => Self::No,
        }
    }

    /// The opposite, where asked for.
    pub fn negated_if(self, negated: bool) -> Self {
        if negated { self.negated() } else { self }
    }

    /// Whether any is true; stops at the first that is.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::No;
        for answer in answers {
            found = found.or(answer);
            if found == Self::Yes {
                break;
            }
        }
        found
    }

    /// Whether all are true; stops at the first that is not.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::Yes;
        for answer in answers {
            found = found.and(answer);
            if found == Self::No {
                break;
            }
        }
        found
    }
}

impl From<bool> for Truth {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
