//! Observes the instance profiles under our path.

use aws_sdk_iam::{Client, types::InstanceProfile as Shown};

use super::{
    Target,
    found::{Candidate, Found},
};
use crate::{
    account::aws::error::answer,
    model::Tags,
    resource::{InstanceProfile, Kind, Read, Ref},
    snapshot::PhysicalId,
};

/// Lists them; the listing shows all that there is.
pub async fn observe(client: &Client, target: &Target) -> Found<InstanceProfile> {
    let pages = client
        .list_instance_profiles()
        .path_prefix(target.naming.path())
        .max_items(1000)
        .into_paginator()
        .items()
        .send();
    match answer(InstanceProfile::LISTING, pages.try_collect().await) {
        Read::Known(shown) => {
            let path = target.naming.path();
            let ours = shown.iter().filter(|one| one.path().starts_with(&path));
            Found::gather(ours.map(|one| candidate(one, target)), &target.environment)
        }
        Read::Unread(why) => Found::unread(why),
    }
}

fn candidate(shown: &Shown, target: &Target) -> Candidate<InstanceProfile> {
    let name = shown.instance_profile_name();
    let role = shown.roles().first().map(|role| Ref::literal(role.arn()));
    Candidate {
        named: Some(target.logical(name)),
        // Its path says whose it is.
        tags: Read::Known(Tags::new()),
        id: PhysicalId::with_arn(name, shown.arn()),
        resource: InstanceProfile {
            name: name.to_owned(),
            path: shown.path().to_owned(),
            role: role.into(),
        },
    }
}
