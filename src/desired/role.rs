//! The roles of a service: one a version, and a second where ECS runs it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiler, text};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{
        BOUNDARY, INLINE_POLICY, KindName, Naming, Runtime, Service, State, TagKey, VersionName,
    },
    resource::{IamRole, Ref},
};

/// The name of the inline policy that denies everything while a service is suspended.
const SUSPENDED: &str = "suspended";
/// One hour, the shortest that IAM accepts for a role.
pub(super) const SESSION_SECONDS: u32 = 3600;

impl Compiler<'_> {
    pub(super) fn roles(&mut self, service: &Service) {
        let workload = self.workload_policy(service);
        for version in &service.versions {
            let name = Naming::version(&service.name, version);
            let role = self.role(service, version, &name, workload.clone());
            self.add(name, role, Some(&service.name));
            if service.runtime == Runtime::EcsFargate {
                let name = Naming::execution(&service.name, version);
                let policy = Some(self.execution_policy(service));
                let role = self.role(service, version, &name, policy);
                self.add(name, role, Some(&service.name));
            }
        }
    }

    fn role(
        &self,
        service: &Service,
        version: &VersionName,
        name: &str,
        policy: Option<PolicyDocument>,
    ) -> IamRole {
        let mut tags = self.tags(Some(service));
        tags.insert(TagKey::VERSION.to_owned(), version.to_string());
        IamRole {
            name: self.naming.prefixed(name),
            path: self.naming.path(),
            trust: self.trust(service, version).into(),
            boundary: Some(Ref::to(KindName::IamPolicy, BOUNDARY)).into(),
            inline: inline(service, policy).into(),
            managed: BTreeSet::new().into(),
            description: text::role_description(&service.purpose).into(),
            max_session_seconds: SESSION_SECONDS.into(),
            tags: tags.into(),
        }
    }

    /// The roles of all versions of a service, as principals.
    pub(super) fn role_refs(&self, service: &Service) -> Vec<Ref> {
        let to = |name: String| Ref::to(KindName::IamRole, name);
        service
            .versions
            .iter()
            .flat_map(|version| {
                let execution = (service.runtime == Runtime::EcsFargate)
                    .then(|| to(Naming::execution(&service.name, version)));
                [to(Naming::version(&service.name, version))]
                    .into_iter()
                    .chain(execution)
            })
            .collect()
    }
}

fn inline(service: &Service, policy: Option<PolicyDocument>) -> BTreeMap<String, PolicyDocument> {
    let suspended = matches!(service.state, State::Suspended { .. }).then(|| {
        let everything = Statement::deny(["*"]).on_any();
        (
            SUSPENDED.to_owned(),
            PolicyDocument::new([("Everything", everything)]),
        )
    });
    policy
        .map(|policy| (INLINE_POLICY.to_owned(), policy))
        .into_iter()
        .chain(suspended)
        .collect()
}
