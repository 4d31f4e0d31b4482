//! Whether what a service asks of AWS exists and can be granted: its actions and resources.

use crate::{
    iam::{
        access::{AccessError, AccessTarget, Place, compile},
        catalogue::{Catalogue, CatalogueError},
    },
    model::{Access, AccessGrant, Environment},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// What the action catalogue says about every access.
pub(in crate::spec) fn access_problems(environment: &Environment) -> Vec<Draft> {
    let place = Place {
        region: &environment.region,
        account: &environment.account,
    };
    let mut problems = Vec::new();
    for service in environment.services.values() {
        for (index, access) in service.access.iter().enumerate() {
            if let Err(error) = compiled(access, &place) {
                let entry = YamlPath::service(&service.name).key("access").index(index);
                problems.push(refusal(&error, access, entry));
            }
        }
    }
    problems
}

fn compiled(access: &Access, place: &Place<'_>) -> Result<(), AccessError> {
    let target: AccessTarget = access.to.parse()?;
    compile(&access.grant, &target, place, Catalogue::vendored()?).map(drop)
}

fn refusal(error: &AccessError, access: &Access, entry: YamlPath) -> Draft {
    let (code, about_target, help) = verdict(error);
    let path = match (&access.grant, about_target) {
        (_, true) => entry.key("to"),
        (AccessGrant::Level(_), false) => entry.key("level"),
        (AccessGrant::Actions(_), false) => entry.key("actions"),
    };
    Draft::new(code, error.to_string()).help(help).path(path)
}

/// The code, whether the target is to blame, and what to do.
fn verdict(error: &AccessError) -> (Code, bool, &'static str) {
    const TARGET: &str = "write service:type/name, as dynamodb:table/customers, or a whole ARN";
    const ACTIONS: &str = "name each action in full, as s3:GetObject";
    match error {
        AccessError::NotATarget { .. }
        | AccessError::UnknownType { .. }
        | AccessError::UnknownShape { .. }
        | AccessError::NameParts { .. }
        | AccessError::BadName { .. }
        | AccessError::Unknown(CatalogueError::UnknownService { .. }) => {
            (Code::UnknownResource, true, TARGET)
        }
        AccessError::OtherPartition { .. } => (
            Code::PartitionMismatch,
            true,
            "name a resource in the environment's own partition",
        ),
        AccessError::Unknown(_) => (Code::UnknownAction, false, ACTIONS),
        AccessError::NotApplicable { .. } => (
            Code::ActionOnOtherType,
            false,
            "move the action to an access to a resource that it acts on",
        ),
        AccessError::NoLevels { .. } | AccessError::EmptyLevel { .. } => (
            Code::NoSuchLevel,
            false,
            "choose another level, or give the exact `actions`",
        ),
        AccessError::NoActions(_)
        | AccessError::Wildcard(_)
        | AccessError::ManagesPermissions(_)
        | AccessError::NoResourceLevel(_)
        | AccessError::OpenPattern { .. }
        | AccessError::DamagedList(_) => (
            Code::AccessTooWide,
            false,
            "ask for less: actions by name, on one resource",
        ),
    }
}
