//! What holds over the wire, against moto. `docs/emulators.md` tells what moto does not answer.

mod analyzers;
mod applied;
mod bank;
mod blind;
mod calls;
mod command;
mod denied;
mod denier;
mod estate;
mod evidence;
#[path = "../../../benches/support/mod.rs"]
mod generated;
mod hands;
mod law;
mod law_account;
mod law_audit;
mod law_endpoints;
mod law_identity;
mod law_network;
mod law_stores;
mod leftovers;
mod model;
mod owned;
mod ownership;
mod pods;
mod quotas;
mod tampered;
mod tape;
mod transport;
mod unanswered;

use strongroom::{
    account::{Account, aws::Aws},
    model::Address,
    resource::{Call, FieldChange, Resources, field::differences},
    snapshot::{Ids, Snapshot},
};

use crate::moto::Moto;

/// Sends a call that must succeed.
async fn send(aws: &Aws, address: &Address, call: &Call, ids: &mut Ids) {
    let made = aws
        .send(address, call, ids)
        .await
        .unwrap_or_else(|error| panic!("{address}: {error}"));
    if let Some(id) = made {
        ids.insert(address.clone(), id);
    }
}

/// Observes an account that must answer.
async fn observe(moto: &Moto, aws: &Aws) -> Snapshot {
    aws.observe(&moto.scope()).await.expect("moto answers")
}

/// What differs between two states, unread facets aside.
fn difference(one: &Resources, other: &Resources) -> Vec<FieldChange> {
    let json = |resources| serde_json::to_value(resources).expect("resources are JSON");
    differences(&json(one), &json(other))
}
