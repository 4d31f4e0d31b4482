//! Conditions: operators that do not fit their keys, keys that do not exist, values that no request
//! has, and the traps of set operators.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;

use super::{
    Finding, Known, LintCode,
    document::{Document, Line, Statement, Text},
    json::{Node, Value},
};
use crate::iam::{
    Effect,
    catalogue::{ConditionKey, KeyValues},
    eval::operator::{Comparison, Operator, Quantifier},
};

/// What is wrong with conditions.
pub(super) fn findings(document: &Document<'_>, known: &Known<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for statement in &document.statements {
        for line in &statement.conditions {
            let operator = Operator::read(line.operator.text);
            let Some(comparison) = operator.comparison else {
                found.push(unknown_operator(&line.operator));
                continue;
            };
            found.extend(values(line, comparison));
            found.extend(open(statement, line, operator));
            found.extend(wildcards(line, comparison));
            match known.keys.find(line.key.text) {
                Some(key) => found.extend(of_key(line, operator, comparison, key)),
                None => found.extend(unknown_key(&line.key, known)),
            }
            found.extend(absent(statement, line, known));
        }
    }
    found
}

fn unknown_operator(operator: &Text<'_>) -> Finding {
    let message = format!("AWS has no condition operator `{}`", operator.text);
    let finding = Finding::new(LintCode::UnknownOperator, operator.span, message);
    finding.help(
        "As StringEquals, ArnLike, Bool or IpAddress, with ForAnyValue: before or IfExists behind.",
    )
}

fn unknown_key(key: &Text<'_>, known: &Known<'_>) -> Option<Finding> {
    // The keys of an identity provider begin with its host.
    let prefix = key.text.split(':').next().unwrap_or_default();
    if prefix.contains('.') {
        return None;
    }
    let message = format!("AWS has no condition key `{}`", key.text);
    let finding = Finding::new(LintCode::UnknownConditionKey, key.span, message);
    Some(finding.help(match known.keys.nearest(key.text) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "No request has it: an Allow never applies, a negated condition always.".to_owned(),
    }))
}

fn of_key(
    line: &Line<'_>,
    operator: Operator,
    comparison: Comparison,
    key: ConditionKey<'_>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let fitting_values = is_arn(comparison) && line.names_arns();
    if !fits(comparison, key) && !fitting_values {
        let ConditionKey { name, .. } = key;
        let operator = line.operator.text;
        let message = format!(
            "{operator} does not fit {name}, which is {}",
            words(key.values)
        );
        let finding = Finding::new(LintCode::WrongOperator, line.operator.span, message);
        found.push(finding.help(format!("Use {}.", fitting(key.values))));
    }
    if key.values == KeyValues::Arn && is_wild_text(comparison) && line.has_wildcard() {
        let message = "as text, a wildcard crosses the colons of an ARN";
        let finding = Finding::new(LintCode::ArnAsText, line.operator.span, message);
        found.push(finding.help("Use ArnLike or ArnNotLike."));
    }
    match (operator.quantifier, key.several) {
        (Some(_), false) => {
            let message = format!("{} has one value at most", key.name);
            let finding =
                Finding::new(LintCode::SetOperatorOnOneValue, line.operator.span, message);
            found.push(finding.help("Leave the set operator out."));
        }
        (None, true) if comparison != Comparison::Null => {
            let message = format!("{} can have several values", key.name);
            let finding = Finding::new(LintCode::NoSetOperator, line.operator.span, message);
            found.push(finding.help("Say ForAnyValue: or ForAllValues: before the operator."));
        }
        _ => {}
    }
    found
}

/// Whether an operator can compare the values of a key. Text operators work on ARNs too.
fn fits(comparison: Comparison, key: ConditionKey<'_>) -> bool {
    match (comparison, key.values) {
        (Comparison::Null, _)
        | (Comparison::Text { .. }, KeyValues::Text | KeyValues::Arn)
        | (Comparison::Arn { .. }, KeyValues::Arn)
        | (Comparison::Bool, KeyValues::Bool)
        | (Comparison::Number(_), KeyValues::Number)
        | (Comparison::Date(_), KeyValues::Date)
        | (Comparison::Ip { .. }, KeyValues::Ip) => true,
        // AWS counts the moment of a request in seconds, too.
        (Comparison::Number(_), KeyValues::Date) => key.name == "aws:EpochTime",
        _ => false,
    }
}

fn words(values: KeyValues) -> &'static str {
    match values {
        KeyValues::Text => "text",
        KeyValues::Arn => "an ARN",
        KeyValues::Bool => "true or false",
        KeyValues::Number => "a number",
        KeyValues::Date => "a moment",
        KeyValues::Ip => "an address",
    }
}

fn fitting(values: KeyValues) -> &'static str {
    match values {
        KeyValues::Text => "a String operator",
        KeyValues::Arn => "an Arn operator",
        KeyValues::Bool => "Bool",
        KeyValues::Number => "a Numeric operator",
        KeyValues::Date => "a Date operator",
        KeyValues::Ip => "IpAddress or NotIpAddress",
    }
}

fn is_arn(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Arn { .. })
}

fn is_wild_text(comparison: Comparison) -> bool {
    matches!(
        comparison,
        Comparison::Text {
            wildcards: true,
            ..
        }
    )
}

/// A statement that allows, and lets pass a request that has no value of the key at all.
fn open(statement: &Statement<'_>, line: &Line<'_>, operator: Operator) -> Option<Finding> {
    let allows = statement.effect == Some(Effect::Allow);
    if !allows || operator.quantifier != Some(Quantifier::ForAllValues) {
        return None;
    }
    let mut lines = statement.conditions.iter();
    let guarded = lines.any(|other| {
        let null = other.operator.text.eq_ignore_ascii_case("Null");
        let same = other.key.text.eq_ignore_ascii_case(line.key.text);
        null && same
            && other
                .texts()
                .iter()
                .all(|text| text.eq_ignore_ascii_case("false"))
    });
    let message = format!("a request without {} satisfies this", line.key.text);
    let finding = Finding::new(LintCode::OpenForAllValues, line.operator.span, message);
    let key = line.key.text;
    let help = format!("Add \"Null\": {{\"{key}\": \"false\"}}, or use ForAnyValue.");
    (!guarded).then(|| finding.help(help))
}

fn wildcards(line: &Line<'_>, comparison: Comparison) -> Option<Finding> {
    let Comparison::Text {
        wildcards: false, ..
    } = comparison
    else {
        return None;
    };
    let value = line
        .values
        .iter()
        .find(|value| value.text().is_some_and(|text| text.contains('*')))?;
    let message = format!("{} takes `*` for a star", line.operator.text);
    let finding = Finding::new(LintCode::WildcardAsText, value.span, message);
    Some(finding.help("Use StringLike or StringNotLike if a wildcard is meant."))
}

fn values(line: &Line<'_>, comparison: Comparison) -> Vec<Finding> {
    let wrong = line.values.iter().filter_map(|value| {
        let text = written(value)?;
        (!text.contains("${") && !is_possible(&text, comparison)).then_some((value, text))
    });
    wrong
        .map(|(value, text)| {
            let message = format!("{} never compares with `{text}`", line.operator.text);
            let finding = Finding::new(LintCode::WrongConditionValue, value.span, message);
            finding.help(match comparison {
                Comparison::Bool | Comparison::Null => "Write \"true\" or \"false\".",
                Comparison::Number(_) => "Write a number.",
                Comparison::Date(_) => "Write a date such as 2026-11-22T00:00:00Z.",
                Comparison::Ip { .. } => "Write an address or a range such as 203.0.113.0/24.",
                _ => "Write an ARN of six parts; a wildcard stays within its part.",
            })
        })
        .collect()
}

fn is_possible(text: &str, comparison: Comparison) -> bool {
    match comparison {
        Comparison::Bool | Comparison::Null => {
            ["true", "false"].contains(&text.to_ascii_lowercase().as_str())
        }
        Comparison::Number(_) => text.trim().parse::<f64>().is_ok(),
        Comparison::Date(_) => is_date(text),
        Comparison::Ip { .. } => text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok(),
        Comparison::Arn { .. } => text == "*" || text.split(':').count() >= 6,
        Comparison::Text { .. } | Comparison::Binary => true,
    }
}

/// ISO 8601 as the W3C profiles it, or seconds since 1970.
fn is_date(text: &str) -> bool {
    let day = || text.parse::<jiff::civil::Date>().is_ok();
    let moment = || text.parse::<jiff::Timestamp>().is_ok();
    let month =
        || matches!(text.len(), 4 | 7) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse::<i64>().is_ok() || moment() || day() || month()
}

/// A key of a service that none of the statement's actions, nor what they are about, has.
fn absent(statement: &Statement<'_>, line: &Line<'_>, known: &Known<'_>) -> Option<Finding> {
    let key = known.keys.find(line.key.text)?;
    let (service, _) = key.name.split_once(':')?;
    let wild = statement
        .actions
        .iter()
        .any(|one| !one.text.contains(':') || one.text.starts_with('*'));
    let of_service = known.catalogue.service(service).is_ok();
    if service == "aws" || !of_service || wild || statement.actions.is_empty() {
        return None;
    }
    let actions: BTreeSet<String> = statement
        .actions
        .iter()
        .flat_map(|one| known.expand(one.text))
        .collect();
    if actions.is_empty() || actions.iter().any(|action| brings(action, key.name, known)) {
        return None;
    }
    let message = format!("none of the statement's actions ever has {}", key.name);
    let finding = Finding::new(LintCode::AbsentConditionKey, line.key.span, message);
    Some(finding.help("Make a statement of its own for the actions that have it."))
}

fn brings(action: &str, key: &str, known: &Known<'_>) -> bool {
    let Ok(action) = known.catalogue.action(action) else {
        return true;
    };
    let same = |other: &str| {
        known
            .keys
            .find(other)
            .is_some_and(|other| other.name == key)
    };
    let service = known.catalogue.service(action.service());
    let mut types = action.resource_types().filter_map(|kind| {
        let (_, kind) = service.as_ref().ok()?.resource_type(kind)?;
        Some(&kind.keys)
    });
    action.condition_keys().any(same) || types.any(|keys| keys.iter().any(|key| same(key)))
}

/// A value as AWS takes it: numbers and truths count for their texts.
fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

impl Line<'_> {
    /// Its values, as AWS takes them.
    pub(super) fn texts(&self) -> Vec<String> {
        self.values
            .iter()
            .filter_map(|value| written(value))
            .collect()
    }

    /// Some keys hold text that is an ARN: the encryption context of a log group.
    fn names_arns(&self) -> bool {
        self.texts().iter().all(|text| text.starts_with("arn:"))
    }

    fn has_wildcard(&self) -> bool {
        self.texts().iter().any(|text| text.contains(['*', '?']))
    }
}
