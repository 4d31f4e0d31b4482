//! Observes the OpenID Connect providers of the clusters that the environment's services run in.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;
use futures::{StreamExt, stream};

use super::{IN_FLIGHT, Target, found::Found, tags};
use crate::{
    account::aws::error::answer,
    model::{Address, Runtime},
    resource::{Kind, OidcProvider, Read, Table},
    snapshot::{Ids, PhysicalId},
};

/// The call that shows one provider.
const ONE: &str = "iam:GetOpenIDConnectProvider";

/// Lists the account's providers, and reads those that are declared.
pub async fn observe(client: &Client, target: &Target) -> Found<OidcProvider> {
    let issuers = issuers(target);
    let mut found = Found {
        table: Table::new(),
        ids: Ids::new(),
        conflicts: Vec::new(),
        listing: Read::Known(0),
    };
    if issuers.is_empty() {
        return found;
    }
    let listed = client.list_open_id_connect_providers().send().await;
    let listed = match answer(OidcProvider::LISTING, listed) {
        Read::Known(listed) => listed,
        Read::Unread(why) => return Found::unread(why),
    };
    let arns = listed.open_id_connect_provider_list().iter();
    let ours: Vec<(String, String)> = arns
        .filter_map(|entry| {
            let arn = entry.arn()?;
            let (_, issuer) = arn.split_once(":oidc-provider/")?;
            issuers
                .contains(issuer)
                .then(|| (issuer.to_owned(), arn.to_owned()))
        })
        .collect();
    let read = stream::iter(ours).map(|(issuer, arn)| async move {
        let provider = provider(client, issuer, &arn).await;
        (provider, PhysicalId::with_arn(&arn, &arn))
    });
    for (provider, id) in read.buffer_unordered(IN_FLIGHT).collect::<Vec<_>>().await {
        let address = Address::new(OidcProvider::NAME, provider.issuer.as_str());
        found.ids.insert(address, id);
        found.table.insert(provider.issuer.clone(), provider);
    }
    found.listing = Read::Known(found.table.len() as u64);
    found
}

fn issuers(target: &Target) -> BTreeSet<&str> {
    let services = target.declared.services.values();
    services
        .filter_map(|service| match &service.runtime {
            Runtime::EksIrsa { issuer, .. } => Some(issuer.as_str()),
            _ => None,
        })
        .collect()
}

async fn provider(client: &Client, issuer: String, arn: &str) -> OidcProvider {
    let request = client.get_open_id_connect_provider();
    let shown = request.open_id_connect_provider_arn(arn).send().await;
    let shown = answer(ONE, shown);
    OidcProvider {
        issuer,
        audiences: shown
            .as_ref()
            .map(|shown| shown.client_id_list().iter().cloned().collect()),
        tags: shown
            .as_ref()
            .map(|shown| tags::tags(shown.tags().iter().map(|tag| (tag.key(), tag.value())))),
    }
}
