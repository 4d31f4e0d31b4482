//! What stores of every kind have in common: a key, and a policy that is closed to all but some.
//! It judges documents; which stores there are and who may use them is decided elsewhere.

use std::collections::BTreeSet;

use super::{Direction, FieldChange, Read, Ref};
use crate::{
    iam::{Effect, PolicyDocument, Statement, document::Principals},
    model::{Address, KindName},
};

/// The condition key that names the caller.
const CALLER: &str = "aws:PrincipalArn";
/// The condition key that names the caller's account.
const ACCOUNT: &str = "aws:PrincipalAccount";

/// The Sids of the live Allow statements that reach beyond those whom the wanted policy names.
pub fn open_statements(live: &PolicyDocument, wanted: &PolicyDocument) -> BTreeSet<String> {
    let users = Users::of(wanted);
    let open = live
        .statements
        .iter()
        .filter(|(_, statement)| statement.effect == Effect::Allow && !users.bound(statement));
    open.map(|(sid, _)| sid.clone()).collect()
}

/// What is asked of the policy of a store that somebody else manages: the live one, without the
/// statements that open it.
pub fn closed(wanted: Read<PolicyDocument>, live: &Read<PolicyDocument>) -> Read<PolicyDocument> {
    let (Read::Known(wanted), Read::Known(live)) = (&wanted, live) else {
        return live.clone();
    };
    let open = open_statements(live, wanted);
    let mut judged = live.clone();
    judged.statements.retain(|sid, _| !open.contains(sid));
    judged.into()
}

/// The direction of a change of the key: another key is not the service's own, so only gaining
/// one is known to strengthen.
pub fn of_key(change: &FieldChange) -> Direction {
    Direction::encryption(change.before.is_none())
}

/// Those whom a closed policy lets through.
struct Users<'p> {
    named: BTreeSet<&'p Ref>,
    accounts: BTreeSet<&'p Ref>,
}

impl<'p> Users<'p> {
    fn of(wanted: &'p PolicyDocument) -> Self {
        Self {
            named: values(wanted, CALLER),
            accounts: values(wanted, ACCOUNT),
        }
    }

    fn bound(&self, statement: &Statement) -> bool {
        let negated = !statement.not_principals.is_empty();
        !negated && all(&statement.principals).all(|who| self.covers(who))
    }

    /// The account itself adds nothing to what its roles are allowed anyway.
    fn covers(&self, who: &Ref) -> bool {
        self.named.contains(who) || self.is_account(who) || self.below_a_path(who)
    }

    fn is_account(&self, who: &Ref) -> bool {
        let Ref::Literal(text) = who else {
            return false;
        };
        let account = text
            .strip_suffix(":root")
            .and_then(|arn| arn.rsplit(':').next());
        let account = Ref::literal(account.unwrap_or(text));
        self.accounts.contains(&account)
    }

    fn below_a_path(&self, who: &Ref) -> bool {
        let mut paths = self.named.iter().filter_map(|named| match named {
            Ref::Literal(text) => text.strip_suffix('*'),
            Ref::To(_) => None,
        });
        match who {
            Ref::To(Address { kind, .. }) => *kind == KindName::IamRole && paths.next().is_some(),
            Ref::Literal(text) => paths.any(|path| text.starts_with(path)),
        }
    }
}

fn all(principals: &Principals) -> impl Iterator<Item = &Ref> {
    principals.values().flatten()
}

/// Every value that a document compares a condition key with.
fn values<'p>(document: &'p PolicyDocument, key: &str) -> BTreeSet<&'p Ref> {
    let conditions = document.statements.values().map(|one| &one.conditions);
    conditions
        .flat_map(|conditions| conditions.values())
        .filter_map(|keys| keys.get(&key.into()))
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT_ID: &str = "111122223333";

    fn wanted(user: Ref) -> PolicyDocument {
        let others = Statement::deny(["sqs:SendMessage"])
            .by([Ref::literal("*")])
            .when("ArnNotLike", CALLER, [user])
            .when("StringNotEquals", ACCOUNT, [Ref::literal(ACCOUNT_ID)]);
        PolicyDocument::new([("Others", others)])
    }

    fn open(statement: Statement, user: Ref) -> bool {
        let live = PolicyDocument::new([("Live", statement)]);
        let open = open_statements(&live, &wanted(user.clone()));
        let left = closed(wanted(user).into(), &live.clone().into());
        let kept = left.known().map(|left| left.statements.len());
        assert_eq!(kept, Some(1 - open.len()));
        !open.is_empty()
    }

    fn to(principal: &str) -> Statement {
        Statement::allow(["sqs:SendMessage"]).by([Ref::literal(principal)])
    }

    #[test]
    fn only_the_users_and_the_account_itself_are_let_through() {
        let role = || Ref::to(KindName::IamRole, "login-v1");
        let user = Statement::allow(["sqs:SendMessage"]).by([role()]);
        assert!(!open(user, role()));
        assert!(!open(to("arn:aws:iam::111122223333:root"), role()));
        assert!(!open(to(ACCOUNT_ID), role()));
        assert!(open(to("arn:aws:iam::999988887777:root"), role()));
        assert!(open(to("arn:aws:iam::111122223333:role/else"), role()));
        assert!(open(to("*"), role()));
        let service = Statement::allow(["sqs:SendMessage"]).by_service("events.amazonaws.com");
        assert!(open(service, role()));
        let mut all_but = Statement::allow(["sqs:SendMessage"]);
        all_but.not_principals = to("*").principals;
        assert!(open(all_but, role()));
    }

    #[test]
    fn a_path_lets_its_roles_through() {
        let path = || Ref::literal("arn:aws:iam::111122223333:role/strongroom/bank/*");
        let role = Statement::allow(["sqs:SendMessage"]).by([Ref::to(KindName::IamRole, "a-v1")]);
        assert!(!open(role, path()));
        assert!(!open(
            to("arn:aws:iam::111122223333:role/strongroom/bank/x"),
            path()
        ));
        assert!(open(to("arn:aws:iam::111122223333:role/x"), path()));
    }

    #[test]
    fn a_deny_opens_nothing() {
        let deny = Statement::deny(["sqs:*"]).by([Ref::literal("*")]);
        assert!(!open(deny, Ref::literal("x")));
    }
}
