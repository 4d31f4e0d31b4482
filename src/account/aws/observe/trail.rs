//! Observes trails: the environment's own, and those of others that record the same account.

use aws_sdk_cloudtrail::{
    Client,
    operation::get_trail_status::GetTrailStatusOutput,
    types::{ResourceTag, Trail as Shown},
};
use aws_smithy_types::DateTime;
use futures::{future::join_all, join};

use super::{
    Sum, Target,
    found::{Candidate, Found},
    tags, trail_selectors,
};
use crate::{
    account::aws::error::{answer, malformed},
    model::{AUDIT, Tags},
    resource::{LogDelivery, Reach, Read, Ref, Trail},
    snapshot::{Delivery, PhysicalId},
};

const DESCRIBE: &str = "cloudtrail:DescribeTrails";
const STATUS: &str = "cloudtrail:GetTrailStatus";
const TAGS: &str = "cloudtrail:ListTags";

/// One trail with what its own calls show.
struct Sight {
    name: String,
    arn: String,
    trail: Trail,
    delivery: Read<Delivery>,
}

/// The trails that record this Region.
pub async fn observe(client: &Client, target: &Target) -> Sum {
    let mut sum = Sum::default();
    let shown = client
        .describe_trails()
        .include_shadow_trails(true)
        .send()
        .await;
    let shown = match answer(DESCRIBE, shown) {
        Read::Known(shown) => shown.trail_list.unwrap_or_default(),
        Read::Unread(why) => {
            sum.add::<Trail>(Found::unread(why));
            return sum;
        }
    };
    let sights = join_all(shown.iter().map(|trail| sight(client, trail, target))).await;
    let (ours, others): (Vec<_>, Vec<_>) = sights.into_iter().partition(|s| own(s, target));
    for other in others {
        sum.operated
            .trails
            .insert(other.arn.clone(), other.delivery);
        sum.foreign.trail.insert(other.arn, other.trail);
    }
    let candidates: Vec<Candidate<Trail>> = ours
        .into_iter()
        .map(|ours| {
            let named = named(&ours, target);
            sum.operated.trails.insert(ours.arn.clone(), ours.delivery);
            Candidate {
                named,
                tags: ours.trail.tags.clone(),
                id: PhysicalId::with_arn(ours.name, ours.arn),
                resource: ours.trail,
            }
        })
        .collect();
    sum.add(Found::gather(candidates, &target.environment));
    sum
}

/// Ours is named so, in our account and Region, or bears our tag.
fn own(sight: &Sight, target: &Target) -> bool {
    let here = format!(":{}:{}:trail/", target.region, target.account);
    sight.arn.contains(&here) && (named(sight, target).is_some() || tagged(sight, target))
}

/// The name alone may be that of an environment whose name begins as ours.
fn named(sight: &Sight, target: &Target) -> Option<String> {
    let logical = target.naming.logical(&sight.name)?;
    (logical == AUDIT || tagged(sight, target)).then(|| logical.to_owned())
}

fn tagged(sight: &Sight, target: &Target) -> bool {
    sight
        .trail
        .tags
        .known()
        .is_some_and(|tags| target.owns(tags))
}

async fn sight(client: &Client, shown: &Shown, target: &Target) -> Sight {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let (name, arn) = (text(shown.name()), text(shown.trail_arn()));
    let (status, selectors, tags) = join!(
        status(client, &arn),
        trail_selectors::read(client, &arn),
        tags(client, &arn),
    );
    let bucket = text(shown.s3_bucket_name());
    let bucket = format!("arn:{}:s3:::{bucket}", target.region.partition());
    let trail = Trail {
        name: name.clone(),
        home_region: text(shown.home_region()).into(),
        organization: shown.is_organization_trail().unwrap_or(false).into(),
        bucket: Ref::Literal(bucket).into(),
        prefix: said(shown.s3_key_prefix()).map(str::to_owned).into(),
        topic: said(shown.sns_topic_arn()).map(Ref::literal).into(),
        kms_key: said(shown.kms_key_id()).map(Ref::literal).into(),
        reach: Reach {
            multi_region: shown.is_multi_region_trail().unwrap_or(false),
            global_services: shown.include_global_service_events().unwrap_or(false),
        }
        .into(),
        validation: shown.log_file_validation_enabled().unwrap_or(false).into(),
        cloudwatch: cloudwatch(shown).into(),
        selectors,
        logging: logging(&status),
        tags,
    };
    Sight {
        name,
        arn,
        trail,
        delivery: status.map(|status| delivery(&status)),
    }
}

/// An absent value and an empty one are the same.
fn said(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}

fn cloudwatch(shown: &Shown) -> LogDelivery {
    let group = said(shown.cloud_watch_logs_log_group_arn());
    let group = group.map(|arn| arn.strip_suffix(":*").unwrap_or(arn));
    LogDelivery {
        log_group: group.map(Ref::literal),
        role: said(shown.cloud_watch_logs_role_arn()).map(Ref::literal),
    }
}

async fn status(client: &Client, arn: &str) -> Read<GetTrailStatusOutput> {
    answer(STATUS, client.get_trail_status().name(arn).send().await)
}

fn logging(status: &Read<GetTrailStatusOutput>) -> Read<bool> {
    match status {
        Read::Unread(why) => Read::Unread(why.clone()),
        Read::Known(status) => match status.is_logging() {
            Some(on) => Read::Known(on),
            None => Read::Unread(malformed(
                STATUS,
                "it does not say whether the trail records",
            )),
        },
    }
}

fn delivery(status: &GetTrailStatusOutput) -> Delivery {
    let at = |time: Option<&DateTime>| {
        time.and_then(|time| jiff::Timestamp::from_second(time.secs()).ok())
    };
    let error = |text: Option<&str>| said(text).map(str::to_owned);
    Delivery {
        files_at: at(status.latest_delivery_time()),
        files_error: error(status.latest_delivery_error()),
        digests_at: at(status.latest_digest_delivery_time()),
        digests_error: error(status.latest_digest_delivery_error()),
        logs_at: at(status.latest_cloud_watch_logs_delivery_time()),
        logs_error: error(status.latest_cloud_watch_logs_delivery_error()),
    }
}

async fn tags(client: &Client, arn: &str) -> Read<Tags> {
    let shown = client.list_tags().resource_id_list(arn).send().await;
    answer(TAGS, shown).map(|shown| {
        let lists = shown.resource_tag_list.unwrap_or_default();
        let all = lists.iter().flat_map(ResourceTag::tags_list);
        tags::tags(all.map(|tag| (tag.key(), tag.value().unwrap_or_default())))
    })
}
