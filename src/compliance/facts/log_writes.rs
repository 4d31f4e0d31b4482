//! What a policy allows on CloudWatch Logs beyond writing to the service's own log group.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html>

use super::{World, statement::allows};
use crate::{
    iam::PolicyDocument,
    model::{KindName, Service},
    resource::Ref,
};

const WRITES: [&str; 3] = [
    "logs:PutLogEvents",
    "logs:CreateLogStream",
    "logs:CreateLogGroup",
];
const TAMPERING: [&str; 9] = [
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteRetentionPolicy",
    "logs:DeleteDataProtectionPolicy",
    "logs:DeleteSubscriptionFilter",
    "logs:DisassociateKmsKey",
    "logs:PutLogGroupDeletionProtection",
    "logs:PutResourcePolicy",
    "logs:PutRetentionPolicy",
];

/// Writes that are allowed on another log group, each as `sid: action on resource`.
pub(super) fn elsewhere(
    world: &World<'_>,
    service: &Service,
    document: &PolicyDocument,
) -> Vec<String> {
    let mut found = Vec::new();
    for (sid, statement) in allows(document) {
        for action in statement.covered(&WRITES) {
            let foreign = statement
                .resources
                .iter()
                .filter(|r| !is_own(world, service, r));
            found.extend(foreign.map(|resource| format!("{sid}: {action} on {resource}")));
            if !statement.not_resources.is_empty() {
                found.push(format!("{sid}: {action} on all but NotResource"));
            }
        }
    }
    found
}

/// Actions that delete logs, shorten their life or lift their protection, each as `sid: action`.
pub(super) fn tampering(document: &PolicyDocument) -> Vec<String> {
    let found = allows(document).flat_map(|(sid, statement)| {
        let covered = statement.covered(&TAMPERING);
        covered.map(move |action| format!("{sid}: {action}"))
    });
    found.collect()
}

fn is_own(world: &World<'_>, service: &Service, resource: &Ref) -> bool {
    match resource {
        Ref::To(address) => {
            address.kind == KindName::LogGroup && address.name == service.name.as_str()
        }
        Ref::Literal(text) => {
            let place = &world.environment;
            let arn = format!(
                "arn:{}:logs:{}:{}:log-group:{}",
                place.region.partition(),
                place.region,
                place.account,
                world.naming.log_group(service.name.as_str())
            );
            text.strip_prefix(&arn)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        }
    }
}
