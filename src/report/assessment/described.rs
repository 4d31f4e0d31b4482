//! What the specification says of a service, in words: its nature, its resources, its ways.

use super::{Edge, ResourceView, Source, Statement, resource, text};
use crate::model::{
    Access, AccessGrant, Address, Call, KindName, Naming, Peer, Runtime, Service, State, Workload,
};

/// What is said of it, by heading.
pub(super) fn statements(service: &Service) -> Vec<Statement> {
    let data: Vec<String> = service.data.iter().map(text::word).collect();
    let versions: Vec<&str> = service
        .versions
        .iter()
        .map(|version| version.as_str())
        .collect();
    let listens: Vec<String> = service.listens.iter().map(ToString::to_string).collect();
    let stores: Vec<String> = service.stores.iter().map(|store| store.target()).collect();
    let statements = [
        ("Criticality", text::word(service.criticality)),
        ("Data", data.join(", ")),
        ("Runtime", runtime(&service.runtime)),
        ("State", state(&service.state)),
        ("Versions", versions.join(", ")),
        (
            "Log kept for",
            format!("{} days, as declared", service.log_days),
        ),
        ("Listens on", listens.join(", ")),
        ("Stores", stores.join(", ")),
        (
            "Why on its own",
            service.docs.why.clone().unwrap_or_default(),
        ),
    ];
    statements
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(about, text)| Statement { about, text })
        .collect()
}

fn runtime(runtime: &Runtime) -> String {
    let kubernetes =
        |workload: &Workload| format!("{}/{}", workload.namespace, workload.service_account);
    match runtime {
        Runtime::Lambda => "AWS Lambda".to_owned(),
        Runtime::EcsFargate => "Amazon ECS on Fargate".to_owned(),
        Runtime::EksPodIdentity { cluster, workload } => {
            format!(
                "Amazon EKS with Pod Identity, cluster {cluster}, {}",
                kubernetes(workload)
            )
        }
        Runtime::EksIrsa { issuer, workload } => {
            format!(
                "Amazon EKS with IAM roles for service accounts, {issuer}, {}",
                kubernetes(workload)
            )
        }
        Runtime::Ec2 => "Amazon EC2".to_owned(),
    }
}

fn state(state: &State) -> String {
    match state {
        State::Running => "running".to_owned(),
        State::Suspended { since, reason } => format!("suspended since {since}: {reason}"),
        State::Retired { since, reason } => format!("retired since {since}: {reason}"),
    }
}

/// What the specification gives it, and how AWS calls that where it is there.
pub(super) fn resources(source: &Source<'_>, service: &Service) -> Vec<ResourceView> {
    let versions = || service.versions.iter();
    let roles = versions().flat_map(|version| {
        [
            Naming::version(&service.name, version),
            Naming::execution(&service.name, version),
        ]
    });
    let groups = versions().map(|version| Naming::version(&service.name, version));
    let one = |kind| Address::new(kind, service.name.to_string());
    let wanted = roles
        .map(|name| Address::new(KindName::IamRole, name))
        .chain([one(KindName::KmsKey), one(KindName::LogGroup)])
        .chain(groups.map(|name| Address::new(KindName::SecurityGroup, name)));
    wanted
        .filter(|address| source.desired.resources.contains(address))
        .map(|address| resource::of(address, source.snapshot))
        .collect()
}

/// Whom it reaches and who reaches it, as declared.
pub(super) fn edges(source: &Source<'_>, service: &Service) -> Vec<Edge> {
    let edge = |kind, with: String, what: String, why: &str| Edge {
        kind,
        with,
        what,
        why: why.to_owned(),
    };
    let reach = |call: &Call| {
        let listener = call.listener.as_ref();
        listener.map_or_else(|| "invoke".to_owned(), ToString::to_string)
    };
    let calls = service.calls.iter();
    let calls = calls.map(|call| edge("calls", call.service.to_string(), reach(call), &call.why));
    let callers = source.environment.services.values().flat_map(|caller| {
        let calls = caller
            .calls
            .iter()
            .filter(|call| call.service == service.name);
        calls.map(|call| edge("called by", caller.name.to_string(), reach(call), &call.why))
    });
    let access = service.access.iter();
    let access =
        access.map(|access| edge("access", access.to.clone(), granted(access), &access.why));
    let ingress = service.ingress.iter();
    let ingress = ingress.map(|i| {
        edge(
            "from outside",
            peer(&i.from),
            i.listener.to_string(),
            &i.why,
        )
    });
    let egress = service.egress.iter();
    let egress = egress.map(|e| edge("to outside", peer(&e.to), e.listener.to_string(), &e.why));
    calls
        .chain(callers)
        .chain(access)
        .chain(ingress)
        .chain(egress)
        .collect()
}

fn granted(access: &Access) -> String {
    match &access.grant {
        AccessGrant::Level(level) => text::word(level),
        AccessGrant::Actions(actions) => {
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            actions.join(", ")
        }
    }
}

fn peer(peer: &Peer) -> String {
    match peer {
        Peer::Cidr(range) => range.to_string(),
        Peer::SecurityGroup(id) | Peer::PrefixList(id) => id.clone(),
    }
}
