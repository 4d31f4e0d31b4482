//! Facts about the account, as far as an observation of one environment reaches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Texts, World,
    alarms::Alarms,
    allowed::Allowed,
    observed::{Observed, both, listing},
    settings::Settings,
    sign_in::SignIn,
    statement::allows,
};
use crate::{
    iam::{PolicyDocument, Statement},
    model::Concern,
    resource::{IamRole, Read, Ref},
};

/// The account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountFacts {
    /// The account id.
    pub id: String,
    /// The Region.
    pub region: String,
    /// Roles of the environment, declared or not, whose policies allow decryption with every key,
    /// each as `role: policy sid: action`.
    pub wildcard_decrypt: Read<Texts>,
    /// S3 keeps the public out of every bucket of the account, in all four ways.
    pub public_access_blocked: Read<bool>,
    /// Characters that a password has at least; 0 where the account has no password policy.
    pub password_min_length: Read<i64>,
    /// How many earlier passwords cannot be used again; 0 where all can.
    pub password_reuse_prevention: Read<i64>,
    /// AWS Config records at present, and delivers somewhere.
    pub config_recording: Read<bool>,
    /// AWS Config records every resource type that it knows, global ones included.
    pub config_records_everything: Read<bool>,
    /// AWS Config's last delivery succeeded. Operated.
    pub config_delivers: Read<bool>,
    /// GuardDuty works.
    pub guardduty_enabled: Read<bool>,
    /// Protections of GuardDuty that the specification asks for and that are off.
    pub guardduty_missing: Read<Texts>,
    /// An analyzer looks for access from outside the account, and works.
    pub external_analyzer_active: Read<bool>,
    /// Rules by which the analyzer puts findings away before anybody sees them.
    pub analyzer_archive_rules: Read<Texts>,
    /// Resources of the environment that the analyzer found to be reachable from outside: ARNs.
    /// Operated.
    pub externally_reachable: Read<Texts>,
    /// Root has an access key. Operated, as all that follows about root and users.
    pub root_has_keys: Read<bool>,
    /// Root has a password; true where AWS does not say.
    pub root_has_password: Read<bool>,
    /// Root signs in with a second factor.
    pub root_has_mfa: Read<bool>,
    /// Root has never signed in or called, as far as AWS remembers.
    pub root_never_used: Read<bool>,
    /// Whole days since root signed in or called; 0 where it never did.
    pub root_unused_days: Read<i64>,
    /// Active access keys of IAM users, each as `user: key number`.
    pub user_access_keys: Read<Texts>,
    /// Whole days since the oldest of these keys was made; 0 where there is none.
    pub oldest_user_key_days: Read<i64>,
    /// Whole days for which a password or key of a user was not used, at most; 0 where there is
    /// none. What was never used counts from the day that it was made.
    pub longest_unused_days: Read<i64>,
    /// IAM users with a password and without a second factor.
    pub console_users_without_mfa: Read<Texts>,
    /// Events about sign-in and permissions that raise no alarm.
    pub unwatched_identity: Read<Texts>,
    /// Events about audit logs that raise no alarm.
    pub unwatched_audit: Read<Texts>,
    /// Events about keys that raise no alarm.
    pub unwatched_crypto: Read<Texts>,
    /// Events about the network that raise no alarm.
    pub unwatched_network: Read<Texts>,
    /// Log groups of trail and VPC whose silence raises no alarm.
    pub silence_unwatched: Read<Texts>,
    /// How many subscribe to the alarms of the environment, confirmed or not.
    pub alarm_recipients: Read<i64>,
    /// Subscriptions to the alarms that nobody has confirmed: they tell nobody yet. Operated.
    pub alarm_recipients_unconfirmed: Read<Texts>,
}

const DECRYPTION: [&str; 2] = ["kms:Decrypt", "kms:ReEncryptFrom"];

pub(super) fn facts(world: &World<'_>, as_of: jiff::Timestamp) -> AccountFacts {
    let settings = Settings::of(world);
    let sign_in = SignIn::of(&world.snapshot.account_state, as_of);
    let alarms = Alarms::of(world);
    AccountFacts {
        id: world.environment.account.to_string(),
        region: world.environment.region.to_string(),
        wildcard_decrypt: wildcard_decrypt(world),
        public_access_blocked: settings.public_access_blocked,
        password_min_length: settings.password_min_length,
        password_reuse_prevention: settings.password_reuse_prevention,
        config_recording: settings.config_recording,
        config_records_everything: settings.config_records_everything,
        config_delivers: settings.config_delivers,
        guardduty_enabled: settings.guardduty_enabled,
        guardduty_missing: settings.guardduty_missing,
        external_analyzer_active: settings.external_analyzer_active,
        analyzer_archive_rules: settings.analyzer_archive_rules,
        externally_reachable: settings.externally_reachable,
        root_has_keys: sign_in.root_has_keys,
        root_has_password: sign_in.root_has_password,
        root_has_mfa: sign_in.root_has_mfa,
        root_never_used: sign_in.root_never_used,
        root_unused_days: sign_in.root_unused_days,
        user_access_keys: sign_in.user_access_keys,
        oldest_user_key_days: sign_in.oldest_user_key_days,
        longest_unused_days: sign_in.longest_unused_days,
        console_users_without_mfa: sign_in.console_users_without_mfa,
        unwatched_identity: alarms.unwatched(Concern::Identity),
        unwatched_audit: alarms.unwatched(Concern::Audit),
        unwatched_crypto: alarms.unwatched(Concern::Crypto),
        unwatched_network: alarms.unwatched(Concern::Network),
        silence_unwatched: alarms.silence_unwatched(),
        alarm_recipients: alarms.recipients(),
        alarm_recipients_unconfirmed: world.snapshot.account_state.unconfirmed.clone(),
    }
}

fn wildcard_decrypt(world: &World<'_>) -> Read<Texts> {
    let start = listing::<IamRole>(world.snapshot).map(|_| Texts::new());
    let roles = world.snapshot.resources.iam_role.keys();
    roles.fold(start, |found, name| {
        let role = Observed::<IamRole>::of(world.snapshot, name);
        let hits = Allowed::of(world, &role).find_with_administration(decrypts_everything);
        both(found, hits).map(|(mut found, hits)| {
            found.extend(hits.into_iter().map(|hit| format!("{name}: {hit}")));
            found
        })
    })
}

fn decrypts_everything(document: &PolicyDocument) -> Vec<String> {
    let found = allows(document).filter(|(_, statement)| on_every_key(statement));
    found
        .flat_map(|(sid, statement)| {
            let covered = statement.covered(&DECRYPTION);
            covered.map(move |action| format!("{sid}: {action}"))
        })
        .collect()
}

fn on_every_key(statement: &Statement) -> bool {
    let every = |resource: &Ref| match resource {
        Ref::Literal(text) => text.starts_with("arn:") && text.ends_with(":key/*"),
        Ref::To(_) => false,
    };
    statement.on_everything() || statement.resources.iter().any(every)
}
