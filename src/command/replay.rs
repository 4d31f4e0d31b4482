//! Replaying the tape of a bundle: the code that observed parses the same answers again.

use super::{Failure, session::Session};
use crate::evidence::{
    Manifest,
    verify::{Found, Outcome},
};

#[cfg(not(feature = "aws"))]
/// This build cannot.
///
/// # Errors
/// None.
pub async fn replay(_: &Found, _: &Manifest, _: &Session) -> Result<Outcome, Failure> {
    Ok(Outcome::not_checked(
        "this build has no AWS in it, so the tape was not replayed",
    ))
}

#[cfg(feature = "aws")]
pub use live::replay;

#[cfg(feature = "aws")]
mod live {
    use super::*;
    use crate::{
        account::{
            Account, ObserveError, Scope,
            aws::{Aws, Tape, TapeChange},
        },
        command::reperform::same_snapshot,
        evidence::{Source, TAPE, verify::Finding},
    };

    /// Observes the account on the tape, and compares the snapshots.
    ///
    /// # Errors
    /// A snapshot that JSON cannot hold.
    pub async fn replay(
        found: &Found,
        manifest: &Manifest,
        session: &Session,
    ) -> Result<Outcome, Failure> {
        let packed = found.files.get(TAPE).map(Vec::as_slice).unwrap_or_default();
        let tape = match Tape::unpack(packed) {
            Ok(tape) => tape,
            Err(error) => return Ok(unusable(error.to_string())),
        };
        let mut findings = counted(&tape, manifest);
        let answers = tape.answers();
        let aws = Aws::replay(tape.clone(), &session.environment.region);
        let scope = Scope::of(&session.environment, manifest.taken_at);
        let observed = aws.observe(&scope).await;
        findings.extend(tape.changes(&aws.tape()).into_iter().map(changed));
        match observed {
            Ok(snapshot) => findings.extend(same_snapshot(found, &snapshot)?),
            Err(error) => findings.push(refused(&error)),
        }
        let held = format!("{answers} answers replayed: the same snapshot");
        Ok(Outcome::of(findings, held))
    }

    /// What the manifest says of the tape.
    fn counted(tape: &Tape, manifest: &Manifest) -> Vec<Finding> {
        let actual = Source::Tape {
            answers: tape.answers(),
            redactions: tape.redactions(),
        };
        let same = actual == manifest.source;
        let why = "it has other answers or redactions than the manifest counts".to_owned();
        let wrong = Finding::Unusable {
            file: TAPE.to_owned(),
            why,
        };
        if same { vec![] } else { vec![wrong] }
    }

    fn changed(change: TapeChange) -> Finding {
        match change {
            TapeChange::NotRecorded(api) => Finding::NotRecorded { api },
            TapeChange::NotAsked(api) => Finding::NotAsked { api },
        }
    }

    fn refused(error: &ObserveError) -> Finding {
        Finding::Unusable {
            file: TAPE.to_owned(),
            why: error.to_string(),
        }
    }

    fn unusable(why: String) -> Outcome {
        let file = TAPE.to_owned();
        Outcome::Broken(vec![Finding::Unusable { file, why }])
    }
}
