//! What people really do to an account at night, with clients of their own: found with its
//! direction and repaired; what responders and AWS do is told and kept.

use aws_sdk_kms::types::GrantOperation;
use strongroom::{
    model::{Address, TagKey},
    plan::{Action, Plan},
    resource::{
        Direction::{self, AccessWidened, EncryptionWeakened, LoggingWeakened, Neutral},
        KeptReason,
    },
    snapshot::Ids,
};

use super::estate::Estate;

const ROLE: &str = "iam_role/login-v1";
const KEY: &str = "kms_key/login";
const LOG: &str = "log_group/login";
const GROUP: &str = "security_group/login-v1";

const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const ALL_OF_S3: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Fix","Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
const ANYBODY: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Home","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"sts:AssumeRole"}]}"#;
/// As the console writes it when sessions are revoked.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html>
const REVOKED: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-03-01T06:00:00.000Z"}}}]}"#;

/// Somebody with the official clients.
pub struct Hands<'a> {
    estate: &'a Estate,
    ids: Ids,
    iam: aws_sdk_iam::Client,
    kms: aws_sdk_kms::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    ec2: aws_sdk_ec2::Client,
}

impl<'a> Hands<'a> {
    pub async fn on(estate: &'a Estate) -> Self {
        let config = estate.moto.config();
        Self {
            iam: aws_sdk_iam::Client::new(&config),
            kms: aws_sdk_kms::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            ec2: aws_sdk_ec2::Client::new(&config),
            ids: estate.observe().await.ids,
            estate,
        }
    }

    /// The physical id of what a repair gives back under the same one.
    fn id(&self, address: &str) -> &str {
        let address: Address = address.parse().expect("an address");
        &self.ids[&address].id
    }

    /// A bad night.
    pub async fn everything(&self) {
        self.attach_administrator().await;
        self.open_ssh().await;
        self.disable_rotation().await;
        self.open_key().await;
        self.delete_alias().await;
        self.delete_log_group().await;
        self.add_role().await;
    }

    async fn attach_administrator(&self) {
        let attach = self.iam.attach_role_policy();
        let attach = attach.role_name(self.id(ROLE));
        attach
            .policy_arn(ADMINISTRATOR)
            .send()
            .await
            .expect("attached");
    }

    async fn put_inline(&self, name: &str, document: &str) {
        let put = self.iam.put_role_policy().policy_name(name);
        let put = put.role_name(self.id(ROLE));
        put.policy_document(document).send().await.expect("put");
    }

    async fn remove_boundary(&self) {
        let remove = self.iam.delete_role_permissions_boundary();
        let remove = remove.role_name(self.id(ROLE));
        remove.send().await.expect("removed");
    }

    async fn add_role(&self) {
        let environment = &self.estate.environment.name;
        let tag = aws_sdk_iam::types::Tag::builder();
        let tag = tag.key(TagKey::ENVIRONMENT).value(environment.as_str());
        let create = self
            .iam
            .create_role()
            .role_name(format!("{environment}-helper"));
        create
            .path(format!("/strongroom/{environment}/"))
            .assume_role_policy_document(TRUST)
            .tags(tag.build().expect("a tag"))
            .send()
            .await
            .expect("created");
    }

    async fn open_ssh(&self) {
        let open = self.ec2.authorize_security_group_ingress();
        let open = open.group_id(self.id(GROUP)).ip_protocol("tcp");
        let open = open.from_port(22).to_port(22).cidr_ip("0.0.0.0/0");
        open.send().await.expect("opened");
    }

    async fn disable_rotation(&self) {
        let disable = self.kms.disable_key_rotation();
        let disable = disable.key_id(self.id(KEY));
        disable.send().await.expect("disabled");
    }

    async fn open_key(&self) {
        let put = self.kms.put_key_policy().policy_name("default");
        let put = put.key_id(self.id(KEY));
        put.policy(ANYBODY).send().await.expect("put");
    }

    async fn delete_alias(&self) {
        let aliases = self.kms.list_aliases();
        let aliases = aliases.key_id(self.id(KEY));
        let aliases = aliases.send().await.expect("listed");
        let name = aliases.aliases()[0].alias_name().expect("a name");
        let delete = self.kms.delete_alias().alias_name(name);
        delete.send().await.expect("deleted");
    }

    async fn grant(&self, grantee: &str) -> String {
        let grant = self.kms.create_grant().grantee_principal(grantee);
        let grant = grant.key_id(self.id(KEY));
        let grant = grant.operations(GrantOperation::Decrypt);
        let granted = grant.send().await.expect("granted");
        format!("grants.{}", granted.grant_id().expect("an id"))
    }

    async fn delete_log_group(&self) {
        let delete = self.logs.delete_log_group();
        let delete = delete.log_group_name(self.id(LOG));
        delete.send().await.expect("deleted");
    }

    async fn shorten_retention(&self) {
        let put = self.logs.put_retention_policy().retention_in_days(1);
        let put = put.log_group_name(self.id(LOG));
        put.send().await.expect("put");
    }
}

/// One field of the drift, at or below the path.
async fn changed(estate: &Estate, address: &str, path: &str, direction: Direction) {
    let plan = estate.plan().await;
    let drift = plan.drift();
    let step = drift.get(&address.parse().expect("an address"));
    let step = step.unwrap_or_else(|| panic!("{address} is not in the drift: {drift:#?}"));
    assert_eq!(step.action, Action::Update, "{address}");
    let mut told = step.changes.iter();
    let told = told
        .any(|change| change.path.to_string().starts_with(path) && change.direction == direction);
    assert!(told, "{address} {path} {direction:?}: {:#?}", step.changes);
    assert_eq!(step.direction, direction, "{address}");
    estate.repair(&plan).await;
}

/// A whole resource of the drift, whose name begins so.
async fn whole(estate: &Estate, address: &str, action: Action, direction: Direction) {
    let plan = estate.plan().await;
    let drift = plan.drift();
    let mut steps = drift.iter();
    let step = steps.find(|(told, _)| told.to_string().starts_with(address));
    let (_, step) = step.unwrap_or_else(|| panic!("{address} is not in the drift: {drift:#?}"));
    assert_eq!(
        (step.action, step.direction),
        (action, direction),
        "{address}"
    );
    estate.repair(&plan).await;
}

fn assert_kept(estate: &Estate, plan: &Plan, expected: &[(&str, &str, KeptReason)]) {
    let kept = plan.kept.iter();
    let kept: Vec<(String, &str, KeptReason)> = kept
        .map(|notice| {
            (
                notice.address.to_string(),
                notice.path.as_str(),
                notice.reason,
            )
        })
        .collect();
    let expected: Vec<(String, &str, KeptReason)> = expected
        .iter()
        .map(|(address, path, reason)| ((*address).to_owned(), *path, *reason))
        .collect();
    assert_eq!(kept, expected);
    estate.assert_agreed(plan);
}

async fn applied() -> Option<Estate> {
    Some(Estate::shipped("sandbox.yaml").await?.applied().await)
}

#[tokio::test]
async fn hands_on_roles() {
    let Some(estate) = applied().await else {
        return;
    };
    let hands = Hands::on(&estate).await;
    hands.attach_administrator().await;
    changed(&estate, ROLE, "managed", AccessWidened).await;
    hands.put_inline("hotfix", ALL_OF_S3).await;
    changed(&estate, ROLE, "inline.hotfix", AccessWidened).await;
    hands.remove_boundary().await;
    changed(&estate, ROLE, "boundary", AccessWidened).await;
    hands.add_role().await;
    whole(&estate, "iam_role/helper", Action::Create, AccessWidened).await;
}

#[tokio::test]
async fn hands_on_keys() {
    let Some(estate) = applied().await else {
        return;
    };
    let hands = Hands::on(&estate).await;
    hands.disable_rotation().await;
    changed(&estate, KEY, "rotation", EncryptionWeakened).await;
    hands.open_key().await;
    changed(&estate, KEY, "policy", AccessWidened).await;
    hands.delete_alias().await;
    changed(&estate, KEY, "alias", Neutral).await;
    let stranger = "arn:aws:iam::999988887777:role/stranger";
    let path = hands.grant(stranger).await;
    changed(&estate, KEY, &path, AccessWidened).await;
}

#[tokio::test]
async fn hands_on_logs_and_groups() {
    let Some(estate) = applied().await else {
        return;
    };
    let hands = Hands::on(&estate).await;
    hands.shorten_retention().await;
    changed(&estate, LOG, "retention_days", LoggingWeakened).await;
    hands.delete_log_group().await;
    whole(&estate, LOG, Action::Delete, LoggingWeakened).await;
    hands.open_ssh().await;
    let rule = "security_group_rule/login-v1";
    whole(&estate, rule, Action::Create, AccessWidened).await;
}

#[tokio::test]
async fn revoked_sessions_are_told_and_kept() {
    let Some(estate) = applied().await else {
        return;
    };
    let hands = Hands::on(&estate).await;
    hands.put_inline("AWSRevokeOlderSessions", REVOKED).await;
    let deny = (
        ROLE,
        "inline.AWSRevokeOlderSessions",
        KeptReason::UnknownDeny,
    );
    assert_kept(&estate, &estate.plan().await, &[deny]);

    // Another repair of the same role leaves the Deny where it is.
    hands.put_inline("hotfix", ALL_OF_S3).await;
    estate.repair(&estate.plan().await).await;
    assert_kept(&estate, &estate.plan().await, &[deny]);
}

#[tokio::test]
async fn grants_of_aws_services_are_kept() {
    let Some(estate) = applied().await else {
        return;
    };
    let path = Hands::on(&estate)
        .await
        .grant("dynamodb.eu-west-1.amazonaws.com")
        .await;
    let grant = (KEY, path.as_str(), KeptReason::AwsManaged);
    assert_kept(&estate, &estate.plan().await, &[grant]);
}
