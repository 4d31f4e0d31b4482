//! An SQS queue: its encryption and policy, never its messages.
//! How long messages wait, stay invisible or are retried is the service's own business.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

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

/// A queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqsQueue {
    /// Queue name; a FIFO queue's ends in `.fifo`.
    pub name: String,
    /// The key that encrypts it; none for SQS's own.
    pub kms_key: Read<Option<Ref>>,
    /// Resource policy; without statements where it has none.
    pub policy: Read<PolicyDocument>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(SqsQueue { kms_key, policy });

/// A call on a queue.
#[derive(Debug, Clone, PartialEq)]
pub enum SqsQueueCall {
    /// CreateQueue with key and tags.
    Create(Box<SqsQueue>),
    /// SetQueueAttributes with another key; none for SQS's own.
    SetKey(Option<Ref>),
    /// SetQueueAttributes with a policy; one without statements takes it away.
    SetPolicy(PolicyDocument),
    /// TagQueue.
    Tag(Tags),
    /// UntagQueue.
    Untag(BTreeSet<String>),
    /// DeleteQueue, with its messages.
    Delete,
}

impl SqsQueue {
    /// Whether it is a FIFO queue, which its name decides.
    pub fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

impl Kind for SqsQueue {
    const NAME: KindName = KindName::SqsQueue;
    const ASPECT: Aspect = Aspect::Access;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "tag:GetResources";
    const LOSS: Option<&'static str> = Some("deleted with its messages");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = SqsQueueCall;

    /// The policy comes later, so its roles need not exist.
    fn create_needs(&self) -> BTreeSet<Address> {
        self.kms_key.addresses()
    }

    /// A queue is asked for by its URL, which is made of where it is and how it is called.
    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html>
    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let Home { account, region } = home;
        let (name, suffix) = (&self.name, region.dns_suffix());
        let url = format!("https://sqs.{region}.{suffix}/{account}/{name}");
        PhysicalId::with_arn(url, home.arn("sqs", name))
    }

    fn create(&self) -> SqsQueueCall {
        SqsQueueCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<SqsQueueCall> {
        let key = from.kms_key.changed(&to.kms_key).cloned();
        let policy = from.policy.changed(&to.policy).cloned();
        [
            key.map(SqsQueueCall::SetKey),
            policy.map(SqsQueueCall::SetPolicy),
        ]
        .into_iter()
        .flatten()
        .chain(
            TagChange::between(&from.tags, &to.tags).calls(SqsQueueCall::Tag, SqsQueueCall::Untag),
        )
        .collect()
    }

    fn delete(&self) -> Vec<SqsQueueCall> {
        vec![SqsQueueCall::Delete]
    }

    fn apply(state: Option<Self>, call: &SqsQueueCall) -> Option<Self> {
        if let SqsQueueCall::Create(queue) = call {
            return Some(Self {
                policy: PolicyDocument::default().into(),
                ..(**queue).clone()
            });
        }
        let mut queue = state?;
        match call {
            SqsQueueCall::Create(_) | SqsQueueCall::Delete => return None,
            SqsQueueCall::SetKey(key) => queue.kms_key.set(key.clone()),
            SqsQueueCall::SetPolicy(document) => queue.policy.set(document.clone()),
            SqsQueueCall::Tag(tags) => tagging::set(&mut queue.tags, tags),
            SqsQueueCall::Untag(keys) => tagging::remove(&mut queue.tags, keys),
        }
        Some(queue)
    }

    fn api(call: &SqsQueueCall) -> Api {
        Api::sqs(match call {
            SqsQueueCall::Create(_) => "CreateQueue",
            SqsQueueCall::SetKey(_) | SqsQueueCall::SetPolicy(_) => "SetQueueAttributes",
            SqsQueueCall::Tag(_) => "TagQueue",
            SqsQueueCall::Untag(_) => "UntagQueue",
            SqsQueueCall::Delete => "DeleteQueue",
        })
    }

    fn removes(call: &SqsQueueCall) -> bool {
        matches!(call, SqsQueueCall::Delete)
    }

    fn named(call: &SqsQueueCall) -> BTreeSet<Address> {
        match call {
            SqsQueueCall::Create(queue) => queue.kms_key.addresses(),
            SqsQueueCall::SetKey(key) => key.addresses(),
            SqsQueueCall::SetPolicy(document) => document.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, sides: Sides<'_>) -> Direction {
        match change.path.field() {
            "kms_key" => store::of_key(change),
            "policy" => direction::of_policy(change, sides),
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
