//! KMS grants: what they allow, to whom, and in which encryption context. They never deny.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Truth,
    keys::{Keys, Lookup},
    principal::{Caller, Grade, Principal},
};
use crate::iam::PrincipalType;

/// A grant on a KMS key, as `ListGrants` shows it.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Grant {
    /// Its id.
    #[serde(default, rename = "GrantId")]
    pub id: String,
    /// Who may use the key: a role, a session, a user, a service.
    #[serde(rename = "GranteePrincipal")]
    pub grantee: String,
    /// What they may do, as `Decrypt`.
    pub operations: Vec<String>,
    /// What a request has to bring.
    #[serde(default)]
    pub constraints: Option<GrantConstraints>,
}

/// What a request has to bring for a grant to allow it. One that is not known here is refused,
/// for leaving it out would allow too much.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GrantConstraints {
    /// The pairs of the encryption context, and no others.
    #[serde(default)]
    pub encryption_context_equals: Option<BTreeMap<String, String>>,
    /// Pairs that the encryption context has among others.
    #[serde(default)]
    pub encryption_context_subset: Option<BTreeMap<String, String>>,
    /// The resource for which a service asks.
    #[serde(default)]
    pub source_arn: Option<String>,
}

/// What the keys of the encryption context begin with.
const CONTEXT: &str = "kms:encryptioncontext:";

impl Grant {
    /// Whether it lets the caller do what is asked, in lower case with its prefix.
    pub(super) fn allows(&self, caller: &Caller, action: &str, keys: &Keys<'_>) -> bool {
        let operation = action.strip_prefix("kms:").unwrap_or_default();
        let mut operations = self.operations.iter();
        operations.any(|name| name.eq_ignore_ascii_case(operation))
            && self.is_for(caller, keys)
            && self.constraints.iter().all(|c| c.are_met(keys))
    }

    fn is_for(&self, caller: &Caller, keys: &Keys<'_>) -> bool {
        let kind = match caller {
            Caller::Service(_) => PrincipalType::Service,
            _ => PrincipalType::Aws,
        };
        let (answer, grade) = Principal::read(kind, &self.grantee).means(caller, keys);
        answer == Truth::Yes && grade >= Grade::Role
    }
}

impl GrantConstraints {
    fn are_met(&self, keys: &Keys<'_>) -> bool {
        let has = |(name, value): (&String, &String)| {
            let key = format!("{CONTEXT}{}", name.to_ascii_lowercase());
            keys.get(&key) == Lookup::Values(std::slice::from_ref(value))
        };
        let count = || keys.names().filter(|key| key.starts_with(CONTEXT)).count();
        let pairs = self.encryption_context_equals.iter();
        let source = self.source_arn.iter();
        pairs.clone().all(|equals| equals.len() == count())
            && pairs.flatten().all(has)
            && self.encryption_context_subset.iter().flatten().all(has)
            && source
                .into_iter()
                .all(|arn| keys.get("aws:sourcearn") == Lookup::Values(std::slice::from_ref(arn)))
    }
}
