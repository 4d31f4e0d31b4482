//! Sending: one call of a plan becomes one request, or the few that AWS needs for it.
//! References are resolved here and nowhere else.

mod iam_policy;
mod iam_role;
mod kms_key;
mod log_group;
mod security_group;
mod security_group_rule;

use super::{Aws, client::Clients, error::Refusal};
use crate::{
    account::{CallError, CallErrorKind},
    iam::{PolicyDocument, grammar},
    model::{Address, Tags},
    resource::{Call, Read, Ref},
    snapshot::{Ids, PhysicalId},
};

/// What a call made, if it made something.
type Sent = Result<Option<PhysicalId>, Refusal>;

/// Sends one call; taking away what is gone already is a success.
pub(super) async fn send(
    aws: &Aws,
    address: &Address,
    call: &Call,
    ids: &Ids,
) -> Result<Option<PhysicalId>, CallError> {
    let api = call.api();
    aws.wire.pace().learn(api);
    let order = Order {
        clients: &aws.clients,
        address,
        ids,
    };
    let sent = match call {
        Call::IamPolicy(call) => iam_policy::send(&order, call).await,
        Call::IamRole(call) => iam_role::send(&order, call).await,
        Call::KmsKey(call) => kms_key::send(&order, call).await,
        Call::LogGroup(call) => log_group::send(&order, call).await,
        Call::SecurityGroup(call) => security_group::send(&order, call).await,
        Call::SecurityGroupRule(call) => security_group_rule::send(&order, call).await,
    };
    match sent.map_err(|refusal| refusal.call_error(api, call.removes())) {
        Err(error) if error.kind == CallErrorKind::Gone => Ok(None),
        sent => sent,
    }
}

/// A call's address and what its references mean.
struct Order<'a> {
    clients: &'a Clients,
    address: &'a Address,
    ids: &'a Ids,
}

impl Order<'_> {
    /// The physical id of the resource itself.
    fn own_id(&self) -> Result<&str, Refusal> {
        self.physical(self.address).map(|id| id.id.as_str())
    }

    /// The ARN of the resource itself.
    fn own_arn(&self) -> Result<String, Refusal> {
        self.arn(&Ref::To(self.address.clone()))
    }

    fn physical(&self, address: &Address) -> Result<&PhysicalId, Refusal> {
        self.ids
            .get(address)
            .ok_or_else(|| Refusal::own(format!("{address} does not exist yet")))
    }

    /// What API calls take for a reference.
    fn id(&self, reference: &Ref) -> Result<String, Refusal> {
        match reference {
            Ref::To(address) => self.physical(address).map(|id| id.id.clone()),
            Ref::Literal(text) => Ok(text.clone()),
        }
    }

    /// The ARN of a reference.
    fn arn(&self, reference: &Ref) -> Result<String, Refusal> {
        match reference {
            Ref::To(address) => self
                .physical(address)?
                .arn
                .clone()
                .ok_or_else(|| Refusal::own(format!("{address} has no ARN"))),
            Ref::Literal(text) => Ok(text.clone()),
        }
    }

    /// A document as AWS takes it, with ARNs for addresses.
    fn document(&self, document: &PolicyDocument) -> Result<String, Refusal> {
        let arn = |address: &Address| self.ids.get(address)?.arn.clone();
        Ok(grammar::write(document, &arn)?.to_string())
    }
}

/// A value that the call sets: only what is known can be sent.
fn wanted<'a, T>(read: &'a Read<T>, field: &str) -> Result<&'a T, Refusal> {
    read.known()
        .ok_or_else(|| Refusal::own(format!("the wanted {field} is unknown")))
}

/// Tags as the builders of an SDK make them.
fn tag_list<T, E>(
    tags: &Tags,
    build: impl Fn(&str, &str) -> Result<T, E>,
) -> Result<Vec<T>, Refusal>
where
    Refusal: From<E>,
{
    tags.iter()
        .map(|(key, value)| build(key, value).map_err(Refusal::from))
        .collect()
}
