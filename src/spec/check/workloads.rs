//! Kubernetes service accounts: one workload each, or isolation is only on paper.

use std::collections::BTreeMap;

use super::Declared;
use crate::{
    model::{Runtime, Service, Workload},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// Service accounts that more than one workload would run as.
pub(super) fn workloads(declared: &Declared<'_>) -> Vec<Draft> {
    let mut taken: BTreeMap<_, &Service> = BTreeMap::new();
    let mut problems = Vec::new();
    for service in declared.services.values() {
        let Some((cluster, workload)) = place(service) else {
            continue;
        };
        let account = (cluster, &workload.namespace, &workload.service_account);
        match taken.get(&account) {
            Some(first) => problems.push(shared(service, workload, &format!("`{}`", first.name))),
            None if service.versions.len() > 1 => {
                problems.push(shared(service, workload, "its own versions"));
            }
            None => {}
        }
        taken.entry(account).or_insert(service);
    }
    problems
}

fn place(service: &Service) -> Option<(&str, &Workload)> {
    match &service.runtime {
        Runtime::EksPodIdentity { cluster, workload } => Some((cluster, workload)),
        Runtime::EksIrsa { issuer, workload } => Some((issuer, workload)),
        Runtime::Lambda | Runtime::EcsFargate | Runtime::Ec2 => None,
    }
}

fn shared(service: &Service, workload: &Workload, other: &str) -> Draft {
    let Workload {
        namespace,
        service_account,
    } = workload;
    Draft::new(
        Code::WorkloadShared,
        format!("the service account {namespace}/{service_account} is shared with {other}"),
    )
    .help(
        "give each workload a service account of its own; on EKS that means one version a service",
    )
    .path(
        YamlPath::service(&service.name)
            .key("eks")
            .key("service_account"),
    )
}
