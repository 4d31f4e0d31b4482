//! Facts about the permissions boundary of the environment.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World,
    observed::{Observed, both},
    statement::{allows, statements},
};
use crate::{
    iam::{Effect, PolicyDocument, Statement},
    model::BOUNDARY,
    resource::{IamPolicy, Read},
};

/// The permissions boundary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundaryFacts {
    /// Whether the policy is there.
    pub exists: Read<bool>,
    /// Whether the document is exactly the compiled one.
    pub document_exact: Read<bool>,
    /// Guarded actions that the document lets through: changes of identities and boundaries,
    /// tampering with audit logs, administration of keys.
    pub unguarded_actions: Read<Texts>,
}

/// What no workload may do, whatever its policies say.
const GUARDED: [&str; 27] = [
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:CreateUser",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PassRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:PutRetentionPolicy",
];

pub(super) fn facts(world: &World<'_>, wanted: &IamPolicy) -> BoundaryFacts {
    let policy = Observed::<IamPolicy>::of(world.snapshot, BOUNDARY);
    let document = || policy.facet(|p| &p.document);
    BoundaryFacts {
        exists: policy.exists(),
        document_exact: both(document(), wanted.document.as_ref())
            .map(|(live, wanted)| live == wanted),
        unguarded_actions: document().map(unguarded),
    }
}

/// A boundary allows what it allows and does not deny without condition.
fn unguarded(document: &PolicyDocument) -> Texts {
    let let_through = GUARDED.iter().filter(|action| {
        allows(document).any(|(_, allow)| allow.covers(action))
            && !statements(document, Effect::Deny).any(|(_, deny)| denies(deny, action))
    });
    let_through.map(|action| (*action).to_owned()).collect()
}

fn denies(statement: &Statement, action: &str) -> bool {
    statement.covers(action)
        && statement.conditions.is_empty()
        && statement.not_resources.is_empty()
        && statement.on_everything()
}
