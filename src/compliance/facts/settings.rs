//! Facts about what an account has once, whoever manages it: ours and what is verified alike.

use std::collections::BTreeSet;

use super::{
    Texts, World,
    observed::{Observed, both, flatten},
};
use crate::{
    resource::{
        AccessAnalyzer, AccountPublicAccessBlock, ConfigRecorder, GuarddutyDetector, Kind,
        PasswordPolicy, PasswordRules, PublicAccess, Read,
    },
    snapshot::PhysicalId,
};

/// The logical name of what an account has once.
const ACCOUNT: &str = "account";

/// The account-wide settings as facts; their meanings are told where they are published.
pub(super) struct Settings {
    pub public_access_blocked: Read<bool>,
    pub password_min_length: Read<i64>,
    pub password_reuse_prevention: Read<i64>,
    pub config_recording: Read<bool>,
    pub config_records_everything: Read<bool>,
    pub config_delivers: Read<bool>,
    pub guardduty_enabled: Read<bool>,
    pub guardduty_missing: Read<Texts>,
    pub external_analyzer_active: Read<bool>,
    pub analyzer_archive_rules: Read<Texts>,
    pub externally_reachable: Read<Texts>,
}

impl Settings {
    pub fn of(world: &World<'_>) -> Self {
        let block = once::<AccountPublicAccessBlock>(world);
        let recorder = once::<ConfigRecorder>(world);
        let detector = once::<GuarddutyDetector>(world);
        let analyzer = once::<AccessAnalyzer>(world);
        let everything = |blocked: &PublicAccess| *blocked == PublicAccess::BLOCKED;
        Self {
            public_access_blocked: facet(&block, |found| &found.blocked, everything),
            password_min_length: password(world, |rules| rules.min_length),
            password_reuse_prevention: password(world, |r| r.reuse_prevention.unwrap_or_default()),
            config_recording: recording(&recorder),
            config_records_everything: facet(
                &recorder,
                |found| &found.recording,
                |what| what.records_everything() && what.global_types,
            ),
            config_delivers: delivers(world),
            guardduty_enabled: facet(&detector, |found| &found.enabled, |on| *on),
            guardduty_missing: missing(world, &detector),
            external_analyzer_active: facet(&analyzer, |found| &found.active, |on| *on),
            analyzer_archive_rules: facet(&analyzer, |found| &found.archive_rules, Clone::clone),
            externally_reachable: reachable(world),
        }
    }
}

fn once<'a, K: Kind>(world: &World<'a>) -> Observed<'a, K> {
    Observed::of(world.snapshot, ACCOUNT)
}

/// A facet of what an account has once; what is not there has the value that nothing has.
fn facet<'a, K: Kind, T: 'a, U: Default>(
    observed: &Observed<'a, K>,
    facet: impl FnOnce(&'a K) -> &'a Read<T>,
    fact: impl FnOnce(&T) -> U,
) -> Read<U> {
    match observed.exists() {
        Read::Known(true) => observed.facet(facet).map(fact),
        Read::Known(false) => U::default().into(),
        Read::Unread(why) => Read::Unread(why),
    }
}

fn password(world: &World<'_>, number: impl FnOnce(&PasswordRules) -> u32) -> Read<i64> {
    let policy = once::<PasswordPolicy>(world);
    facet(
        &policy,
        |found| &found.rules,
        |rules| i64::from(number(rules)),
    )
}

/// A recorder without a channel records for nobody.
fn recording(recorder: &Observed<'_, ConfigRecorder>) -> Read<bool> {
    let started = facet(recorder, |found| &found.started, |on| *on);
    let delivers = facet(recorder, |found| &found.channel, Option::is_some);
    both(started, delivers).map(|(started, delivers)| started && delivers)
}

/// A recorder that has not delivered yet has not succeeded.
fn delivers(world: &World<'_>) -> Read<bool> {
    let last = world.snapshot.account_state.recorder_delivers.clone();
    last.map(|last| last == Some(true))
}

fn missing(world: &World<'_>, detector: &Observed<'_, GuarddutyDetector>) -> Read<Texts> {
    let declared = world.desired.guardduty_detector.get(ACCOUNT);
    let wanted = declared.and_then(|wanted| wanted.features.known());
    let wanted = wanted.cloned().unwrap_or_default();
    let on: Read<BTreeSet<String>> = facet(detector, |found| &found.features, Clone::clone);
    on.map(|on| wanted.difference(&on).cloned().collect())
}

/// Of what the analyzer found only what belongs to the environment.
fn reachable(world: &World<'_>) -> Read<Texts> {
    let ours = |arn: &String| {
        let named = |id: &PhysicalId| id.arn.as_ref() == Some(arn);
        world.snapshot.ids.values().any(named)
    };
    let found = world.snapshot.account_state.external_access.clone();
    let exists = once::<AccessAnalyzer>(world).exists();
    flatten(exists.map(|_| found)).map(|found| found.into_iter().filter(ours).collect())
}
