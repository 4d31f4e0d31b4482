//! Who is asked about: a service, one of its versions, a role, or anybody by ARN.

use super::{Estate, QuestionError, estate::SESSION};
use crate::{
    iam::eval::{Caller, Identity},
    model::{Address, Environment, KindName, Naming, Service},
};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// As people wrote it, with the version where there is only one.
    pub name: String,
    /// The principal of the request: of a role, a session.
    pub principal: String,
    /// The role in the snapshot, where it is one of them.
    pub role: Option<Address>,
}

impl Subject {
    /// Reads `login`, `login@v1`, `role/login-v1`, an ARN, or a service of AWS.
    ///
    /// # Errors
    /// Nobody of that name, a service with several versions, a role that is not there.
    pub fn read(
        text: &str,
        environment: &Environment,
        estate: &Estate<'_>,
    ) -> Result<Self, QuestionError> {
        if let Some(name) = role_name(text) {
            return Self::role(text, name, estate);
        }
        if text.starts_with("arn:") || text.ends_with(".amazonaws.com") {
            return Self::outside(text, estate).ok_or_else(|| nobody(text, environment));
        }
        let (service, version) = match text.split_once('@') {
            Some((service, version)) => (service, Some(version)),
            None => (text, None),
        };
        let services = environment.services.values();
        let mut found = services.filter(|known| known.name.as_str() == service);
        let service = found.next().ok_or_else(|| nobody(text, environment))?;
        Self::service(service, version, text, environment, estate)
    }

    fn service(
        service: &Service,
        version: Option<&str>,
        text: &str,
        environment: &Environment,
        estate: &Estate<'_>,
    ) -> Result<Self, QuestionError> {
        let versions = service.versions.iter();
        let mut fitting = versions.filter(|known| version.is_none_or(|v| v == known.as_str()));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => {
                let name = Naming::version(&service.name, only);
                Self::role(&format!("{}@{only}", service.name), &name, estate)
            }
            (Some(_), Some(_)) => Err(QuestionError::SeveralVersions {
                service: service.name.to_string(),
                known: list(
                    service
                        .versions
                        .iter()
                        .map(|v| format!("{}@{v}", service.name)),
                ),
            }),
            (None, _) => Err(nobody(text, environment)),
        }
    }

    fn role(text: &str, name: &str, estate: &Estate<'_>) -> Result<Self, QuestionError> {
        let address = Address::new(KindName::IamRole, name);
        let there = estate.snapshot().resources.contains(&address);
        match estate.arn(&address).filter(|_| there) {
            Some(arn) => Ok(Self {
                name: text.to_owned(),
                principal: session_of(&arn).unwrap_or(arn),
                role: Some(address),
            }),
            None => Err(QuestionError::NotThere(address)),
        }
    }

    fn outside(text: &str, estate: &Estate<'_>) -> Option<Self> {
        let caller = Caller::read(text)?;
        let arn = caller.principal_arn();
        let role = arn.and_then(|arn| {
            let roles = &estate.snapshot().resources.iam_role;
            let mut addresses = roles
                .keys()
                .map(|name| Address::new(KindName::IamRole, name.as_str()));
            addresses.find(|address| {
                let known = estate.arn(address).unwrap_or_default();
                same_role(&known, &arn, caller.identity())
            })
        });
        let principal = match caller.identity() {
            Some(Identity::Role) => session_of(text),
            _ => None,
        };
        Some(Self {
            name: text.to_owned(),
            principal: principal.unwrap_or_else(|| text.to_owned()),
            role,
        })
    }
}

fn role_name(text: &str) -> Option<&str> {
    text.strip_prefix("role/")
        .or_else(|| text.strip_prefix("iam_role/"))
}

/// A session does not show the path of its role.
fn same_role(known: &str, arn: &str, identity: Option<Identity>) -> bool {
    let last = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    match identity {
        Some(Identity::Session) => last(known) == last(arn) && account(known) == account(arn),
        _ => known == arn,
    }
}

fn account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

/// The ARN of a session of the role: whoever acts as a role has one.
pub fn session_of(role: &str) -> Option<String> {
    let (head, rest) = role.split_once(":role/")?;
    let name = rest.rsplit('/').next()?;
    let head = head.replacen(":iam:", ":sts:", 1);
    Some(format!("{head}:assumed-role/{name}/{SESSION}"))
}

fn nobody(asked: &str, environment: &Environment) -> QuestionError {
    QuestionError::NoSubject {
        asked: asked.to_owned(),
        known: list(environment.services.keys().map(ToString::to_string)),
    }
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
