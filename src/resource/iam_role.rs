//! An IAM role with its trust, boundary and policies.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, KeptReason, Kind, Linked, Read, Ref, Sides,
    direction, keep, linked,
    tagging::{self, TagChange},
};
use crate::{
    iam::{Effect, PolicyDocument},
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IamRole {
    /// Role name, unique in the account whatever the path.
    pub name: String,
    /// Path, with both slashes.
    pub path: String,
    /// Trust policy.
    pub trust: Read<PolicyDocument>,
    /// Permissions boundary.
    pub boundary: Read<Option<Ref>>,
    /// Inline policies by name.
    pub inline: Read<BTreeMap<String, PolicyDocument>>,
    /// Attached managed policies.
    pub managed: Read<BTreeSet<Ref>>,
    /// Description.
    pub description: Read<String>,
    /// Longest session, in seconds.
    pub max_session_seconds: Read<u32>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(IamRole {
    trust,
    boundary,
    inline,
    managed
});

/// A call on a role.
#[derive(Debug, Clone, PartialEq)]
pub enum IamRoleCall {
    /// CreateRole with trust, boundary, description, session and tags.
    Create(Box<IamRole>),
    /// UpdateAssumeRolePolicy.
    PutTrust(PolicyDocument),
    /// PutRolePermissionsBoundary.
    PutBoundary(Ref),
    /// DeleteRolePermissionsBoundary.
    DeleteBoundary,
    /// PutRolePolicy.
    PutInline(String, PolicyDocument),
    /// DeleteRolePolicy.
    DeleteInline(String),
    /// AttachRolePolicy.
    Attach(Ref),
    /// DetachRolePolicy.
    Detach(Ref),
    /// UpdateRole: description and longest session in seconds.
    Update(String, u32),
    /// TagRole.
    Tag(Tags),
    /// UntagRole.
    Untag(BTreeSet<String>),
    /// DeleteRole.
    Delete,
}

/// AWS managed policies that only deny; incident responders attach them.
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html>
const QUARANTINE: [&str; 2] = ["/AWSDenyAll", "/AWSCompromisedKeyQuarantine"];

impl Kind for IamRole {
    const NAME: KindName = KindName::IamRole;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name", "path"];
    const LISTING: &'static str = "iam:GetAccountAuthorizationDetails";
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = IamRoleCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        let mut needs = self.trust.addresses();
        needs.extend(self.boundary.addresses());
        needs
    }

    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId {
        let resource = format!("role{}{}", self.path, self.name);
        let unique: String = token.chars().take(17).collect();
        PhysicalId {
            unique_id: Some(format!("AROA{}", unique.to_uppercase())),
            ..PhysicalId::with_arn(&self.name, home.global_arn("iam", &resource))
        }
    }

    fn create(&self) -> IamRoleCall {
        IamRoleCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<IamRoleCall> {
        let trust = from.trust.changed(&to.trust).cloned();
        let mut calls: Vec<IamRoleCall> = trust.map(IamRoleCall::PutTrust).into_iter().collect();
        calls.extend(boundary_call(from, to));
        calls.extend(inline_calls(from, to));
        calls.extend(attachment_calls(from, to));
        calls.extend(update_call(from, to));
        calls.extend(
            TagChange::between(&from.tags, &to.tags).calls(IamRoleCall::Tag, IamRoleCall::Untag),
        );
        calls
    }

    fn delete(&self) -> Vec<IamRoleCall> {
        let inline = self.inline.known().into_iter().flatten();
        let managed = self.managed.known().into_iter().flatten();
        inline
            .map(|(name, _)| IamRoleCall::DeleteInline(name.clone()))
            .chain(managed.map(|policy| IamRoleCall::Detach(policy.clone())))
            .chain([IamRoleCall::Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &IamRoleCall) -> Option<Self> {
        if let IamRoleCall::Create(role) = call {
            return Some(Self {
                inline: BTreeMap::new().into(),
                managed: BTreeSet::new().into(),
                ..(**role).clone()
            });
        }
        let mut role = state?;
        match call {
            IamRoleCall::Create(_) | IamRoleCall::Delete => return None,
            IamRoleCall::PutTrust(document) => role.trust.set(document.clone()),
            IamRoleCall::PutBoundary(policy) => role.boundary.set(Some(policy.clone())),
            IamRoleCall::DeleteBoundary => role.boundary.set(None),
            IamRoleCall::Update(description, seconds) => {
                role.description.set(description.clone());
                role.max_session_seconds.set(*seconds);
            }
            IamRoleCall::Tag(tags) => tagging::set(&mut role.tags, tags),
            IamRoleCall::Untag(keys) => tagging::remove(&mut role.tags, keys),
            IamRoleCall::PutInline(..) | IamRoleCall::DeleteInline(_) => {
                apply_inline(&mut role, call)
            }
            IamRoleCall::Attach(_) | IamRoleCall::Detach(_) => apply_attachment(&mut role, call),
        }
        Some(role)
    }

    fn api(call: &IamRoleCall) -> Api {
        Api::iam(match call {
            IamRoleCall::Create(_) => "CreateRole",
            IamRoleCall::PutTrust(_) => "UpdateAssumeRolePolicy",
            IamRoleCall::PutBoundary(_) => "PutRolePermissionsBoundary",
            IamRoleCall::DeleteBoundary => "DeleteRolePermissionsBoundary",
            IamRoleCall::PutInline(..) => "PutRolePolicy",
            IamRoleCall::DeleteInline(_) => "DeleteRolePolicy",
            IamRoleCall::Attach(_) => "AttachRolePolicy",
            IamRoleCall::Detach(_) => "DetachRolePolicy",
            IamRoleCall::Update(..) => "UpdateRole",
            IamRoleCall::Tag(_) => "TagRole",
            IamRoleCall::Untag(_) => "UntagRole",
            IamRoleCall::Delete => "DeleteRole",
        })
    }

    fn removes(call: &IamRoleCall) -> bool {
        use IamRoleCall::{Delete, DeleteBoundary, DeleteInline, Detach};
        matches!(call, Delete | DeleteBoundary | DeleteInline(_) | Detach(_))
    }

    fn named(call: &IamRoleCall) -> BTreeSet<Address> {
        match call {
            // CreateRole carries trust and boundary only.
            IamRoleCall::Create(role) => role.create_needs(),
            IamRoleCall::PutTrust(document) | IamRoleCall::PutInline(_, document) => {
                document.addresses()
            }
            IamRoleCall::PutBoundary(policy) | IamRoleCall::Attach(policy) => policy.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "trust" | "inline" => direction::of_policy(change, sides),
            "managed" => Direction::access(change.after.is_some()),
            // Another boundary may allow more: only gaining one is known to narrow.
            "boundary" => Direction::access(change.before.is_some()),
            "max_session_seconds" => Direction::access(longer(change)),
            _ => Direction::Neutral,
        }
    }

    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        keep::unknown_denies(&mut self.trust, &live.trust, "trust", note);
        keep_inline(&mut self, live, note);
        keep_quarantine(&mut self, live, note);
        self
    }
}

fn longer(change: &FieldChange) -> bool {
    let seconds = |value: &Option<serde_json::Value>| value.as_ref().and_then(|v| v.as_u64());
    seconds(&change.after) > seconds(&change.before)
}

fn boundary_call(from: &IamRole, to: &IamRole) -> Option<IamRoleCall> {
    match from.boundary.changed(&to.boundary)? {
        Some(policy) => Some(IamRoleCall::PutBoundary(policy.clone())),
        None => Some(IamRoleCall::DeleteBoundary),
    }
}

fn inline_calls(from: &IamRole, to: &IamRole) -> Vec<IamRoleCall> {
    let (Read::Known(from), Read::Known(to)) = (&from.inline, &to.inline) else {
        return Vec::new();
    };
    let put = to
        .iter()
        .filter(|(name, document)| from.get(*name) != Some(document))
        .map(|(name, document)| IamRoleCall::PutInline(name.clone(), document.clone()));
    let delete = from
        .keys()
        .filter(|name| !to.contains_key(*name))
        .map(|name| IamRoleCall::DeleteInline(name.clone()));
    put.chain(delete).collect()
}

fn attachment_calls(from: &IamRole, to: &IamRole) -> Vec<IamRoleCall> {
    let (Read::Known(from), Read::Known(to)) = (&from.managed, &to.managed) else {
        return Vec::new();
    };
    let attach = to.difference(from).cloned().map(IamRoleCall::Attach);
    let detach = from.difference(to).cloned().map(IamRoleCall::Detach);
    attach.chain(detach).collect()
}

/// UpdateRole sets both values, so it is sent only where both could be read.
fn update_call(from: &IamRole, to: &IamRole) -> Option<IamRoleCall> {
    let known = |role: &IamRole| {
        Some((
            role.description.known()?.clone(),
            *role.max_session_seconds.known()?,
        ))
    };
    let (description, seconds) = known(to)?;
    (known(from)? != (description.clone(), seconds))
        .then_some(IamRoleCall::Update(description, seconds))
}

fn apply_inline(role: &mut IamRole, call: &IamRoleCall) {
    let Read::Known(inline) = &mut role.inline else {
        return;
    };
    match call {
        IamRoleCall::PutInline(name, document) => {
            inline.insert(name.clone(), document.clone());
        }
        IamRoleCall::DeleteInline(name) => {
            inline.remove(name);
        }
        _ => {}
    }
}

fn apply_attachment(role: &mut IamRole, call: &IamRoleCall) {
    let Read::Known(managed) = &mut role.managed else {
        return;
    };
    match call {
        IamRoleCall::Attach(policy) => {
            managed.insert(policy.clone());
        }
        IamRoleCall::Detach(policy) => {
            managed.remove(policy);
        }
        _ => {}
    }
}

fn keep_inline(role: &mut IamRole, live: &IamRole, note: &mut dyn FnMut(Kept)) {
    let (Read::Known(wanted), Read::Known(live)) = (&mut role.inline, &live.inline) else {
        return;
    };
    for (name, document) in live {
        match wanted.get_mut(name) {
            Some(known) => keep_statements(known, document, &format!("inline.{name}"), note),
            None if only_denies(document) => {
                note(Kept {
                    path: format!("inline.{name}"),
                    reason: KeptReason::UnknownDeny,
                });
                wanted.insert(name.clone(), document.clone());
            }
            None => {}
        }
    }
}

fn keep_statements(
    wanted: &mut PolicyDocument,
    live: &PolicyDocument,
    path: &str,
    note: &mut dyn FnMut(Kept),
) {
    let mut reading = Read::Known(std::mem::take(wanted));
    keep::unknown_denies(&mut reading, &Read::Known(live.clone()), path, note);
    if let Read::Known(document) = reading {
        *wanted = document;
    }
}

fn only_denies(document: &PolicyDocument) -> bool {
    !document.statements.is_empty()
        && document
            .statements
            .values()
            .all(|statement| statement.effect == Effect::Deny)
}

fn keep_quarantine(role: &mut IamRole, live: &IamRole, note: &mut dyn FnMut(Kept)) {
    let (Read::Known(wanted), Read::Known(live)) = (&mut role.managed, &live.managed) else {
        return;
    };
    for policy in live.difference(&wanted.clone()) {
        let arn = policy.to_string();
        let denies =
            arn.contains(":iam::aws:policy/") && QUARANTINE.iter().any(|name| arn.contains(name));
        if denies {
            note(Kept {
                path: format!("managed[{arn}]"),
                reason: KeptReason::UnknownDeny,
            });
            wanted.insert(policy.clone());
        }
    }
}
