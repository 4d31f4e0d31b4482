//! The permissions boundary: what no role of the environment may ever do.

use std::collections::BTreeSet;

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{BOUNDARY, Runtime, State, endpoint},
    resource::{IamPolicy, Ref},
};

/// Services that the runtimes themselves use.
const PLATFORM: [&str; 3] = ["ecr", "kms", "logs"];

/// EC2 calls that Lambda makes with the function's role to attach it to a VPC.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>
pub const LAMBDA_INTERFACE: [&str; 6] = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
];

/// Deny statements of the boundary: Sid and actions, each on every resource.
const GUARDRAILS: [(&str, &[&str]); 5] = [
    ("Identity", &["iam:*", "organizations:*", "account:*"]),
    ("Assume", &["sts:AssumeRole"]),
    (
        "Audit",
        &[
            "cloudtrail:Delete*",
            "cloudtrail:Put*",
            "cloudtrail:StopLogging",
            "cloudtrail:Update*",
            "config:Delete*",
            "config:Stop*",
            "guardduty:Delete*",
            "guardduty:Update*",
            "logs:Delete*",
            "logs:DisassociateKmsKey",
            "logs:PutLogGroupDeletionProtection",
            "logs:PutRetentionPolicy",
        ],
    ),
    (
        "KeyAdmin",
        &[
            "kms:*Alias",
            "kms:*agResource",
            "kms:DisableKey",
            "kms:DisableKeyRotation",
            "kms:PutKeyPolicy",
            "kms:RevokeGrant",
            "kms:ScheduleKeyDeletion",
        ],
    ),
    (
        "Network",
        &[
            "ec2:*Route*",
            "ec2:*VpcEndpoint*",
            "ec2:Authorize*",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:Revoke*",
        ],
    ),
];

impl Compiler<'_> {
    pub(super) fn boundary(&mut self) {
        let policy = IamPolicy {
            name: self.naming.prefixed(BOUNDARY),
            path: self.naming.path(),
            document: self.boundary_document().into(),
            tags: self.tags(None).into(),
        };
        self.add(BOUNDARY.to_owned(), policy, None);
    }

    fn boundary_document(&self) -> PolicyDocument {
        let denies = GUARDRAILS
            .into_iter()
            .map(|(sid, actions)| (sid, Statement::deny(actions.iter().copied()).on_any()));
        PolicyDocument::new(
            [
                ("Ceiling", Statement::allow(self.ceiling()).on_any()),
                ("Grants", foreign_grants()),
                ("Tags", ownership_tags()),
            ]
            .into_iter()
            .chain(denies),
        )
    }

    /// By service prefix, so that the boundary stays small at any number of services.
    fn ceiling(&self) -> BTreeSet<String> {
        let services = self
            .environment
            .services
            .values()
            .filter(|service| !matches!(service.state, State::Retired { .. }));
        let mut actions: BTreeSet<String> =
            PLATFORM.iter().map(|name| format!("{name}:*")).collect();
        for service in services {
            actions.extend(
                service
                    .access
                    .iter()
                    .filter_map(|access| prefix(&access.to)),
            );
            if service.calls.iter().any(|call| call.listener.is_none()) {
                actions.insert("lambda:InvokeFunction".to_owned());
            }
            if service.runtime == Runtime::Lambda {
                actions.extend(LAMBDA_INTERFACE.map(str::to_owned));
            }
        }
        actions
    }
}

/// `dynamodb:*` of `dynamodb:table/customers` or of an ARN.
fn prefix(target: &str) -> Option<String> {
    endpoint::prefix(target).map(|name| format!("{name}:*"))
}

/// A grant that is not for an AWS resource hands the key to anybody.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
fn foreign_grants() -> Statement {
    Statement::deny(["kms:CreateGrant"]).on_any().when(
        "BoolIfExists",
        "kms:GrantIsForAWSResource",
        [Ref::literal("false")],
    )
}

/// Ownership is written in tags: no workload may write them.
fn ownership_tags() -> Statement {
    Statement::deny(["*"]).on_any().when(
        "ForAnyValue:StringLike",
        "aws:TagKeys",
        [Ref::literal("strongroom:*")],
    )
}
