//! Facts about the account, as far as an observation of one environment reaches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World,
    allowed::Allowed,
    observed::{Observed, both, listing},
    statement::allows,
};
use crate::{
    iam::{PolicyDocument, Statement},
    resource::{IamRole, Read, Ref},
};

/// The account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountFacts {
    /// The account id.
    pub id: String,
    /// The Region.
    pub region: String,
    /// Roles of the environment, declared or not, whose policies allow decryption with every key,
    /// each as `role: policy sid: action`.
    pub wildcard_decrypt: Read<Texts>,
}

const DECRYPTION: [&str; 2] = ["kms:Decrypt", "kms:ReEncryptFrom"];

pub(super) fn facts(world: &World<'_>) -> AccountFacts {
    AccountFacts {
        id: world.environment.account.to_string(),
        region: world.environment.region.to_string(),
        wildcard_decrypt: wildcard_decrypt(world),
    }
}

fn wildcard_decrypt(world: &World<'_>) -> Read<Texts> {
    let start = listing::<IamRole>(world.snapshot).map(|_| Texts::new());
    let roles = world.snapshot.resources.iam_role.keys();
    roles.fold(start, |found, name| {
        let role = Observed::<IamRole>::of(world.snapshot, name);
        let hits = Allowed::of(world, &role).find_with_administration(decrypts_everything);
        both(found, hits).map(|(mut found, hits)| {
            found.extend(hits.into_iter().map(|hit| format!("{name}: {hit}")));
            found
        })
    })
}

fn decrypts_everything(document: &PolicyDocument) -> Vec<String> {
    let found = allows(document).filter(|(_, statement)| on_every_key(statement));
    found
        .flat_map(|(sid, statement)| {
            let covered = statement.covered(&DECRYPTION);
            covered.map(move |action| format!("{sid}: {action}"))
        })
        .collect()
}

fn on_every_key(statement: &Statement) -> bool {
    let every = |resource: &Ref| match resource {
        Ref::Literal(text) => text.starts_with("arn:") && text.ends_with(":key/*"),
        Ref::To(_) => false,
    };
    statement.on_everything() || statement.resources.iter().any(every)
}
