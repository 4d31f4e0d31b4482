//! The facts' JSON Schema, walked: which paths there are and of which type.

use std::{collections::BTreeSet, fmt, sync::OnceLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::types::{Type, Words};
use crate::{compliance::facts::Facts, model::KindName, resource::UNREAD};

/// A variable of a predicate: a group of facts that checks judge, or a context for it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    /// The account.
    Account,
    /// The environment.
    Environment,
    /// The permissions boundary.
    Boundary,
    /// A service as a whole.
    Service,
    /// A role of a service.
    Role,
    /// The key of a service.
    Key,
    /// The log group of a service.
    LogGroup,
    /// A security group.
    SecurityGroup,
    /// A subnet.
    Subnet,
    /// The VPC.
    Vpc,
    /// A flow log of the VPC.
    FlowLog,
    /// An endpoint of the VPC.
    VpcEndpoint,
    /// A store that a service owns.
    Store,
    /// The bucket that keeps the audit log.
    AuditBucket,
    /// The trail that records the account.
    Trail,
}

impl Variable {
    /// Every variable.
    pub const ALL: &'static [Self] = &[
        Self::Account,
        Self::Environment,
        Self::Boundary,
        Self::Service,
        Self::Role,
        Self::Key,
        Self::LogGroup,
        Self::SecurityGroup,
        Self::Subnet,
        Self::Vpc,
        Self::FlowLog,
        Self::VpcEndpoint,
        Self::Store,
        Self::AuditBucket,
        Self::Trail,
    ];

    /// The kind of resource that it stands for; none for what is judged as a whole.
    pub fn kind(self) -> Option<KindName> {
        match self {
            Self::Account | Self::Environment | Self::Service | Self::Store => None,
            Self::Boundary => Some(KindName::IamPolicy),
            Self::Role => Some(KindName::IamRole),
            Self::Key => Some(KindName::KmsKey),
            Self::LogGroup => Some(KindName::LogGroup),
            Self::SecurityGroup => Some(KindName::SecurityGroup),
            Self::Subnet => Some(KindName::Subnet),
            Self::Vpc => Some(KindName::Vpc),
            Self::FlowLog => Some(KindName::FlowLog),
            Self::VpcEndpoint => Some(KindName::VpcEndpoint),
            Self::AuditBucket => Some(KindName::S3Bucket),
            Self::Trail => Some(KindName::Trail),
        }
    }

    /// Its name in predicates and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Environment => "environment",
            Self::Boundary => "boundary",
            Self::Service => "service",
            Self::Role => "role",
            Self::Key => "key",
            Self::LogGroup => "log_group",
            Self::SecurityGroup => "security_group",
            Self::Subnet => "subnet",
            Self::Vpc => "vpc",
            Self::FlowLog => "flow_log",
            Self::VpcEndpoint => "vpc_endpoint",
            Self::Store => "store",
            Self::AuditBucket => "audit_bucket",
            Self::Trail => "trail",
        }
    }

    /// The variable of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.as_str() == name)
    }

    /// Where its facts are; `*` is any name.
    fn path(self) -> &'static [&'static str] {
        match self {
            Self::Account => &["account"],
            Self::Environment => &["environment", "profile"],
            Self::Boundary => &["environment", "boundaries", "*"],
            Self::Service => &["services", "*", "profile"],
            Self::Role => &["services", "*", "roles", "*"],
            Self::Key => &["services", "*", "keys", "*"],
            Self::LogGroup => &["services", "*", "log_groups", "*"],
            Self::SecurityGroup => &["services", "*", "security_groups", "*"],
            Self::Subnet => &["environment", "subnets", "*"],
            Self::Vpc => &["environment", "vpcs", "*"],
            Self::FlowLog => &["environment", "flow_logs", "*"],
            Self::VpcEndpoint => &["environment", "vpc_endpoints", "*"],
            Self::Store => &["services", "*", "stores", "*"],
            Self::AuditBucket => &["environment", "audit_buckets", "*"],
            Self::Trail => &["environment", "trails", "*"],
        }
    }

    /// The schema node of its facts.
    pub(super) fn node(self) -> Option<&'static Value> {
        let path = self.path().iter();
        path.into_iter().try_fold(root(), |node, step| match *step {
            "*" => Some(resolve(node.get("additionalProperties")?)),
            field => Some(resolve(node.get("properties")?.get(field)?)),
        })
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The type of a fact by its path below a variable.
pub(in crate::compliance) fn fact_type(variable: Variable, field: &str) -> Option<Type> {
    member(variable.node()?, field).map(|member| member.kind)
}

/// A field of a struct of facts.
pub(super) struct Member {
    /// Its type.
    pub kind: Type,
    /// Whether it can be unread.
    pub readable: bool,
}

/// The field of a struct.
pub(super) fn member(node: &'static Value, field: &str) -> Option<Member> {
    let field = resolve(node.get("properties")?.get(field)?);
    let known = known_branch(field);
    Some(Member {
        kind: kind(known.unwrap_or(field))?,
        readable: known.is_some(),
    })
}

/// The names of a struct's fields.
pub(super) fn fields(node: &'static Value) -> impl Iterator<Item = &'static str> {
    let properties = node.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(|p| p.keys().map(String::as_str))
}

/// For a reading, the schema of what is read.
fn known_branch(node: &'static Value) -> Option<&'static Value> {
    let branches = node.get("anyOf")?.as_array()?;
    let unread = |branch: &&Value| branch.pointer(&format!("/properties/{UNREAD}")).is_some();
    branches.iter().find(unread)?;
    branches.iter().find(|branch| !unread(branch)).map(resolve)
}

fn kind(node: &'static Value) -> Option<Type> {
    if let Some(words) = words(node) {
        return Some(Type::Text(Words::Of(words)));
    }
    match node.get("type")?.as_str()? {
        "boolean" => Some(Type::Bool),
        "integer" => Some(Type::Int),
        "string" => Some(Type::TEXT),
        "array" => Some(kind(resolve(node.get("items")?))?.list()),
        "object" => Some(Type::Struct(node)),
        _ => None,
    }
}

/// The texts of an enumeration, which is written in one of two ways.
fn words(node: &'static Value) -> Option<BTreeSet<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(listed) = node.get("enum") {
        return listed.as_array()?.iter().map(text).collect();
    }
    let branches = node.get("oneOf")?.as_array()?;
    let each = branches.iter().map(|branch| match branch.get("const") {
        Some(word) => text(word).map(|word| BTreeSet::from([word])),
        None => branch.get("enum")?.as_array()?.iter().map(text).collect(),
    });
    let sets: Option<Vec<_>> = each.collect();
    sets.map(|sets| sets.into_iter().flatten().collect())
}

fn root() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| schemars::schema_for!(Facts).to_value())
}

fn resolve(node: &'static Value) -> &'static Value {
    let target = node
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| root().pointer(pointer));
    target.map_or(node, resolve)
}
