//! What the specification asks for against what the account showed, resource by resource and field
//! by field. The comparator of plan and drift decides; here it is only told.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::words;
use crate::{
    desired::Desired,
    model::{Address, KindName, ServiceName},
    plan::{Action, Plan, Step, compare},
    report::{assessment::ResourceView, drift, notices},
    resource::{Kind, Resources, Visitor},
    snapshot::Snapshot,
};

/// How a field or a resource stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// As specified.
    Same,
    /// Otherwise than specified.
    Differs,
    /// Specified, and not there.
    Missing,
    /// There, and not specified.
    Extra,
    /// Not known.
    Unread,
}

/// A resource with its fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Its kind.
    #[serde(skip)]
    pub kind: KindName,
    /// The resource.
    pub resource: ResourceView,
    /// How the whole stands: the worst of its fields.
    pub standing: Standing,
    /// Whether somebody else manages it.
    pub verified: bool,
    /// What has to be known beside: what is kept, what is in doubt.
    pub notes: Vec<String>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What is specified.
    pub expected: Vec<String>,
    /// What was found instead, where it is something else, or why that is not known.
    pub found: Vec<String>,
    /// How it stands.
    pub standing: Standing,
}

/// Everything that can be compared, compared once for all services.
pub struct Comparison<'a> {
    desired: &'a Desired,
    snapshot: &'a Snapshot,
    plan: Plan,
    /// What was not read, by resource: the field, empty for the whole, and why.
    unread: BTreeMap<Address, Vec<(String, String)>>,
    drift: BTreeMap<Address, Step>,
    wanted: Fields,
    live: Fields,
}

type Fields = BTreeMap<Address, Map<String, Value>>;

impl<'a> Comparison<'a> {
    /// Compares.
    pub fn of(desired: &'a Desired, snapshot: &'a Snapshot) -> Self {
        let plan = compare(desired, snapshot);
        Self {
            drift: plan.drift(),
            unread: unread(&plan),
            wanted: fields(&desired.resources),
            live: fields(&snapshot.resources),
            plan,
            desired,
            snapshot,
        }
    }

    /// What belongs to a service: what is declared for it, and what says that it belongs to it.
    pub fn service(&self, name: &ServiceName) -> Vec<Compared> {
        let declared = self.desired.owners.iter();
        let declared = declared
            .filter(|(_, owner)| *owner == name)
            .map(|(address, _)| address);
        let found = self.drift.iter();
        let found = found.filter(|(_, step)| step.service.as_ref() == Some(name));
        let all: BTreeSet<&Address> = declared.chain(found.map(|(address, _)| address)).collect();
        all.into_iter()
            .map(|address| self.resource(address))
            .collect()
    }

    fn resource(&self, address: &Address) -> Compared {
        let fields = match self.wanted.get(address) {
            Some(wanted) => wanted
                .iter()
                .map(|(name, value)| self.field(address, name, value))
                .collect(),
            None => self.extra(address),
        };
        Compared {
            kind: address.kind,
            resource: ResourceView::of(address.clone(), self.snapshot),
            standing: self.standing(address, &fields),
            verified: self.desired.verified.contains(address),
            notes: self.notes(address),
            fields,
        }
    }

    fn standing(&self, address: &Address, fields: &[Field]) -> Standing {
        let has = |standing| fields.iter().any(|field| field.standing == standing);
        match self.drift.get(address).map(|step| step.action) {
            Some(Action::Delete) => Standing::Missing,
            Some(Action::Create) => Standing::Extra,
            _ if has(Standing::Differs) => Standing::Differs,
            _ if has(Standing::Unread) => Standing::Unread,
            _ => Standing::Same,
        }
    }

    fn field(&self, address: &Address, name: &str, value: &Value) -> Field {
        let (standing, found) = self.found(address, name);
        Field {
            name: name.to_owned(),
            expected: words::lines(value),
            found,
            standing,
        }
    }

    fn found(&self, address: &Address, name: &str) -> (Standing, Vec<String>) {
        if let Some(why) = self.unread(address, name) {
            return (Standing::Unread, vec![why]);
        }
        let Some(step) = self.drift.get(address) else {
            return match self.live.contains_key(address) {
                true => (Standing::Same, Vec::new()),
                false => (Standing::Missing, vec!["it is not there".to_owned()]),
            };
        };
        if step.action == Action::Delete {
            return (Standing::Missing, vec!["it is not there".to_owned()]);
        }
        let changes = step
            .changes
            .iter()
            .filter(|change| change.path.field() == name);
        let told: Vec<String> = changes
            .map(|change| format!("{}: {}", change.path, drift::what(change)))
            .collect();
        match told.is_empty() {
            true => (Standing::Same, told),
            false => (Standing::Differs, told),
        }
    }

    /// Why a field or the whole resource is not known.
    fn unread(&self, address: &Address, name: &str) -> Option<String> {
        let gaps = self.unread.get(address)?;
        let about = |(field, _): &&(String, String)| field.is_empty() || field == name;
        gaps.iter().find(about).map(|(_, why)| why.clone())
    }

    fn extra(&self, address: &Address) -> Vec<Field> {
        let live = self.live.get(address);
        let fields = live.into_iter().flatten();
        fields
            .map(|(name, value)| Field {
                name: name.clone(),
                expected: Vec::new(),
                found: words::lines(value),
                standing: Standing::Extra,
            })
            .collect()
    }

    fn notes(&self, address: &Address) -> Vec<String> {
        let kept = self
            .plan
            .kept
            .iter()
            .filter(|notice| notice.address == *address);
        let kept =
            kept.map(|notice| format!("{}: kept, {}", notice.path, notices::reason(notice.reason)));
        let conflicts = self.snapshot.conflicts.iter();
        let conflicts = conflicts
            .filter(|conflict| conflict.address == *address)
            .map(|conflict| format!("its owner is in doubt: {}", conflict.reason));
        kept.chain(conflicts).collect()
    }
}

fn unread(plan: &Plan) -> BTreeMap<Address, Vec<(String, String)>> {
    let mut unread: BTreeMap<Address, Vec<(String, String)>> = BTreeMap::new();
    for gap in &plan.unread {
        let field = gap.path.split(['.', '[']).next().unwrap_or_default();
        let gaps = unread.entry(gap.address.clone()).or_default();
        gaps.push((field.to_owned(), gap.why.to_string()));
    }
    unread
}

/// The fields of every resource, as JSON.
fn fields(resources: &Resources) -> Fields {
    let mut collector = Collector {
        resources,
        fields: Fields::new(),
    };
    Resources::each_kind(&mut collector);
    collector.fields
}

struct Collector<'a> {
    resources: &'a Resources,
    fields: Fields,
}

impl Visitor for Collector<'_> {
    fn visit<K: Kind>(&mut self) {
        for (name, resource) in K::table(self.resources) {
            if let Ok(Value::Object(fields)) = serde_json::to_value(resource) {
                let address = Address::new(K::NAME, name.as_str());
                self.fields.insert(address, fields);
            }
        }
    }
}
