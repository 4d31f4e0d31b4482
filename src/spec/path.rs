//! Paths into a document: `calls[0].port`. They name a place; they never hold a value.

use std::fmt;

use serde::{Serialize, Serializer};

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a mapping.
    Key(String),
    /// Into a sequence, counted from zero.
    Index(usize),
}

/// The steps from the root of a document to a node; the root itself has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YamlPath(Vec<Step>);

impl YamlPath {
    /// The root of a document.
    pub fn root() -> Self {
        Self::default()
    }

    /// The place of a service in the merged document: `services.<name>`.
    pub fn service(name: &impl fmt::Display) -> Self {
        Self::root().key("services").key(name.to_string())
    }

    /// A step into a mapping.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.push(Step::Key(key.into()));
        self
    }

    /// A step into a sequence.
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(Step::Index(index));
        self
    }

    /// The path with `rest` below it.
    pub fn join(mut self, rest: &[Step]) -> Self {
        self.0.extend_from_slice(rest);
        self
    }

    /// The steps in order.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether the path is `other` or below it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl From<&jsonschema::paths::Location> for YamlPath {
    fn from(location: &jsonschema::paths::Location) -> Self {
        use jsonschema::paths::LocationSegment;
        Self(
            location
                .into_iter()
                .map(|segment| match segment {
                    LocationSegment::Property(key) => Step::Key(key.to_string()),
                    LocationSegment::Index(index) => Step::Index(index),
                })
                .collect(),
        )
    }
}

impl fmt::Display for YamlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if !is_word(key) => write!(f, "[{key:?}]")?,
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

fn is_word(key: &str) -> bool {
    !key.is_empty()
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

impl Serialize for YamlPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_like_code() {
        let path = YamlPath::root().key("calls").index(0).key("port");
        assert_eq!(path.to_string(), "calls[0].port");
        let odd = YamlPath::root().key("docs").key("links").key("API \"v2\"");
        assert_eq!(odd.to_string(), r#"docs.links["API \"v2\""]"#);
        assert_eq!(YamlPath::root().to_string(), "");
    }
}
