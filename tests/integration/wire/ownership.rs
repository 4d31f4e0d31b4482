//! Who owns what, over the wire: names and tags that disagree, and keys that share a name.

use strongroom::{
    model::{Address, KindName, TagKey},
    resource::{KeyState, KmsKeyCall},
};

use super::{bank, observe, send};
use crate::moto::{ENVIRONMENT, Moto};

/// Makes a key with the tags of a service, beside Strongroom.
async fn stray_key(moto: &Moto, service: &str) -> String {
    let tag = |key: &str, value: &str| {
        let tag = aws_sdk_kms::types::Tag::builder();
        tag.tag_key(key).tag_value(value).build().expect("a tag")
    };
    let made = aws_sdk_kms::Client::new(&moto.config())
        .create_key()
        .tags(tag(TagKey::ENVIRONMENT, ENVIRONMENT))
        .tags(tag(TagKey::SERVICE, service))
        .send()
        .await
        .expect("a key");
    made.key_metadata().expect("metadata").key_id().to_owned()
}

#[tokio::test]
async fn a_key_that_an_interrupted_run_left_is_found_by_its_tags() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let id = stray_key(&moto, "login").await;
    let seen = observe(&moto, &moto.aws()).await;
    let address = Address::new(KindName::KmsKey, "login");
    assert_eq!(seen.ids[&address].id, id);
    assert_eq!(seen.resources.kms_key["login"].alias.known(), Some(&None));
}

#[tokio::test]
async fn two_living_keys_of_one_name_are_a_conflict_until_one_is_dying() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let (one, other) = (
        stray_key(&moto, "login").await,
        stray_key(&moto, "login").await,
    );
    let aws = moto.aws();
    let seen = observe(&moto, &aws).await;
    let mut both = vec![one.clone(), other.clone()];
    both.sort();
    assert_eq!(seen.conflicts.len(), 1);
    assert_eq!(seen.conflicts[0].ids, both);
    assert!(seen.resources.kms_key.is_empty());

    let kms = aws_sdk_kms::Client::new(&moto.config());
    let dying = kms.schedule_key_deletion().key_id(&one);
    dying
        .pending_window_in_days(7)
        .send()
        .await
        .expect("scheduled");
    let seen = observe(&moto, &aws).await;
    assert!(seen.conflicts.is_empty(), "{:?}", seen.conflicts);
    let address = Address::new(KindName::KmsKey, "login");
    assert_eq!(seen.ids[&address].id, other);
    let state = seen.resources.kms_key["login"].state.known();
    assert_eq!(state, Some(&KeyState::Enabled));
}

#[tokio::test]
async fn alias_and_tag_that_name_different_services_are_a_conflict() {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let aws = moto.aws();
    let mut ids = observe(&moto, &aws).await.ids;
    for (address, call) in [bank::role("login"), bank::key(&moto, "login")] {
        send(&aws, &address, &call, &mut ids).await;
    }
    let address = Address::new(KindName::KmsKey, "login");
    let alias = KmsKeyCall::PutAlias(format!("alias/strongroom/{ENVIRONMENT}/payments"));
    send(&aws, &address, &alias.into(), &mut ids).await;
    let seen = observe(&moto, &aws).await;
    assert_eq!(seen.conflicts.len(), 1);
    assert!(seen.conflicts[0].reason.contains("login, payments"));
}
