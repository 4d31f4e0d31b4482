//! What is asked: who, which action, on which resource, with which condition keys.

use super::{
    keys::Context,
    principal::{Caller, Identity},
};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// The action, as `kms:Decrypt`.
    pub action: String,
    /// The ARN of the resource, or `*` for an action that has none.
    pub resource: String,
    /// The account that owns the resource; none where nobody knows.
    pub resource_account: Option<String>,
    /// The condition keys. `aws:PrincipalArn` is filled in where it is missing.
    pub context: Context,
    /// Whether the bucket that is asked for has attribute-based access control switched on.
    pub bucket_abac: bool,
}

/// A request that nobody can make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The principal is an ARN of something that does not call.
    #[error("{0} cannot make a request: it is no user, role, session, service or provider")]
    Principal(String),
    /// The action has no service.
    #[error("{0} is no action: one is written as service:Name")]
    Action(String),
    /// A value that is longer than any that AWS has.
    #[error("the {0} is longer than {LONGEST} bytes")]
    TooLong(&'static str),
    /// A key with more values than any that AWS has.
    #[error("{0} has more than {MOST_VALUES} values")]
    TooMany(String),
}

/// Longer than any ARN, and than any value of a condition key; it bounds the work of matching.
const LONGEST: usize = 8192;
/// More than any multivalued key has.
const MOST_VALUES: usize = 1000;

impl Request {
    /// A request without condition keys. The resource belongs to the account that its ARN names;
    /// `*` to the caller's.
    ///
    /// # Errors
    /// See [`RequestError`].
    pub fn new(principal: &str, action: &str, resource: &str) -> Result<Self, RequestError> {
        let texts = [
            ("principal", principal),
            ("action", action),
            ("resource", resource),
        ];
        if let Some((name, _)) = texts.iter().find(|(_, text)| text.len() > LONGEST) {
            return Err(RequestError::TooLong(name));
        }
        if !action.contains(':') {
            return Err(RequestError::Action(action.to_owned()));
        }
        let caller =
            Caller::read(principal).ok_or_else(|| RequestError::Principal(principal.to_owned()))?;
        let resource_account = account_of(resource, &caller);
        Ok(Self {
            caller,
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account,
            context: Context::default(),
            bucket_abac: false,
        })
    }

    /// The same with these condition keys.
    ///
    /// # Errors
    /// A value that is too long, a key with too many values.
    pub fn with_context(mut self, context: Context) -> Result<Self, RequestError> {
        for (key, values) in context.iter() {
            if values.iter().any(|value| value.len() > LONGEST) {
                return Err(RequestError::TooLong("value of a condition key"));
            }
            if values.len() > MOST_VALUES {
                return Err(RequestError::TooMany(key.chars().take(80).collect()));
            }
        }
        self.context = context;
        Ok(self)
    }

    /// The keys that AWS sets for every signed request: who the caller is, and whose account.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
    pub fn signed(mut self) -> Self {
        let mut keys = caller_keys(&self.caller);
        if let Some(account) = &self.resource_account {
            keys.push(("aws:ResourceAccount", account.clone()));
        }
        if let (true, Some(account)) = (self.is_for("kms"), self.caller.account()) {
            keys.push(("kms:CallerAccount", account.to_owned()));
        }
        keys.push(("aws:SecureTransport", "true".to_owned()));
        keys.push(("aws:ViaAWSService", "false".to_owned()));
        for (key, value) in keys {
            self.context.set(key, value);
        }
        self
    }

    /// The same request through a VPC endpoint: it brings the endpoint's keys, and hides the
    /// public address.
    pub fn via_endpoint(mut self, endpoint: &str, vpc: &str) -> Self {
        self.context.set("aws:SourceVpce", endpoint);
        self.context.set("aws:SourceVpc", vpc);
        self.context.remove("aws:SourceIp");
        self
    }

    /// The same request made by a service on the caller's behalf, with a forward access session.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html>
    pub fn via_service(mut self, service: &str) -> Self {
        for key in [
            "aws:SourceIp",
            "aws:SourceVpce",
            "aws:SourceVpc",
            "aws:VpcSourceIp",
        ] {
            self.context.remove(key);
        }
        if self.is_for("kms") {
            self.context.set("kms:ViaService", service);
        }
        self.context.set("aws:ViaAWSService", "true");
        self
    }

    fn is_for(&self, service: &str) -> bool {
        let prefix = self.action.split(':').next().unwrap_or_default();
        prefix.eq_ignore_ascii_case(service)
    }
}

fn caller_keys(caller: &Caller) -> Vec<(&'static str, String)> {
    match caller {
        Caller::Account {
            account,
            arn,
            identity,
        } => {
            let name = arn.rsplit_once('/').map(|(_, name)| name.to_owned());
            let name = name.filter(|_| *identity == Identity::User);
            let user = name.map(|name| ("aws:username", name));
            let keys = [
                ("aws:PrincipalAccount", account.clone()),
                ("aws:PrincipalType", kind(*identity).to_owned()),
                ("aws:PrincipalIsAWSService", "false".to_owned()),
            ];
            keys.into_iter().chain(user).collect()
        }
        Caller::Service(name) => vec![
            ("aws:PrincipalIsAWSService", "true".to_owned()),
            ("aws:PrincipalServiceName", name.clone()),
        ],
        Caller::Federated(_) | Caller::Anonymous => Vec::new(),
    }
}

fn kind(identity: Identity) -> &'static str {
    match identity {
        Identity::Root => "Account",
        Identity::User => "User",
        Identity::Role | Identity::Session => "AssumedRole",
        Identity::FederatedUser => "FederatedUser",
    }
}

fn account_of(resource: &str, caller: &Caller) -> Option<String> {
    let account = match resource {
        "*" => caller.account(),
        _ => resource.split(':').nth(4),
    };
    account.filter(|id| !id.is_empty()).map(str::to_owned)
}
