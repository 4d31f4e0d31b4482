//! Who asks, and whether a Principal element means them.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use std::borrow::Cow;

use super::{
    Doubt, Truth,
    glob::Glob,
    keys::{Keys, Lookup},
};
use crate::iam::PrincipalType;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Somebody whom an account knows.
    Account {
        /// The account id.
        account: String,
        /// The ARN.
        arn: String,
        /// What it is.
        identity: Identity,
    },
    /// An AWS service, as `lambda.amazonaws.com`.
    Service(String),
    /// Somebody whom an identity provider vouches for, by the provider.
    Federated(String),
    /// Nobody in particular.
    Anonymous,
}

/// The kinds of identity in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// The root user.
    Root,
    /// An IAM user.
    User,
    /// A role, whatever its session.
    Role,
    /// A session of a role.
    Session,
    /// A session of GetFederationToken.
    FederatedUser,
}

/// How directly a Principal element means a caller. What limits a role does not limit a grant to
/// its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// By the account, which only delegates.
    Account,
    /// By the role.
    Role,
    /// By session, user, service, provider, or as everybody.
    Direct,
}

impl Caller {
    /// Reads an ARN, an account id, a service, a provider, or `*` for anonymous.
    /// None for an ARN that cannot call.
    pub fn read(text: &str) -> Option<Self> {
        if matches!(text, "" | "*" | "anonymous") {
            return Some(Self::Anonymous);
        }
        if is_account(text) {
            return Some(Self::known(text, text, Identity::Root));
        }
        if text.starts_with("arn:") {
            return Self::of_arn(text);
        }
        if is_service(text) {
            return Some(Self::Service(text.to_owned()));
        }
        Some(Self::Federated(text.to_owned()))
    }

    fn of_arn(arn: &str) -> Option<Self> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", _, service, "", account, resource] = parts.as_slice() else {
            return None;
        };
        let (kind, name) = resource.split_once('/').unwrap_or((resource, ""));
        let identity = match (*service, kind, name.is_empty()) {
            ("iam", "root", true) => Identity::Root,
            ("iam", "user", false) => Identity::User,
            ("iam", "role", false) => Identity::Role,
            ("sts", "assumed-role", false) if name.contains('/') => Identity::Session,
            ("sts", "federated-user", false) => Identity::FederatedUser,
            ("iam", "saml-provider" | "oidc-provider", false) => {
                return Some(Self::Federated(arn.to_owned()));
            }
            _ => return None,
        };
        is_account(account).then(|| Self::known(account, arn, identity))
    }

    fn known(account: &str, arn: &str, identity: Identity) -> Self {
        Self::Account {
            account: account.to_owned(),
            arn: arn.to_owned(),
            identity,
        }
    }

    /// The account that the caller belongs to.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Account { account, .. } => Some(account),
            Self::Service(_) | Self::Federated(_) | Self::Anonymous => None,
        }
    }

    /// What it is in its account.
    pub fn identity(&self) -> Option<Identity> {
        match self {
            Self::Account { identity, .. } => Some(*identity),
            Self::Service(_) | Self::Federated(_) | Self::Anonymous => None,
        }
    }

    /// The value of `aws:PrincipalArn`. A session does not show the path of its role.
    pub fn principal_arn(&self) -> Option<Cow<'_, str>> {
        let Self::Account { arn, identity, .. } = self else {
            return None;
        };
        match identity {
            Identity::Session => role_of_session(arn).map(Cow::Owned),
            Identity::Root | Identity::User | Identity::Role | Identity::FederatedUser => {
                Some(Cow::Borrowed(arn))
            }
        }
    }

    /// A role that AWS made for a service: no organisation's policy binds it.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
    pub fn is_service_linked(&self) -> bool {
        matches!(self, Self::Account { arn, identity: Identity::Role, .. }
            if arn.contains(":role/aws-service-role/"))
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_service(text: &str) -> bool {
    let suffixes = [".amazonaws.com", ".amazonaws.com.cn"];
    suffixes.iter().any(|suffix| text.ends_with(suffix)) && text != COGNITO
}

/// An identity provider with the name of a service.
const COGNITO: &str = "cognito-identity.amazonaws.com";

/// `arn:aws:iam::111122223333:role/name` of `arn:aws:sts::111122223333:assumed-role/name/session`.
fn role_of_session(arn: &str) -> Option<String> {
    let (head, rest) = arn.split_once(":assumed-role/")?;
    let (name, _) = rest.split_once('/')?;
    Some(format!(
        "{}:role/{name}",
        head.replacen(":sts:", ":iam:", 1)
    ))
}

/// One principal that a policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// `*`
    Everybody,
    /// An account, by id or by the ARN of its root.
    Account(String),
    /// A user, role or session.
    Arn(String),
    /// The id of a user or role that was deleted since, or is shown so.
    UniqueId(String),
    /// A service.
    Service(String),
    /// An identity provider.
    Federated(String),
    /// An account by its S3 id; which one is not known here.
    Canonical,
    /// A wildcard where AWS has none.
    Wild(Glob),
}

impl Principal {
    /// Reads one value below a type.
    pub fn read(kind: PrincipalType, text: &str) -> Self {
        let is_wild = text.contains(['*', '?']) || text.contains("${");
        match kind {
            PrincipalType::Aws if text == "*" => Self::Everybody,
            PrincipalType::CanonicalUser => Self::Canonical,
            _ if is_wild => Self::Wild(Glob::new(text)),
            PrincipalType::Service => Self::Service(text.to_owned()),
            PrincipalType::Federated => Self::Federated(text.to_owned()),
            PrincipalType::Aws => match Caller::read(text) {
                Some(Caller::Account {
                    account,
                    identity: Identity::Root,
                    ..
                }) => Self::Account(account),
                _ if text.starts_with("arn:") => Self::Arn(text.to_owned()),
                _ => Self::UniqueId(text.to_owned()),
            },
        }
    }

    /// Whether it means the caller, and how directly.
    pub fn means(&self, caller: &Caller, keys: &Keys<'_>) -> (Truth, Grade) {
        match (self, caller) {
            (Self::Everybody, _) => (Truth::Yes, everybody(caller)),
            (
                Self::Account(named),
                Caller::Account {
                    account, identity, ..
                },
            ) => {
                let grade = match identity {
                    Identity::Root => Grade::Direct,
                    _ => Grade::Account,
                };
                ((named == account).into(), grade)
            }
            (Self::Arn(named), Caller::Account { arn, identity, .. }) => {
                means_arn(named, arn, *identity, keys)
            }
            (Self::UniqueId(id), Caller::Account { identity, .. }) => means_id(id, *identity, keys),
            (Self::Service(named), Caller::Service(name)) => {
                ((named == name).into(), Grade::Direct)
            }
            (Self::Federated(named), Caller::Federated(provider)) => {
                ((named == provider).into(), Grade::Direct)
            }
            (Self::Canonical, Caller::Account { .. }) => {
                (Truth::Unclear(Doubt::Principal), Grade::Account)
            }
            (Self::Wild(glob), _) => (means_wildly(glob, caller, keys), Grade::Account),
            _ => (Truth::No, Grade::Account),
        }
    }
}

/// What is granted to everybody is granted to the session.
fn everybody(caller: &Caller) -> Grade {
    match caller.identity() {
        Some(Identity::Role) => Grade::Role,
        _ => Grade::Direct,
    }
}

fn means_arn(named: &str, arn: &str, identity: Identity, keys: &Keys<'_>) -> (Truth, Grade) {
    let direct = match identity {
        Identity::Role => Grade::Role,
        _ => Grade::Direct,
    };
    if named == arn {
        return (Truth::Yes, direct);
    }
    if identity != Identity::Session {
        return (Truth::No, direct);
    }
    (means_session(named, arn, keys), Grade::Role)
}

/// Whether a role is that of a session. The session does not show the role's path, but its name
/// is unique in the account.
fn means_session(named: &str, session: &str, keys: &Keys<'_>) -> Truth {
    if !is_role_of(named, session) {
        return Truth::No;
    }
    let shown = match keys.get("aws:principalarn") {
        Lookup::Values([one]) if is_role_of(one, session) => one.as_str(),
        _ => "",
    };
    match (named == shown, has_path(shown)) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::No,
        (false, false) => match has_path(named) {
            true => Truth::Unclear(Doubt::Principal),
            false => Truth::Yes,
        },
    }
}

/// Whether partition, account and name agree.
fn is_role_of(role: &str, session: &str) -> bool {
    let named = role.split_once(":role/").and_then(|(head, rest)| {
        let (_, place) = head.split_once(":iam:")?;
        Some((head.split(':').nth(1)?, place, rest.rsplit('/').next()?))
    });
    let acting = session
        .split_once(":assumed-role/")
        .and_then(|(head, rest)| {
            let (_, place) = head.split_once(":sts:")?;
            Some((head.split(':').nth(1)?, place, rest.split('/').next()?))
        });
    named.is_some() && named == acting
}

fn has_path(role: &str) -> bool {
    let name = role.split_once(":role/");
    name.is_some_and(|(_, rest)| rest.contains('/'))
}

/// `AIDA…` is the whole of a user's `aws:userid`, `AROA…` what stands before a session's name.
fn means_id(id: &str, identity: Identity, keys: &Keys<'_>) -> (Truth, Grade) {
    let grade = match identity {
        Identity::User => Grade::Direct,
        _ => Grade::Role,
    };
    let answer = match keys.get("aws:userid") {
        Lookup::Values([user]) => (user.split(':').next() == Some(id)).into(),
        _ => Truth::Unclear(Doubt::Principal),
    };
    (answer, grade)
}

/// A wildcard that AWS does not document means the caller at most perhaps.
fn means_wildly(glob: &Glob, caller: &Caller, keys: &Keys<'_>) -> Truth {
    let text = match caller {
        Caller::Account { arn, .. } => arn.as_str(),
        Caller::Service(name) | Caller::Federated(name) => name.as_str(),
        Caller::Anonymous => "",
    };
    let role = match keys.get("aws:principalarn") {
        Lookup::Values([one]) => one.as_str(),
        _ => "",
    };
    match glob.is_match(text) || glob.is_match(role) {
        true => Truth::Unclear(Doubt::Principal),
        false => Truth::No,
    }
}
