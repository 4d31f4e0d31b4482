//! An SNS topic: the one that alarms go to, and those that services own.
//! <https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kept, Kind, Linked, Read, Ref, Sides, direction, keep,
    linked, store,
    tagging::{self, TagChange},
};
use crate::{
    iam::PolicyDocument,
    model::{Address, Home, KindName, PhysicalId, Tags},
};

/// How the name of a FIFO topic ends.
const FIFO: &str = ".fifo";

/// A topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnsTopic {
    /// Topic name; that of a FIFO topic ends in `.fifo`.
    pub name: String,
    /// Topic policy.
    pub policy: Read<PolicyDocument>,
    /// The key that encrypts messages at rest; none where nothing does.
    pub kms_key: Read<Option<Ref>>,
    /// Who is told, each as `protocol:endpoint`, confirmed or not; none where subscriptions are
    /// their owners' matter and are not looked at.
    pub subscriptions: Read<Option<BTreeSet<String>>>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(SnsTopic { policy, kms_key });

impl SnsTopic {
    /// Whether it keeps messages in order.
    pub fn fifo(&self) -> bool {
        self.name.ends_with(FIFO)
    }
}

/// A call on a topic.
#[derive(Debug, Clone, PartialEq)]
pub enum SnsTopicCall {
    /// CreateTopic with policy, key and tags.
    Create(Box<SnsTopic>),
    /// SetTopicAttributes of `Policy`.
    PutPolicy(PolicyDocument),
    /// SetTopicAttributes of `KmsMasterKeyId`; none turns encryption off.
    PutKey(Option<Ref>),
    /// Subscribe, as `email:security@bank.example`.
    Subscribe(String),
    /// Unsubscribe.
    Unsubscribe(String),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteTopic, with its subscriptions.
    Delete,
}

/// The subscriptions of a reading, where they are looked at.
fn subscribers(topic: &SnsTopic) -> Option<&BTreeSet<String>> {
    topic.subscriptions.known()?.as_ref()
}

fn subscriptions(from: &SnsTopic, to: &SnsTopic) -> Vec<SnsTopicCall> {
    let Some((from, to)) = subscribers(from).zip(subscribers(to)) else {
        return Vec::new();
    };
    let gained = to.difference(from).cloned().map(SnsTopicCall::Subscribe);
    let lost = from.difference(to).cloned().map(SnsTopicCall::Unsubscribe);
    gained.chain(lost).collect()
}

impl Kind for SnsTopic {
    const NAME: KindName = KindName::SnsTopic;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "sns:ListTopics";
    const LOSS: Option<&'static str> = Some("deleted with its subscriptions");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = SnsTopicCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let arn = home.arn("sns", &self.name);
        PhysicalId::with_arn(arn.clone(), arn)
    }

    fn create(&self) -> SnsTopicCall {
        SnsTopicCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<SnsTopicCall> {
        let policy = from.policy.changed(&to.policy).cloned();
        let key = from.kms_key.changed(&to.kms_key).cloned();
        [
            policy.map(SnsTopicCall::PutPolicy),
            key.map(SnsTopicCall::PutKey),
        ]
        .into_iter()
        .flatten()
        .chain(subscriptions(from, to))
        .chain(
            TagChange::between(&from.tags, &to.tags).calls(SnsTopicCall::Tag, SnsTopicCall::Untag),
        )
        .collect()
    }

    fn delete(&self) -> Vec<SnsTopicCall> {
        vec![SnsTopicCall::Delete]
    }

    fn apply(state: Option<Self>, call: &SnsTopicCall) -> Option<Self> {
        if let SnsTopicCall::Create(topic) = call {
            let nobody = |known: Option<BTreeSet<String>>| known.map(|_| BTreeSet::new());
            return Some(Self {
                subscriptions: topic.subscriptions.clone().map(nobody),
                ..(**topic).clone()
            });
        }
        let mut topic = state?;
        match call {
            SnsTopicCall::Create(_) | SnsTopicCall::Delete => return None,
            SnsTopicCall::PutPolicy(policy) => topic.policy.set(policy.clone()),
            SnsTopicCall::PutKey(key) => topic.kms_key.set(key.clone()),
            SnsTopicCall::Subscribe(who) => {
                if let Read::Known(Some(known)) = &mut topic.subscriptions {
                    known.insert(who.clone());
                }
            }
            SnsTopicCall::Unsubscribe(who) => {
                if let Read::Known(Some(known)) = &mut topic.subscriptions {
                    known.remove(who);
                }
            }
            SnsTopicCall::Tag(tags) => tagging::set(&mut topic.tags, tags),
            SnsTopicCall::Untag(keys) => tagging::remove(&mut topic.tags, keys),
        }
        Some(topic)
    }

    fn api(call: &SnsTopicCall) -> Api {
        match call {
            SnsTopicCall::Create(_) => Api::sns("CreateTopic", 10),
            SnsTopicCall::PutPolicy(_) | SnsTopicCall::PutKey(_) => {
                Api::sns("SetTopicAttributes", 10)
            }
            SnsTopicCall::Subscribe(_) => Api::sns("Subscribe", 100),
            SnsTopicCall::Unsubscribe(_) => Api::sns("Unsubscribe", 100),
            SnsTopicCall::Tag(_) => Api::sns("TagResource", 10),
            SnsTopicCall::Untag(_) => Api::sns("UntagResource", 10),
            SnsTopicCall::Delete => Api::sns("DeleteTopic", 10),
        }
    }

    fn removes(call: &SnsTopicCall) -> bool {
        matches!(call, SnsTopicCall::Delete | SnsTopicCall::Unsubscribe(_))
    }

    fn named(call: &SnsTopicCall) -> BTreeSet<Address> {
        match call {
            SnsTopicCall::Create(topic) => topic.addresses(),
            SnsTopicCall::PutPolicy(policy) => policy.addresses(),
            SnsTopicCall::PutKey(key) => key.clone().map(|key| key.addresses()).unwrap_or_default(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "policy" => direction::of_policy(change, sides),
            // Another key is not the declared one: only gaining one is known to strengthen.
            "kms_key" => Direction::encryption(change.before.is_none()),
            // An alarm that nobody hears is worse than one that a stranger hears.
            "subscriptions" => Direction::logging(change.before.is_none()),
            _ => Direction::Neutral,
        }
    }

    fn keep(mut self, live: &Self, note: &mut dyn FnMut(Kept)) -> Self {
        keep::unknown_denies(&mut self.policy, &live.policy, "policy", note);
        self
    }

    /// The key that encrypts it and whom its policy lets through; the rest is its manager's.
    fn verify(self, live: &Self) -> Self {
        Self {
            policy: store::closed(self.policy, &live.policy),
            kms_key: self.kms_key,
            ..live.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(subscriptions: Option<&[&str]>) -> SnsTopic {
        let known = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        SnsTopic {
            name: "bank-alarms".to_owned(),
            policy: PolicyDocument::new([]).into(),
            kms_key: None.into(),
            subscriptions: subscriptions.map(known).into(),
            tags: Tags::new().into(),
        }
    }

    #[test]
    fn subscriptions_that_are_not_looked_at_are_left_alone() {
        let wanted = topic(Some(&["email:a@bank.example"]));
        assert_eq!(SnsTopic::settle(&topic(None), &wanted), []);
        assert_eq!(
            SnsTopic::settle(&topic(Some(&["email:b@bank.example"])), &wanted),
            [
                SnsTopicCall::Subscribe("email:a@bank.example".to_owned()),
                SnsTopicCall::Unsubscribe("email:b@bank.example".to_owned()),
            ]
        );
    }

    #[test]
    fn a_fifo_topic_is_known_by_its_name() {
        let named = |name: &str| SnsTopic {
            name: name.to_owned(),
            ..topic(None)
        };
        assert!(named("orders.fifo").fifo() && !named("orders").fifo());
    }
}
