//! What a role's identity policies allow, searched for what no role should be allowed.
//! A policy whose document was not read leaves every search that finds nothing unread.

use std::collections::BTreeMap;

use super::{
    Texts, World,
    observed::{Observed, both, flatten},
    statement::{allows, statements},
};
use crate::{
    iam::{Caseless, Effect, PolicyDocument, catalogue::Catalogue, document::Conditions},
    model::KindName,
    resource::{IamRole, Read, Ref, Unread, UnreadReason},
};

/// AWS's own policies that describe resources and neither use keys nor change anything.
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWS_ConfigRole.html>
const DESCRIBES_ONLY: [&str; 1] = [":policy/service-role/AWS_ConfigRole"];

/// AWS managed policies that give everything, or everything of a service.
const ADMINISTRATION: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "FullAccess"];

/// The identity policies of a role: those that could be read, and those that could not.
pub(super) struct Allowed<'a>(Read<Policies<'a>>);

struct Policies<'a> {
    read: BTreeMap<String, &'a PolicyDocument>,
    administration: Texts,
    unread: Texts,
}

impl<'a> Allowed<'a> {
    pub(super) fn of(world: &World<'a>, role: &Observed<'a, IamRole>) -> Self {
        let policies = both(role.facet(|r| &r.inline), role.facet(|r| &r.managed));
        Self(policies.map(|(inline, managed)| {
            let mut policies = Policies {
                read: inline.iter().map(|(n, d)| (n.clone(), d)).collect(),
                administration: Texts::new(),
                unread: Texts::new(),
            };
            for policy in managed {
                policies.add(world, policy);
            }
            policies
        }))
    }

    /// What `search` finds in every policy. A finding is certain even where another policy was
    /// not read; finding nothing is not.
    pub(super) fn find(&self, search: impl Fn(&PolicyDocument) -> Vec<String>) -> Read<Texts> {
        flatten(
            self.0
                .as_ref()
                .map(|policies| policies.conclude(policies.search(search))),
        )
    }

    /// The same, and the administrator policies that AWS manages.
    pub(super) fn find_with_administration(
        &self,
        search: impl Fn(&PolicyDocument) -> Vec<String>,
    ) -> Read<Texts> {
        flatten(self.0.as_ref().map(|policies| {
            let mut found = policies.search(search);
            found.extend(policies.administration.iter().cloned());
            policies.conclude(found)
        }))
    }
}

impl<'a> Policies<'a> {
    fn search(&self, search: impl Fn(&PolicyDocument) -> Vec<String>) -> Texts {
        let hits = self.read.iter().flat_map(|(name, document)| {
            let hits = search(document).into_iter();
            hits.map(move |hit| format!("{name} {hit}"))
        });
        hits.collect()
    }

    fn conclude(&self, found: Texts) -> Read<Texts> {
        match self.unread.first() {
            Some(policy) if found.is_empty() => Read::Unread(not_read(policy)),
            _ => Read::Known(found),
        }
    }

    fn add(&mut self, world: &World<'a>, policy: &Ref) {
        let name = policy.to_string();
        let known = policy
            .address()
            .filter(|address| address.kind == KindName::IamPolicy)
            .and_then(|address| world.snapshot.resources.iam_policy.get(&address.name))
            .and_then(|policy| policy.document.known());
        match known {
            Some(document) => {
                self.read.insert(name, document);
            }
            None if DESCRIBES_ONLY.iter().any(|end| name.ends_with(end)) => {}
            None => {
                if ADMINISTRATION.iter().any(|end| name.ends_with(end)) {
                    self.administration.insert(name.clone());
                }
                self.unread.insert(name);
            }
        }
    }
}

fn not_read(policy: &str) -> Unread {
    Unread {
        call: "iam:GetPolicyVersion".to_owned(),
        reason: UnreadReason::Unsupported,
        message: format!("the document of {policy} was not read"),
    }
}

/// Actions with a wildcard, and NotAction, each as `sid: action`.
pub(super) fn wildcard_actions(document: &PolicyDocument) -> Vec<String> {
    let mut found = Vec::new();
    for (sid, statement) in allows(document) {
        let wild = statement
            .actions
            .iter()
            .filter(|a| a.as_str().contains(['*', '?']));
        found.extend(wild.map(|action| format!("{sid}: {action}")));
        if !statement.not_actions.is_empty() {
            found.push(format!("{sid}: NotAction"));
        }
    }
    found
}

/// Actions on every resource that could name single ones, each as `sid: action`. What AWS Lambda
/// does itself with the role, and the function's code is denied, does not count.
/// <https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html>
pub(super) fn wildcard_resources(document: &PolicyDocument) -> Vec<String> {
    let mut found = Vec::new();
    for (sid, statement) in allows(document).filter(|(_, s)| s.on_everything()) {
        let actions = statement.actions.iter().map(Caseless::as_str);
        let open = actions.filter(|a| can_name_resources(a) && !denied_to_code(document, a));
        found.extend(open.map(|action| format!("{sid}: {action}")));
        if !statement.not_actions.is_empty() {
            found.push(format!("{sid}: NotAction"));
        }
    }
    found
}

/// A Deny on every resource whose only condition is that the function's code is calling.
fn denied_to_code(document: &PolicyDocument, action: &str) -> bool {
    let code_calls: Conditions = [(
        "Null".to_owned(),
        [(
            "lambda:SourceFunctionArn".into(),
            [Ref::literal("false")].into(),
        )]
        .into(),
    )]
    .into();
    statements(document, Effect::Deny).any(|(_, deny)| {
        deny.covers(action)
            && deny.resources.contains(&Ref::literal("*"))
            && deny.conditions == code_calls
    })
}

/// Unknown actions and patterns count as able to.
fn can_name_resources(action: &str) -> bool {
    let known = Catalogue::vendored()
        .ok()
        .and_then(|c| c.action(action).ok());
    known.is_none_or(|action| action.resource_level())
}
