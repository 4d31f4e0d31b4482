//! Observes what an account has once, and what is no resource: a constant number of calls.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_iam::types::SummaryKeyType;
use futures::join;

use super::{
    Sum, Target, access_analyzer, account_public_access_block, config_recorder, credential_report,
    database, ebs_encryption,
    found::Found,
    guardduty_detector, metric_alarm, metric_filter, password_policy,
    quotas::{self, Summary},
    sns_topic,
};
use crate::{
    account::aws::{client::Clients, error::answer},
    model::{Address, KindName, TagKey, Tags},
    resource::{Kind, Read, Table},
    snapshot::{AccountState, AccountSummary, Conflict, Ids, PhysicalId},
};

/// The call that shows the root user and the numbers of the account.
const SUMMARY: &str = "iam:GetAccountSummary";
/// The logical name of what an account has once.
const ACCOUNT: &str = "account";

/// The account-wide settings, alarms and topics, and what the account says of itself.
pub async fn observe(clients: &Clients, target: &Target) -> (Sum, AccountState) {
    let (
        block,
        volumes,
        passwords,
        analyzer,
        detector,
        recorder,
        alarms,
        summary,
        credentials,
        rest,
    ) = join!(
        account_public_access_block::observe(&clients.s3control, target),
        ebs_encryption::observe(&clients.ec2, target),
        password_policy::observe(&clients.iam, target),
        access_analyzer::observe(&clients.access_analyzer, target),
        guardduty_detector::observe(&clients.guardduty, target),
        config_recorder::observe(&clients.config, target),
        Box::pin(alarms(clients, target)),
        summary(&clients.iam),
        credential_report::observe(&clients.iam),
        async {
            join!(
                Box::pin(database::observe(&clients.rds, target)),
                Box::pin(quotas::observe(clients, target)),
            )
        },
    );
    let ((mut sum, unconfirmed), (analyzer, external_access)) = (alarms, analyzer);
    let (recorder, recorder_delivers) = recorder;
    sum.add(block);
    sum.add(volumes);
    sum.add(passwords);
    sum.add(analyzer);
    sum.add(detector);
    sum.add(recorder);
    let (databases, mut quotas) = rest;
    quotas::of_iam(&summary, &mut quotas);
    let state = AccountState {
        summary: summary.map(|numbers| summarized(&numbers)),
        credentials,
        external_access,
        recorder_delivers,
        unconfirmed,
        databases,
        quotas,
    };
    (sum, state)
}

/// Filters, alarms and topics, ours and those of others that checks ask about.
async fn alarms(clients: &Clients, target: &Target) -> (Sum, Read<BTreeSet<String>>) {
    let (filters, alarms, topics) = join!(
        metric_filter::list(&clients.logs),
        metric_alarm::list(&clients.cloudwatch),
        sns_topic::observe(&clients.sns, &clients.tagging, target),
    );
    let ours = metric_alarm::observe(&alarms, &clients.tagging, target).await;
    let mut sum = Sum::default();
    sum.foreign.metric_filter = metric_filter::foreign(&filters, target);
    sum.foreign.metric_alarm = metric_alarm::foreign(&alarms, &ours);
    sum.add(metric_filter::observe(&filters, target));
    sum.add(ours);
    let (topics, unconfirmed) = topics;
    sum.add(topics);
    (sum, unconfirmed)
}

async fn summary(client: &aws_sdk_iam::Client) -> Summary {
    let shown = answer(SUMMARY, client.get_account_summary().send().await);
    shown.map(|shown| shown.summary_map.unwrap_or_default())
}

fn summarized(numbers: &HashMap<SummaryKeyType, i32>) -> AccountSummary {
    use SummaryKeyType as Key;
    let number = |key: &Key| numbers.get(key).copied();
    let some = |key: &Key| number(key).unwrap_or_default() > 0;
    let password = Key::from("AccountPasswordPresent");
    AccountSummary {
        root_has_keys: some(&Key::AccountAccessKeysPresent),
        root_has_password: number(&password).map(|present| present > 0),
        root_has_mfa: some(&Key::AccountMfaEnabled),
        users: u32::try_from(number(&Key::Users).unwrap_or_default()).unwrap_or_default(),
    }
}

/// What an account has once: found, absent, or not known.
pub(super) fn once<K: Kind>(
    seen: Read<Option<(K, PhysicalId)>>,
    tags: &Read<Tags>,
    target: &Target,
) -> Found<K> {
    let found = match seen {
        Read::Known(found) => found,
        Read::Unread(why) => return Found::unread(why),
    };
    let address = Address::new(K::NAME, ACCOUNT);
    let mut all = Found {
        table: Table::new(),
        ids: Ids::new(),
        conflicts: Vec::new(),
        listing: Read::Known(u64::from(found.is_some())),
    };
    let Some((resource, id)) = found else {
        return all;
    };
    if let Some(owner) = other_owner(tags, target) {
        all.conflicts.push(Conflict {
            reason: format!(
                "an account has one, and {owner} owns it: of the environments in an account, one \
                 says `baseline: true`"
            ),
            ids: vec![id.id],
            address,
        });
    } else {
        all.table.insert(ACCOUNT.to_owned(), resource);
        all.ids.insert(address, id);
    }
    all
}

/// The environment that owns what this one says it owns.
fn other_owner<'a>(tags: &'a Read<Tags>, target: &Target) -> Option<&'a String> {
    let owner = tags.known()?.get(TagKey::ENVIRONMENT)?;
    let contested = target.declared.baseline && owner != target.environment.as_str();
    contested.then_some(owner)
}

/// What has no tags has no owner but the account.
pub(super) fn untagged() -> Read<Tags> {
    Read::Known(Tags::new())
}

/// The id of what has no other than its account or Region.
pub(super) fn setting<K: Kind>(resource: K, target: &Target) -> (K, PhysicalId) {
    let address = Address::new(KindName::AccountPublicAccessBlock, ACCOUNT);
    let id = resource.physical_id(&target.declared.home(&address), "");
    (resource, id)
}
