//! Who a principal of a policy is: this environment's, the account itself, foreign, or anybody.

use crate::{
    iam::{PrincipalType, Statement},
    model::AccountId,
    resource::Ref,
};

/// The principals of one type in a statement.
pub(super) fn of_type(statement: &Statement, kind: PrincipalType) -> impl Iterator<Item = &Ref> {
    statement.principals.get(&kind).into_iter().flatten()
}

/// Every principal of a statement, whatever its type; an element NotPrincipal is everybody else.
pub(super) fn all(statement: &Statement) -> Vec<Ref> {
    let named = statement.principals.values().flatten().cloned();
    let rest = (!statement.not_principals.is_empty()).then(|| Ref::literal("*"));
    named.chain(rest).collect()
}

/// Whether it is anybody at all.
pub(super) fn is_anybody(principal: &Ref) -> bool {
    matches!(principal, Ref::Literal(text) if text == "*" || text == "arn:aws:iam::*:root")
}

/// The account that an ARN principal belongs to; none for references, services and ids.
pub(super) fn account(principal: &Ref) -> Option<&str> {
    match principal {
        Ref::Literal(text) if text.starts_with("arn:") => text.split(':').nth(4),
        Ref::Literal(text) if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) => {
            Some(text)
        }
        _ => None,
    }
}

/// Whether it belongs to another account.
pub(super) fn is_foreign(principal: &Ref, own: &AccountId) -> bool {
    account(principal).is_some_and(|account| account != own.as_str())
}

/// Whether it is a whole account rather than someone in it.
pub(super) fn is_root(principal: &Ref) -> bool {
    match principal {
        Ref::Literal(text) => text.ends_with(":root") || account(principal) == Some(text),
        Ref::To(_) => false,
    }
}
