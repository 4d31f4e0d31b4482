//! Lifecycle rules as S3 answers them. What no specification asks for is told by its name.

use std::collections::BTreeSet;

use aws_sdk_s3::types::{
    ExpirationStatus, LifecycleExpiration, LifecycleRule as Shown, LifecycleRuleFilter, Transition,
};

use crate::resource::LifecycleRule;

/// A rule by its id.
pub fn rule(shown: &Shown) -> (String, LifecycleRule) {
    let expiration = shown.expiration();
    let old = shown.noncurrent_version_expiration();
    let uploads = shown.abort_incomplete_multipart_upload();
    let rule = LifecycleRule {
        enabled: shown.status() == &ExpirationStatus::Enabled,
        prefix: prefix(shown),
        transitions: shown.transitions().iter().filter_map(transition).collect(),
        expire_days: expiration.and_then(|e| days(e.days())),
        old_versions_days: old.and_then(|old| days(old.noncurrent_days())),
        expire_markers: expiration.is_some_and(markers),
        unfinished_uploads_days: uploads.and_then(|u| days(u.days_after_initiation())),
        further: further(shown),
    };
    (shown.id().unwrap_or_default().to_owned(), rule)
}

fn days(shown: Option<i32>) -> Option<u32> {
    shown.and_then(|days| u32::try_from(days).ok())
}

fn markers(expiration: &LifecycleExpiration) -> bool {
    expiration.expired_object_delete_marker().unwrap_or(false)
}

/// The older field for it is still answered.
#[expect(
    deprecated,
    reason = "S3 still shows it of rules that were made with it"
)]
fn prefix(shown: &Shown) -> String {
    let filter = shown.filter();
    let of_all = filter.and_then(LifecycleRuleFilter::and);
    let found = filter.and_then(LifecycleRuleFilter::prefix);
    let found = found.or(of_all.and_then(|all| all.prefix()));
    found.or(shown.prefix()).unwrap_or_default().to_owned()
}

fn transition(shown: &Transition) -> Option<(String, u32)> {
    let class = shown.storage_class()?.as_str().to_owned();
    Some((class, days(shown.days())?))
}

fn further(shown: &Shown) -> BTreeSet<String> {
    let filter = shown.filter();
    let old = shown.noncurrent_version_expiration();
    let dated = |transition: &Transition| transition.date().is_some();
    let there = [
        ("filter.tag", filter.is_some_and(|f| f.tag().is_some())),
        ("filter.and", filter.is_some_and(|f| f.and().is_some())),
        ("filter.size", filter.is_some_and(sized)),
        (
            "expiration.date",
            shown.expiration().is_some_and(|e| e.date().is_some()),
        ),
        ("transitions.date", shown.transitions().iter().any(dated)),
        (
            "old_versions.transitions",
            !shown.noncurrent_version_transitions().is_empty(),
        ),
        (
            "old_versions.newer",
            old.is_some_and(|o| o.newer_noncurrent_versions().is_some()),
        ),
    ];
    let named = there.into_iter().filter(|(_, there)| *there);
    named.map(|(name, _)| name.to_owned()).collect()
}

fn sized(filter: &LifecycleRuleFilter) -> bool {
    filter.object_size_greater_than().is_some() || filter.object_size_less_than().is_some()
}
