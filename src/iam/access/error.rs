//! Why an access declaration does not compile, in words for the one who wrote it.

use super::AccessTarget;
use crate::iam::catalogue::{CatalogueError, did_you_mean};
use crate::model::AccessLevel;

/// A declaration that grants nothing, because it would not grant what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The target has no known form.
    #[error("`{target}` is not a resource: write {rule}")]
    NotATarget {
        /// The target as given, cut to 80 characters.
        target: String,
        /// What a good one looks like.
        rule: &'static str,
    },
    /// The service or action is not in the catalogue.
    #[error(transparent)]
    Unknown(#[from] CatalogueError),
    /// The service has no such resource type.
    #[error("{service} has no resource type `{kind}`{}", did_you_mean(.nearest))]
    UnknownType {
        /// The service prefix.
        service: String,
        /// The resource type as given.
        kind: String,
        /// The nearest resource type.
        nearest: Option<String>,
    },
    /// No resource type of the service has an ARN of this shape.
    #[error(
        "`{arn}` is not the ARN of a resource of {service}; check it against the service authorization reference"
    )]
    UnknownShape {
        /// The ARN as given.
        arn: String,
        /// The service prefix.
        service: String,
    },
    /// The ARN lies in another partition, which no policy can reach.
    #[error("`{arn}` is not in partition {partition}, where the environment is")]
    OtherPartition {
        /// The ARN as given.
        arn: String,
        /// The partition of the environment.
        partition: &'static str,
    },
    /// The catalogue's ARN of the resource type does not stand for one resource.
    #[error(
        "the ARN of {service}:{kind} is `{pattern}`, which cannot be limited to one resource; grant access to a resource of another type"
    )]
    OpenPattern {
        /// The service prefix.
        service: String,
        /// The resource type.
        kind: String,
        /// Its ARN in the catalogue.
        pattern: String,
    },
    /// The name has too few or too many parts.
    #[error("`{target}` needs a name of the form {form}")]
    NameParts {
        /// The target.
        target: AccessTarget,
        /// The parts, such as `TableName/IndexName`.
        form: String,
    },
    /// AWS gives no resource of the type such a name.
    #[error("`{name}` in `{target}` is not a name for it: {rule}")]
    BadName {
        /// The target.
        target: AccessTarget,
        /// The part that is wrong.
        name: String,
        /// What a good one looks like.
        rule: String,
    },
    /// The resource type has no reviewed levels.
    #[error("`{target}` has no access levels; name the actions, for example {}", some(.candidates))]
    NoLevels {
        /// The target.
        target: AccessTarget,
        /// The actions of that level on the resource type.
        candidates: Vec<String>,
    },
    /// The resource type grants nothing at this level.
    #[error("level {} grants nothing on `{target}`; it has {}", word(.level), .levels.iter().map(word).collect::<Vec<_>>().join(", "))]
    EmptyLevel {
        /// The target.
        target: AccessTarget,
        /// The level as asked.
        level: AccessLevel,
        /// The levels that grant something.
        levels: Vec<AccessLevel>,
    },
    /// A list of actions is empty.
    #[error("`{0}` has no actions; name at least one")]
    NoActions(AccessTarget),
    /// An action is a pattern.
    #[error("`{0}` has a wildcard; name each action")]
    Wildcard(String),
    /// The action changes who may do what.
    #[error("`{0}` manages permissions, which no workload is given")]
    ManagesPermissions(String),
    /// The action cannot be limited to a resource.
    #[error("`{0}` cannot be limited to one resource, and access is never granted on `*`")]
    NoResourceLevel(String),
    /// The action does not act on the target's resource type.
    #[error("`{action}` does not act on `{target}`; it acts on {}", .acts_on.join(", "))]
    NotApplicable {
        /// The action in canonical spelling.
        action: String,
        /// The target.
        target: AccessTarget,
        /// The resource types that it acts on.
        acts_on: Vec<String>,
    },
    /// The reviewed list of this build cannot be read.
    #[error("policies/actions/data-plane.yaml is damaged: {0}")]
    DamagedList(String),
}

fn some(candidates: &[String]) -> String {
    match candidates {
        [] => "those that the service authorization reference lists".to_owned(),
        few => few.iter().take(5).cloned().collect::<Vec<_>>().join(", "),
    }
}

fn word(level: &AccessLevel) -> &'static str {
    match level {
        AccessLevel::Read => "read",
        AccessLevel::Write => "write",
        AccessLevel::List => "list",
        AccessLevel::Tagging => "tagging",
    }
}
