//! A tampering as a value: the calls that carry it out, and what drift must say about it.

use std::fmt;

use serde::Serialize;

use crate::{
    model::Address,
    resource::{Call, FieldChange, Kept},
};

/// What is done behind Strongroom's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// A value is replaced by another.
    Changed,
    /// An optional value is taken away.
    Cleared,
    /// An element or entry is added.
    Added,
    /// An element or entry is taken away.
    Removed,
    /// A set of a statement becomes its negation.
    Inverted,
    /// A Deny is added, as an incident responder would.
    Denied,
    /// The whole resource is deleted.
    Missing,
    /// Another resource of the kind is created.
    Extra,
}

/// What drift must say.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// Exactly these fields differ at the address, each with its direction.
    Changes(Vec<FieldChange>),
    /// The resource is missing.
    Missing,
    /// The resource is undeclared.
    Extra,
    /// It is told and kept: these parts.
    Kept(Vec<Kept>),
}

/// Something done to an account behind Strongroom's back, as real calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Tampering {
    /// The resource.
    pub address: Address,
    /// The shape of the field; empty where it is the whole resource.
    pub shape: String,
    /// What is done.
    pub verb: Verb,
    /// The calls, in order.
    pub calls: Vec<(Address, Call)>,
    /// The calls that take it back, where Strongroom itself keeps it.
    pub undo: Vec<(Address, Call)>,
    /// What drift must say at the address.
    pub expected: Expected,
}

/// A shape that no call can change, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fixed {
    /// `kind.shape`.
    pub field: String,
    /// Why.
    pub reason: &'static str,
}

/// Everything that can be done to some resources, once for each shape.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Generated {
    /// What can be done, by kind, shape and verb.
    pub tamperings: Vec<Tampering>,
    /// What no call can do.
    pub fixed: Vec<Fixed>,
}

impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, shape, .. } = self;
        match self.verb {
            Verb::Missing => write!(f, "deleted {address}"),
            Verb::Extra => write!(f, "created {address}, which nobody declared"),
            Verb::Changed => write!(f, "changed {shape} of {address}"),
            Verb::Cleared => write!(f, "cleared {shape} of {address}"),
            Verb::Added => write!(f, "added to {shape} of {address}"),
            Verb::Removed => write!(f, "removed from {shape} of {address}"),
            Verb::Inverted => write!(f, "inverted {shape} of {address}"),
            Verb::Denied => write!(f, "denied in {shape} of {address}"),
        }
    }
}
