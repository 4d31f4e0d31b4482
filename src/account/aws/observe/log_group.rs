//! Observes the log groups under our name prefix.

use aws_sdk_cloudwatchlogs::{Client, types::LogGroup as Shown};

use super::{
    Target,
    found::{Candidate, Found},
    tags::{TagsByArn, of_one},
};
use crate::{
    account::aws::error::answer,
    model::Tags,
    resource::{LogGroup, Read, Ref, Unread, UnreadReason},
    snapshot::PhysicalId,
};

/// The call that shows log groups.
const CALL: &str = "logs:DescribeLogGroups";

/// Lists the log groups under our prefix.
pub async fn list(client: &Client, target: &Target) -> Read<Vec<Shown>> {
    let pages = client
        .describe_log_groups()
        .log_group_name_prefix(target.naming.path())
        .limit(50)
        .into_paginator()
        .items()
        .send();
    answer(CALL, pages.try_collect().await)
}

/// The ARN that tags, policies and the tagging API name a log group by: without `:*`.
pub fn arn(group: &Shown) -> Option<String> {
    let arn = group.log_group_arn().or(group.arn())?;
    Some(arn.strip_suffix(":*").unwrap_or(arn).to_owned())
}

/// The log groups of the environment.
pub fn observe(
    groups: &Read<Vec<Shown>>,
    tags: &Read<TagsByArn>,
    target: &Target,
) -> Found<LogGroup> {
    match groups {
        Read::Known(groups) => Found::gather(
            groups
                .iter()
                .filter_map(|group| candidate(group, tags, target)),
            &target.environment,
        ),
        Read::Unread(why) => Found::unread(why.clone()),
    }
}

fn candidate(
    group: &Shown,
    tags: &Read<TagsByArn>,
    target: &Target,
) -> Option<Candidate<LogGroup>> {
    let (name, arn) = (group.log_group_name()?, arn(group)?);
    let tags = of_one(tags, &arn);
    Some(Candidate {
        named: target.naming.logical_of_log_group(name).map(str::to_owned),
        resource: resource(group, name, tags.clone()),
        tags,
        id: PhysicalId {
            id: name.to_owned(),
            arn: Some(arn),
            unique_id: None,
        },
    })
}

fn resource(group: &Shown, name: &str, tags: Read<Tags>) -> LogGroup {
    LogGroup {
        name: name.to_owned(),
        class: class(group),
        kms_key: group.kms_key_id().map(Ref::literal).into(),
        retention_days: group
            .retention_in_days()
            .and_then(|days| u32::try_from(days).ok())
            .into(),
        deletion_protected: deletion_protected(group),
        tags,
    }
}

fn class(group: &Shown) -> Read<String> {
    match group.log_group_class() {
        Some(class) => Read::Known(class.as_str().to_owned()),
        None => Read::Unread(not_shown("logGroupClass")),
    }
}

/// AWS always shows the class. Where it is missing the endpoint does not know the newer fields,
/// and a missing protection says nothing; where it is there, a missing protection means none.
fn deletion_protected(group: &Shown) -> Read<bool> {
    match (group.deletion_protection_enabled(), group.log_group_class()) {
        (Some(protected), _) => Read::Known(protected),
        (None, Some(_)) => Read::Known(false),
        (None, None) => Read::Unread(not_shown("deletionProtectionEnabled")),
    }
}

fn not_shown(field: &str) -> Unread {
    Unread {
        call: CALL.to_owned(),
        reason: UnreadReason::Unsupported,
        message: format!("the answer has no {field}"),
    }
}
