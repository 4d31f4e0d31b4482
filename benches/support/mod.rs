//! Banks of any size for the benches: made from numbers alone, so every run measures the same.

use std::collections::BTreeSet;

use strongroom::model::{
    Access, AccessGrant, AccessLevel, Alarms, Audit, Call, Class, Criticality, DataClass,
    DataEvents, Docs, Endpoints, Environment, KeyType, Keys, Listener, Lock, LockMode, Network,
    Port, Principals, Protocol, Runtime, Service, ServiceName, State, Store, StoreKind, TableKey,
    Workload,
};

/// How far away the services that a service calls are: short and long distances, so that callers
/// and callees mix, and no group has more callers than AWS accepts rules.
const CALLS: [usize; 4] = [1, 3, 7, 31];

/// A bank of `services` services: four calls each, every runtime, one store each, one access to
/// the own store and one to a neighbour's.
pub fn bank(services: usize) -> Environment {
    let name = |role: &str| format!("arn:aws:iam::111122223333:role/{role}");
    Environment {
        name: parsed("bench"),
        account: parsed("111122223333"),
        region: parsed("eu-west-1"),
        owner: "platform@bank.example".to_owned(),
        class: Class::Production,
        frameworks: strongroom::compliance::library::shipped()
            .keys()
            .cloned()
            .collect(),
        principals: Principals {
            pipeline: parsed(&name("apply")),
            plan: parsed(&name("plan")),
            auditors: BTreeSet::from([parsed(&name("auditor"))]),
            key_admins: BTreeSet::from([parsed(&name("custodian"))]),
            deployers: BTreeSet::from([parsed(&name("deployer"))]),
            break_glass: parsed(&name("break-glass")),
        },
        network: Network {
            vpc: None,
            cidr: parsed("10.40.0.0/16"),
            zones: ["a", "b", "c"].map(parsed).into(),
            endpoints: Endpoints::Auto,
            flow_log_days: 400,
        },
        audit: Audit {
            log_days: 400,
            max_log_days: None,
            lock: Lock {
                mode: LockMode::Compliance,
                days: 1_827,
            },
            hot_days: 92,
            data_events: DataEvents::Declared,
            archive_account: None,
        },
        keys: Keys {
            rotation_days: 365,
            deletion_window_days: 30,
        },
        alarms: Alarms::default(),
        baseline: true,
        services: (0..services)
            .map(|index| service(index, services))
            .collect(),
    }
}

fn service(index: usize, of: usize) -> (ServiceName, Service) {
    let name = name(index);
    let service = Service {
        name: name.clone(),
        purpose: format!("Does the one thing that service {index} of the bank is for."),
        owner: format!("team-{}", index % 20),
        criticality: Criticality::High,
        data: BTreeSet::from([DataClass::Personal, DataClass::Financial]),
        runtime: runtime(index),
        docs: Docs::default(),
        listens: listener(index).into_iter().collect(),
        calls: calls(index, of),
        stores: vec![Store {
            kind: StoreKind::Dynamodb,
            name: table(index),
            manage: true,
            key: Some(TableKey {
                partition: "id".to_owned(),
                partition_type: KeyType::S,
                sort: None,
                sort_type: KeyType::S,
            }),
        }],
        access: vec![
            access(AccessLevel::Write, index),
            access(AccessLevel::Read, (index + 1) % of),
        ],
        ingress: Vec::new(),
        egress: Vec::new(),
        versions: BTreeSet::from([parsed("v1")]),
        state: State::Running,
        log_days: 400,
    };
    (name, service)
}

fn name(index: usize) -> ServiceName {
    parsed(&format!("service-{index}"))
}

fn table(index: usize) -> String {
    format!("table-{index}")
}

fn runtime(index: usize) -> Runtime {
    let workload = Workload {
        namespace: "bank".to_owned(),
        service_account: format!("service-{index}"),
    };
    match index % 5 {
        0 => Runtime::Lambda,
        1 => Runtime::Ec2,
        2 => Runtime::EksPodIdentity {
            cluster: "bank".to_owned(),
            workload,
        },
        3 => Runtime::EksIrsa {
            issuer: "oidc.eks.eu-west-1.amazonaws.com/id/BENCH".to_owned(),
            workload,
        },
        _ => Runtime::EcsFargate,
    }
}

fn listener(index: usize) -> Option<Listener> {
    (runtime(index) != Runtime::Lambda).then(|| Listener {
        port: Port::try_from(8443).unwrap(),
        protocol: Protocol::Tcp,
    })
}

fn calls(index: usize, of: usize) -> Vec<Call> {
    let callees: BTreeSet<usize> = CALLS.iter().map(|step| (index + step) % of).collect();
    callees
        .into_iter()
        .filter(|callee| *callee != index)
        .map(|callee| Call {
            service: name(callee),
            listener: listener(callee),
            why: format!("Service {index} needs what service {callee} knows."),
        })
        .collect()
}

fn access(level: AccessLevel, owner: usize) -> Access {
    Access {
        grant: AccessGrant::Level(level),
        to: format!("dynamodb:table/{}", table(owner)),
        why: "Needs the records.".to_owned(),
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}
