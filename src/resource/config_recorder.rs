//! The AWS Config recorder of an account and Region, with its delivery channel.
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html>

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Api, Aspect, Direction, FieldChange, Kind, Linked, Read, Ref, Sides, linked,
    tagging::{self, TagChange},
};
use crate::model::{Address, Home, KindName, PhysicalId, Tags};

/// A recorder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigRecorder {
    /// Name; AWS never lets it change, nor a second recorder exist.
    pub name: String,
    /// What is recorded: one call sets all of it.
    pub recording: Read<Recording>,
    /// Where it is delivered to; AWS has one channel for a recorder at most.
    pub channel: Read<Option<DeliveryChannel>>,
    /// Whether it records at present.
    pub started: Read<bool>,
    /// Tags.
    pub tags: Read<Tags>,
}

/// What a recorder records, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The role that reads and delivers.
    pub role: Ref,
    /// Global resources, such as roles, are recorded too.
    pub global_types: bool,
    /// `CONTINUOUS` or `DAILY`.
    pub frequency: String,
    /// Resource types that are left out.
    pub excluded: BTreeSet<String>,
    /// The only resource types that are recorded; all where it is empty.
    pub only: BTreeSet<String>,
}

/// Where a recorder delivers to.
/// <https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryChannel {
    /// The bucket.
    pub bucket: Ref,
    /// A prefix of the objects; none by default.
    pub prefix: Option<String>,
    /// The key of the objects; none for the bucket's own.
    pub key: Option<Ref>,
    /// The topic that hears of it.
    pub topic: Option<Ref>,
    /// How often a snapshot is delivered, as `TwentyFour_Hours`; none for never.
    pub snapshots: Option<String>,
}

linked!(ConfigRecorder { recording, channel });
linked!(Recording { role });
linked!(DeliveryChannel { bucket, key, topic });

impl Recording {
    /// As AWS shows it: global types belong to a recorder of everything only.
    fn shown(mut self) -> Self {
        if !self.only.is_empty() {
            self.excluded.clear();
        }
        self.global_types &= self.records_everything();
        self
    }

    /// Whether every type that AWS Config knows is recorded.
    pub fn records_everything(&self) -> bool {
        self.only.is_empty() && self.excluded.is_empty()
    }
}

/// A call on the recorder.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfigRecorderCall {
    /// PutConfigurationRecorder with tags, where there is none.
    Create(Box<ConfigRecorder>),
    /// PutConfigurationRecorder.
    Put(Box<Recording>),
    /// PutDeliveryChannel.
    PutChannel(Box<DeliveryChannel>),
    /// DeleteDeliveryChannel.
    DeleteChannel,
    /// StartConfigurationRecorder; AWS refuses it without a channel.
    Start,
    /// StopConfigurationRecorder.
    Stop,
    /// TagResource.
    Tag(Tags),
    /// UntagResource.
    Untag(BTreeSet<String>),
    /// DeleteConfigurationRecorder; what it delivered stays.
    Delete,
}

impl Kind for ConfigRecorder {
    const NAME: KindName = KindName::ConfigRecorder;
    const ASPECT: Aspect = Aspect::Logging;
    const IMMUTABLE: &'static [&'static str] = &["name"];
    const LISTING: &'static str = "config:DescribeConfigurationRecorders";
    const LOSS: Option<&'static str> = Some("deleted; what happens from then on is not recorded");
    const NAMED: bool = false;
    const HELD: bool = false;
    const SINGLE: bool = true;
    type Call = ConfigRecorderCall;

    fn create_needs(&self) -> BTreeSet<Address> {
        self.recording
            .known()
            .map(Linked::addresses)
            .unwrap_or_default()
    }

    fn physical_id(&self, home: &Home, token: &str) -> PhysicalId {
        let resource = format!("configuration-recorder/{}/{token}", self.name);
        PhysicalId::with_arn(&self.name, home.arn("config", &resource))
    }

    fn create(&self) -> ConfigRecorderCall {
        ConfigRecorderCall::Create(Box::new(self.clone()))
    }

    /// A recorder stops before its channel goes, and starts once it has one.
    fn settle(from: &Self, to: &Self) -> Vec<ConfigRecorderCall> {
        use ConfigRecorderCall::{DeleteChannel, Put, PutChannel, Start, Stop, Tag, Untag};
        let recording = from.recording.changed(&to.recording).cloned();
        let channel = from.channel.changed(&to.channel).map(|channel| {
            let channel = channel.clone().map(Box::new);
            channel.map_or(DeleteChannel, PutChannel)
        });
        let started = from.started.changed(&to.started).copied();
        let stop = (started == Some(false)).then_some(Stop);
        let start = (started == Some(true)).then_some(Start);
        recording
            .map(|recording| Put(Box::new(recording)))
            .into_iter()
            .chain(stop)
            .chain(channel)
            .chain(start)
            .chain(TagChange::between(&from.tags, &to.tags).calls(Tag, Untag))
            .collect()
    }

    fn delete(&self) -> Vec<ConfigRecorderCall> {
        use ConfigRecorderCall::{Delete, DeleteChannel, Stop};
        let started = self.started.known() != Some(&false);
        let channel = !matches!(self.channel.known(), Some(None));
        let stop = started.then_some(Stop);
        stop.into_iter()
            .chain(channel.then_some(DeleteChannel))
            .chain([Delete])
            .collect()
    }

    fn apply(state: Option<Self>, call: &ConfigRecorderCall) -> Option<Self> {
        if let ConfigRecorderCall::Create(recorder) = call {
            return Some(Self {
                recording: recorder.recording.clone().map(Recording::shown),
                channel: None.into(),
                started: false.into(),
                ..(**recorder).clone()
            });
        }
        let mut recorder = state?;
        match call {
            ConfigRecorderCall::Create(_) | ConfigRecorderCall::Delete => return None,
            ConfigRecorderCall::Put(recording) => {
                recorder.recording.set((**recording).clone().shown());
            }
            ConfigRecorderCall::PutChannel(channel) => {
                recorder.channel.set(Some((**channel).clone()));
            }
            ConfigRecorderCall::DeleteChannel => recorder.channel.set(None),
            ConfigRecorderCall::Start => recorder.started.set(true),
            ConfigRecorderCall::Stop => recorder.started.set(false),
            ConfigRecorderCall::Tag(tags) => tagging::set(&mut recorder.tags, tags),
            ConfigRecorderCall::Untag(keys) => tagging::remove(&mut recorder.tags, keys),
        }
        Some(recorder)
    }

    fn api(call: &ConfigRecorderCall) -> Api {
        let operation = match call {
            ConfigRecorderCall::Create(_) | ConfigRecorderCall::Put(_) => {
                "PutConfigurationRecorder"
            }
            ConfigRecorderCall::PutChannel(_) => "PutDeliveryChannel",
            ConfigRecorderCall::DeleteChannel => "DeleteDeliveryChannel",
            ConfigRecorderCall::Start => "StartConfigurationRecorder",
            ConfigRecorderCall::Stop => "StopConfigurationRecorder",
            ConfigRecorderCall::Tag(_) => "TagResource",
            ConfigRecorderCall::Untag(_) => "UntagResource",
            ConfigRecorderCall::Delete => "DeleteConfigurationRecorder",
        };
        Api::of("config", operation, 2, 5)
    }

    fn removes(call: &ConfigRecorderCall) -> bool {
        use ConfigRecorderCall::{Delete, DeleteChannel, Stop};
        matches!(call, Delete | DeleteChannel | Stop)
    }

    fn named(call: &ConfigRecorderCall) -> BTreeSet<Address> {
        match call {
            ConfigRecorderCall::Create(recorder) => recorder.create_needs(),
            ConfigRecorderCall::Put(recording) => recording.addresses(),
            ConfigRecorderCall::PutChannel(channel) => channel.addresses(),
            _ => BTreeSet::new(),
        }
    }

    fn direction(change: &FieldChange, _: Sides<'_>) -> Direction {
        let gained = change.before.is_none();
        match (change.path.field(), change.path.key_at(1)) {
            ("started", _) | ("recording", Some("global_types")) => {
                Direction::logging(change.after == Some(true.into()))
            }
            ("recording", Some("frequency")) => {
                Direction::logging(change.after == Some("CONTINUOUS".into()))
            }
            ("recording", Some("excluded" | "only")) => Direction::logging(!gained),
            // Another role may see less; another bucket belongs to whoever reads there.
            ("recording", Some("role")) => Direction::LoggingWeakened,
            ("channel", Some("bucket") | None) => Direction::logging(gained),
            ("channel", Some("key")) => Direction::encryption(gained),
            _ => Direction::Neutral,
        }
    }

    /// Whoever owns it chooses its name, role, channel and tags; that there is a channel is judged.
    fn verify(mut self, live: &Self) -> Self {
        if let (Read::Known(wanted), Read::Known(live)) = (&mut self.recording, &live.recording) {
            wanted.role = live.role.clone();
        }
        if !matches!(live.channel, Read::Known(None)) {
            self.channel = live.channel.clone();
        }
        Self {
            name: live.name.clone(),
            tags: live.tags.clone(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder() -> ConfigRecorder {
        ConfigRecorder {
            name: "default".to_owned(),
            recording: Recording {
                role: Ref::literal("arn:aws:iam::111122223333:role/config"),
                global_types: true,
                frequency: "CONTINUOUS".to_owned(),
                excluded: BTreeSet::new(),
                only: BTreeSet::new(),
            }
            .into(),
            channel: Some(DeliveryChannel {
                bucket: Ref::literal("arn:aws:s3:::logs"),
                prefix: None,
                key: None,
                topic: None,
                snapshots: None,
            })
            .into(),
            started: true.into(),
            tags: Tags::new().into(),
        }
    }

    #[test]
    fn it_stops_before_its_channel_goes_and_starts_once_it_has_one() {
        use ConfigRecorderCall::{Delete, DeleteChannel, Start, Stop};
        let idle = ConfigRecorder {
            channel: None.into(),
            started: false.into(),
            ..recorder()
        };
        assert_eq!(
            ConfigRecorder::settle(&recorder(), &idle),
            [Stop, DeleteChannel]
        );
        let calls = ConfigRecorder::settle(&idle, &recorder());
        assert_eq!(calls.last(), Some(&Start));
        assert_eq!(recorder().delete(), [Stop, DeleteChannel, Delete]);
    }

    #[test]
    fn what_leaves_types_out_leaves_global_ones_out_too() {
        let mut partial = recorder().recording;
        if let Read::Known(recording) = &mut partial {
            recording.excluded.insert("AWS::S3::Bucket".to_owned());
        }
        let shown = partial.map(Recording::shown);
        assert!(shown.known().is_some_and(|shown| !shown.global_types));
    }

    #[test]
    fn another_owner_delivers_where_it_likes_but_must_deliver() {
        let mut live = recorder();
        live.name = "organization".to_owned();
        live.channel = None.into();
        let wanted = recorder().verify(&live);
        assert_eq!(wanted.name, "organization");
        assert_ne!(wanted.channel, live.channel);
    }
}
