//! The condition keys of a request: what it brings, and what the evaluator knows besides.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::Doubt;

/// Condition keys with their values. Keys are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// By key in lower case.
    values: BTreeMap<String, Vec<String>>,
}

impl Context {
    /// Sets a key to one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.values
            .insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: &str) {
        self.values.remove(&key.to_ascii_lowercase());
    }

    /// Adds values. Two spellings of one key are one key with the values of both.
    pub fn add(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        self.values
            .entry(key.to_ascii_lowercase())
            .or_default()
            .extend(values);
    }

    /// The values of a key, in any spelling.
    pub fn get(&self, key: &str) -> Option<&[String]> {
        let found = match key.bytes().any(|b| b.is_ascii_uppercase()) {
            true => self.values.get(&key.to_ascii_lowercase()),
            false => self.values.get(key),
        };
        found.map(Vec::as_slice)
    }

    /// Every key in lower case, with its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        let entries = self.values.iter();
        entries.map(|(key, values)| (key.as_str(), values.as_slice()))
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Context {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(entries: I) -> Self {
        let mut context = Self::default();
        for (key, value) in entries {
            context.add(key, [value.to_owned()]);
        }
        context
    }
}

/// What the evaluator finds under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// Nothing.
    Missing,
    /// Its values; an empty list is a key whose value is empty.
    Values(&'a [String]),
    /// A value that AWS may or may not look at.
    Doubtful(Doubt),
}

/// The keys of one request, as conditions see them.
#[derive(Debug, Clone)]
pub struct Keys<'a> {
    context: &'a Context,
    caller: Option<Vec<String>>,
    bucket_tags_unclear: bool,
}

impl<'a> Keys<'a> {
    /// The keys that the request brings, and no other.
    pub fn of(context: &'a Context) -> Self {
        Self {
            context,
            caller: None,
            bucket_tags_unclear: false,
        }
    }

    /// AWS fills `aws:PrincipalArn` itself: the role's ARN, never its session's.
    pub fn with_caller(mut self, arn: Option<Cow<'_, str>>) -> Self {
        if self.context.get("aws:principalarn").is_none() {
            self.caller = arn.map(|arn| vec![arn.into_owned()]);
        }
        self
    }

    /// Tags of a general purpose bucket are no condition keys until its ABAC is switched on.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html>
    pub fn without_bucket_tags(mut self) -> Self {
        self.bucket_tags_unclear = true;
        self
    }

    /// The keys that the request brings, in lower case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.context.values.keys().map(String::as_str)
    }

    /// Whether there is anything under a key, in any spelling.
    pub fn brings(&self, key: &str) -> bool {
        self.get(&key.to_ascii_lowercase()) != Lookup::Missing
    }

    /// What there is under a key, which is in lower case.
    pub fn get(&self, key: &str) -> Lookup<'_> {
        match self.context.get(key) {
            Some(_) if self.bucket_tags_unclear && is_bucket_tag(key) => {
                Lookup::Doubtful(Doubt::BucketTag)
            }
            Some(values) => Lookup::Values(values),
            None => match &self.caller {
                Some(caller) if key == "aws:principalarn" => Lookup::Values(caller),
                _ => Lookup::Missing,
            },
        }
    }
}

fn is_bucket_tag(key: &str) -> bool {
    key.starts_with("aws:resourcetag/") || key.starts_with("s3:buckettag/")
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ContextVisitor)
    }
}

struct ContextVisitor;

impl<'de> Visitor<'de> for ContextVisitor {
    type Value = Context;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("condition keys with their values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Context, A::Error> {
        let mut context = Context::default();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if let Scalars(Some(values)) = map.next_value()? {
                context.add(&key, values);
            }
        }
        Ok(context)
    }
}

/// A string, number or boolean, or a list of them, as texts; none for null.
pub(super) struct Scalars(pub Option<Vec<String>>);

impl<'de> Deserialize<'de> for Scalars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarsVisitor)
    }
}

struct ScalarsVisitor;

impl ScalarsVisitor {
    fn one<E>(text: impl ToString) -> Result<Scalars, E> {
        Ok(Scalars(Some(vec![text.to_string()])))
    }
}

impl<'de> Visitor<'de> for ScalarsVisitor {
    type Value = Scalars;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or a list of strings")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalars, E> {
        Self::one(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalars, E> {
        Self::one(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalars, E> {
        Self::one(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalars, E> {
        Self::one(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Scalars, E> {
        Self::one(value)
    }

    fn visit_unit<E: Error>(self) -> Result<Scalars, E> {
        Ok(Scalars(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalars, A::Error> {
        let mut texts = Vec::new();
        while let Some(Scalar(text)) = list.next_element()? {
            texts.push(text);
        }
        Ok(Scalars(Some(texts)))
    }
}

/// One string, number or boolean, as text.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor).map(Scalar)
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }
}
