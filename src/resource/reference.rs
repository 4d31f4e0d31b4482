//! References between resources: to an address, or a literal that AWS showed.
//! Only execution resolves an address to a physical id.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::Read;
use crate::model::{Address, KindName};

/// A field that names another resource: `{"to": "kms_key/login"}` or a plain string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ref {
    /// A resource of this environment, known by its address even before it exists.
    To(Address),
    /// Anything else, as AWS shows it.
    Literal(String),
}

impl Ref {
    /// A reference to the resource `name` of `kind`.
    pub fn to(kind: KindName, name: impl Into<String>) -> Self {
        Self::To(Address::new(kind, name))
    }

    /// A literal.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::Literal(text.into())
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<&Address> {
        match self {
            Self::To(address) => Some(address),
            Self::Literal(_) => None,
        }
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::To(address) => write!(f, "{address}"),
            Self::Literal(text) => f.write_str(text),
        }
    }
}

impl Serialize for Ref {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Literal(text) => serializer.serialize_str(text),
            Self::To(address) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("to", address)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RefVisitor)
    }
}

struct RefVisitor;

impl<'de> Visitor<'de> for RefVisitor {
    type Value = Ref;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or {\"to\": \"kind/name\"}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Ref, E> {
        Ok(Ref::literal(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ref, A::Error> {
        let entry: Option<(String, Address)> = map.next_entry()?;
        match entry {
            Some((key, address)) if key == "to" => Ok(Ref::To(address)),
            _ => Err(de::Error::custom("a reference has the single field `to`")),
        }
    }
}

/// Anything that holds references; `link` and ordering walk them with one visitor.
pub trait Linked {
    /// Calls `visit` on every reference, which it may replace.
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref));

    /// Calls `visit` on the references that AWS compares as text and never resolves: those in
    /// conditions and resources of a policy.
    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref));

    /// The addresses that are referred to.
    fn addresses(&self) -> BTreeSet<Address>
    where
        Self: Clone,
    {
        let mut found = BTreeSet::new();
        self.clone().each_ref(&mut |reference| {
            found.extend(reference.address().cloned());
        });
        found
    }
}

impl Linked for Ref {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        visit(self);
    }

    fn each_text_ref(&mut self, _: &mut dyn FnMut(&mut Ref)) {}
}

impl<T: Linked> Linked for Option<T> {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        if let Some(inner) = self {
            inner.each_ref(visit);
        }
    }

    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        if let Some(inner) = self {
            inner.each_text_ref(visit);
        }
    }
}

impl<T: Linked> Linked for Read<T> {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        if let Self::Known(inner) = self {
            inner.each_ref(visit);
        }
    }

    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        if let Self::Known(inner) = self {
            inner.each_text_ref(visit);
        }
    }
}

impl<K: Ord, T: Linked> Linked for BTreeMap<K, T> {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        self.values_mut().for_each(|inner| inner.each_ref(visit));
    }

    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        self.values_mut()
            .for_each(|inner| inner.each_text_ref(visit));
    }
}

impl<T: Linked + Ord> Linked for BTreeSet<T> {
    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        *self = std::mem::take(self)
            .into_iter()
            .map(|mut inner| {
                inner.each_ref(visit);
                inner
            })
            .collect();
    }

    fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut Ref)) {
        *self = std::mem::take(self)
            .into_iter()
            .map(|mut inner| {
                inner.each_text_ref(visit);
                inner
            })
            .collect();
    }
}

/// Implements [`Linked`] for a struct by naming the fields that hold references.
macro_rules! linked {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::resource::Linked for $type {
            fn each_ref(&mut self, visit: &mut dyn FnMut(&mut $crate::resource::Ref)) {
                $( $crate::resource::Linked::each_ref(&mut self.$field, visit); )*
                let _ = visit;
            }

            fn each_text_ref(&mut self, visit: &mut dyn FnMut(&mut $crate::resource::Ref)) {
                $( $crate::resource::Linked::each_text_ref(&mut self.$field, visit); )*
                let _ = visit;
            }
        }
    };
}
pub(crate) use linked;
