//! `strongroom can`: may somebody do something, and which statements decide it.

use super::{Failure, Output, plan, session::Session};
use crate::{
    authorization::{self, Answer, Estate, Object, Outcome, Question, QuestionError, Subject},
    cli::{CanArgs, Expected, Format, Global},
    exit::Exit,
    iam::{catalogue::Catalogue, eval::Context},
    plan::predict,
    report,
    snapshot::Snapshot,
};

/// Observes, asks and shows.
pub async fn run(
    global: &Global,
    asked: &CanArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(global, &asked.spec, now, output)?;
    let mut snapshot = session.observe(global).await?;
    if asked.predicted {
        let plan = plan::of(&session, &snapshot, global)?;
        snapshot = predict(&snapshot, &plan);
    }
    let (question, answer) = answer(asked, &session, &snapshot)?;
    match global.format {
        Format::Human => output.result(&report::can::human(&question, &answer, &snapshot)),
        Format::Json => output.json(&report::can::machine(&question, &answer, &snapshot))?,
    }
    Ok(exit(answer.outcome, asked.expect))
}

fn answer(
    asked: &CanArgs,
    session: &Session,
    snapshot: &Snapshot,
) -> Result<(Question, Answer), Failure> {
    let refuse = |error: QuestionError| Failure::with(Exit::Usage, error);
    let catalogue = Catalogue::vendored()?;
    let estate = Estate::of(snapshot);
    let environment = &session.environment;
    let mut context = Context::default();
    for entry in &asked.context {
        context.add(&entry.key, [entry.value.clone()]);
    }
    let question = Question {
        who: Subject::read(&asked.who, environment, &estate).map_err(refuse)?,
        action: asked.action.clone(),
        what: Object::read(&asked.resource, environment, &estate, catalogue).map_err(refuse)?,
        context,
    };
    let answer = authorization::ask(&question, &estate, catalogue).map_err(refuse)?;
    Ok((question, answer))
}

/// A no is an answer, not a failure, unless another was expected.
fn exit(outcome: Outcome, expected: Option<Expected>) -> Exit {
    match (outcome, expected) {
        (Outcome::Unknown, _) => Exit::Incomplete,
        (_, None) => Exit::Agreed,
        (Outcome::Yes, Some(Expected::Allow)) | (Outcome::No, Some(Expected::Deny)) => Exit::Agreed,
        (Outcome::Yes, Some(Expected::Deny)) | (Outcome::No, Some(Expected::Allow)) => {
            Exit::IsolationBroken
        }
    }
}
