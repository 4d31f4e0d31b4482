//! What the kinds of EC2 have in common: they have no name but the one in their `Name` tag.

use aws_sdk_ec2::types::{Filter, Tag};

use super::{Target, tags};
use crate::model::Tags;

/// The tag that consoles show as a name.
const NAME: &str = "Name";

/// The tags of a resource, and the name among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The value of the tag `Name`.
    pub name: String,
    /// All other tags, without those that AWS itself writes.
    pub tags: Tags,
}

/// Reads the tags of a resource.
pub fn labels(shown: &[Tag]) -> Labels {
    let pairs = shown
        .iter()
        .filter_map(|tag| Some((tag.key()?, tag.value()?)));
    let mut tags = tags::tags(pairs);
    Labels {
        name: tags.remove(NAME).unwrap_or_default(),
        tags,
    }
}

impl Labels {
    /// The logical name. A `Name` tag alone proves nothing: the environment's tag must confirm
    /// it, or the resource must lie in the environment's own VPC (`inside`).
    pub(super) fn logical(&self, target: &Target, inside: bool) -> Option<String> {
        let logical = target.naming.logical(&self.name)?;
        (inside || target.owns(&self.tags)).then(|| logical.to_owned())
    }
}

/// The tags as they are sent: with the name among them.
pub fn with_name(name: &str, tags: &Tags) -> Tags {
    let mut all = tags.clone();
    all.insert(NAME.to_owned(), name.to_owned());
    all
}

/// A filter of an EC2 call.
pub fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}
