//! One key as its four calls show it; KMS has no bulk read.

use std::collections::BTreeMap;

use aws_sdk_kms::{
    Client,
    operation::get_key_rotation_status::GetKeyRotationStatusOutput,
    types::{GrantConstraints, GrantListEntry, KeyMetadata, KeyState as SdkState},
};
use futures::join;
use serde_json::{Map, Value, json};

use super::{documents::plain, kms_key::Rank};
use crate::{
    account::aws::error::{answer, malformed},
    iam::PolicyDocument,
    model::Tags,
    resource::{Grant, KeyState, KmsKey, Read, Ref, Rotation, Unread},
};

const DESCRIBE: &str = "kms:DescribeKey";
const POLICY: &str = "kms:GetKeyPolicy";
const ROTATION: &str = "kms:GetKeyRotationStatus";
const GRANTS: &str = "kms:ListGrants";

/// What KMS rotates by where it shows no period.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html>
const DEFAULT_ROTATION_DAYS: u32 = 365;

/// One key, call by call.
pub struct Sight {
    metadata: Read<KeyMetadata>,
    policy: Read<PolicyDocument>,
    rotation: Read<Rotation>,
    grants: Read<BTreeMap<String, Grant>>,
}

impl Sight {
    /// Reads a key.
    pub async fn read(client: &Client, id: &str) -> Self {
        let (metadata, policy, rotation, grants) = join!(
            metadata(client, id),
            policy(client, id),
            rotation(client, id),
            grants(client, id),
        );
        Self {
            metadata,
            policy,
            rotation,
            grants,
        }
    }

    /// What decides between this key and another of the same name.
    pub fn rank(&self) -> Rank {
        Rank::of(
            self.metadata.known(),
            self.metadata.known().map(state).as_ref(),
        )
    }

    /// The key, with what other calls showed.
    pub fn key(self, alias: Option<String>, tags: Read<Tags>) -> KmsKey {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let shown = self.metadata.as_ref();
        KmsKey {
            alias: alias.into(),
            description: shown.clone().map(|key| text(key.description())),
            state: shown.clone().map(state),
            spec: shown
                .clone()
                .map(|key| text(key.key_spec().map(|spec| spec.as_str()))),
            origin: shown
                .clone()
                .map(|key| text(key.origin().map(|origin| origin.as_str()))),
            multi_region: shown.map(|key| key.multi_region().unwrap_or(false)),
            policy: self.policy,
            rotation: self.rotation,
            grants: self.grants,
            tags,
        }
    }
}

async fn metadata(client: &Client, id: &str) -> Read<KeyMetadata> {
    match answer(DESCRIBE, client.describe_key().key_id(id).send().await) {
        Read::Known(output) => match output.key_metadata {
            Some(metadata) => Read::Known(metadata),
            None => Read::Unread(malformed(DESCRIBE, "no key metadata")),
        },
        Read::Unread(why) => Read::Unread(why),
    }
}

fn state(metadata: &KeyMetadata) -> KeyState {
    match metadata.key_state() {
        Some(SdkState::Enabled) => KeyState::Enabled,
        Some(SdkState::Disabled) => KeyState::Disabled,
        Some(SdkState::PendingDeletion) => KeyState::PendingDeletion,
        _ => KeyState::Other,
    }
}

async fn policy(client: &Client, id: &str) -> Read<PolicyDocument> {
    match answer(
        POLICY,
        client
            .get_key_policy()
            .key_id(id)
            .policy_name("default")
            .send()
            .await,
    ) {
        Read::Known(output) => plain(POLICY, output.policy().unwrap_or_default()),
        Read::Unread(why) => Read::Unread(why),
    }
}

async fn rotation(client: &Client, id: &str) -> Read<Rotation> {
    let status = client.get_key_rotation_status().key_id(id).send().await;
    answer(ROTATION, status).map(|status| rotation_of(&status))
}

fn rotation_of(status: &GetKeyRotationStatusOutput) -> Rotation {
    if !status.key_rotation_enabled() {
        return Rotation::OFF;
    }
    let days = status
        .rotation_period_in_days()
        .and_then(|days| u32::try_from(days).ok());
    Rotation {
        enabled: true,
        period_days: Some(days.unwrap_or(DEFAULT_ROTATION_DAYS)),
    }
}

async fn grants(client: &Client, id: &str) -> Read<BTreeMap<String, Grant>> {
    let pages = client.list_grants().key_id(id).limit(100).into_paginator();
    match answer(GRANTS, pages.items().send().try_collect().await) {
        Read::Known(entries) => entries
            .iter()
            .map(grant)
            .collect::<Result<_, _>>()
            .map_or_else(Read::Unread, Read::Known),
        Read::Unread(why) => Read::Unread(why),
    }
}

fn grant(entry: &GrantListEntry) -> Result<(String, Grant), Unread> {
    let missing = |what: &str| malformed(GRANTS, format!("a grant without {what}"));
    let grantee = entry
        .grantee_service_principal()
        .or(entry.grantee_principal())
        .ok_or_else(|| missing("grantee"))?;
    let retiring = entry
        .retiring_service_principal()
        .or(entry.retiring_principal());
    let id = entry.grant_id().ok_or_else(|| missing("id"))?;
    Ok((
        id.to_owned(),
        Grant {
            grantee: Ref::literal(grantee),
            retiring: retiring.map(Ref::literal),
            operations: entry
                .operations()
                .iter()
                .map(|operation| operation.as_str().to_owned())
                .collect(),
            constraints: entry.constraints().and_then(constraints),
        },
    ))
}

/// Constraints as canonical JSON; none where nothing is constrained.
fn constraints(constraints: &GrantConstraints) -> Option<String> {
    let mut object = Map::<String, Value>::new();
    if let Some(context) = constraints.encryption_context_subset() {
        object.insert("EncryptionContextSubset".into(), json!(context));
    }
    if let Some(context) = constraints.encryption_context_equals() {
        object.insert("EncryptionContextEquals".into(), json!(context));
    }
    if let Some(arn) = constraints.source_arn() {
        object.insert("SourceArn".into(), json!(arn));
    }
    (!object.is_empty())
        .then(|| serde_json_canonicalizer::to_string(&Value::Object(object)).ok())
        .flatten()
}
