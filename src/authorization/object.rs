//! What is asked for: a resource of the environment by its address, any other by target or ARN.

use super::{Estate, QuestionError};
use crate::{
    iam::{
        access::{self, AccessTarget, Place},
        catalogue::Catalogue,
    },
    model::{Address, Environment, KindName},
};

/// The resource of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its address, or as people wrote it.
    pub name: String,
    /// Its ARN, or `*`.
    pub arn: String,
    /// Where it stands in the snapshot.
    pub address: Option<Address>,
    /// The account that owns it.
    pub account: String,
}

impl Object {
    /// Reads `key/accounts`, `role/login-v1`, `kms_key/accounts`, `dynamodb:table/x`, an ARN, `*`.
    /// An ARN without account is taken to be of the environment's.
    ///
    /// # Errors
    /// A text in none of the forms, a resource that is not there.
    pub fn read(
        text: &str,
        environment: &Environment,
        estate: &Estate<'_>,
        catalogue: &Catalogue,
    ) -> Result<Self, QuestionError> {
        if let Some(address) = address(text) {
            return Self::known(address, estate);
        }
        if text == "*" || text.starts_with("arn:") {
            let address = (text != "*").then(|| estate.holder(text)).flatten();
            return Ok(Self::of(text, text.to_owned(), address, estate));
        }
        let refuse = |why: String| QuestionError::NoObject {
            asked: text.to_owned(),
            why,
        };
        let target: AccessTarget = text
            .parse()
            .map_err(|e: access::AccessError| refuse(e.to_string()))?;
        let place = Place {
            region: &environment.region,
            account: &environment.account,
        };
        let arn = access::arn(&target, &place, catalogue).map_err(|e| refuse(e.to_string()))?;
        let address = estate.holder(&arn);
        // A secret's ARN ends in characters that AWS chose: it is known once there is one.
        let known = address.as_ref().filter(|_| arn.contains('?'));
        let arn = known.and_then(|address| estate.arn(address)).unwrap_or(arn);
        Ok(Self::of(text, arn, address, estate))
    }

    fn known(address: Address, estate: &Estate<'_>) -> Result<Self, QuestionError> {
        let there = estate.snapshot().resources.contains(&address);
        match estate.arn(&address).filter(|_| there) {
            Some(arn) => Ok(Self::of(
                &address.to_string(),
                arn,
                Some(address.clone()),
                estate,
            )),
            None => Err(QuestionError::NotThere(address)),
        }
    }

    fn of(name: &str, arn: String, address: Option<Address>, estate: &Estate<'_>) -> Self {
        let account = arn.split(':').nth(4).filter(|id| !id.is_empty());
        Self {
            name: name.to_owned(),
            account: account.unwrap_or(estate.account().as_str()).to_owned(),
            arn,
            address,
        }
    }
}

/// The address of a short or whole form.
fn address(text: &str) -> Option<Address> {
    let (kind, name) = text.split_once('/')?;
    let kind = match kind {
        "key" => KindName::KmsKey,
        "role" => KindName::IamRole,
        "policy" => KindName::IamPolicy,
        _ => return text.parse().ok(),
    };
    (!name.is_empty()).then(|| Address::new(kind, name))
}
