//! Facts about the trail that records the account: the environment's own, or the best of others'.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html>

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    FactsOrigin, Texts, World,
    observed::{Observed, both, flatten, listing},
};
use crate::{
    model::{AUDIT, Address, DataEvents, KindName},
    resource::{
        EventSelector, FieldCondition, Read, Trail, Unread, UnreadReason,
        selector::{self, DATA, MANAGEMENT},
    },
    snapshot::Delivery,
};

/// The call that shows use and delivery.
const STATUS: &str = "cloudtrail:GetTrailStatus";
/// Seconds of an hour.
const HOUR: i64 = 3600;

/// A trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrailFacts {
    /// Whether a trail is there.
    pub exists: Read<bool>,
    /// Whether the specification declares it; otherwise somebody else manages it.
    pub declared: bool,
    /// Whether it records now.
    pub logging: Read<bool>,
    /// Whether it records every Region.
    pub multi_region: Read<bool>,
    /// Whether it records services that have no Region.
    pub global_services: Read<bool>,
    /// Whether it records every management event: reads and writes, of every service.
    pub management_complete: Read<bool>,
    /// What the specification says data events are recorded of and the trail does not select, as
    /// `selector: ARN`; for a trail that somebody else manages too.
    pub unrecorded: Read<Texts>,
    /// Whether it writes signed digests of its files.
    pub validation: Read<bool>,
    /// Whether the declared key encrypts its files; of a trail that somebody else manages, any.
    pub key_is_declared: Read<bool>,
    /// Whether it delivers to the declared log group; of a trail that somebody else manages, to any.
    pub log_group_is_declared: Read<bool>,
    /// Hours since it last delivered files, -1 where it never did; an operated fact.
    pub delivery_hours: Read<i64>,
    /// Hours since it last delivered a digest, -1 where it never did; an operated fact.
    pub digest_hours: Read<i64>,
    /// Hours since it last delivered to CloudWatch Logs, -1 where it never did; an operated fact.
    pub log_delivery_hours: Read<i64>,
    /// What its last deliveries were refused for; an operated fact.
    pub delivery_errors: Read<Texts>,
}

/// The trail to judge by its name: one, for a second one does not mend the first.
pub(super) fn facts(world: &World<'_>) -> BTreeMap<String, TrailFacts> {
    let judged = Judged::of(world);
    BTreeMap::from([(judged.name.clone(), judged.facts(world))])
}

struct Judged<'a> {
    name: String,
    arn: Option<&'a str>,
    trail: Observed<'a, Trail>,
    wanted: Option<&'a Trail>,
}

impl<'a> Judged<'a> {
    fn of(world: &World<'a>) -> Self {
        let (wanted, snapshot) = (world.desired.trail.get(AUDIT), world.snapshot);
        let foreign = snapshot.foreign.trail.iter();
        let best = foreign.max_by_key(|(_, trail)| worth(trail));
        match (wanted, best) {
            (None, Some((arn, trail))) => Self {
                name: trail.name.clone(),
                arn: Some(arn),
                trail: Observed::there(trail),
                wanted,
            },
            _ => {
                let address = Address::new(KindName::Trail, AUDIT);
                let id = snapshot.ids.get(&address);
                Self {
                    name: AUDIT.to_owned(),
                    arn: id.and_then(|id| id.arn.as_deref()),
                    trail: Observed::of(snapshot, AUDIT),
                    wanted,
                }
            }
        }
    }

    fn facts(&self, world: &World<'a>) -> TrailFacts {
        let trail = &self.trail;
        let selectors = || trail.facet(|t| &t.selectors);
        let data_events = self.data_events(world);
        let age = |at: fn(&Delivery) -> Option<jiff::Timestamp>| {
            self.delivery(world)
                .map(|delivery| hours(at(&delivery), world.as_of))
        };
        TrailFacts {
            exists: self.exists(world),
            declared: self.wanted.is_some(),
            logging: trail.facet(|t| &t.logging).map(|on| *on),
            multi_region: trail.facet(|t| &t.reach).map(|reach| reach.multi_region),
            global_services: trail.facet(|t| &t.reach).map(|reach| reach.global_services),
            management_complete: selectors().map(|all| all.values().any(all_management)),
            unrecorded: selectors().map(|live| unrecorded(live, &data_events)),
            validation: trail.facet(|t| &t.validation).map(|on| *on),
            key_is_declared: self.as_declared(|t| &t.kms_key, Option::is_some),
            log_group_is_declared: self.as_declared(|t| &t.cloudwatch, |to| to.log_group.is_some()),
            delivery_hours: age(|delivery| delivery.files_at),
            digest_hours: age(|delivery| delivery.digests_at),
            log_delivery_hours: age(|delivery| delivery.logs_at),
            delivery_errors: self.delivery(world).map(|delivery| errors(&delivery)),
        }
    }

    /// What the specification wants recorded, whoever's the trail is.
    fn data_events(&self, world: &World<'a>) -> BTreeMap<String, EventSelector> {
        let declared = self.wanted.and_then(|wanted| wanted.selectors.known());
        match (declared, world.environment.audit.data_events) {
            (Some(selectors), _) => selectors.clone(),
            (None, DataEvents::Declared) => selector::of_stores(world.environment),
            (None, DataEvents::None) => BTreeMap::new(),
        }
    }

    /// What others own, only a live account shows.
    fn exists(&self, world: &World<'a>) -> Read<bool> {
        let live = world.origin() == FactsOrigin::Live;
        if self.wanted.is_some() || live || self.trail.exists() == Read::Known(true) {
            return self.trail.exists();
        }
        flatten(listing::<Trail>(world.snapshot).map(|_| {
            Read::Unread(Unread {
                call: "cloudtrail:DescribeTrails".to_owned(),
                reason: UnreadReason::NeedsLive,
                message: "the trail is somebody else's, and nobody else is here".to_owned(),
            })
        }))
    }

    /// Whether a facet is as the specification says; where it says nothing, whether it is there.
    fn as_declared<T: PartialEq + 'a>(
        &self,
        facet: fn(&Trail) -> &Read<T>,
        there: fn(&T) -> bool,
    ) -> Read<bool> {
        let live = self.trail.facet(facet);
        match self.wanted {
            None => live.map(there),
            Some(wanted) => both(live, facet(wanted).as_ref())
                .map(|(live, wanted)| live == wanted && there(live)),
        }
    }

    fn delivery(&self, world: &World<'a>) -> Read<Delivery> {
        let known = self
            .arn
            .and_then(|arn| world.snapshot.operated.trails.get(arn));
        let asked = || {
            known
                .cloned()
                .unwrap_or(Read::Unread(world.operated(STATUS)))
        };
        flatten(self.trail.plain(|_| asked()))
    }
}

/// Of several trails of others, the one that records most is the one to judge.
fn worth(trail: &Trail) -> (bool, bool, bool) {
    let reach = trail.reach.known();
    (
        reach.is_some_and(|reach| reach.multi_region),
        trail.logging.known() == Some(&true),
        trail.validation.known() == Some(&true),
    )
}

fn hours(at: Option<jiff::Timestamp>, now: jiff::Timestamp) -> i64 {
    at.map_or(-1, |at| (now.as_second() - at.as_second()).max(0) / HOUR)
}

fn errors(delivery: &Delivery) -> Texts {
    let all = [
        ("files", &delivery.files_error),
        ("digests", &delivery.digests_error),
        ("log group", &delivery.logs_error),
    ];
    let told = all
        .into_iter()
        .filter_map(|(to, error)| Some((to, error.as_ref()?)));
    told.map(|(to, error)| format!("{to}: {error}")).collect()
}

/// Every further condition leaves something out.
fn all_management(selector: &EventSelector) -> bool {
    selector.len() == 1 && is_category(selector, MANAGEMENT)
}

fn is_category(selector: &EventSelector, name: &str) -> bool {
    selector.get("eventCategory") == Some(&FieldCondition::equals([name]))
}

/// What the wanted data selectors name and no live one selects as widely.
fn unrecorded(
    live: &BTreeMap<String, EventSelector>,
    wanted: &BTreeMap<String, EventSelector>,
) -> Texts {
    let mut missing = Texts::new();
    for (name, wanted) in wanted.iter().filter(|(_, w)| is_category(w, DATA)) {
        let arns = wanted.get("resources.ARN").into_iter();
        for arn in arns.flat_map(|condition| &condition.starts_with) {
            if !live.values().any(|live| records(live, wanted, arn)) {
                missing.insert(format!("{name}: {arn}"));
            }
        }
    }
    missing
}

/// Whether a selector records at least what the wanted one does of the ARN.
fn records(live: &EventSelector, wanted: &EventSelector, arn: &str) -> bool {
    let no_stricter = |(field, condition): (&String, &FieldCondition)| match field.as_str() {
        "resources.ARN" => begins(condition, arn),
        _ => wanted
            .get(field)
            .is_some_and(|wanted| admits(condition, wanted)),
    };
    is_category(live, DATA) && live.iter().all(no_stricter)
}

fn begins(condition: &FieldCondition, arn: &str) -> bool {
    let alone = condition.len() == condition.starts_with.len();
    alone
        && condition
            .starts_with
            .iter()
            .any(|prefix| arn.starts_with(prefix.as_str()))
}

/// Whether all that the wanted condition admits is admitted.
fn admits(live: &FieldCondition, wanted: &FieldCondition) -> bool {
    let positive = live.len() == live.equals.len() + live.starts_with.len();
    let begun = |value: &String| {
        live.starts_with
            .iter()
            .any(|p| value.starts_with(p.as_str()))
    };
    let one = |value: &String| live.equals.contains(value) || begun(value);
    positive && wanted.equals.iter().all(one) && wanted.starts_with.iter().all(begun)
}
