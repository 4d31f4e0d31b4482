//! The earlier bundle of `report --since`: its files are checked against its manifest, and it must
//! be about the same environment. Whether it was signed, and follows from its tape, `verify` says.

use std::path::Path;

use super::{Failure, bundle, session::Session};
use crate::{
    evidence::{
        Earlier,
        verify::{Outcome, Step, Verification},
    },
    exit::Exit,
};

/// What an earlier bundle says.
///
/// # Errors
/// A folder that is no sound bundle, or is about something else.
pub fn earlier(folder: &Path, session: &Session) -> Result<Earlier, Failure> {
    let refuse = |exit, why: String| {
        Failure::with(exit, format_args!("--since {}: {why}", folder.display()))
    };
    let found = bundle::read(folder)?;
    let verification = Verification::begin(&found, None, false);
    if let Some(Outcome::Broken(findings)) = verification.steps.get(&Step::Files) {
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        return Err(refuse(Exit::Unverified, findings.join("; ")));
    }
    let manifest = verification.manifest;
    let manifest =
        manifest.ok_or_else(|| refuse(Exit::Unverified, "there is no manifest".to_owned()))?;
    let environment = &session.environment;
    let here = (&environment.name, &environment.account, &environment.region);
    let there = (&manifest.environment, &manifest.account, &manifest.region);
    if here != there {
        let (name, account, region) = there;
        let why = format!(
            "it is about {name} in {account} {region}, and the specification is for {} in {} {}",
            here.0, here.1, here.2
        );
        return Err(refuse(Exit::Usage, why));
    }
    Earlier::of(&manifest, &found).map_err(|error| refuse(Exit::Failed, error.to_string()))
}
