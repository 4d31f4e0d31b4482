//! What the grammar of policies says: elements, their values, versions and sizes.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::collections::BTreeSet;

use super::{
    Finding, LintCode, PolicyKind,
    document::{Document, Statement},
    json::{Node, Span, Value},
};

/// The elements of a document.
const DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
/// The elements of a statement.
const STATEMENT: [&str; 9] = [
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
/// Elements of which one, and no more, may stand in a statement.
const PAIRS: [(&str, &str); 3] = [
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
    ("Principal", "NotPrincipal"),
];
/// The versions of the language.
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];
/// Edits up to which a name counts as misspelled.
const MISSPELLED: usize = 2;

/// What is wrong with the document itself.
pub(super) fn findings(document: &Document<'_>, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    repeated(document.node, &mut found);
    unknown(document.node, &DOCUMENT, "a policy", &mut found);
    found.extend(version(document));
    if document.statements.is_empty() {
        found.push(missing(document.node.span, "the policy has no statement"));
    }
    for statement in &document.statements {
        unknown(statement.node, &STATEMENT, "a statement", &mut found);
        found.extend(elements(document, statement));
        found.extend(values(statement));
    }
    found.extend(sids(document));
    if !document.variables {
        inert(document.node, &mut found);
    }
    found.extend(size(document, text));
    found
}

fn missing(span: Span, message: impl Into<String>) -> Finding {
    let finding = Finding::new(LintCode::MissingElement, span, message);
    finding.help("AWS refuses the policy without it.")
}

/// Two readers of a key that stands there twice may read two policies.
fn repeated(node: &Node, found: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for member in node.members() {
        if !seen.insert(member.key.as_str()) {
            let message = format!("`{}` stands here a second time", member.key);
            let finding = Finding::new(LintCode::DuplicateElement, member.at, message);
            found.push(finding.help("Join the two, or remove one."));
        }
        repeated(&member.node, found);
    }
    if let Value::List(nodes) = &node.value {
        nodes.iter().for_each(|node| repeated(node, found));
    }
}

fn unknown(node: &Node, known: &[&str], of: &str, found: &mut Vec<Finding>) {
    let others = node.members().iter();
    for member in others.filter(|member| !known.contains(&member.key.as_str())) {
        let written = member.key.to_ascii_lowercase();
        let near = known.iter().find(|name| {
            strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &written) <= MISSPELLED
        });
        let message = format!("{of} has no element `{}`", member.key);
        let help = match near {
            Some(near) => format!("Did you mean `{near}`? Elements have capitals."),
            None => format!("The elements are {}.", known.join(", ")),
        };
        found.push(Finding::new(LintCode::UnknownElement, member.at, message).help(help));
    }
}

fn version(document: &Document<'_>) -> Option<Finding> {
    let node = document.node.get("Version");
    let help = "Write \"Version\": \"2012-10-17\" first.";
    match node.map(Node::text) {
        Some(Some("2012-10-17")) => None,
        Some(Some(text)) if VERSIONS.contains(&text) => {
            let message = "the policy is in the old language, which has no variables";
            let span = node.map_or(document.node.span, |node| node.span);
            Some(Finding::new(LintCode::OldVersion, span, message).help(help))
        }
        Some(_) => {
            let span = node.map_or(document.node.span, |node| node.span);
            let message = "the version is none of the policy language";
            Some(Finding::new(LintCode::WrongValue, span, message).help(help))
        }
        None => {
            let start = document.node.span.start;
            let end = start + 1;
            let message = "without a Version AWS reads the old language, which has no variables";
            Some(Finding::new(LintCode::OldVersion, Span { start, end }, message).help(help))
        }
    }
}

fn elements(document: &Document<'_>, statement: &Statement<'_>) -> Vec<Finding> {
    let node = statement.node;
    let called = statement.called(&document.statements);
    let has = |key: &str| node.get(key).is_some();
    let mut found = Vec::new();
    let mut lacks = |what: &str| found.push(missing(node.span, format!("{called} has no {what}")));
    if !has("Effect") {
        lacks("Effect");
    }
    let resource = document.kind != PolicyKind::Trust;
    let principal = matches!(
        document.kind,
        PolicyKind::Trust | PolicyKind::Key | PolicyKind::Resource
    );
    for ((one, other), needed) in PAIRS.into_iter().zip([true, resource, principal]) {
        if needed && !has(one) && !has(other) {
            lacks(&format!("{one} and no {other}"));
        }
    }
    for (one, other) in PAIRS {
        if let (Some(_), Some(second)) = (node.get(one), node.get(other)) {
            let message = format!("{called} has both {one} and {other}");
            let finding = Finding::new(LintCode::WrongValue, second.span, message);
            found.push(finding.help("Make two statements of it."));
        }
    }
    found
}

fn values(statement: &Statement<'_>) -> Vec<Finding> {
    let wrong = |node: &Node, message: &str, help: &str| {
        Finding::new(LintCode::WrongValue, node.span, message).help(help)
    };
    let effect = statement.node.get("Effect");
    let effect = effect.filter(|_| statement.effect.is_none());
    let mut found: Vec<Finding> = effect
        .map(|node| {
            wrong(
                node,
                "the effect is neither Allow nor Deny",
                "Capitals count.",
            )
        })
        .into_iter()
        .collect();
    for key in ["Action", "NotAction", "Resource", "NotResource"] {
        let nodes = statement.node.get(key).map(Node::each).unwrap_or_default();
        let others = nodes.iter().filter(|node| node.text().is_none());
        let help = "Write a text, or a list of texts.";
        found.extend(others.map(|node| wrong(node, &format!("{key} is no text"), help)));
    }
    for key in ["Principal", "NotPrincipal"] {
        let node = statement.node.get(key);
        let bare = node.filter(|node| match &node.value {
            Value::Text(text) => text != "*",
            Value::Object(_) => false,
            _ => true,
        });
        let help = "Write \"*\", or an object such as {\"AWS\": \"arn:…\"}.";
        found.extend(bare.map(|node| wrong(node, "a principal without its type", help)));
    }
    found
}

fn sids(document: &Document<'_>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let sids = document.statements.iter().filter_map(|one| one.sid);
    let again = sids.filter(|sid| !sid.text.is_empty() && !seen.insert(sid.text));
    again
        .map(|sid| {
            let message = format!("another statement has the Sid `{}` already", sid.text);
            let finding = Finding::new(LintCode::DuplicateSid, sid.span, message);
            finding.help("Give each statement a Sid of its own: IAM refuses the policy.")
        })
        .collect()
}

/// Variables outside of the current language.
fn inert(node: &Node, found: &mut Vec<Finding>) {
    match &node.value {
        Value::Text(text) if text.contains("${") => {
            let message = "this variable is plain text in the old language";
            let finding = Finding::new(LintCode::InertVariable, node.span, message);
            found.push(finding.help("Write \"Version\": \"2012-10-17\" in the policy."));
        }
        Value::List(nodes) => nodes.iter().for_each(|node| inert(node, found)),
        _ => node
            .members()
            .iter()
            .for_each(|one| inert(&one.node, found)),
    }
}

/// Sizes without white space, as IAM counts; a key policy's is in bytes, all of them.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
fn size(document: &Document<'_>, text: &str) -> Option<Finding> {
    let span = document.node.span;
    let text = text.get(span.start..span.end).unwrap_or_default();
    let counted = text.chars().filter(|c| !c.is_ascii_whitespace()).count();
    let (size, limit, what) = match document.kind {
        PolicyKind::Identity => (counted, 10_240, "the inline policies of a role may have"),
        PolicyKind::Ceiling => (counted, 6_144, "a managed policy may have"),
        PolicyKind::Trust => (
            counted,
            2_048,
            "a trust policy may have unless AWS agreed to more",
        ),
        PolicyKind::Key => (text.len(), 32_768, "a key policy may have"),
        PolicyKind::Resource => (text.len(), 20_480, "a bucket policy may have"),
    };
    let end = span.start + 1;
    let start = span.start;
    (size > limit).then(|| {
        let message =
            format!("the policy has {size} characters, more than the {limit} that {what}");
        let finding = Finding::new(LintCode::TooLarge, Span { start, end }, message);
        finding.help("Fold actions by prefix, or split the policy.")
    })
}
