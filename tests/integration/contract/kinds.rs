//! What every kind promises, visited kind by kind: nothing here names one.

use proptest::prelude::*;
use serde_json::{Value, json};
use strongroom::{
    model::Address,
    plan::{self, Action},
    resource::{Direction, Kind, Resources, UNREAD, Visitor, field::differences},
};

use super::{
    bank::{Bank, desired},
    states::tampered,
};

fn applied<K: Kind>(state: Option<K>, calls: &[K::Call]) -> Option<K> {
    calls
        .iter()
        .fold(state, |state, call| K::apply(state, call))
}

fn json<K: Kind>(resource: &K) -> Value {
    serde_json::to_value(resource).unwrap()
}

/// Runs a law on every resource of every kind.
fn every(law: impl Law) {
    struct Every<L>(L);
    impl<L: Law> Visitor for Every<L> {
        fn visit<K: Kind>(&mut self) {
            assert!(!K::table(&desired().resources).is_empty(), "{}", K::NAME);
            for (name, resource) in K::table(&desired().resources) {
                self.0
                    .holds(&Address::new(K::NAME, name.as_str()), resource);
            }
        }
    }
    Resources::each_kind(&mut Every(law));
}

trait Law {
    fn holds<K: Kind>(&self, address: &Address, wanted: &K);
}

#[test]
fn create_and_settle_lead_to_what_is_wanted() {
    struct Creates;
    impl Law for Creates {
        fn holds<K: Kind>(&self, address: &Address, wanted: &K) {
            let created = K::apply(None, &wanted.create()).unwrap();
            let settled = applied(Some(created.clone()), &K::settle(&created, wanted));
            assert_eq!(settled.as_ref(), Some(wanted), "{address}");
        }
    }
    every(Creates);
}

#[test]
fn nothing_is_done_where_nothing_differs() {
    struct NoOp;
    impl Law for NoOp {
        fn holds<K: Kind>(&self, address: &Address, wanted: &K) {
            assert_eq!(K::settle(wanted, wanted), Vec::new(), "{address}");
        }
    }
    every(NoOp);
    assert!(Bank::sandbox().applied().plan().is_empty());
}

#[test]
fn deleting_leaves_nothing_or_what_must_be_retained() {
    struct Deletes;
    impl Law for Deletes {
        fn holds<K: Kind>(&self, address: &Address, wanted: &K) {
            let calls = wanted.delete();
            assert!(
                !calls.is_empty() || K::SINGLE || wanted.retained_days().is_some(),
                "{address}"
            );
            if let Some(retained) = applied(Some(wanted.clone()), &calls) {
                assert_eq!(retained.delete(), Vec::new(), "{address}");
            }
        }
    }
    every(Deletes);
}

#[test]
fn a_resource_survives_its_json() {
    struct Survives;
    impl Law for Survives {
        fn holds<K: Kind>(&self, address: &Address, wanted: &K) {
            let read: K = serde_json::from_value(json(wanted)).unwrap();
            assert_eq!(&read, wanted, "{address}");
        }
    }
    every(Survives);
}

#[test]
fn every_call_names_an_api_of_its_service() {
    struct Named;
    impl Law for Named {
        fn holds<K: Kind>(&self, address: &Address, wanted: &K) {
            for call in wanted.delete().iter().chain([&wanted.create()]) {
                let api = K::api(call);
                assert!(!api.operation.is_empty() && api.burst > 0, "{address}");
                assert!(!api.rate.interval().is_zero(), "{address}");
            }
        }
    }
    every(Named);
}

/// The fields of a resource that one call shows, and that may therefore be unread.
fn facets<K: Kind>(resource: &K) -> Vec<String> {
    let whole = json(resource);
    let fields = whole.as_object().unwrap().keys().cloned();
    fields
        .filter(|field| unread::<K>(&whole, field).is_some())
        .collect()
}

/// The resource as it is read when the call behind one field is denied.
fn unread<K: Kind>(whole: &Value, field: &str) -> Option<K> {
    let mut whole = whole.clone();
    whole[field] = json!({
        UNREAD: {"call": "kms:GetKeyPolicy", "reason": "denied", "message": "not authorised"}
    });
    serde_json::from_value(whole).ok()
}

/// What could not be read is a gap, is never written, and stays unread in a prediction.
#[test]
fn what_cannot_be_read_is_never_written() {
    struct Unreadable;
    impl Visitor for Unreadable {
        fn visit<K: Kind>(&mut self) {
            let mut tried = 0;
            for (name, wanted) in K::table(&desired().resources) {
                for live in lives(name, wanted) {
                    for field in facets(&live) {
                        tried += 1;
                        never_written(&Address::new(K::NAME, name.as_str()), &live, wanted, &field);
                    }
                }
            }
            // A kind that is there or not there has nothing more to read.
            let mut all = K::table(&desired().resources).values();
            let none = all.all(|one| facets(one).is_empty());
            assert!(tried > 0 || none, "{} has no facet", K::NAME);
        }
    }
    Resources::each_kind(&mut Unreadable);
}

/// A resource as it was declared, and after each tampering that leaves it there.
fn lives<K: Kind>(name: &str, wanted: &K) -> Vec<K> {
    let address = Address::new(K::NAME, name);
    let tamperings = super::states::TAMPERINGS.iter();
    let own = tamperings.filter(|tampering| tampering.address == address);
    let after = own.filter_map(|tampering| {
        let mut resources = desired().resources.clone();
        for (address, call) in &tampering.calls {
            resources.apply(address, call);
        }
        K::table(&resources).get(name).cloned()
    });
    std::iter::once(wanted.clone()).chain(after).collect()
}

fn never_written<K: Kind>(address: &Address, live: &K, wanted: &K, field: &str) {
    let whole = json(live);
    let blind: K = unread(&whole, field).unwrap();
    let calls = K::settle(&blind, wanted);
    // The same calls, sent to the account as it really is, leave the field as it is.
    let after = json(&applied(Some(live.clone()), &calls).unwrap());
    assert_eq!(after[field], whole[field], "{address} {field} {calls:#?}");
    let predicted = json(&applied(Some(blind), &calls).unwrap());
    assert!(predicted[field].get(UNREAD).is_some(), "{address} {field}");
}

#[test]
fn what_cannot_be_read_is_told() {
    struct Told(Bank);
    impl Visitor for Told {
        fn visit<K: Kind>(&mut self) {
            let (name, resource) = K::table(&desired().resources).first_key_value().unwrap();
            let address = Address::new(K::NAME, name.as_str());
            for field in facets(resource) {
                self.put(name, unread::<K>(&json(resource), &field).unwrap());
                let (live, plan) = (self.0.observed(), self.0.plan());
                let gaps = plan
                    .unread
                    .iter()
                    .map(|gap| (&gap.address, gap.path.as_str()));
                assert_eq!(gaps.collect::<Vec<_>>(), [(&address, field.as_str())]);
                assert!(plan.is_empty(), "{address} {field}");
                assert_eq!(plan::predict(&live, &plan).resources, live.resources);
            }
            self.put(name, resource.clone());
        }
    }
    impl Told {
        fn put<K: Kind>(&self, name: &str, resource: K) {
            self.0.account.tamper(|live| {
                K::table_mut(live).insert(name.to_owned(), resource);
            });
        }
    }
    Resources::each_kind(&mut Told(Bank::sandbox().applied()));
}

/// A kind that could not be listed may be there: nothing of it is created.
#[test]
fn what_cannot_be_listed_is_not_created() {
    let bank = Bank::sandbox();
    let why = json!({UNREAD: {"call": "kms:ListAliases", "reason": "denied", "message": "no"}});
    for kind in Resources::KINDS {
        let mut live = bank.observed();
        live.coverage
            .listings
            .insert(*kind, serde_json::from_value(why.clone()).unwrap());
        let plan = plan::compare(&bank.desired, &live);
        let of_kind = |address: &&Address| address.kind == *kind;
        assert_eq!(plan.steps.keys().filter(of_kind).count(), 0, "{kind}");
        let wanted = bank.desired.managed_resources().addresses();
        assert_eq!(plan.unread.len(), wanted.iter().filter(of_kind).count());
    }
}

/// Settling leads to exactly the wanted state from wherever calls can lead.
struct Settles<'a> {
    from: &'a Resources,
    to: &'a Resources,
}

impl Visitor for Settles<'_> {
    fn visit<K: Kind>(&mut self) {
        for (name, from) in K::table(self.from) {
            let Some(to) = K::table(self.to).get(name) else {
                continue;
            };
            let after = applied(Some(from.clone()), &K::settle(from, to)).unwrap();
            let left = differences(&json(&after), &json(to));
            assert_eq!(left, Vec::new(), "{}/{name}", K::NAME);
            assert_eq!(&after, to, "{}/{name}", K::NAME);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn settling_repairs_whatever_calls_can_do(numbers in prop::collection::vec(any::<usize>(), 1..12)) {
        let from = tampered(&numbers);
        Resources::each_kind(&mut Settles { from: &from, to: &desired().resources });
    }

    #[test]
    fn one_tampering_changes_what_it_says_and_nothing_else(number in any::<usize>()) {
        let tampering = super::states::any(number);
        let mut after = desired().resources.clone();
        for (address, call) in &tampering.calls {
            after.apply(address, call);
        }
        let (before, after) = (json!(desired().resources), json!(after));
        let touched: Vec<String> = tampering.calls.iter().map(|(address, _)| address.to_string()).collect();
        for change in differences(&before, &after) {
            let path = change.path.segments();
            let address = format!("{}/{}", change.path.key_at(0).unwrap(), change.path.key_at(1).unwrap());
            prop_assert!(path.len() > 2 && touched.contains(&address), "{}", change.path);
        }
    }
}

/// A resource that comes or goes is judged by what its kind is for, and both ways are opposite.
#[test]
fn what_appears_and_what_vanishes_are_opposites() {
    let empty = Bank::sandbox();
    for (address, step) in empty.plan().steps {
        assert_eq!(step.action, Action::Create, "{address}");
        assert_ne!(step.direction, Direction::Neutral, "{address}");
    }
    let plan = empty.plan();
    for (address, step) in plan.drift() {
        let planned = plan.steps[&address].direction;
        assert_eq!(step.direction, planned.reversed(), "{address}");
    }
}
