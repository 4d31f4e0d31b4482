//! A judged resource in words: what it is, its name, and what AWS calls it.

use serde::Serialize;

use crate::{
    compliance::predicate::Variable,
    model::{Address, KindName, Naming},
    snapshot::Snapshot,
};

/// A resource in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    let steps: Vec<&str> = path.split('.').collect();
    let last = steps.last().copied().unwrap_or_default();
    let name = match variable {
        Variable::Service => steps.get(1).copied().unwrap_or_default().to_owned(),
        Variable::Environment => snapshot.environment.to_string(),
        Variable::Account => snapshot.account.to_string(),
        _ => return of(address(variable, last), snapshot),
    };
    ResourceView {
        kind: words(variable),
        name,
        id: None,
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
            _ => naming.prefixed(logical),
        },
        id: id.map(|id| id.arn.clone().unwrap_or_else(|| id.id.clone())),
    }
}

fn address(variable: Variable, name: &str) -> Address {
    let kind = match variable {
        Variable::Boundary => KindName::IamPolicy,
        Variable::Key => KindName::KmsKey,
        Variable::LogGroup => KindName::LogGroup,
        Variable::SecurityGroup => KindName::SecurityGroup,
        Variable::AuditBucket => KindName::S3Bucket,
        Variable::Trail => KindName::Trail,
        _ => KindName::IamRole,
    };
    Address::new(kind, name)
}

/// What a variable stands for, in words.
pub(super) fn words(variable: Variable) -> &'static str {
    match variable {
        Variable::Account => "account",
        Variable::Environment => "environment",
        Variable::Boundary => "permissions boundary",
        Variable::Service => "service",
        Variable::Role => "role",
        Variable::Key => "key",
        Variable::LogGroup => "log group",
        Variable::SecurityGroup => "security group",
        Variable::AuditBucket => "audit bucket",
        Variable::Trail => "trail",
    }
}
