//! Physical names: short enough for AWS, and no two alike.

use std::collections::BTreeMap;

use crate::{
    model::{Environment, Naming, Runtime, Service, ServiceName, VersionName},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// The longest name of an IAM role.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const LONGEST: usize = 64;

/// What the environment's own resources are called, or begin with before a hyphen.
const RESERVED: [&str; 9] = [
    "alarms",
    "audit",
    "audit-trail",
    "boundary",
    "config",
    "endpoints",
    "flow",
    "flow-logs",
    "trail",
];

/// One role of one version of a service.
struct RoleOf<'e> {
    service: &'e ServiceName,
    version: &'e VersionName,
    name: String,
}

/// The role names of a service: one a version, and with ECS an execution role.
fn roles<'e>(environment: &'e Environment, service: &'e Service) -> Vec<RoleOf<'e>> {
    let naming = Naming::of(&environment.name);
    let execution = service.runtime == Runtime::EcsFargate;
    let role = |version: &'e VersionName, logical: String| RoleOf {
        service: &service.name,
        version,
        name: naming.prefixed(&logical),
    };
    let both = |version: &'e VersionName| {
        let second = execution.then(|| Naming::execution(&service.name, version));
        std::iter::once(Naming::version(&service.name, version))
            .chain(second)
            .map(|logical| role(version, logical))
            .collect::<Vec<_>>()
    };
    service.versions.iter().flat_map(both).collect()
}

/// Roles whose name AWS would refuse; one problem a version.
pub(super) fn too_long(environment: &Environment) -> Vec<Draft> {
    let mut longest: BTreeMap<(&ServiceName, &VersionName), String> = BTreeMap::new();
    for role in environment
        .services
        .values()
        .flat_map(|service| roles(environment, service))
    {
        if role.name.len() > LONGEST {
            longest.insert((role.service, role.version), role.name);
        }
    }
    longest
        .into_iter()
        .map(|((service, _), name)| {
            let (length, over) = (name.len(), name.len() - LONGEST);
            Draft::new(
                Code::NameTooLong,
                format!("the role `{name}` would have {length} characters; IAM takes {LONGEST}"),
            )
            .help(format!(
                "shorten the environment, service or version name by {over}"
            ))
            .path(YamlPath::service(service).key("service"))
        })
        .collect()
}

/// Roles whose names IAM would not tell apart; it ignores case.
pub(super) fn collisions(environment: &Environment) -> Vec<Draft> {
    let mut taken: BTreeMap<String, RoleOf<'_>> = BTreeMap::new();
    let mut problems = Vec::new();
    for role in environment
        .services
        .values()
        .flat_map(|service| roles(environment, service))
    {
        match taken.get(&role.name.to_ascii_lowercase()) {
            Some(first) => problems.push(collision(first, &role)),
            None => {
                taken.insert(role.name.to_ascii_lowercase(), role);
            }
        }
    }
    problems
}

fn collision(first: &RoleOf<'_>, second: &RoleOf<'_>) -> Draft {
    let RoleOf {
        service,
        version,
        name,
    } = second;
    Draft::new(
        Code::NameCollision,
        format!(
            "`{service}` {version} and `{}` {} would share the role `{name}`",
            first.service, first.version
        ),
    )
    .help("rename one of the services or versions")
    .path(YamlPath::service(service).key("service"))
}

/// Services that would bear the name of something that belongs to no service.
pub(super) fn reserved(environment: &Environment) -> Vec<Draft> {
    let names = environment.services.keys();
    names
        .filter(|name| RESERVED.contains(&name.as_str()))
        .map(|name| {
            let text = format!("`{name}` is a name of the environment's own resources");
            Draft::new(Code::ReservedName, text)
                .help("name the service after its purpose")
                .path(YamlPath::service(name).key("service"))
        })
        .collect()
}
