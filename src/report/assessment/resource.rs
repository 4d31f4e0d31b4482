//! A judged resource in words: what it is, its name, and what AWS calls it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    compliance::predicate::Variable,
    model::{Address, KindName, Naming},
    snapshot::Snapshot,
};

/// A resource in words.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResourceView {
    /// What it is: `role`, `key`.
    pub kind: &'static str,
    /// Its physical name, or the name of what is judged as a whole.
    pub name: String,
    /// Its ARN or id; none where it is not there or has none.
    pub id: Option<String>,
}

/// The resource at a path of the facts, as `services.login.roles.login-v1`.
pub(super) fn at(variable: Variable, path: &str, snapshot: &Snapshot) -> ResourceView {
    // A service's table lies one step deeper; names may have dots.
    let depth = if path.starts_with("services.") { 4 } else { 3 };
    let steps: Vec<&str> = path.splitn(depth, '.').collect();
    let last = steps.last().copied().unwrap_or_default();
    let name = match variable {
        Variable::Service => steps.get(1).copied().unwrap_or_default().to_owned(),
        Variable::Environment => snapshot.environment.to_string(),
        Variable::Account => snapshot.account.to_string(),
        Variable::Store => return store(path, snapshot),
        _ => return of(address(variable, last), snapshot),
    };
    ResourceView {
        kind: words(variable),
        name,
        id: None,
    }
}

/// A store by the target that stands in the facts, as `dynamodb:table/a.b`.
fn store(path: &str, snapshot: &Snapshot) -> ResourceView {
    let (_, target) = path.split_once(".stores.").unwrap_or_default();
    let (kind, name) = target.split_once('/').unwrap_or_default();
    let kind = match kind {
        "dynamodb:table" => KindName::DynamodbTable,
        "s3:bucket" => KindName::S3Bucket,
        "sqs:queue" => KindName::SqsQueue,
        "sns:topic" => KindName::SnsTopic,
        "secretsmanager:secret" => KindName::Secret,
        _ => {
            return ResourceView {
                kind: "database",
                name: name.to_owned(),
                id: None,
            };
        }
    };
    ResourceView {
        name: name.to_owned(),
        ..of(Address::new(kind, name), snapshot)
    }
}

/// The resource at an address.
pub(super) fn of(address: Address, snapshot: &Snapshot) -> ResourceView {
    let naming = Naming::of(&snapshot.environment);
    let logical = address.name.as_str();
    let id = snapshot.ids.get(&address);
    ResourceView {
        kind: address.kind.words(),
        name: match address.kind {
            KindName::KmsKey => naming.alias(logical),
            KindName::LogGroup => naming.log_group(logical),
            KindName::S3Bucket => id.map_or_else(|| logical.to_owned(), |id| id.id.clone()),
            // What others put into the VPC has no name of ours.
            KindName::VpcEndpoint if logical.starts_with("vpce-") => logical.to_owned(),
            KindName::DynamodbTable
            | KindName::SecurityGroupRule
            | KindName::SqsQueue
            | KindName::Secret => logical.to_owned(),
            _ => naming.prefixed(logical),
        },
        id: id.map(|id| id.arn.clone().unwrap_or_else(|| id.id.clone())),
    }
}

fn address(variable: Variable, name: &str) -> Address {
    Address::new(variable.kind().unwrap_or(KindName::IamRole), name)
}

impl ResourceView {
    /// The resource at an address.
    pub fn of(address: Address, snapshot: &Snapshot) -> Self {
        of(address, snapshot)
    }
}

/// What a variable stands for, in words.
pub(super) fn words(variable: Variable) -> &'static str {
    match variable {
        Variable::Account => "account",
        Variable::Environment => "environment",
        Variable::Boundary => "permissions boundary",
        Variable::Service => "service",
        other => other.kind().map_or(other.as_str(), KindName::words),
    }
}
