//! The shapes that policy JSON may take: one or many, text or number, `*` or principals by type.
//! They are read into one shape each; nothing is decided here.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use super::{keys::Scalars, principal::Principal};
use crate::iam::PrincipalType;

/// A string or a list of strings. AWS takes numbers and booleans for their texts.
pub(super) struct Texts(pub Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Scalars(texts) = Scalars::deserialize(deserializer)?;
        let none = || D::Error::custom("null, expected a string or a list of strings");
        texts.map(Self).ok_or_else(none)
    }
}

/// One object, or a list of them.
pub(super) struct OneOrMany<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, or a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let one = T::deserialize(MapAccessDeserializer::new(map))?;
        Ok(OneOrMany(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut many = Vec::new();
        while let Some(one) = list.next_element()? {
            many.push(one);
        }
        Ok(OneOrMany(many))
    }
}

/// An object in which no key stands twice.
pub(super) struct Unique<V>(pub BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Unique<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueVisitor(PhantomData))
    }
}

struct UniqueVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for UniqueVisitor<V> {
    type Value = Unique<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, V>()? {
            if entries.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format_args!("{key} stands there twice")));
            }
        }
        Ok(Unique(entries))
    }
}

/// `"*"`, or principals by type.
pub(super) struct Principals(pub Vec<Principal>);

impl<'de> Deserialize<'de> for Principals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PrincipalsVisitor)
    }
}

struct PrincipalsVisitor;

impl<'de> Visitor<'de> for PrincipalsVisitor {
    type Value = Principals;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"*\", or principals by type")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Principals, E> {
        match text {
            "*" => Ok(Principals(vec![Principal::Everybody])),
            _ => Err(E::custom(format_args!(
                "a principal without its type: {text}"
            ))),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Principals, A::Error> {
        let mut named = Vec::new();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let kind = PrincipalType::ALL
                .into_iter()
                .find(|kind| kind.as_str() == name);
            let unknown = || A::Error::custom(format_args!("no type of principal: {name}"));
            let kind = kind.ok_or_else(unknown)?;
            let Texts(texts) = map.next_value()?;
            named.extend(texts.iter().map(|text| Principal::read(kind, text)));
        }
        Ok(Principals(named))
    }
}
