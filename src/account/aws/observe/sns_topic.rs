//! Observes topics: the one that alarms go to, and those that services declare as stores.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sns::{Client, types::Subscription};
use futures::{StreamExt, join, stream};

use super::{
    IN_FLIGHT, Target, documents,
    found::{Candidate, Found},
    tags::{self, of_one},
};
use crate::{
    account::aws::error::{answer, malformed},
    model::{StoreKind, Tags},
    resource::{Read, Ref, SnsTopic},
    snapshot::PhysicalId,
};

/// The call that lists topics.
const LIST: &str = "sns:ListTopics";
/// The call that shows one.
const CALL: &str = "sns:GetTopicAttributes";
/// The call that shows who is told.
const SUBSCRIPTIONS: &str = "sns:ListSubscriptionsByTopic";
/// The logical name of the topic that alarms go to.
const ALARMS: &str = "alarms";
/// In place of an ARN until somebody confirms.
const PENDING: &str = "PendingConfirmation";

/// A topic that is ours to look at.
struct Sought {
    logical: String,
    name: String,
    arn: String,
    /// Whether somebody else manages it, whatever its tags say.
    theirs: bool,
}

/// The topics of the environment, and the subscriptions to its alarms that nobody confirmed.
pub async fn observe(
    client: &Client,
    tagging: &aws_sdk_resourcegroupstagging::Client,
    target: &Target,
) -> (Found<SnsTopic>, Read<BTreeSet<String>>) {
    let pages = client.list_topics().into_paginator().items().send();
    let listed: Vec<aws_sdk_sns::types::Topic> = match answer(LIST, pages.try_collect().await) {
        Read::Known(listed) => listed,
        Read::Unread(why) => return (Found::unread(why.clone()), Read::Unread(why)),
    };
    let stores = stores(target);
    let arns = listed.into_iter().filter_map(|topic| topic.topic_arn);
    let sought: Vec<Sought> = arns
        .filter_map(|arn| sought(arn, &stores, target))
        .collect();
    let of_all = sought.iter().map(|topic| topic.arn.clone()).collect();
    let of_each: Vec<String> = sought.iter().map(|topic| topic.arn.clone()).collect();
    let (tags, heard, attributes) = join!(
        tags::of(tagging, of_all),
        heard(client, &sought, target),
        stream::iter(of_each)
            .map(|arn| attributes(client, arn))
            .buffered(IN_FLIGHT)
            .collect::<Vec<_>>(),
    );
    let unconfirmed = heard.as_ref().map(|heard| heard.unconfirmed.clone());
    let candidates = sought.into_iter().zip(attributes).map(|(topic, shown)| {
        let told = match topic.logical == ALARMS {
            true => heard.as_ref().map(|heard| Some(heard.all.clone())),
            false => None.into(),
        };
        candidate(topic, &shown, told, &tags, target)
    });
    (Found::gather(candidates, &target.environment), unconfirmed)
}

/// The topics that living services declare, and whether they are managed here.
fn stores(target: &Target) -> BTreeMap<&str, bool> {
    let living = target
        .declared
        .services
        .values()
        .filter(|service| service.is_alive());
    living
        .flat_map(|service| &service.stores)
        .filter(|store| store.kind == StoreKind::Sns)
        .map(|store| (store.name.as_str(), store.manage))
        .collect()
}

/// A store is known by its own name, everything else by ours.
fn sought(arn: String, stores: &BTreeMap<&str, bool>, target: &Target) -> Option<Sought> {
    let name = arn.rsplit(':').next()?.to_owned();
    let managed = stores.get(name.as_str());
    let logical = match managed {
        Some(_) => name.clone(),
        None => target.naming.logical(&name)?.to_owned(),
    };
    Some(Sought {
        logical,
        arn,
        theirs: managed == Some(&false),
        name,
    })
}

async fn attributes(client: &Client, arn: String) -> Read<BTreeMap<String, String>> {
    let shown = client.get_topic_attributes().topic_arn(arn).send().await;
    answer(CALL, shown).map(|shown| shown.attributes.unwrap_or_default().into_iter().collect())
}

fn candidate(
    topic: Sought,
    shown: &Read<BTreeMap<String, String>>,
    subscriptions: Read<Option<BTreeSet<String>>>,
    tags: &Read<tags::TagsByArn>,
    target: &Target,
) -> Candidate<SnsTopic> {
    let tags = of_one(tags, &topic.arn);
    let resource = SnsTopic {
        policy: match shown {
            Read::Known(shown) => policy(shown),
            Read::Unread(why) => Read::Unread(why.clone()),
        },
        kms_key: shown.as_ref().map(|shown| key(shown, target)),
        subscriptions,
        tags: tags.clone(),
        name: topic.name,
    };
    Candidate {
        named: Some(topic.logical),
        tags: if topic.theirs {
            Read::Known(Tags::new())
        } else {
            tags
        },
        id: PhysicalId::with_arn(topic.arn.clone(), topic.arn),
        resource,
    }
}

fn policy(shown: &BTreeMap<String, String>) -> Read<crate::iam::PolicyDocument> {
    match shown.get("Policy") {
        Some(text) => documents::plain(CALL, text),
        None => Read::Unread(malformed(CALL, "the answer has no policy")),
    }
}

fn key(shown: &BTreeMap<String, String>, target: &Target) -> Option<Ref> {
    let key = shown.get("KmsMasterKeyId").filter(|key| !key.is_empty())?;
    Some(target.key(key))
}

/// Who is told of alarms.
#[derive(Default)]
struct Heard {
    all: BTreeSet<String>,
    unconfirmed: BTreeSet<String>,
}

/// Only the alarms' topic is asked: who listens to a store is its owner's matter.
async fn heard(client: &Client, sought: &[Sought], target: &Target) -> Read<Heard> {
    let Some(topic) = sought.iter().find(|topic| topic.logical == ALARMS) else {
        return Read::Known(Heard::default());
    };
    let request = client.list_subscriptions_by_topic().topic_arn(&topic.arn);
    let pages = request.into_paginator().items().send();
    let shown: Read<Vec<Subscription>> = answer(SUBSCRIPTIONS, pages.try_collect().await);
    shown.map(|shown| {
        let mails = &target.declared.alarms.notify;
        let declared: BTreeSet<String> = mails.iter().map(|mail| format!("email:{mail}")).collect();
        told(&shown, &declared)
    })
}

/// What nobody declared and nobody confirmed tells nobody, cannot be taken away, and vanishes.
fn told(shown: &[Subscription], declared: &BTreeSet<String>) -> Heard {
    let mut heard = Heard::default();
    for one in shown {
        let who = format!(
            "{}:{}",
            one.protocol().unwrap_or_default(),
            one.endpoint().unwrap_or_default()
        );
        let pending = one.subscription_arn() == Some(PENDING);
        if pending && !declared.contains(&who) {
            continue;
        }
        if pending {
            heard.unconfirmed.insert(who.clone());
        }
        heard.all.insert(who);
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription(who: &str, arn: &str) -> Subscription {
        let built = Subscription::builder().protocol("email").endpoint(who);
        built.subscription_arn(arn).build()
    }

    #[test]
    fn a_declared_subscription_counts_before_it_is_confirmed_and_a_stranger_does_not() {
        let shown = [
            subscription("a@bank.example", PENDING),
            subscription("b@bank.example", "arn:aws:sns:eu-west-1:111122223333:t:1"),
            subscription("stranger@elsewhere.example", PENDING),
        ];
        let declared = BTreeSet::from(["email:a@bank.example".to_owned()]);
        let heard = told(&shown, &declared);
        assert_eq!(heard.unconfirmed, declared);
        let all: Vec<&str> = heard.all.iter().map(String::as_str).collect();
        assert_eq!(all, ["email:a@bank.example", "email:b@bank.example"]);
    }
}
