//! `strongroom destroy`: remove everything, as far as AWS lets anybody, and say what stays.

use std::path::Path;

use super::{Failure, Output, apply, cloud::Cloud, consent, plan, session::Session};
use crate::{
    account::Account,
    cli::Global,
    desired::Desired,
    exit::Exit,
    plan::{Consent, Plan, compare},
    report,
    resource::Resources,
};

/// Compares with nothing, asks for the environment's name, and executes.
pub async fn run(
    global: &Global,
    spec: &Path,
    confirm: Option<String>,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let session = Session::open(spec, now, output)?;
    let cloud = Cloud::open(global, &session.environment).await?;
    let snapshot = cloud.observe(&session.scope()).await?;
    let plan = removal(&session, &snapshot, global);
    plan::show(&plan, &snapshot, global, output)?;
    consent::check(&plan, &Consent::everything())?;
    confirmed(&session, confirm, output)?;
    let exit = apply::execute(global, &cloud, &plan, &snapshot, output).await?;
    let left = cloud.observe(&session.scope()).await?;
    output.tell(report::outcome::retained(&left, &plan, now).trim_end());
    Ok(exit)
}

fn removal(session: &Session, snapshot: &crate::snapshot::Snapshot, global: &Global) -> Plan {
    let nothing = Desired {
        resources: Resources::default(),
        owners: session.desired.owners.clone(),
    };
    let plan = compare(&nothing, snapshot);
    match &global.service {
        Some(service) => plan.only(service, &session.desired.owners),
        None => plan,
    }
}

fn confirmed(session: &Session, given: Option<String>, output: &mut Output) -> Result<(), Failure> {
    let name = session.environment.name.as_str();
    match given {
        Some(given) if given == name => Ok(()),
        Some(given) => Err(Failure::with(
            Exit::Usage,
            format_args!("--confirm says {given}, but the environment is {name}: nothing was done"),
        )),
        None => {
            let question = format!("This removes {name}. Type its name to confirm:");
            consent::ask(&question, name, output)
        }
    }
}
