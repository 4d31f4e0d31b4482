//! The flow log of the VPC with what it is delivered by and to: a role and a log group.
//! An existing VPC has one too: its traffic is this environment's.
//! <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html>

use std::collections::{BTreeMap, BTreeSet};

use super::{Compiler, role::SESSION_SECONDS, trust::assumed_by};
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AUDIT, BOUNDARY, Class, INLINE_POLICY, KindName},
    resource::{FlowLog, IamRole, LogGroup, Ref, TrafficType},
};

/// The logical name of the flow log.
const FLOW_LOG: &str = "vpc";
/// The logical name of its log group.
pub(super) const FLOW_LOGS: &str = "flow-logs";
/// The logical name of the role that delivers.
pub(super) const DELIVERY: &str = "flow-logs-delivery";
/// How long packets are gathered into one record, in seconds.
const AGGREGATION_SECONDS: u32 = 600;

/// The fields of a record: those of version 2, then what tells a service from its neighbours and
/// the address behind a gateway or load balancer.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>
const FIELDS: [&str; 25] = [
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
    "vpc-id",
    "subnet-id",
    "instance-id",
    "tcp-flags",
    "type",
    "pkt-srcaddr",
    "pkt-dstaddr",
    "region",
    "az-id",
    "flow-direction",
    "traffic-path",
];

impl Compiler<'_> {
    pub(super) fn flow_log(&mut self) {
        self.add(FLOW_LOGS.to_owned(), self.flow_log_group(), None);
        self.add(DELIVERY.to_owned(), self.flow_log_role(), None);
        let log = FlowLog {
            name: self.naming.prefixed(FLOW_LOG),
            vpc: self.vpc_ref(),
            traffic: TrafficType::All,
            log_group: Ref::to(KindName::LogGroup, FLOW_LOGS),
            role: Some(Ref::to(KindName::IamRole, DELIVERY)).into(),
            format: FIELDS.map(|field| format!("${{{field}}}")).join(" "),
            aggregation_seconds: AGGREGATION_SECONDS,
            delivery_error: None.into(),
            tags: self.tags(None).into(),
        };
        self.add(FLOW_LOG.to_owned(), log, None);
    }

    fn flow_log_group(&self) -> LogGroup {
        LogGroup {
            name: self.naming.log_group(FLOW_LOGS),
            class: "STANDARD".to_owned().into(),
            kms_key: Some(Ref::to(KindName::KmsKey, AUDIT)).into(),
            retention_days: Some(self.environment.network.flow_log_days).into(),
            deletion_protected: (self.environment.class == Class::Production).into(),
            tags: self.tags(None).into(),
        }
    }

    /// Only flow logs of this account may have it deliver.
    fn flow_log_role(&self) -> IamRole {
        let trust = assumed_by("vpc-flow-logs")
            .when("StringEquals", "aws:SourceAccount", [self.account()])
            .when(
                "ArnLike",
                "aws:SourceArn",
                [Ref::Literal(self.arn("ec2", "vpc-flow-log/*"))],
            );
        let access = BTreeMap::from([(INLINE_POLICY.to_owned(), self.delivery_policy())]);
        IamRole {
            name: self.naming.prefixed(DELIVERY),
            path: self.naming.path(),
            trust: PolicyDocument::new([("FlowLogs", trust)]).into(),
            boundary: Some(Ref::to(KindName::IamPolicy, BOUNDARY)).into(),
            inline: access.into(),
            managed: BTreeSet::new().into(),
            description: "Delivers the flow logs of the VPC".to_owned().into(),
            max_session_seconds: SESSION_SECONDS.into(),
            tags: self.tags(None).into(),
        }
    }

    /// <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html>
    fn delivery_policy(&self) -> PolicyDocument {
        let group = self.naming.log_group(FLOW_LOGS);
        let logs = |resource: &str| [Ref::Literal(self.arn("logs", resource))];
        let streams = format!("log-group:{group}:log-stream:*");
        let within = format!("log-group:{group}:*");
        PolicyDocument::new([
            (
                "FindGroup",
                Statement::allow(["logs:DescribeLogGroups"]).on(logs("log-group:*")),
            ),
            (
                "FindStream",
                Statement::allow(["logs:DescribeLogStreams"]).on(logs(&within)),
            ),
            (
                "WriteLogs",
                Statement::allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on(logs(&streams)),
            ),
        ])
    }
}
