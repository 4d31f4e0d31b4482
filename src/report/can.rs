//! The answer to "may somebody do something", for people and for machines.

use std::fmt::{self, Write};

use serde_json::{Value, json};

use super::{
    style::{FAINT, HEADING},
    text::{safe, section},
};
use crate::{
    authorization::{Answer, Cited, Outcome, Question, Through, Way},
    iam::eval::{Decision, Layer, Reason},
    snapshot::Snapshot,
};

/// The schema of the machine rendering.
const SCHEMA: &str = "strongroom/can/v1";

/// The answer as people read it.
pub fn human(question: &Question, answer: &Answer, snapshot: &Snapshot) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_human(&mut text, question, answer, snapshot);
    text
}

fn write_human(
    out: &mut String,
    question: &Question,
    answer: &Answer,
    snapshot: &Snapshot,
) -> fmt::Result {
    let said = in_words(answer);
    let asked = safe(format_args!(
        "{} {} {}",
        question.who.name, question.action, question.what.name
    ));
    let origin = snapshot.origin.words();
    writeln!(
        out,
        "{HEADING}{said}{HEADING:#}: {asked}  {FAINT}({origin}){FAINT:#}"
    )?;
    for way in told(answer) {
        let lines = way.because.iter().map(|cited| reason(cited, question));
        section(out, &heading(way), lines)?;
    }
    section(out, "Not read", answer.gaps.iter().map(safe))?;
    section(
        out,
        "Taken for granted",
        answer.assumptions.iter().map(safe),
    )
}

fn in_words(answer: &Answer) -> &'static str {
    let directly = |way: &Way| way.through == Through::Nothing && way.decision.is_allowed();
    match answer.outcome {
        Outcome::Yes if !answer.ways.iter().any(directly) => "yes, but not directly",
        outcome => said(outcome),
    }
}

/// The ways that decide: those that lead there, or all where none does. A way that is denied for
/// the same reasons as the caller's own is told once.
fn told(answer: &Answer) -> Vec<&Way> {
    let allowed: Vec<&Way> = answer
        .ways
        .iter()
        .filter(|w| w.decision.is_allowed())
        .collect();
    if !allowed.is_empty() {
        return allowed;
    }
    let mut ways: Vec<&Way> = Vec::new();
    for way in &answer.ways {
        if ways.iter().all(|known| known.because != way.because) {
            ways.push(way);
        }
    }
    ways
}

fn said(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Yes => "yes",
        Outcome::No => "no",
        Outcome::Unknown => "unknown",
    }
}

fn heading(way: &Way) -> String {
    let how = match &way.through {
        Through::Nothing => "Called directly".to_owned(),
        Through::Service(service) => safe(format_args!("Called through {service}")),
        Through::Endpoint(endpoint) => safe(format_args!("Called through endpoint {endpoint}")),
    };
    let what = match way.decision {
        Decision::Allowed => "allowed",
        Decision::ImplicitlyDenied => "not allowed",
        Decision::ExplicitlyDenied => "denied",
    };
    format!("{how}: {what}")
}

fn reason(cited: &Cited, question: &Question) -> String {
    let policy = cited.policy.as_deref().unwrap_or("a policy");
    let statement = cited.statement.as_deref().unwrap_or("?");
    let by = format!("{policy}, statement {statement}");
    safe(match &cited.reason {
        Reason::Allows(_) => format!("allowed by {by}"),
        Reason::Denies(_, None) => format!("denied by {by}"),
        Reason::Denies(_, Some(doubt)) => format!("denied by {by}, in doubt: {doubt}"),
        Reason::MightAllow(_, doubt) => format!("in doubt, so not allowed by {by}: {doubt}"),
        Reason::OnlyDelegated(_) => format!("left to the account's own policies by {by}"),
        Reason::Grant(_) => format!("allowed by grant {policy}"),
        Reason::Silent(layer) => silent(*layer, cited.policy.as_deref(), question),
        Reason::NoPermissionNeeded => "needs no permission".to_owned(),
        Reason::NotAcrossAccounts => "KMS lets no other account do this".to_owned(),
    })
}

fn silent(layer: Layer, policy: Option<&str>, question: &Question) -> String {
    let (who, what) = (&question.who.name, &question.what.name);
    match (layer, policy) {
        (Layer::Identity, _) => format!("no identity policy of {who} allows it"),
        (Layer::Resource, _) => format!("the policy of {what} does not allow it"),
        (Layer::Boundary(_), Some(name)) => format!("the boundary {name} does not allow it"),
        (Layer::Boundary(_), None) => "the boundary does not allow it".to_owned(),
        (Layer::Session, _) => "the session policy does not allow it".to_owned(),
        (Layer::Scp(_), _) => "a service control policy does not allow it".to_owned(),
        (Layer::Rcp(_), _) => "a resource control policy does not allow it".to_owned(),
        (Layer::Endpoint(_), _) => "the endpoint policy does not allow it".to_owned(),
    }
}

/// The answer as machines read it.
pub fn machine(question: &Question, answer: &Answer, snapshot: &Snapshot) -> Value {
    let ways: Vec<Value> = answer
        .ways
        .iter()
        .map(|way| machine_way(way, question))
        .collect();
    json!({
        "schema": SCHEMA,
        "origin": snapshot.origin,
        "who": { "name": question.who.name, "principal": question.who.principal },
        "action": question.action,
        "what": { "name": question.what.name, "arn": question.what.arn },
        "answer": said(answer.outcome),
        "ways": ways,
        "unread": answer.gaps,
        "assumptions": answer.assumptions,
    })
}

fn machine_way(way: &Way, question: &Question) -> Value {
    let (service, endpoint) = match &way.through {
        Through::Nothing => (None, None),
        Through::Service(service) => (Some(service), None),
        Through::Endpoint(endpoint) => (None, Some(endpoint)),
    };
    let because = way.because.iter().map(|cited| {
        let (kind, doubt) = match &cited.reason {
            Reason::Allows(_) => ("allows", None),
            Reason::Denies(_, doubt) => ("denies", doubt.as_ref()),
            Reason::MightAllow(_, doubt) => ("might-allow", Some(doubt)),
            Reason::OnlyDelegated(_) => ("delegates", None),
            Reason::Grant(_) => ("grant", None),
            Reason::Silent(_) => ("silent", None),
            Reason::NoPermissionNeeded => ("no-permission-needed", None),
            Reason::NotAcrossAccounts => ("not-across-accounts", None),
        };
        json!({
            "kind": kind,
            "policy": cited.policy,
            "statement": cited.statement,
            "doubt": doubt.map(ToString::to_string),
            "words": reason(cited, question),
        })
    });
    json!({
        "through_service": service,
        "through_endpoint": endpoint,
        "decision": way.decision,
        "because": because.collect::<Vec<_>>(),
    })
}
