//! The AWS policy grammar: JSON to [`PolicyDocument`] and back.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    Caseless,
    document::{
        Conditions, Effect, LanguageVersion, PolicyDocument, PrincipalType, Principals, Statement,
    },
};
use crate::{model::Address, resource::Ref};

/// A document that the grammar refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrammarError {
    /// The text is not JSON.
    #[error("the policy is not JSON: {0}")]
    NotJson(String),
    /// An element is missing, unknown or of the wrong type.
    #[error("the policy's {element} is not {expected}")]
    Element {
        /// The element, as `Statement[2].Effect`.
        element: String,
        /// What the grammar expects there.
        expected: &'static str,
    },
    /// Two statements have the same Sid.
    #[error("two statements have the Sid {0}")]
    DuplicateSid(String),
    /// A reference has no physical id yet.
    #[error("{0} has no ARN yet")]
    Unresolved(Address),
}

fn element(element: impl Into<String>, expected: &'static str) -> GrammarError {
    GrammarError::Element {
        element: element.into(),
        expected,
    }
}

/// Parses a document as AWS returns it (URL decoding done by the caller).
pub fn parse(text: &str) -> Result<PolicyDocument, GrammarError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| GrammarError::NotJson(error.to_string()))?;
    parse_value(&value)
}

/// Parses a document that is JSON already.
pub fn parse_value(value: &Value) -> Result<PolicyDocument, GrammarError> {
    let object = value
        .as_object()
        .ok_or_else(|| element("document", "an object"))?;
    only(object, &["Version", "Id", "Statement"], "document")?;
    let version = match object.get("Version").map(Value::as_str) {
        None | Some(Some("2008-10-17")) => LanguageVersion::V2008,
        Some(Some("2012-10-17")) => LanguageVersion::V2012,
        Some(_) => return Err(element("Version", "2012-10-17 or 2008-10-17")),
    };
    let mut statements = BTreeMap::new();
    for (index, raw) in one_or_many(object.get("Statement")).enumerate() {
        let place = format!("Statement[{index}]");
        let statement = parse_statement(raw, &place)?;
        let sid = match raw.get("Sid").and_then(Value::as_str) {
            Some(sid) if !sid.is_empty() => sid.to_owned(),
            _ => derived_sid(&statement),
        };
        if statements.insert(sid.clone(), statement).is_some() {
            return Err(GrammarError::DuplicateSid(sid));
        }
    }
    Ok(PolicyDocument {
        version,
        statements: statements.into(),
    })
}

/// A stable name for a statement without Sid; `(` is no character of a Sid.
fn derived_sid(statement: &Statement) -> String {
    let text = serde_json::to_string(statement).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
    format!("(no Sid {hex})")
}

fn only(object: &Map<String, Value>, known: &[&str], place: &str) -> Result<(), GrammarError> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(element(
            format!("{place}.{key}"),
            "an element of the grammar",
        )),
        None => Ok(()),
    }
}

fn one_or_many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(many)) => many.iter().collect::<Vec<_>>(),
        Some(one) => vec![one],
        None => vec![],
    }
    .into_iter()
}

const ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

fn parse_statement(raw: &Value, place: &str) -> Result<Statement, GrammarError> {
    let object = raw.as_object().ok_or_else(|| element(place, "an object"))?;
    only(object, ELEMENTS, place)?;
    let texts = |name: &str| strings(object.get(name), &format!("{place}.{name}"));
    let principals = |name: &str| principals(object.get(name), &format!("{place}.{name}"));
    Ok(Statement {
        effect: match object.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(element(format!("{place}.Effect"), "Allow or Deny")),
        },
        principals: principals("Principal")?,
        not_principals: principals("NotPrincipal")?,
        actions: texts("Action")?.into_iter().map(Caseless::from).collect(),
        not_actions: texts("NotAction")?
            .into_iter()
            .map(Caseless::from)
            .collect(),
        resources: texts("Resource")?.into_iter().map(Ref::Literal).collect(),
        not_resources: texts("NotResource")?
            .into_iter()
            .map(Ref::Literal)
            .collect(),
        conditions: conditions(object.get("Condition"), &format!("{place}.Condition"))?,
    })
}

fn strings(value: Option<&Value>, place: &str) -> Result<Vec<String>, GrammarError> {
    one_or_many(value)
        .map(|item| scalar(item).ok_or_else(|| element(place, "a string or a list of strings")))
        .collect()
}

/// AWS accepts numbers and booleans where it documents strings, and keeps them.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn principals(value: Option<&Value>, place: &str) -> Result<Principals, GrammarError> {
    let Some(value) = value else {
        return Ok(Principals::new());
    };
    if value.as_str() == Some("*") {
        return Ok([(PrincipalType::Aws, BTreeSet::from([Ref::literal("*")]))].into());
    }
    let object = value
        .as_object()
        .ok_or_else(|| element(place, "\"*\" or an object"))?;
    object
        .iter()
        .map(|(name, values)| {
            let kind = PrincipalType::ALL
                .into_iter()
                .find(|kind| kind.as_str() == name)
                .ok_or_else(|| element(format!("{place}.{name}"), "a type of principal"))?;
            let refs = strings(Some(values), place)?
                .into_iter()
                .map(|text| Ref::Literal(account_as_root(kind, text)))
                .collect();
            Ok((kind, refs))
        })
        .collect()
}

/// A bare account id and the ARN of its root are the same principal.
fn account_as_root(kind: PrincipalType, text: String) -> String {
    let bare = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    if kind == PrincipalType::Aws && bare {
        format!("arn:aws:iam::{text}:root")
    } else {
        text
    }
}

fn conditions(value: Option<&Value>, place: &str) -> Result<Conditions, GrammarError> {
    let Some(value) = value else {
        return Ok(Conditions::new());
    };
    let operators = value
        .as_object()
        .ok_or_else(|| element(place, "an object"))?;
    operators
        .iter()
        .map(|(operator, keys)| {
            let place = format!("{place}.{operator}");
            let keys = keys
                .as_object()
                .ok_or_else(|| element(&place, "an object"))?;
            let keys = keys
                .iter()
                .map(|(key, values)| {
                    let values = strings(Some(values), &format!("{place}.{key}"))?;
                    Ok((
                        key.as_str().into(),
                        values.into_iter().map(Ref::Literal).collect(),
                    ))
                })
                .collect::<Result<_, GrammarError>>()?;
            Ok((operator.clone(), keys))
        })
        .collect()
}

/// Writes a document for AWS; `arn` gives the ARN of an address, if it has one.
pub fn write(
    document: &PolicyDocument,
    arn: &dyn Fn(&Address) -> Option<String>,
) -> Result<Value, GrammarError> {
    let statements = document
        .statements
        .iter()
        .map(|(sid, statement)| write_statement(sid, statement, arn))
        .collect::<Result<Vec<_>, _>>()?;
    let version = serde_json::to_value(document.version)
        .map_err(|error| GrammarError::NotJson(error.to_string()))?;
    Ok(json!({ "Version": version, "Statement": statements }))
}

type ArnOf<'a> = &'a dyn Fn(&Address) -> Option<String>;

fn write_statement(sid: &str, statement: &Statement, arn: ArnOf) -> Result<Value, GrammarError> {
    let mut object = Map::new();
    if !sid.starts_with('(') {
        object.insert("Sid".into(), sid.into());
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    object.insert("Effect".into(), effect.into());
    insert_principals(&mut object, "Principal", &statement.principals, arn)?;
    insert_principals(&mut object, "NotPrincipal", &statement.not_principals, arn)?;
    insert_actions(&mut object, "Action", &statement.actions);
    insert_actions(&mut object, "NotAction", &statement.not_actions);
    insert_refs(&mut object, "Resource", &statement.resources, arn)?;
    insert_refs(&mut object, "NotResource", &statement.not_resources, arn)?;
    insert_conditions(&mut object, &statement.conditions, arn)?;
    Ok(Value::Object(object))
}

/// One value needs no list: brackets count against AWS's limits of size.
fn short<T: Into<Value>>(mut texts: Vec<T>) -> Value {
    match (texts.len(), texts.pop()) {
        (1, Some(one)) => one.into(),
        (_, last) => texts.into_iter().chain(last).map(Into::into).collect(),
    }
}

fn insert_actions(object: &mut Map<String, Value>, name: &str, actions: &BTreeSet<Caseless>) {
    if !actions.is_empty() {
        let texts: Vec<&str> = actions.iter().map(Caseless::as_str).collect();
        object.insert(name.into(), short(texts));
    }
}

fn texts(refs: &BTreeSet<Ref>, arn: ArnOf) -> Result<Vec<String>, GrammarError> {
    refs.iter()
        .map(|reference| match reference {
            Ref::Literal(text) => Ok(text.clone()),
            Ref::To(address) => {
                arn(address).ok_or_else(|| GrammarError::Unresolved(address.clone()))
            }
        })
        .collect()
}

fn insert_refs(
    object: &mut Map<String, Value>,
    name: &str,
    refs: &BTreeSet<Ref>,
    arn: ArnOf,
) -> Result<(), GrammarError> {
    if !refs.is_empty() {
        object.insert(name.into(), short(texts(refs, arn)?));
    }
    Ok(())
}

fn insert_principals(
    object: &mut Map<String, Value>,
    name: &str,
    principals: &Principals,
    arn: ArnOf,
) -> Result<(), GrammarError> {
    let mut inner = Map::new();
    for (kind, refs) in principals {
        insert_refs(&mut inner, kind.as_str(), refs, arn)?;
    }
    if !inner.is_empty() {
        object.insert(name.into(), Value::Object(inner));
    }
    Ok(())
}

fn insert_conditions(
    object: &mut Map<String, Value>,
    conditions: &Conditions,
    arn: ArnOf,
) -> Result<(), GrammarError> {
    let mut operators = Map::new();
    for (operator, keys) in conditions {
        let mut inner = Map::new();
        for (key, values) in keys {
            insert_refs(&mut inner, key.as_str(), values, arn)?;
        }
        operators.insert(operator.clone(), Value::Object(inner));
    }
    if !operators.is_empty() {
        object.insert("Condition".into(), Value::Object(operators));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn order_and_spelling_are_no_difference() {
        let one = r#"{"Version":"2012-10-17","Statement":[
            {"Sid":"A","Effect":"Allow","Action":["kms:Decrypt","kms:Encrypt"],"Resource":"*","Principal":"*"},
            {"Sid":"B","Effect":"Deny","Action":"s3:*","Resource":["b","a"]}]}"#;
        let two = r#"{"Version":"2012-10-17","Statement":[
            {"Sid":"B","Effect":"Deny","Action":["S3:*"],"Resource":["a","b"]},
            {"Sid":"A","Effect":"Allow","Action":["kms:encrypt","kms:Decrypt"],"Resource":["*"],"Principal":{"AWS":"*"}}]}"#;
        assert_eq!(parse(one).unwrap(), parse(two).unwrap());
    }

    #[test]
    fn writing_and_parsing_again_is_the_identity() {
        let text = r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","NotAction":"iam:*","NotResource":"x","NotPrincipal":{"AWS":"111122223333"},
             "Condition":{"StringEquals":{"aws:SourceAccount":["1","2"]},"Bool":{"aws:SecureTransport":false}}}]}"#;
        let document = parse(text).unwrap();
        let written = write(&document, &|_| None).unwrap();
        assert_eq!(parse_value(&written).unwrap(), document);
    }

    #[test]
    fn what_the_grammar_does_not_know_is_refused() {
        for bad in [
            "[]",
            r#"{"Statement":[{"Effect":"Maybe"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Actions":"x"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Action":{"x":1}}]}"#,
            r#"{"Version":"2020-01-01","Statement":[]}"#,
            r#"{"Statement":[{"Sid":"A","Effect":"Allow"},{"Sid":"A","Effect":"Deny"}]}"#,
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
