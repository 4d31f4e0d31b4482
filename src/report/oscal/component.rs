//! A component definition for each service: what it is, what it has, where it listens, and which
//! requirements its resources answer, by which checks. It is what was declared, not what was found.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    common::{Paper, props},
    id::{control, token},
};
use crate::{
    compliance::{
        assess::{FrameworkResult, RequirementResult},
        check::Scope,
    },
    evidence::ENVIRONMENT,
    model::{Listener, Protocol, Service},
    report::{
        assessment::{ResourceView, ServiceView},
        markdown::{code, prose},
    },
};

impl Paper<'_> {
    /// The component definition of a service.
    pub fn component(&self, view: &ServiceView) -> Value {
        let services = self.source.environment.services.values();
        let mut services = services.filter(|service| service.name.as_str() == view.name);
        let service = services.next();
        let title = format!("{} in {}", view.name, self.report.header.environment);
        let parties = BTreeSet::from([view.owner.clone()]);
        let resources = view.resources.iter().map(|one| self.part(view, one));
        let own = self.defined(view, service);
        json!({ "component-definition": {
            "uuid": self.ids.of_report("component-definition", &[&view.name]),
            "metadata": self.metadata(&title, "organization", &parties),
            "components": std::iter::once(own).chain(resources).collect::<Vec<_>>(),
            "back-matter": self.back_matter(),
        }})
    }

    fn defined(&self, view: &ServiceView, service: Option<&Service>) -> Value {
        let said: Vec<(String, &str)> = view
            .statements
            .iter()
            .map(|one| (token(&one.about.to_lowercase()), one.text.as_str()))
            .collect();
        let said: Vec<(&str, &str)> = said
            .iter()
            .map(|(name, text)| (name.as_str(), *text))
            .collect();
        let frameworks = self.source.assessment.frameworks.iter();
        let frameworks = frameworks.filter(|framework| framework.services.contains(&view.name));
        let edges = view.edges.iter();
        let edges = edges.map(|edge| {
            format!(
                "- {} {}: {}. {}",
                edge.kind,
                prose(&edge.with),
                prose(&edge.what),
                prose(&edge.why)
            )
        });
        let listens = service.into_iter().flat_map(|service| &service.listens);
        json!({
            "uuid": self.service(&view.name),
            "type": "service",
            "title": prose(&view.name),
            "description": prose(&view.purpose),
            "purpose": prose(&view.purpose),
            "props": props(&said),
            "responsible-roles": [{ "role-id": "owner", "party-uuids": [self.party(&view.owner)] }],
            "protocols": listens.map(|one| self.protocol(view, one)).collect::<Vec<_>>(),
            "control-implementations": frameworks
                .filter_map(|framework| self.implementation(view, framework))
                .collect::<Vec<_>>(),
            "remarks": edges.collect::<Vec<_>>().join("\n"),
        })
    }

    fn protocol(&self, view: &ServiceView, listener: &Listener) -> Value {
        let port = listener.port.get();
        let transport = match listener.protocol {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
        };
        let name = listener.to_string();
        json!({
            "uuid": self.ids.lasting("protocol", &[&view.name, &name]),
            "name": name,
            "port-ranges": [{ "start": port, "end": port, "transport": transport }],
        })
    }

    /// A resource that the specification gives the service.
    fn part(&self, view: &ServiceView, resource: &ResourceView) -> Value {
        let title = format!("{} {}", resource.kind, resource.name);
        json!({
            "uuid": self.ids.lasting("part", &[&view.name, &title]),
            "type": "service",
            "title": prose(&title),
            "description": prose(&format!("The {} of service {}", resource.kind, view.name)),
            "props": props(&[
                ("resource-kind", resource.kind),
                ("resource-name", &resource.name),
                ("resource-id", resource.id.as_deref().unwrap_or_default()),
            ]),
        })
    }

    /// The requirements of a framework that checks on the service's own resources speak for.
    fn implementation(&self, view: &ServiceView, framework: &FrameworkResult) -> Option<Value> {
        let requirements = framework.requirements.iter();
        let answered: Vec<Value> = requirements
            .filter_map(|one| self.answered(view, framework, one))
            .collect();
        let source = match framework.source.url.starts_with("https://") {
            true => framework.source.url.clone(),
            false => format!("#{}", self.file(ENVIRONMENT)),
        };
        (!answered.is_empty()).then(|| {
            json!({
                "uuid": self.ids.lasting("implementation", &[&view.name, framework.id.as_str()]),
                "source": source,
                "description": prose(&framework.name),
                "props": props(&[("framework", framework.id.as_str())]),
                "implemented-requirements": answered,
            })
        })
    }

    fn answered(
        &self,
        view: &ServiceView,
        framework: &FrameworkResult,
        one: &RequirementResult,
    ) -> Option<Value> {
        let runs = &self.source.assessment.checks;
        let runs = one
            .checks
            .iter()
            .filter_map(|demanded| runs.get(demanded.run));
        let lines: Vec<String> = runs
            .filter(|run| run.scope == Scope::Service)
            .map(|run| {
                let clauses: Vec<String> = run.pass.iter().map(|clause| code(clause)).collect();
                format!(
                    "- {}: {} {}",
                    code(&run.id),
                    prose(&run.title),
                    clauses.join(" and ")
                )
            })
            .collect();
        (!lines.is_empty()).then(|| {
            let id = [view.name.as_str(), framework.id.as_str(), &one.id];
            json!({
                "uuid": self.ids.lasting("answer", &id),
                "control-id": control(&framework.id, &one.id),
                "description": format!("{}\n\n{}", prose(&one.title), lines.join("\n")),
                "props": props(&[("framework", framework.id.as_str()), ("requirement", &one.id)]),
            })
        })
    }
}
