//! What every verdict rests on: who is trusted, and what is taken for granted. Named, so that
//! somebody can disagree.

use std::collections::BTreeSet;

use super::ask::World;
use crate::model::{Environment, Principals, Runtime};

/// Who could break the isolation and is trusted not to.
pub(super) fn principals(environment: &Environment) -> BTreeSet<String> {
    let Principals {
        pipeline,
        key_admins,
        deployers,
        break_glass,
        ..
    } = &environment.principals;
    let mut trusted = BTreeSet::from([
        format!("{pipeline}: applies plans, and may change every policy"),
        format!("{break_glass}: for emergencies"),
        format!(
            "the root user of account {}: outside of every policy",
            environment.account
        ),
    ]);
    trusted.extend(
        key_admins
            .iter()
            .map(|arn| format!("{arn}: administers keys")),
    );
    trusted.extend(
        deployers
            .iter()
            .map(|arn| format!("{arn}: starts the services")),
    );
    trusted
}

/// What is taken for granted.
pub(super) fn assumptions(world: &World<'_>) -> BTreeSet<String> {
    let mut assumed: BTreeSet<String> = ALWAYS.iter().map(|text| (*text).to_owned()).collect();
    let services = || world.environment.services.values().filter(|s| s.is_alive());
    let has = |runtime: fn(&Runtime) -> bool| services().any(|s| runtime(&s.runtime));
    if has(|runtime| *runtime == Runtime::Lambda) {
        assumed.insert(
            "policies of Lambda functions are not read: whom they let in is not seen".to_owned(),
        );
    }
    if has(|runtime| {
        matches!(
            runtime,
            Runtime::EksPodIdentity { .. } | Runtime::EksIrsa { .. }
        )
    }) {
        assumed.insert(
            "pods of one cluster are kept apart by it: who makes pods there is not looked at"
                .to_owned(),
        );
    }
    assumed
}

/// What holds for every environment.
const ALWAYS: [&str; 7] = [
    "credentials of a role may be used from anywhere: no endpoint or address is taken to hold them",
    "policies of the organisation and session policies are left out: they only narrow",
    "CloudWatch Logs decrypts a log group for whoever may read it",
    "names resolved by AWS's DNS are not looked at: they carry no access of their own",
    "principals outside of the environment's path are not callers: those of the specification are \
     trusted, others are for the checks of the account",
    "AWS services act only for whom their documentation says",
    "the policies of the snapshot are in force: a change of KMS grants takes up to five minutes",
];
