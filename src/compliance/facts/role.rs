//! Facts about one role: trust, boundary, and what its policies allow.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World,
    allowed::{self, Allowed},
    declared, log_writes,
    observed::{Observed, both, flatten},
    trust,
};
use crate::{
    iam::PolicyDocument,
    model::Service,
    resource::{IamRole, Kind, Read},
};

/// A role of one version of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleFacts {
    /// Whether the role is there.
    pub exists: Read<bool>,
    /// What the role is for.
    #[serde(rename = "use")]
    pub usage: RoleUse,
    /// Whether the permissions boundary is the environment's.
    pub boundary_attached: Read<bool>,
    /// Whether the trust policy is the compiled one; an unknown Deny, which only narrows, aside.
    pub trust_exact: Read<bool>,
    /// Trusted principals that are anybody, a whole foreign account, or an identity provider
    /// without a condition on the subject.
    pub trust_public_principals: Read<Texts>,
    /// Trusted AWS services whose caller no condition on its ARN, account or organization pins.
    pub trust_unpinned_services: Read<Texts>,
    /// Trusted principals of other accounts that need not show an external id.
    pub trust_foreign_without_external_id: Read<Texts>,
    /// Trusted identity providers, EKS Pod Identity included.
    pub trust_web_identities: Read<Texts>,
    /// Those of `trust_web_identities` not pinned to one subject and audience (OIDC) or to one
    /// account and cluster (Pod Identity).
    pub trust_unpinned_web_identities: Read<Texts>,
    /// Actions with a wildcard, NotAction, and administrator policies, each as `policy sid: action`.
    /// At least these: where an attached policy was not read and nothing else was found, unread.
    pub wildcard_actions: Read<Texts>,
    /// Actions allowed on every resource although AWS lets them name single ones; not those that
    /// AWS Lambda needs itself and the function's code is denied.
    pub wildcard_resources: Read<Texts>,
    /// Attached policies, inline policies and inline statements that the specification does not
    /// know; one that only denies is not among them.
    pub undeclared_policies: Read<Texts>,
    /// Declared statements that differ.
    pub changed_policies: Read<Texts>,
    /// Declared attachments and statements that are missing.
    pub missing_policies: Read<Texts>,
    /// Allowed writes to log groups other than the service's own.
    pub log_writes_elsewhere: Read<Texts>,
    /// Allowed actions that delete logs, shorten retention or lift protection.
    pub log_tampering: Read<Texts>,
    /// Ways in which the role can raise its own rights, as the actions that each needs; its
    /// boundary counts.
    pub escalation_paths: Read<Texts>,
    /// What the role may do, within its boundary, that the specification does not declare.
    pub access_beyond_spec: Read<Texts>,
    /// Days since the granted service that was idle the longest was used; an operated fact.
    pub idle_days: Read<i64>,
}

/// What a role is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RoleUse {
    /// The service's own code runs as it.
    Workload,
    /// Amazon ECS starts the service with it.
    Execution,
}

pub(super) fn facts(
    world: &World<'_>,
    service: &Service,
    name: &str,
    wanted: &IamRole,
    usage: RoleUse,
) -> RoleFacts {
    let role = Observed::<IamRole>::of(world.snapshot, name);
    let own = &world.environment.account;
    let trust = |derive: &dyn Fn(&PolicyDocument) -> Texts| role.facet(|r| &r.trust).map(derive);
    let allowed = Allowed::of(world, &role);
    // What "first, do no harm" keeps beside the declared state is no deviation.
    let kept = role.plain(|live| wanted.clone().keep(live, &mut |_| {}));
    let declared = declared::Comparison::of(&role, &kept);
    RoleFacts {
        exists: role.exists(),
        usage,
        boundary_attached: both(role.facet(|r| &r.boundary), wanted.boundary.as_ref())
            .map(|(live, wanted)| live == wanted && live.is_some()),
        trust_exact: both(
            role.facet(|r| &r.trust),
            flatten(kept.as_ref().map(|kept| kept.trust.as_ref())),
        )
        .map(|(live, wanted)| live == wanted),
        trust_public_principals: trust(&|t| trust::public(t, own)),
        trust_unpinned_services: trust(&trust::unpinned_services),
        trust_foreign_without_external_id: trust(&|t| trust::foreign_without_external_id(t, own)),
        trust_web_identities: trust(&trust::web_identities),
        trust_unpinned_web_identities: trust(&trust::unpinned_web_identities),
        wildcard_actions: allowed.find_with_administration(allowed::wildcard_actions),
        wildcard_resources: allowed.find(allowed::wildcard_resources),
        undeclared_policies: declared.as_ref().map(declared::Comparison::undeclared),
        changed_policies: declared.as_ref().map(declared::Comparison::changed),
        missing_policies: declared.as_ref().map(declared::Comparison::missing),
        log_writes_elsewhere: allowed
            .find(|document| log_writes::elsewhere(world, service, document)),
        log_tampering: allowed.find(log_writes::tampering),
        escalation_paths: flatten(role.plain(|_| world.isolation.escalations(&service.name, name))),
        access_beyond_spec: flatten(role.plain(|_| world.isolation.beyond_spec(name))),
        idle_days: flatten(
            role.plain(|_| Read::Unread(world.operated("iam:GetServiceLastAccessedDetails"))),
        ),
    }
}
