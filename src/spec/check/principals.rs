//! People and pipelines: roles of this account, with duties that stay apart; frameworks.

use std::collections::BTreeSet;

use crate::{
    compliance::{
        framework::Status,
        library::{FrameworkHead, shipped},
    },
    model::{Arn, DataClass, Environment, FrameworkId},
    spec::{code::Code, diagnostic::Draft, path::YamlPath, suggest},
};

/// Every principal with its place, lists in the order of their sets.
fn all(environment: &Environment) -> Vec<(YamlPath, &'static str, &Arn)> {
    let principals = &environment.principals;
    let place = |field: &str| YamlPath::root().key("principals").key(field);
    let mut all = vec![
        (place("pipeline"), "pipeline", &principals.pipeline),
        (place("plan"), "plan", &principals.plan),
        (place("break_glass"), "break_glass", &principals.break_glass),
    ];
    let lists = [
        ("auditors", &principals.auditors),
        ("key_admins", &principals.key_admins),
        ("deployers", &principals.deployers),
    ];
    for (field, arns) in lists {
        all.extend(arns.iter().map(|arn| (place(field), field, arn)));
    }
    all
}

/// Principals are IAM roles of the environment's account and partition.
pub(super) fn roles(environment: &Environment) -> Vec<Draft> {
    let every = all(environment);
    every
        .into_iter()
        .filter_map(|(path, _, arn)| role(environment, arn).map(|draft| draft.path(path).item(arn)))
        .collect()
}

fn role(environment: &Environment, arn: &Arn) -> Option<Draft> {
    let partition = environment.region.partition();
    if arn.service() != "iam" || !arn.resource().starts_with("role/") {
        return Some(
            Draft::new(Code::NotARole, format!("`{arn}` is not an IAM role"))
                .help("name a role, as arn:aws:iam::111122223333:role/NAME; sessions and users come and go"),
        );
    }
    if arn.as_str().split(':').nth(1) != Some(partition) {
        return Some(
            Draft::new(
                Code::PartitionMismatch,
                format!(
                    "`{arn}` is not in the partition {partition} of {}",
                    environment.region
                ),
            )
            .help(format!("write arn:{partition}:…, or correct the Region")),
        );
    }
    (arn.account() != environment.account.as_str()).then(|| {
        Draft::new(
            Code::ForeignPrincipal,
            format!(
                "`{arn}` belongs to account {}, not to this one",
                arn.account()
            ),
        )
        .help("fine for a central pipeline or audit account; check that it is meant")
    })
}

/// Duties that one role must not hold together, with the reason.
const APART: [(&str, &str, &str); 9] = [
    (
        "pipeline",
        "plan",
        "planning must not be able to change anything",
    ),
    (
        "pipeline",
        "key_admins",
        "who applies plans must not retire keys",
    ),
    (
        "pipeline",
        "auditors",
        "who changes the account must not audit it",
    ),
    (
        "pipeline",
        "break_glass",
        "the role for emergencies must not be in daily use",
    ),
    ("plan", "key_admins", "the role that plans is read-only"),
    (
        "plan",
        "break_glass",
        "the role for emergencies must not be in daily use",
    ),
    ("plan", "deployers", "the role that plans is read-only"),
    (
        "auditors",
        "key_admins",
        "who reads evidence must not retire keys",
    ),
    (
        "auditors",
        "deployers",
        "who reads evidence must not start services",
    ),
];

/// One role under two duties that must be apart.
pub(super) fn duties(environment: &Environment) -> Vec<Draft> {
    let every = all(environment);
    let holders = |duty: &'static str| every.iter().filter(move |(_, field, _)| *field == duty);
    let mut problems = Vec::new();
    for (first, second, reason) in APART {
        for (_, _, arn) in holders(first) {
            for (path, _, _) in holders(second).filter(|(_, _, other)| other == arn) {
                let both = format!("`{arn}` is both `{first}` and `{second}`: {reason}");
                problems.push(
                    Draft::new(Code::SeparationOfDuties, both)
                        .help("give each duty a role of its own")
                        .path(path.clone())
                        .item(arn),
                );
            }
        }
    }
    problems
}

/// Frameworks that nobody knows or that are no longer in force, and cardholder data without PCI DSS.
pub(super) fn frameworks(environment: &Environment, own: &BTreeSet<FrameworkId>) -> Vec<Draft> {
    let place = YamlPath::root().key("frameworks");
    let named = environment.frameworks.iter();
    let named = named.filter_map(|id| match shipped().get(id) {
        Some(head) if head.status == Status::Retired => Some((id, retired(head))),
        None if !own.contains(id) => Some((id, unknown(id, own))),
        _ => None,
    });
    let problems = named.map(|(id, draft)| draft.path(place.clone()).item(id));
    problems.chain(card_data(environment)).collect()
}

fn unknown(id: &FrameworkId, own: &BTreeSet<FrameworkId>) -> Draft {
    let known = shipped().keys().chain(own).map(FrameworkId::as_str);
    let message = format!("the framework `{id}` is not known");
    Draft::new(Code::UnknownFramework, message).help(suggest::among(id.as_str(), known))
}

fn retired(head: &FrameworkHead) -> Draft {
    let message = format!("`{}`, {}, is no longer in force", head.id, head.name);
    Draft::new(Code::RetiredFramework, message).help(head.note.clone().unwrap_or_default())
}

fn card_data(environment: &Environment) -> Vec<Draft> {
    let judged = environment
        .frameworks
        .iter()
        .any(|id| id.as_str().starts_with("pci-dss@"));
    let handles = |service: &&crate::model::Service| service.data.contains(&DataClass::Card);
    match environment.services.values().find(handles) {
        Some(service) if !judged => vec![
            Draft::new(
                Code::CardDataWithoutPci,
                format!(
                    "`{}` handles card data and PCI DSS is not among the frameworks",
                    service.name
                ),
            )
            .help("add pci-dss@4.0.1 to `frameworks`")
            .path(YamlPath::service(&service.name).key("data"))
            .item("card"),
        ],
        _ => Vec::new(),
    }
}
