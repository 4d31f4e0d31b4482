//! What a bucket policy allows beyond the compiled one, and whether it denies as much.

use super::{
    Texts, principal,
    statement::{allows, statements},
};
use crate::{
    iam::{Effect, PolicyDocument, Statement},
    resource::Ref,
};

/// The condition keys that pin a service to the resource or account on whose behalf it acts.
const SOURCE: [&str; 2] = ["aws:SourceArn", "aws:SourceAccount"];

/// Statements that allow anybody.
pub(super) fn public(policy: &PolicyDocument) -> Texts {
    let open = |statement: &Statement| principal::all(statement).iter().any(principal::is_anybody);
    let open = allows(policy).filter(|(_, statement)| open(statement));
    open.map(|(sid, _)| sid.clone()).collect()
}

/// Whom the policy allows an action and the compiled one does not, or allows under conditions of
/// the source that the compiled one has and it has not.
pub(super) fn undeclared(live: &PolicyDocument, wanted: &PolicyDocument, action: &str) -> Texts {
    let declared = holders(wanted, action);
    holders(live, action)
        .difference(&declared)
        .cloned()
        .collect()
}

/// Each principal with the source that it is pinned to.
fn holders(policy: &PolicyDocument, action: &str) -> Texts {
    let mut found = Texts::new();
    for (_, statement) in allows(policy).filter(|(_, s)| s.covers(action)) {
        let sources: Texts = SOURCE
            .iter()
            .flat_map(|key| statement.demands(key))
            .collect();
        let sources: Vec<String> = sources.into_iter().collect();
        let pinned = match sources.is_empty() {
            true => String::new(),
            false => format!(" for {}", sources.join(", ")),
        };
        let all = principal::all(statement);
        found.extend(all.iter().map(|who| format!("{who}{pinned}")));
    }
    found
}

/// Whether some statement denies at least what the compiled statement of that name does; a
/// statement that nobody compiled denies nothing.
pub(super) fn denies_as(live: &PolicyDocument, wanted: &PolicyDocument, sid: &str) -> bool {
    let wanted = wanted.statements.get(sid);
    wanted.is_some_and(|wanted| {
        statements(live, Effect::Deny).any(|(_, deny)| at_least(deny, wanted))
    })
}

/// The actions of the compiled Deny that no statement denies as widely.
pub(super) fn undenied(live: &PolicyDocument, wanted: &PolicyDocument, sid: &str) -> Texts {
    let Some(wanted) = wanted.statements.get(sid) else {
        return Texts::new();
    };
    let open = wanted.actions.iter().filter(|action| {
        let one = Statement {
            actions: [(*action).clone()].into(),
            ..wanted.clone()
        };
        !statements(live, Effect::Deny).any(|(_, deny)| at_least(deny, &one))
    });
    open.map(|action| action.as_str().to_owned()).collect()
}

/// Whether a Deny holds wherever another does: for everybody, for its actions and resources, and
/// under no further condition.
fn at_least(deny: &Statement, other: &Statement) -> bool {
    let everybody =
        principal::all(deny).iter().any(principal::is_anybody) && deny.not_principals.is_empty();
    let actions = other
        .actions
        .iter()
        .all(|action| deny.actions.contains(action) || deny.covers(action.as_str()));
    let resources = deny.on_everything() && deny.not_resources.is_empty()
        || other.resources.is_subset(&deny.resources);
    everybody && actions && resources && conditions(deny, other)
}

/// Fewer conditions deny more. A negated one exempts: fewer values deny more there, elsewhere more.
fn conditions(deny: &Statement, other: &Statement) -> bool {
    deny.conditions.iter().all(|(operator, keys)| {
        let theirs = other.conditions.get(operator);
        keys.iter().all(|(key, values)| {
            let theirs = theirs.and_then(|keys| keys.get(key));
            theirs.is_some_and(|theirs: &std::collections::BTreeSet<Ref>| {
                match operator.contains("Not") {
                    true => values.is_subset(theirs),
                    false => theirs.is_subset(values),
                }
            })
        })
    })
}
