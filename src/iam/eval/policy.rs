//! A policy as the evaluator asks it: statements in their order, patterns and conditions ready.
//!
//! Not [`crate::iam::PolicyDocument`]: that one is made to be compared and provisioned, so it
//! forgets order and spelling, holds references, and refuses what we never write. This one keeps
//! every statement at its index, takes whatever AWS may hold, and marks what is beyond the
//! documents as a doubt instead of refusing the policy.

use super::{
    Doubt, Truth,
    arn::ResourcePattern,
    condition::Condition,
    glob::Glob,
    keys::Keys,
    principal::{Caller, Grade, Identity, Principal},
    template::Pattern,
};
use crate::iam::Effect;

/// A parsed policy.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(super) statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct Statement {
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    pub(super) principals: Selection<Principal>,
    pub(super) actions: Selection<Glob>,
    pub(super) resources: Selection<Pattern<ResourcePattern>>,
    pub(super) conditions: Vec<Condition>,
    /// What is wrong with the statement as a whole.
    pub(super) doubt: Option<Doubt>,
    pub(super) atoms: Atoms,
}

/// What a statement compares a request with, as it is written. Requests that no atom of any policy
/// tells apart are decided alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Atoms {
    /// The patterns of Action or NotAction.
    pub actions: Vec<String>,
    /// The patterns of Resource or NotResource.
    pub resources: Vec<String>,
    /// The lines of Condition.
    pub conditions: Vec<ConditionLine>,
}

/// One line of a Condition, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionLine {
    /// The operator, with prefix and suffix.
    pub operator: String,
    /// The condition key.
    pub key: String,
    /// The values, of which any counts.
    pub values: Vec<String>,
}

/// An element and its Not form.
#[derive(Debug, Clone)]
pub(super) enum Selection<T> {
    /// Neither is there.
    Absent,
    /// Any of these.
    Only(Vec<T>),
    /// Anything but these.
    Except(Vec<T>),
}

/// How a type of policy is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Attached to whoever asks: no Principal.
    Identity,
    /// Attached to what is asked for: with Principal.
    Resource,
    /// The trust policy of a role: with Principal, without Resource.
    Trust,
    /// A resource control policy: Principal is everybody.
    ResourceControl,
    /// The policy of a gateway endpoint, or of one that may be: an account means its root user.
    Gateway,
}

/// A request as statements see it.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    pub caller: &'a Caller,
    /// In lower case.
    pub action: &'a str,
    pub resource: &'a str,
    pub keys: Keys<'a>,
    /// Whether a permissions boundary limits the caller.
    pub bounded: bool,
}

impl Policy {
    /// The statements, in their order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

impl Statement {
    /// Its Sid, where it has one.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Whether it allows or denies.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// What it compares a request with.
    pub fn atoms(&self) -> &Atoms {
        &self.atoms
    }

    /// Whether it applies to a request, and how directly it means the caller.
    pub(super) fn applies(&self, role: Role, asked: &Asked<'_>) -> (Truth, Grade) {
        let action = self
            .actions
            .selects(|glob| glob.is_match(asked.action).into());
        if action == Truth::No {
            return (Truth::No, Grade::Account);
        }
        let (principal, grade) = self.means(role, asked);
        let answer = principal
            .and(action)
            .and(self.covers(role, asked))
            .and(self.doubt.map_or(Truth::Yes, Truth::Unclear));
        if answer == Truth::No {
            return (Truth::No, grade);
        }
        let conditions = self.conditions.iter().map(|c| c.holds(&asked.keys));
        (answer.and(Truth::all(conditions)), grade)
    }

    fn covers(&self, role: Role, asked: &Asked<'_>) -> Truth {
        match &self.resources {
            Selection::Absent if role == Role::Trust => Truth::Yes,
            Selection::Only(patterns) => Truth::any(patterns.iter().map(|pattern| {
                let answer = pattern.matches(asked.resource, &asked.keys);
                answer.unwrap_or(Truth::No)
            })),
            other => other.selects(|pattern| {
                let answer = pattern.matches(asked.resource, &asked.keys);
                answer.unwrap_or(Truth::Unclear(Doubt::MissingVariable))
            }),
        }
    }

    pub(super) fn means(&self, role: Role, asked: &Asked<'_>) -> (Truth, Grade) {
        match (role, &self.principals) {
            (Role::Identity, Selection::Absent) => (Truth::Yes, Grade::Direct),
            (Role::Identity, _) => (Truth::Unclear(Doubt::UnknownElement), Grade::Account),
            (Role::ResourceControl, Selection::Absent) => (Truth::Yes, Grade::Direct),
            (_, Selection::Absent) => (Truth::Unclear(Doubt::MissingElement), Grade::Account),
            (_, Selection::Only(named)) => means_any(named, role, asked),
            (_, Selection::Except(named)) if self.effect == Effect::Deny => {
                (denied_but(named, asked), Grade::Direct)
            }
            (_, Selection::Except(named)) if named.is_empty() => {
                (Truth::Unclear(Doubt::MissingElement), Grade::Account)
            }
            (_, Selection::Except(named)) => {
                let (listed, _) = means_any(named, role, asked);
                let (_, grade) = Principal::Everybody.means(asked.caller, &asked.keys);
                (listed.negated(), grade)
            }
        }
    }
}

impl<T> Selection<T> {
    /// Whether the element selects what `matches` asks each of its members about.
    pub(super) fn selects(&self, matches: impl Fn(&T) -> Truth) -> Truth {
        match self {
            Self::Absent => Truth::Unclear(Doubt::MissingElement),
            Self::Only(members) => Truth::any(members.iter().map(matches)),
            Self::Except(members) if members.is_empty() => Truth::Unclear(Doubt::MissingElement),
            Self::Except(members) => Truth::any(members.iter().map(matches)).negated(),
        }
    }
}

/// Whether any principal means the caller: the surest answer, with the most direct grade.
fn means_any(named: &[Principal], role: Role, asked: &Asked<'_>) -> (Truth, Grade) {
    let mut best = (Truth::No, Grade::Account);
    for principal in named {
        let (mut answer, grade) = principal.means(asked.caller, &asked.keys);
        if role == Role::Gateway && is_delegation(principal, asked.caller) {
            answer = answer.and(Truth::Unclear(Doubt::Principal));
        }
        best = match (answer, best.0) {
            (Truth::Yes, Truth::Yes) => (answer, grade.max(best.1)),
            (Truth::Yes, _) | (Truth::Unclear(_), Truth::No) => (answer, grade),
            _ => best,
        };
    }
    best
}

fn is_delegation(principal: &Principal, caller: &Caller) -> bool {
    matches!(principal, Principal::Account(_)) && caller.identity() != Some(Identity::Root)
}

/// A Deny with NotPrincipal spares only whom it lists at every level: session, role and account.
/// It never spares whom a boundary limits.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn denied_but(named: &[Principal], asked: &Asked<'_>) -> Truth {
    let answers = named.iter().map(|p| p.means(asked.caller, &asked.keys));
    let listed: Vec<Grade> = answers
        .filter_map(|(answer, grade)| (answer == Truth::Yes).then_some(grade))
        .collect();
    let needed: &[Grade] = match asked.caller.identity() {
        Some(Identity::Session) => &[Grade::Account, Grade::Role, Grade::Direct],
        Some(Identity::Role) => &[Grade::Account, Grade::Role],
        Some(Identity::User | Identity::FederatedUser) => &[Grade::Account, Grade::Direct],
        Some(Identity::Root) | None => &[Grade::Direct],
    };
    let spares_everybody = named.contains(&Principal::Everybody);
    match needed.iter().all(|grade| listed.contains(grade)) || spares_everybody {
        _ if asked.bounded => Truth::Yes,
        true => Truth::No,
        false if listed.is_empty() => Truth::Yes,
        false => Truth::Unclear(Doubt::NotPrincipal),
    }
}
