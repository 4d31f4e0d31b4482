//! A customer managed IAM policy: the permissions boundary of an environment.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, Kind, Linked, Read, Sides, direction, keep, linked,
    tagging::{self, TagChange},
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// A customer managed policy with its default version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IamPolicy {
    /// Policy name.
    pub name: String,
    /// Path, with both slashes.
    pub path: String,
    /// The default version's document.
    pub document: Read<PolicyDocument>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(IamPolicy { document });

/// A call on a managed policy.
#[derive(Debug, Clone, PartialEq)]
pub enum IamPolicyCall {
    /// CreatePolicy with everything.
    Create(Box<IamPolicy>),
    /// CreatePolicyVersion as the default; the version that it replaces is deleted.
    PutVersion(PolicyDocument),
    /// TagPolicy.
    Tag(Tags),
    /// UntagPolicy.
    Untag(BTreeSet<String>),
    /// DeletePolicy with all its versions.
    Delete,
}

impl Kind for IamPolicy {
    const NAME: KindName = KindName::IamPolicy;
    const ASPECT: Aspect = Aspect::Boundary;
    const IMMUTABLE: &'static [&'static str] = &["name", "path"];
    const LISTING: &'static str = "iam:GetAccountAuthorizationDetails";
    const NAMED: bool = true;
    const HELD: bool = true;
    type Call = IamPolicyCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("policy{}{}", self.path, self.name);
        PhysicalId::with_arn(&self.name, home.global_arn("iam", &resource))
    }

    fn create(&self) -> IamPolicyCall {
        IamPolicyCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<IamPolicyCall> {
        let version = from.document.changed(&to.document).cloned();
        version
            .map(IamPolicyCall::PutVersion)
            .into_iter()
            .chain(
                TagChange::between(&from.tags, &to.tags)
                    .calls(IamPolicyCall::Tag, IamPolicyCall::Untag),
            )
            .collect()
    }

    fn delete(&self) -> Vec<IamPolicyCall> {
        vec![IamPolicyCall::Delete]
    }

    fn apply(state: Option<Self>, call: &IamPolicyCall) -> Option<Self> {
        if let IamPolicyCall::Create(policy) = call {
            return Some((**policy).clone());
        }
        let mut policy = state?;
        match call {
            IamPolicyCall::Create(_) | IamPolicyCall::Delete => return None,
            IamPolicyCall::PutVersion(document) => policy.document.set(document.clone()),
            IamPolicyCall::Tag(tags) => tagging::set(&mut policy.tags, tags),
            IamPolicyCall::Untag(keys) => tagging::remove(&mut policy.tags, keys),
        }
        Some(policy)
    }

    fn api(call: &IamPolicyCall) -> Api {
        Api::iam(match call {
            IamPolicyCall::Create(_) => "CreatePolicy",
            IamPolicyCall::PutVersion(_) => "CreatePolicyVersion",
            IamPolicyCall::Tag(_) => "TagPolicy",
            IamPolicyCall::Untag(_) => "UntagPolicy",
            IamPolicyCall::Delete => "DeletePolicy",
        })
    }

    fn removes(call: &IamPolicyCall) -> bool {
        matches!(call, IamPolicyCall::Delete)
    }

    fn named(call: &IamPolicyCall) -> BTreeSet<Address> {
        match call {
            IamPolicyCall::Create(policy) => policy.addresses(),
            IamPolicyCall::PutVersion(document) => document.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "document" => direction::of_policy(change, sides),
            _ => Direction::Neutral,
        }
    }

    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        keep::unknown_denies(&mut self.document, &live.document, "document", note);
        self
    }
}
