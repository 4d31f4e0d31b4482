//! How roles reach what runs: instance profiles, OIDC providers, Pod Identity associations, the
//! service-linked roles that must exist first, and what deployers need to hand roles over.

use std::collections::BTreeSet;

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{Address, KindName, Naming, Runtime, Service, TagKey, VersionName, Workload},
    resource::{
        IamPolicy, InstanceProfile, OidcProvider, PodIdentityAssociation, Ref, ServiceLinkedRole,
    },
};

/// The logical name of the policy for deployers.
const DEPLOYMENT: &str = "deployment";
impl Compiler<'_> {
    /// What the environment as a whole needs for its runtimes.
    pub(super) fn identity(&mut self) {
        for linked in self.environment.linked_roles() {
            let role = ServiceLinkedRole {
                service: linked.service.to_owned(),
                name: linked.name.to_owned(),
            };
            self.add(linked.logical().to_owned(), role, None);
        }
        self.deployment();
    }

    /// What one service needs beside its roles.
    pub(super) fn service_identity(&mut self, service: &Service) {
        match &service.runtime {
            Runtime::Ec2 => self.instance_profiles(service),
            Runtime::EksPodIdentity { cluster, workload } => {
                self.associations(service, cluster, workload);
            }
            Runtime::EksIrsa { issuer, .. } => self.oidc_provider(issuer),
            Runtime::Lambda | Runtime::EcsFargate => {}
        }
    }

    fn living(&self) -> impl Iterator<Item = &Service> {
        let services = self.environment.services.values();
        services.filter(|service| service.is_alive())
    }

    fn instance_profiles(&mut self, service: &Service) {
        for version in &service.versions {
            let name = Naming::version(&service.name, version);
            let profile = InstanceProfile {
                name: self.naming.prefixed(&name),
                path: self.naming.path(),
                role: Some(Ref::to(KindName::IamRole, name.as_str())).into(),
            };
            self.add(name, profile, Some(&service.name));
        }
    }

    fn associations(&mut self, service: &Service, cluster: &str, workload: &Workload) {
        for version in &service.versions {
            let name = Naming::version(&service.name, version);
            let mut tags = self.tags(Some(service));
            tags.insert(TagKey::VERSION.to_owned(), version.to_string());
            let association = PodIdentityAssociation {
                cluster: cluster.to_owned(),
                namespace: workload.namespace.clone(),
                service_account: service.service_account(workload, version),
                role: Ref::to(KindName::IamRole, name.as_str()).into(),
                tags: tags.into(),
            };
            self.add(name, association, Some(&service.name));
        }
    }

    /// Whoever made the cluster makes its provider: one issuer has one provider in an account.
    fn oidc_provider(&mut self, issuer: &str) {
        let audience = format!("sts.{}", self.environment.region.dns_suffix());
        let provider = OidcProvider {
            issuer: issuer.to_owned(),
            audiences: BTreeSet::from([audience]).into(),
            tags: self.tags(None).into(),
        };
        self.verify(issuer.to_owned(), provider, None);
    }

    /// Handing a role of the environment to the runtime that it is for. Deployers attach it; it
    /// names the path, so that it stays small at any number of services.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
    fn deployment(&mut self) {
        let receivers: BTreeSet<Ref> = self
            .living()
            .filter_map(|service| receiver(&service.runtime))
            .map(Ref::literal)
            .collect();
        if receivers.is_empty() {
            return;
        }
        let home = self
            .environment
            .home(&Address::new(KindName::IamPolicy, DEPLOYMENT));
        let roles = home.global_arn("iam", &format!("role{}*", self.naming.path()));
        let pass = Statement::allow(["iam:PassRole"])
            .on([Ref::Literal(roles)])
            .when("StringEquals", "iam:PassedToService", receivers);
        let policy = IamPolicy {
            name: self.naming.prefixed(DEPLOYMENT),
            path: self.naming.path(),
            document: PolicyDocument::new([("PassRoles", pass)]).into(),
            tags: self.tags(None).into(),
        };
        self.add(DEPLOYMENT.to_owned(), policy, None);
    }
}

impl Service {
    /// The Kubernetes service account of a version: the declared one, or one for each version where
    /// several run side by side, for an account has one role at most.
    pub fn service_account(&self, workload: &Workload, version: &VersionName) -> String {
        match self.versions.len() {
            0 | 1 => workload.service_account.clone(),
            _ => format!("{}-{version}", workload.service_account),
        }
    }
}

/// The service that a role is handed to, where somebody hands it.
fn receiver(runtime: &Runtime) -> Option<&'static str> {
    match runtime {
        Runtime::Lambda => Some("lambda.amazonaws.com"),
        Runtime::EcsFargate => Some("ecs-tasks.amazonaws.com"),
        Runtime::Ec2 => Some("ec2.amazonaws.com"),
        Runtime::EksPodIdentity { .. } => Some("pods.eks.amazonaws.com"),
        Runtime::EksIrsa { .. } => None,
    }
}
