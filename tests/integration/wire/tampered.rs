//! Every leaf path of every kind, tampered with over the wire, found and repaired.
//! The tamperings are generated; only what the emulator cannot do is listed, and each entry of
//! that list must be needed.

use std::collections::BTreeSet;

use strongroom::{
    account::{Account, CallError, CallErrorKind, ObserveError, Scope, aws::Aws},
    model::Address,
    rehearse::{Finding, Rehearsal, Stage, rehearse},
    resource::{Call, Resources},
    snapshot::{Ids, PhysicalId, Snapshot},
};

use super::estate::Estate;

/// What moto cannot do: the tampering, and the one failure that it ends in. `docs/emulators.md`
/// tells why of each.
const IMPOSSIBLE: &[(&str, Stage, &str)] = &[
    (
        "dynamodb_table.kms_key Changed",
        Stage::Drift,
        "changed kms_key of dynamodb_table",
    ),
    (
        "dynamodb_table.kms_key Cleared",
        Stage::Drift,
        "cleared kms_key of dynamodb_table",
    ),
    (
        "iam_policy.document.version Changed",
        Stage::Tamper,
        "iam:CreatePolicyVersion",
    ),
    (
        "iam_role.inline.*.version Changed",
        Stage::Tamper,
        "iam:PutRolePolicy",
    ),
    (
        "iam_role.trust.statements.*.not_actions[*] Inverted",
        Stage::Tamper,
        "iam:UpdateAssumeRolePolicy",
    ),
    (
        "iam_role.trust.version Changed",
        Stage::Tamper,
        "iam:UpdateAssumeRolePolicy",
    ),
    (
        "kms_key.rotation.period_days Changed",
        Stage::Drift,
        "rotation.period_days",
    ),
    (
        "log_group.deletion_protected Changed",
        Stage::Tamper,
        "logs:PutLogGroupDeletionProtection",
    ),
    (
        "log_group.kms_key Changed",
        Stage::Tamper,
        "logs:AssociateKmsKey",
    ),
    (
        "log_group.kms_key Cleared",
        Stage::Tamper,
        "logs:DisassociateKmsKey",
    ),
    (
        "vpc_endpoint.private_dns Changed",
        Stage::Drift,
        "private_dns",
    ),
];

/// Moto is consistent at once: what it refuses today it refuses tomorrow, and nobody waits.
struct AtOnce<'a>(&'a Aws);

impl Account for AtOnce<'_> {
    async fn observe(&self, scope: &Scope) -> Result<Snapshot, ObserveError> {
        self.0.observe(scope).await
    }

    async fn send(
        &self,
        address: &Address,
        call: &Call,
        ids: &Ids,
    ) -> Result<Option<PhysicalId>, CallError> {
        let sent = self.0.send(address, call, ids).await;
        sent.map_err(|error| match error.kind {
            CallErrorKind::NotYetConsistent | CallErrorKind::Pending => CallError {
                kind: CallErrorKind::Failed,
                ..error
            },
            _ => error,
        })
    }
}

fn of(finding: &Finding) -> String {
    let Finding {
        address,
        shape,
        verb,
        ..
    } = finding;
    format!("{}.{shape} {verb:?}", address.kind)
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn every_tampering_is_found_and_repaired_but_what_moto_cannot_do() {
    let Some(estate) = Estate::shipped("sandbox.yaml").await else {
        return;
    };
    let Estate {
        aws,
        environment,
        desired,
        ..
    } = &estate;
    let clock = || jiff::Timestamp::UNIX_EPOCH;
    let record = rehearse(&AtOnce(aws), environment, desired, &clock, 7).await;
    assert_eq!(record.found() + IMPOSSIBLE.len(), record.findings.len());
    assert_eq!(record.by_kind().len(), kinds(&desired.resources));
    assert_gaps(&record);
    assert_failures(&record);
    for finding in record.findings.iter().filter(|finding| finding.found) {
        assert!(finding.repaired || finding.kept, "{finding:#?}");
        assert!(finding.kept || finding.direction.is_some(), "{finding:#?}");
    }
    let last = record
        .last
        .as_ref()
        .expect("the account could be looked at");
    estate.assert_agreed(&strongroom::plan::compare(desired, last));
}

/// The kinds that the environment has.
fn kinds(resources: &Resources) -> usize {
    let kinds = resources
        .addresses()
        .into_iter()
        .map(|address| address.kind);
    kinds.collect::<BTreeSet<_>>().len()
}

/// Not found is what moto cannot do, no more and no less.
fn assert_gaps(record: &Rehearsal) {
    let lost: BTreeSet<String> = record
        .findings
        .iter()
        .filter(|finding| !finding.found)
        .map(of)
        .collect();
    let listed = IMPOSSIBLE
        .iter()
        .map(|(what, ..)| (*what).to_owned())
        .collect();
    assert_eq!(lost, listed, "{:#?}", record.failures);
}

/// Each entry of the list failed once, and nothing else did.
fn assert_failures(record: &Rehearsal) {
    for failure in &record.failures {
        let known = IMPOSSIBLE
            .iter()
            .any(|(_, stage, what)| failure.stage == *stage && failure.message.contains(what));
        assert!(known, "{failure:#?}");
    }
    assert_eq!(record.failures.len(), IMPOSSIBLE.len());
}
