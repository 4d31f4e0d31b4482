//! The account-wide settings: made by the one environment that owns them, verified by the others.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::{
    iam::{PolicyDocument, Statement},
    model::{AUDIT_ACCESS, INLINE_POLICY, KindName, Tags},
    resource::{
        AccessAnalyzer, AccountPublicAccessBlock, ConfigRecorder, DeliveryChannel, EbsEncryption,
        GuarddutyDetector, IamRole, Kind, PasswordPolicy, PasswordRules, PublicAccess, Recording,
        Ref,
    },
};

/// The logical name of what an account has once.
const ACCOUNT: &str = "account";
/// The name of the only recorder that an account can have, as AWS itself calls it.
const RECORDER: &str = "default";
/// The role by which AWS Config reads and delivers.
const RECORDER_ROLE: &str = "config-recorder";
/// The protections that are on. Runtime monitoring and malware scans cost by use and install
/// agents: whoever wants them declares them elsewhere.
const PROTECTIONS: [&str; 4] = [
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "S3_DATA_EVENTS",
];
/// One hour, the shortest that IAM accepts for a role.
const SESSION_SECONDS: u32 = 3600;

impl Compiler<'_> {
    /// The account-wide settings, and the alarms of whoever owns them.
    pub(super) fn baseline(&mut self) {
        self.once(AccountPublicAccessBlock {
            blocked: PublicAccess::BLOCKED.into(),
        });
        // Volumes of services name their service's key; the AWS-managed one is the net below.
        self.once(EbsEncryption {
            enabled: true.into(),
            key: None.into(),
        });
        self.once(password_policy());
        self.once(AccessAnalyzer {
            name: self.naming.prefixed(ACCOUNT),
            zone: "ACCOUNT".to_owned(),
            active: true.into(),
            archive_rules: BTreeSet::new().into(),
            tags: self.once_tags().into(),
        });
        self.once(GuarddutyDetector {
            enabled: true.into(),
            frequency: "FIFTEEN_MINUTES".to_owned().into(),
            features: BTreeSet::from(PROTECTIONS.map(str::to_owned)).into(),
            tags: self.once_tags().into(),
        });
        self.once(self.recorder());
        if self.environment.baseline {
            self.recorder_role();
            self.alarms();
        }
    }

    /// What an account has once: ours to make, or somebody else's to be verified.
    fn once<K: Kind>(&mut self, resource: K) {
        if self.environment.baseline {
            self.add(ACCOUNT.to_owned(), resource, None);
        } else {
            self.verify(ACCOUNT.to_owned(), resource, None);
        }
    }

    /// The tags of what is ours; what somebody else makes has others.
    fn once_tags(&self) -> Tags {
        match self.environment.baseline {
            true => self.tags(None),
            false => Tags::new(),
        }
    }

    fn recorder(&self) -> ConfigRecorder {
        let channel = DeliveryChannel {
            bucket: self.delivery_bucket(),
            prefix: None,
            key: None,
            topic: None,
            snapshots: Some("TwentyFour_Hours".to_owned()),
        };
        ConfigRecorder {
            name: RECORDER.to_owned(),
            recording: Recording {
                role: self.recorder_role_ref(),
                global_types: true,
                frequency: "CONTINUOUS".to_owned(),
                excluded: BTreeSet::new(),
                only: BTreeSet::new(),
            }
            .into(),
            channel: Some(channel).into(),
            started: true.into(),
            tags: self.once_tags().into(),
        }
    }

    /// Our role, or the one that AWS itself makes where nobody says otherwise.
    fn recorder_role_ref(&self) -> Ref {
        if self.environment.baseline {
            return Ref::to(KindName::IamRole, RECORDER_ROLE);
        }
        let (partition, account) = (
            self.environment.region.partition(),
            &self.environment.account,
        );
        Ref::Literal(format!(
            "arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        ))
    }

    /// The bucket for what cannot be locked; whoever owns the recorder makes its own.
    fn delivery_bucket(&self) -> Ref {
        match self.environment.baseline {
            true => Ref::to(KindName::S3Bucket, AUDIT_ACCESS),
            false => Ref::Literal(self.delivery_bucket_arn()),
        }
    }

    fn delivery_bucket_arn(&self) -> String {
        let home = self.bucket_home(AUDIT_ACCESS);
        home.bucket_arn(&self.bucket_name(AUDIT_ACCESS))
    }

    /// <https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html>
    fn recorder_role(&mut self) {
        let (region, account) = (&self.environment.region, &self.environment.account);
        let partition = region.partition();
        let own = Ref::literal(account.as_str());
        let trust = Statement::allow(["sts:AssumeRole"])
            .by_service("config.amazonaws.com")
            .when("StringEquals", "aws:SourceAccount", [own]);
        let reads = format!("arn:{partition}:iam::aws:policy/service-role/AWS_ConfigRole");
        let role = IamRole {
            name: self.naming.prefixed(RECORDER_ROLE),
            path: self.naming.path(),
            trust: PolicyDocument::new([("Recorder", trust)]).into(),
            boundary: None.into(),
            inline: BTreeMap::from([(INLINE_POLICY.to_owned(), self.recorder_delivery())]).into(),
            managed: BTreeSet::from([Ref::Literal(reads)]).into(),
            description: "AWS Config records the account as this role"
                .to_owned()
                .into(),
            max_session_seconds: SESSION_SECONDS.into(),
            tags: self.tags(None).into(),
        };
        self.add(RECORDER_ROLE.to_owned(), role, None);
    }

    fn recorder_delivery(&self) -> PolicyDocument {
        let bucket = self.delivery_bucket_arn();
        let objects = format!("{bucket}/AWSLogs/{}/Config/*", self.environment.account);
        let full = [Ref::literal("bucket-owner-full-control")];
        let put = Statement::allow(["s3:PutObject"])
            .on([Ref::Literal(objects)])
            .when("StringEquals", "s3:x-amz-acl", full);
        let ask = Statement::allow(["s3:GetBucketAcl", "s3:ListBucket"]).on([Ref::Literal(bucket)]);
        PolicyDocument::new([("Deliver", put), ("Bucket", ask)])
    }
}

/// The strictest that a shipped framework asks: fourteen characters and twenty-four earlier
/// passwords (CIS), ninety days and letters with digits (PCI DSS).
fn password_policy() -> PasswordPolicy {
    PasswordPolicy {
        rules: PasswordRules {
            min_length: 14,
            upper_case: true,
            lower_case: true,
            numbers: true,
            symbols: true,
            max_age_days: Some(90),
            reuse_prevention: Some(24),
            users_may_change: true,
            hard_expiry: false,
        }
        .into(),
    }
}
