//! The facts as resources to judge: each with its path, its owner and its JSON.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compliance::{
    facts::Facts,
    predicate::{Predicate, Variable, to_cel},
};

/// A resource to judge.
pub(super) struct Instance<'a> {
    /// What it is.
    pub variable: Variable,
    /// Where its facts are.
    pub path: String,
    /// The service that it belongs to.
    pub service: Option<&'a str>,
    /// Its facts.
    pub facts: &'a Value,
}

/// All facts as JSON, the form that predicates and evidence speak of.
pub(super) struct FactBank(Value);

/// Where a service keeps its resources, by variable.
const SERVICE_TABLES: &[(Variable, &str)] = &[
    (Variable::Role, "roles"),
    (Variable::Key, "keys"),
    (Variable::LogGroup, "log_groups"),
    (Variable::SecurityGroup, "security_groups"),
    (Variable::Store, "stores"),
];
const ENVIRONMENT_TABLES: &[(Variable, &str)] = &[
    (Variable::AuditBucket, "audit_buckets"),
    (Variable::Trail, "trails"),
    (Variable::Boundary, "boundaries"),
    (Variable::SecurityGroup, "other_security_groups"),
    (Variable::Subnet, "subnets"),
    (Variable::Vpc, "vpcs"),
    (Variable::FlowLog, "flow_logs"),
    (Variable::VpcEndpoint, "vpc_endpoints"),
];

impl FactBank {
    pub(super) fn new(facts: &Facts) -> Self {
        // Every map of facts has text keys, so this cannot fail; null facts would judge nothing.
        Self(serde_json::to_value(facts).unwrap_or_default())
    }

    fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.0, |value, step| value.get(step))
    }

    /// The environment, which every predicate of a service may speak of.
    pub(super) fn environment(&self) -> Option<Instance<'_>> {
        self.single(Variable::Environment, &["environment", "profile"], None)
    }

    /// The account.
    pub(super) fn account(&self) -> Option<Instance<'_>> {
        self.single(Variable::Account, &["account"], None)
    }

    /// What belongs to the environment and to no service.
    pub(super) fn of_environment(&self) -> Vec<Instance<'_>> {
        self.tables(&["environment"], ENVIRONMENT_TABLES, None)
    }

    /// The services by name, sorted.
    pub(super) fn services(&self) -> Vec<&str> {
        let services = self.at(&["services"]).and_then(Value::as_object);
        services
            .into_iter()
            .flat_map(|s| s.keys().map(String::as_str))
            .collect()
    }

    /// A service as a whole.
    pub(super) fn service<'a>(&'a self, name: &'a str) -> Option<Instance<'a>> {
        self.single(
            Variable::Service,
            &["services", name, "profile"],
            Some(name),
        )
    }

    /// What belongs to a service.
    pub(super) fn of_service<'a>(&'a self, name: &'a str) -> Vec<Instance<'a>> {
        self.tables(&["services", name], SERVICE_TABLES, Some(name))
    }

    /// The services that the predicate over `service` holds for.
    pub(super) fn services_where(&self, predicate: &Predicate) -> BTreeSet<&str> {
        let root = cel::Context::default();
        let holds = |name: &&str| {
            self.service(name).is_some_and(|service| {
                let mut context = root.new_inner_scope();
                context.add_variable_from_value("service", to_cel(service.facts));
                // What cannot be decided is in scope: leaving it out would hide it.
                predicate.holds(&context).unwrap_or(true)
            })
        };
        self.services().into_iter().filter(holds).collect()
    }

    fn single<'a>(
        &'a self,
        variable: Variable,
        path: &[&str],
        service: Option<&'a str>,
    ) -> Option<Instance<'a>> {
        Some(Instance {
            variable,
            path: path.join("."),
            service,
            facts: self.at(path)?,
        })
    }

    fn tables<'a>(
        &'a self,
        base: &[&str],
        tables: &[(Variable, &str)],
        service: Option<&'a str>,
    ) -> Vec<Instance<'a>> {
        let mut found = Vec::new();
        for (variable, table) in tables {
            let path = [base, &[*table]].concat();
            let rows = self
                .at(&path)
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            found.extend(rows.map(|(name, facts)| Instance {
                variable: *variable,
                path: format!("{}.{name}", path.join(".")),
                service,
                facts,
            }));
        }
        found
    }
}
