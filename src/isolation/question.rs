//! What is asked of every ordered pair of services, and who the two are.
//! Words only: how a question is answered is for the module of its name.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::ServiceName;

/// What one service might do to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Act with its role: directly, by a chain of roles, by compute that it makes or changes.
    Assume,
    /// Decrypt with its key: directly, through a service, by a grant, by editing who may.
    Decrypt,
    /// Read its stores, its secrets or its log.
    Read,
    /// Write them, or change who may.
    Write,
    /// Send a packet to one of its listeners, or invoke its function.
    Reach,
}

impl Question {
    /// Every question, in the order of columns.
    pub const ALL: [Self; 5] = [
        Self::Assume,
        Self::Decrypt,
        Self::Read,
        Self::Write,
        Self::Reach,
    ];

    /// As machines name it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Assume => "assume",
            Self::Decrypt => "decrypt",
            Self::Read => "read",
            Self::Write => "write",
            Self::Reach => "reach",
        }
    }

    /// What the first may do to the second, as "may … it".
    pub fn words(self) -> &'static str {
        match self {
            Self::Assume => "act with the role of",
            Self::Decrypt => "decrypt with the key of",
            Self::Read => "read the data of",
            Self::Write => "write the data of",
            Self::Reach => "reach",
        }
    }

    /// One letter for a cell of the matrix.
    pub fn letter(self) -> char {
        match self {
            Self::Assume => 'A',
            Self::Decrypt => 'D',
            Self::Read => 'R',
            Self::Write => 'W',
            Self::Reach => 'N',
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// Who acts: a service with all its roles, or a role that no service declares.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A service of the specification.
    Service(ServiceName),
    /// An undeclared role, by its logical name.
    Role(String),
}

impl Party {
    /// The service, where it is one.
    pub fn service(&self) -> Option<&ServiceName> {
        match self {
            Self::Service(name) => Some(name),
            Self::Role(_) => None,
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) => f.pad(name.as_str()),
            Self::Role(name) => f.pad(&format!("role/{name}")),
        }
    }
}

impl Serialize for Party {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
