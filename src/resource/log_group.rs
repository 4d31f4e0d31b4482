//! A CloudWatch log group with its key and retention.
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, direction, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A log group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogGroup {
    /// Log group name.
    pub name: String,
    /// Log class, as `STANDARD`.
    pub class: Read<String>,
    /// The key that encrypts it; none for the service's own.
    pub kms_key: Read<Option<Ref>>,
    /// How long events are kept, in days; none for ever.
    pub retention_days: Read<Option<u32>>,
    /// Whether deletion is refused.
    pub deletion_protected: Read<bool>,
    /// Tags.
    pub tags: Read<Tags>,
}

linked!(LogGroup { kms_key });

/// A call on a log group.
#[derive(Debug, Clone, PartialEq)]
pub enum LogGroupCall {
    /// CreateLogGroup with key, class, protection and tags.
    Create(Box<LogGroup>),
    /// AssociateKmsKey.
    AssociateKey(Ref),
    /// DisassociateKmsKey.
    DisassociateKey,
    /// PutRetentionPolicy, in days.
    PutRetention(u32),
    /// DeleteRetentionPolicy: events are kept for ever.
    DeleteRetention,
    /// PutLogGroupDeletionProtection.
    Protect(bool),
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteLogGroup, with its events.
    Delete,
}

impl Kind for LogGroup {
    const NAME: KindName = KindName::LogGroup;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name", "class"];
    const LISTING: &'static str = "logs:DescribeLogGroups";
    const LOSS: Option<&'static str> = Some("deleted with its events");
    const NAMED: bool = true;
    const HELD: bool = false;
    type Call = LogGroupCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.addresses()
    }

    fn physical_id(&self, home: &Home, _: &str) -> PhysicalId {
        let resource = format!("log-group:{}", self.name);
        PhysicalId::with_arn(&self.name, home.arn("logs", &resource))
    }

    fn create(&self) -> LogGroupCall {
        LogGroupCall::Create(Box::new(self.clone()))
    }

    fn settle(from: &Self, to: &Self) -> Vec<LogGroupCall> {
        let key = from.kms_key.changed(&to.kms_key).map(|key| match key {
            Some(key) => LogGroupCall::AssociateKey(key.clone()),
            None => LogGroupCall::DisassociateKey,
        });
        let retention = from
            .retention_days
            .changed(&to.retention_days)
            .map(|days| days.map_or(LogGroupCall::DeleteRetention, LogGroupCall::PutRetention));
        let protection = from.deletion_protected.changed(&to.deletion_protected);
        [
            key,
            retention,
            protection.map(|on| LogGroupCall::Protect(*on)),
        ]
        .into_iter()
        .flatten()
        .chain(
            TagChange::between(&from.tags, &to.tags).calls(LogGroupCall::Tag, LogGroupCall::Untag),
        )
        .collect()
    }

    fn delete(&self) -> Vec<LogGroupCall> {
        let protected = self.deletion_protected.known() == Some(&true);
        protected
            .then_some(LogGroupCall::Protect(false))
            .into_iter()
            .chain([LogGroupCall::Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &LogGroupCall) -> Option<Self> {
        if let LogGroupCall::Create(group) = call {
            return Some(Self {
                retention_days: None.into(),
                ..(**group).clone()
            });
        }
        let mut group = state?;
        match call {
            LogGroupCall::Create(_) | LogGroupCall::Delete => return None,
            LogGroupCall::AssociateKey(key) => group.kms_key.set(Some(key.clone())),
            LogGroupCall::DisassociateKey => group.kms_key.set(None),
            LogGroupCall::PutRetention(days) => group.retention_days.set(Some(*days)),
            LogGroupCall::DeleteRetention => group.retention_days.set(None),
            LogGroupCall::Protect(on) => group.deletion_protected.set(*on),
            LogGroupCall::Tag(tags) => tagging::set(&mut group.tags, tags),
            LogGroupCall::Untag(keys) => tagging::remove(&mut group.tags, keys),
        }
        Some(group)
    }

    fn api(call: &LogGroupCall) -> Api {
        match call {
            LogGroupCall::Create(_) => Api::logs("CreateLogGroup", 10),
            LogGroupCall::AssociateKey(_) => Api::logs("AssociateKmsKey", 5),
            LogGroupCall::DisassociateKey => Api::logs("DisassociateKmsKey", 5),
            LogGroupCall::PutRetention(_) => Api::logs("PutRetentionPolicy", 5),
            LogGroupCall::DeleteRetention => Api::logs("DeleteRetentionPolicy", 5),
            LogGroupCall::Protect(_) => Api::logs("PutLogGroupDeletionProtection", 5),
            LogGroupCall::Tag(_) => Api::logs("TagResource", 5),
            LogGroupCall::Untag(_) => Api::logs("UntagResource", 5),
            LogGroupCall::Delete => Api::logs("DeleteLogGroup", 10),
        }
    }

    fn removes(call: &LogGroupCall) -> bool {
        matches!(call, LogGroupCall::Delete | LogGroupCall::DeleteRetention)
    }

    fn named(call: &LogGroupCall) -> BTreeSet<Address> {
        match call {
            LogGroupCall::Create(group) => group.addresses(),
            LogGroupCall::AssociateKey(key) => key.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        match change.path.field() {
            // Another key is not this service's key: only gaining one is known to strengthen.
            "kms_key" => Direction::encryption(change.before.is_none()),
            "retention_days" => direction::of_retention(change),
            "deletion_protected" => Direction::logging(change.after == Some(true.into())),
            _ => Direction::Neutral,
        }
    }
}
