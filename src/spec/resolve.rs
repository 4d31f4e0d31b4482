//! From the types as written to the model: defaults are applied, either-or fields are decided.
//! What cannot be decided is a problem; whether the parts fit together is asked in `check`.

use std::collections::BTreeSet;

use super::{
    code::Code,
    diagnostic::Draft,
    path::YamlPath,
    retention,
    written::{self, State as WrittenState},
};
use crate::model::{
    Access, AccessGrant, Alarms, Audit, Call, Class, Egress, Environment, Ingress, Keys, Listener,
    Lock, LockMode, Network, Peer, Runtime, Service, State, VersionName, Workload, Zone,
};

/// How long logs are kept where nobody says, in days.
const LOG_DAYS: u32 = 400;
/// How long the audit bucket of a production environment is locked where nobody says, in days:
/// five years.
const LOCK_DAYS: u32 = 1_827;
/// How long audit logs can be read at once where nobody says, in days.
const HOT_DAYS: u32 = 92;
/// The zones where nobody names some.
const ZONES: [&str; 3] = ["a", "b", "c"];
/// How often keys rotate where nobody says, in days.
const ROTATION_DAYS: u32 = 365;
/// How long a deleted key can be saved where nobody says, in days.
const DELETION_WINDOW_DAYS: u32 = 30;
/// The version of a service that names none.
const VERSION: &str = "v1";

/// Resolves the environment, without services.
pub(super) fn environment(written: written::Environment, problems: &mut Vec<Draft>) -> Environment {
    Environment {
        name: written.environment,
        account: written.account,
        region: written.region,
        owner: written.owner,
        class: written.class,
        frameworks: written.frameworks,
        principals: written.principals,
        network: network(written.network, problems),
        audit: audit(written.audit, written.class, problems),
        keys: Keys {
            rotation_days: written.keys.rotation_days.unwrap_or(ROTATION_DAYS),
            deletion_window_days: written
                .keys
                .deletion_window_days
                .unwrap_or(DELETION_WINDOW_DAYS),
        },
        alarms: Alarms {
            notify: written.alarms.notify,
        },
        baseline: written.baseline,
        services: std::collections::BTreeMap::new(),
    }
}

fn network(written: written::Network, problems: &mut Vec<Draft>) -> Network {
    let path = YamlPath::root().key("network").key("flow_logs");
    let days = written.flow_logs.retention_days.unwrap_or(LOG_DAYS);
    Network {
        vpc: written.vpc,
        cidr: written.cidr,
        zones: written.zones.unwrap_or_else(first_zones),
        endpoints: written.endpoints,
        flow_log_days: retention::days(days, path.key("retention_days"), problems),
    }
}

fn first_zones() -> BTreeSet<Zone> {
    ZONES.iter().filter_map(|zone| zone.parse().ok()).collect()
}

fn audit(written: written::Audit, class: Class, problems: &mut Vec<Draft>) -> Audit {
    let path = YamlPath::root().key("audit").key("log_days");
    let (mode, days) = match class {
        Class::Production => (LockMode::Compliance, LOCK_DAYS),
        Class::Staging | Class::Development => (LockMode::Governance, 1),
    };
    Audit {
        log_days: retention::days(written.log_days.unwrap_or(LOG_DAYS), path, problems),
        max_log_days: written.max_log_days,
        lock: Lock {
            mode,
            days: written.lock_days.unwrap_or(days),
        },
        hot_days: written.hot_days.unwrap_or(HOT_DAYS),
        data_events: written.data_events,
        archive_account: written.archive_account,
    }
}

/// Resolves a service; `log_days` is the environment's. None where a choice cannot be decided.
pub(super) fn service(
    written: written::Service,
    log_days: Option<u32>,
    problems: &mut Vec<Draft>,
) -> Option<Service> {
    let place = YamlPath::service(&written.service);
    let before = problems.len();
    let runtime = runtime(written.runtime, written.eks, &place, problems);
    let access = access(written.access, &place, problems);
    let ingress = edges(written.ingress, &place.clone().key("ingress"), problems);
    let egress = edges(written.egress, &place.clone().key("egress"), problems);
    let undecided = problems.len() > before;
    let kept = match written.log_days {
        Some(days) => retention::days(days, place.key("log_days"), problems),
        None => log_days.unwrap_or(LOG_DAYS),
    };
    let runtime = runtime.filter(|_| !undecided)?;
    Some(Service {
        name: written.service,
        purpose: written.purpose,
        owner: written.owner,
        criticality: written.criticality,
        data: written.data,
        runtime,
        docs: written.docs,
        listens: written.listens,
        calls: written.calls.into_iter().map(call).collect(),
        stores: written.stores,
        access,
        ingress: ingress.into_iter().map(ingress_edge).collect(),
        egress: egress.into_iter().map(egress_edge).collect(),
        versions: written.versions.unwrap_or_else(first_version),
        state: state(written.state),
        log_days: kept,
    })
}

fn first_version() -> BTreeSet<VersionName> {
    VERSION.parse().into_iter().collect()
}

fn call(written: written::Call) -> Call {
    Call {
        service: written.service,
        listener: written.port.map(|port| Listener {
            port,
            protocol: written.protocol,
        }),
        why: written.why,
    }
}

fn state(written: WrittenState) -> State {
    match written {
        WrittenState::Running => State::Running,
        WrittenState::Suspended(written::Since { since, reason }) => {
            State::Suspended { since, reason }
        }
        WrittenState::Retired(written::Since { since, reason }) => State::Retired { since, reason },
    }
}

fn runtime(
    runtime: written::Runtime,
    eks: Option<written::Eks>,
    place: &YamlPath,
    problems: &mut Vec<Draft>,
) -> Option<Runtime> {
    use written::Runtime as Written;
    let mut refuse = |field: &str, message: &str, help: &str| {
        let draft = Draft::new(Code::RuntimeSettings, message).help(help);
        problems.push(draft.path(place.clone().key(field)));
        None
    };
    match (runtime, eks) {
        (Written::Lambda, None) => Some(Runtime::Lambda),
        (Written::EcsFargate, None) => Some(Runtime::EcsFargate),
        (Written::Ec2, None) => Some(Runtime::Ec2),
        (Written::EksPodIdentity | Written::EksIrsa, None) => refuse(
            "runtime",
            "an EKS runtime needs to know its service account",
            "add `eks: {cluster: …, namespace: …, service_account: …}`, with `issuer` in place of `cluster` for IRSA",
        ),
        (Written::Lambda | Written::EcsFargate | Written::Ec2, Some(_)) => refuse(
            "eks",
            "`eks` says nothing about this runtime",
            "remove `eks`, or choose the runtime eks-pod-identity or eks-irsa",
        ),
        (Written::EksPodIdentity, Some(eks)) => match (eks.cluster.clone(), &eks.issuer) {
            (Some(cluster), None) => Some(Runtime::EksPodIdentity {
                cluster,
                workload: workload(eks),
            }),
            _ => refuse(
                "eks",
                "Pod Identity is bound to a cluster, not to an issuer",
                "give `cluster` and no `issuer`",
            ),
        },
        (Written::EksIrsa, Some(eks)) => match (eks.issuer.clone(), &eks.cluster) {
            (Some(issuer), None) => Some(Runtime::EksIrsa {
                issuer,
                workload: workload(eks),
            }),
            _ => refuse(
                "eks",
                "IAM roles for service accounts trust an issuer, not a cluster",
                "give `issuer` and no `cluster`",
            ),
        },
    }
}

fn workload(eks: written::Eks) -> Workload {
    Workload {
        namespace: eks.namespace,
        service_account: eks.service_account,
    }
}

fn access(
    written: Vec<written::Access>,
    place: &YamlPath,
    problems: &mut Vec<Draft>,
) -> Vec<Access> {
    let mut resolved = Vec::new();
    for (index, access) in written.into_iter().enumerate() {
        let grant = match (access.level, access.actions) {
            (Some(level), None) => AccessGrant::Level(level),
            (None, Some(actions)) => AccessGrant::Actions(actions),
            (level, _) => {
                let path = place.clone().key("access").index(index);
                problems.push(one_grant(level.is_some()).path(path));
                continue;
            }
        };
        resolved.push(Access {
            grant,
            to: access.to,
            why: access.why,
        });
    }
    resolved
}

fn one_grant(both: bool) -> Draft {
    let how = if both {
        "both `level` and `actions`"
    } else {
        "neither `level` nor `actions`"
    };
    Draft::new(Code::OneGrant, format!("the access has {how}"))
        .help("give either a `level` (read, write, list, tagging) or the exact `actions`")
}

/// An edge to or from outside, decided.
struct Edge {
    peer: Peer,
    listener: Listener,
    why: String,
}

fn edges(written: Vec<written::Edge>, place: &YamlPath, problems: &mut Vec<Draft>) -> Vec<Edge> {
    let mut resolved = Vec::new();
    for (index, edge) in written.into_iter().enumerate() {
        let peer = match (edge.cidr, edge.security_group, edge.prefix_list) {
            (Some(cidr), None, None) => Peer::Cidr(cidr),
            (None, Some(group), None) => Peer::SecurityGroup(group),
            (None, None, Some(list)) => Peer::PrefixList(list),
            _ => {
                problems.push(one_peer().path(place.clone().index(index)));
                continue;
            }
        };
        resolved.push(Edge {
            peer,
            listener: Listener {
                port: edge.port,
                protocol: edge.protocol,
            },
            why: edge.why,
        });
    }
    resolved
}

fn one_peer() -> Draft {
    Draft::new(Code::OnePeer, "the edge needs exactly one peer")
        .help("give one of `cidr`, `security_group`, `prefix_list`")
}

fn ingress_edge(edge: Edge) -> Ingress {
    Ingress {
        from: edge.peer,
        listener: edge.listener,
        why: edge.why,
    }
}

fn egress_edge(edge: Edge) -> Egress {
    Egress {
        to: edge.peer,
        listener: edge.listener,
        why: edge.why,
    }
}
