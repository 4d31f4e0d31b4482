//! What happens in an account that somebody must be told of: the events of CloudTrail behind the
//! alarms. Data only; whoever makes or judges filters reads it.
//! <https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html>

/// What an event endangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Who may do what, and who signs in.
    Identity,
    /// What is recorded.
    Audit,
    /// What is encrypted.
    Crypto,
    /// What can be reached.
    Network,
}

/// Events that raise one alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// The name of filter, metric and alarm.
    pub name: &'static str,
    /// What the events endanger.
    pub concern: Concern,
    /// What happened, for people.
    pub title: &'static str,
    condition: Condition,
}

/// Which events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Those of a service with one of these names.
    Events(&'static str, &'static [&'static str]),
    /// Those that match a pattern, which all of these parts belong to.
    Pattern(&'static str, &'static [&'static str]),
}

use Concern::{Audit, Crypto, Identity, Network};
use Condition::{Events, Pattern};

const fn watch(
    name: &'static str,
    concern: Concern,
    title: &'static str,
    condition: Condition,
) -> Watch {
    Watch {
        name,
        concern,
        title,
        condition,
    }
}

/// Everything that somebody must be told of.
pub const WATCHES: [Watch; 16] = [
    watch(
        "root-use",
        Identity,
        "Somebody acts as the root user",
        Pattern(
            "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }",
            &["$.userIdentity.type=Root"],
        ),
    ),
    watch(
        "sign-in-without-mfa",
        Identity,
        "Somebody signs in to the console without a second factor",
        Pattern(
            "{ ($.eventName = \"ConsoleLogin\") && ($.additionalEventData.MFAUsed != \"Yes\") && ($.userIdentity.type = \"IAMUser\") && ($.responseElements.ConsoleLogin = \"Success\") }",
            &[
                "$.eventName=ConsoleLogin",
                "$.additionalEventData.MFAUsed!=Yes",
            ],
        ),
    ),
    watch(
        "sign-in-failures",
        Identity,
        "Sign-ins to the console fail",
        Pattern(
            "{ ($.eventName = ConsoleLogin) && ($.errorMessage = \"Failed authentication\") }",
            &[
                "$.eventName=ConsoleLogin",
                "$.errorMessage=Failedauthentication",
            ],
        ),
    ),
    watch(
        "unauthorized-calls",
        Identity,
        "Calls are refused for want of a permission",
        Pattern(
            "{ (($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\")) && ($.sourceIPAddress != \"delivery.logs.amazonaws.com\") && ($.eventName != \"HeadBucket\") }",
            &[
                "$.errorCode=*UnauthorizedOperation",
                "$.errorCode=AccessDenied*",
            ],
        ),
    ),
    watch(
        "iam-changes",
        Identity,
        "Somebody changes an IAM policy",
        Events(
            "iam",
            &[
                "DeleteGroupPolicy",
                "DeleteRolePolicy",
                "DeleteUserPolicy",
                "PutGroupPolicy",
                "PutRolePolicy",
                "PutUserPolicy",
                "CreatePolicy",
                "DeletePolicy",
                "CreatePolicyVersion",
                "DeletePolicyVersion",
                "AttachRolePolicy",
                "DetachRolePolicy",
                "AttachUserPolicy",
                "DetachUserPolicy",
                "AttachGroupPolicy",
                "DetachGroupPolicy",
            ],
        ),
    ),
    watch(
        "trail-changes",
        Audit,
        "Somebody changes a CloudTrail trail",
        Events(
            "cloudtrail",
            &[
                "CreateTrail",
                "UpdateTrail",
                "DeleteTrail",
                "StartLogging",
                "StopLogging",
                "PutEventSelectors",
            ],
        ),
    ),
    watch(
        "config-changes",
        Audit,
        "Somebody changes what AWS Config records",
        Events(
            "config",
            &[
                "StopConfigurationRecorder",
                "DeleteDeliveryChannel",
                "PutDeliveryChannel",
                "PutConfigurationRecorder",
            ],
        ),
    ),
    watch(
        "bucket-changes",
        Audit,
        "Somebody changes the policy or the life of a bucket",
        Events(
            "s3",
            &[
                "PutBucketAcl",
                "PutBucketPolicy",
                "PutBucketCors",
                "PutBucketLifecycle",
                "PutBucketReplication",
                "DeleteBucketPolicy",
                "DeleteBucketCors",
                "DeleteBucketLifecycle",
                "DeleteBucketReplication",
            ],
        ),
    ),
    watch(
        "log-group-changes",
        Audit,
        "Somebody deletes logs, keeps them shorter or decrypts them",
        Events(
            "logs",
            &[
                "DeleteLogGroup",
                "DeleteLogStream",
                "PutRetentionPolicy",
                "DeleteRetentionPolicy",
                "DisassociateKmsKey",
                "DeleteMetricFilter",
            ],
        ),
    ),
    watch(
        "key-loss",
        Crypto,
        "Somebody disables a key or schedules its deletion",
        Events("kms", &["DisableKey", "ScheduleKeyDeletion"]),
    ),
    watch(
        "key-policy-changes",
        Crypto,
        "Somebody changes who may use a key",
        Pattern(
            "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = PutKeyPolicy) || (($.eventName = CreateGrant) && ($.userIdentity.invokedBy NOT EXISTS))) }",
            &["$.eventName=PutKeyPolicy", "$.eventName=CreateGrant"],
        ),
    ),
    watch(
        "security-group-changes",
        Network,
        "Somebody changes a security group",
        Events(
            "ec2",
            &[
                "AuthorizeSecurityGroupIngress",
                "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroupIngress",
                "RevokeSecurityGroupEgress",
                "CreateSecurityGroup",
                "DeleteSecurityGroup",
            ],
        ),
    ),
    watch(
        "network-acl-changes",
        Network,
        "Somebody changes a network ACL",
        Events(
            "ec2",
            &[
                "CreateNetworkAcl",
                "CreateNetworkAclEntry",
                "DeleteNetworkAcl",
                "DeleteNetworkAclEntry",
                "ReplaceNetworkAclEntry",
                "ReplaceNetworkAclAssociation",
            ],
        ),
    ),
    watch(
        "gateway-changes",
        Network,
        "Somebody opens or closes a way out of a network",
        Events(
            "ec2",
            &[
                "CreateCustomerGateway",
                "DeleteCustomerGateway",
                "AttachInternetGateway",
                "CreateInternetGateway",
                "DeleteInternetGateway",
                "DetachInternetGateway",
            ],
        ),
    ),
    watch(
        "route-changes",
        Network,
        "Somebody changes a route",
        Events(
            "ec2",
            &[
                "CreateRoute",
                "CreateRouteTable",
                "ReplaceRoute",
                "ReplaceRouteTableAssociation",
                "DeleteRouteTable",
                "DeleteRoute",
                "DisassociateRouteTable",
            ],
        ),
    ),
    watch(
        "vpc-changes",
        Network,
        "Somebody changes a VPC or joins it to another",
        Events(
            "ec2",
            &[
                "CreateVpc",
                "DeleteVpc",
                "ModifyVpcAttribute",
                "AcceptVpcPeeringConnection",
                "CreateVpcPeeringConnection",
                "DeleteVpcPeeringConnection",
                "RejectVpcPeeringConnection",
                "AttachClassicLinkVpc",
                "DetachClassicLinkVpc",
                "DisableVpcClassicLink",
                "EnableVpcClassicLink",
            ],
        ),
    ),
];

impl Watch {
    /// The filter pattern that matches exactly these events.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
    pub fn pattern(&self) -> String {
        match self.condition {
            Pattern(pattern, _) => pattern.to_owned(),
            Events(service, names) => {
                let named = |name: &&str| format!("($.eventName = {name})");
                let names: Vec<String> = names.iter().map(named).collect();
                format!(
                    "{{ ($.eventSource = {service}.amazonaws.com) && ({}) }}",
                    names.join(" || ")
                )
            }
        }
    }

    /// Whether another pattern names all of these events. What else it says is not understood: a
    /// pattern that takes some of them away again counts as one that names them.
    pub fn named_by(&self, pattern: &str) -> bool {
        let pattern = plain(pattern);
        match self.condition {
            Pattern(_, parts) => parts.iter().all(|part| pattern.contains(&plain(part))),
            Events(_, names) => names.iter().all(|name| {
                let parts = pattern.split("$.eventname=").skip(1);
                let mut named = parts.map(|rest| rest.split([')', '|', '&', '}']).next());
                named.any(|found| found == Some(name.to_lowercase().as_str()))
            }),
        }
    }
}

/// Without spaces, quotes and capitals, which say nothing in what is looked for.
fn plain(pattern: &str) -> String {
    let kept = pattern.chars().filter(|c| !c.is_whitespace() && *c != '"');
    kept.collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html>
    #[test]
    fn every_pattern_names_its_events_and_is_short_enough() {
        for watch in WATCHES {
            let pattern = watch.pattern();
            assert!(watch.named_by(&pattern), "{}", watch.name);
            assert!(pattern.len() <= 1024, "{}: {}", watch.name, pattern.len());
        }
        let names: BTreeSet<&str> = WATCHES.iter().map(|watch| watch.name).collect();
        assert_eq!(names.len(), WATCHES.len());
    }

    #[test]
    fn a_pattern_that_leaves_an_event_out_does_not_name_them() {
        for watch in WATCHES {
            for other in WATCHES.iter().filter(|other| other.name != watch.name) {
                assert!(
                    !watch.named_by(&other.pattern()),
                    "{} {}",
                    watch.name,
                    other.name
                );
            }
        }
        let cut = WATCHES.map(|watch| watch.pattern().replace("Delete", "Create"));
        assert!(!cut.iter().any(|pattern| {
            WATCHES
                .iter()
                .any(|watch| watch.name == "trail-changes" && watch.named_by(pattern))
        }));
    }

    #[test]
    fn spelling_does_not_count() {
        let written = "{($.eventName=CreateTrail)||($.eventName=\"UpdateTrail\")||($.eventName=DeleteTrail)||($.eventName = StartLogging)||($.eventName=StopLogging)||($.eventName=PutEventSelectors)}";
        let trail = WATCHES.iter().find(|watch| watch.name == "trail-changes");
        assert!(trail.is_some_and(|trail| trail.named_by(written)));
    }
}
