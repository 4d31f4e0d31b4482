//! Alarms: what is counted in the trail's log group, what fires, and whom it tells.
//! Made by the environment that owns the account-wide settings, and by no other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiler, audit::AUDIT_TRAIL};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AUDIT, KindName, WATCHES, Watch},
    resource::{
        AlarmDefinition, FilterDefinition, MetricAlarm, MetricFilter, MissingData, Ref, SnsTopic,
    },
};

/// The topic that alarms go to.
const TOPIC: &str = "alarms";
/// The log groups that are never silent while all is well, each with what its silence means.
const NEVER_SILENT: [(&str, &str); 2] = [
    (AUDIT_TRAIL, "The trail delivers nothing"),
    ("flow-logs", "The flow logs of the VPC deliver nothing"),
];
/// Five minutes: as often as CloudTrail delivers.
const PERIOD_SECONDS: u32 = 300;
/// An hour, and silence in two of them: a quiet night is no incident.
const SILENCE_SECONDS: u32 = 3600;
const SILENCE_PERIODS: u32 = 2;

impl Compiler<'_> {
    pub(super) fn alarms(&mut self) {
        self.alarm_topic_with_mails();
        for watch in &WATCHES {
            self.watch(watch);
        }
        for (group, title) in NEVER_SILENT {
            if self.resources.log_group.contains_key(group) {
                self.silence(group, title);
            }
        }
    }

    fn alarm_topic_with_mails(&mut self) {
        let notify = &self.environment.alarms.notify;
        let mails = notify.iter().map(|mail| format!("email:{mail}"));
        let subscriptions: BTreeSet<String> = mails.collect();
        let topic = SnsTopic {
            policy: self.alarm_topic_policy().into(),
            name: self.naming.prefixed(TOPIC),
            kms_key: Some(Ref::to(KindName::KmsKey, AUDIT)).into(),
            subscriptions: Some(subscriptions).into(),
            tags: self.tags(None).into(),
        };
        self.add(TOPIC.to_owned(), topic, None);
    }

    /// It is about the one topic that it is attached to, whose ARN it cannot name before.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html>
    fn alarm_topic_policy(&self) -> PolicyDocument {
        let account = Ref::literal(self.environment.account.as_str());
        let alarms = Ref::Literal(self.arn("cloudwatch", "alarm:*"));
        let publish = Statement::allow(["sns:Publish"])
            .by_service("cloudwatch.amazonaws.com")
            .when("StringEquals", "aws:SourceAccount", [account])
            .when("ArnLike", "aws:SourceArn", [alarms]);
        let plain = Statement::deny(["sns:Publish"])
            .by([Ref::literal("*")])
            .when("Bool", "aws:SecureTransport", [Ref::literal("false")]);
        PolicyDocument::new([("Alarms", publish.on_any()), ("Tls", plain.on_any())])
    }

    fn watch(&mut self, watch: &Watch) {
        let filter = MetricFilter {
            name: self.naming.prefixed(watch.name),
            log_group: Ref::to(KindName::LogGroup, AUDIT_TRAIL),
            definition: FilterDefinition {
                pattern: watch.pattern(),
                namespace: self.metrics(),
                metric: watch.name.to_owned(),
                value: "1".to_owned(),
            }
            .into(),
        };
        let alarm = AlarmDefinition {
            namespace: self.metrics(),
            metric: watch.name.to_owned(),
            period_seconds: PERIOD_SECONDS,
            periods: 1,
            comparison: "GreaterThanOrEqualToThreshold".to_owned(),
            missing_data: MissingData::NotBreaching,
            ..self.alarm(watch.title)
        };
        self.add(watch.name.to_owned(), filter, None);
        self.add_alarm(watch.name.to_owned(), alarm);
    }

    /// No data is what this alarm is about.
    fn silence(&mut self, group: &str, title: &str) {
        let name = self.naming.log_group(group);
        let alarm = AlarmDefinition {
            namespace: "AWS/Logs".to_owned(),
            metric: "IncomingLogEvents".to_owned(),
            dimensions: BTreeMap::from([("LogGroupName".to_owned(), name)]),
            period_seconds: SILENCE_SECONDS,
            periods: SILENCE_PERIODS,
            comparison: "LessThanThreshold".to_owned(),
            missing_data: MissingData::Breaching,
            ..self.alarm(title)
        };
        self.add_alarm(format!("{group}-silent"), alarm);
    }

    /// An alarm that tells the topic of the first event.
    fn alarm(&self, title: &str) -> AlarmDefinition {
        AlarmDefinition {
            description: title.to_owned(),
            namespace: String::new(),
            metric: String::new(),
            dimensions: BTreeMap::new(),
            statistic: "Sum".to_owned(),
            period_seconds: PERIOD_SECONDS,
            periods: 1,
            comparison: String::new(),
            threshold: 1,
            missing_data: MissingData::Missing,
            actions_enabled: true,
            alarm_actions: BTreeSet::from([Ref::to(KindName::SnsTopic, TOPIC)]),
            ok_actions: BTreeSet::new(),
        }
    }

    fn add_alarm(&mut self, name: String, definition: AlarmDefinition) {
        let alarm = MetricAlarm {
            name: self.naming.prefixed(&name),
            definition: definition.into(),
            tags: self.tags(None).into(),
        };
        self.add(name, alarm, None);
    }

    /// The namespace of the environment's metrics.
    fn metrics(&self) -> String {
        format!("Strongroom/{}", self.environment.name)
    }
}
