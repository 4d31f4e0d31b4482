//! `strongroom destroy`: remove everything, as far as AWS lets anybody, and say what stays.

use std::path::Path;

use super::{Failure, Output, apply, cloud::Cloud, consent, cost, plan, session::Session};
use crate::{
    account::Account,
    cli::Global,
    desired::Desired,
    exit::Exit,
    model::ServiceName,
    plan::{Consent, Plan, compare},
    report,
    resource::Resources,
    snapshot::Snapshot,
};

/// Compares with nothing, asks for the environment's name, and executes.
pub async fn run(
    global: &Global,
    spec: &Path,
    confirm: Option<String>,
    prices: Option<&Path>,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    apply::refuse_snapshot(global)?;
    let prices = cost::prices(prices)?;
    let session = Session::open(global, spec, now, output)?;
    let service = session.chosen(global)?;
    let cloud = Cloud::open(global, &session.environment, &session.desired).await?;
    let snapshot = cloud.observe(&session.scope()).await?;
    let plan = removal(&session, &snapshot, service);
    let cost = cost::of(&plan, &snapshot, &session.desired, &prices);
    plan::show((&plan, &cost), &snapshot, global, output)?;
    consent::check(&plan, &Consent::everything())?;
    if plan.is_empty() {
        return Ok(apply::incomplete(&plan));
    }
    confirmed(&session, service, confirm, output)?;
    let exit = apply::execute(global, &cloud, &plan, &snapshot, output).await?;
    let left = cloud.observe(&session.scope()).await?;
    output.tell(report::outcome::retained(&left, &plan, now).trim_end());
    Ok(exit)
}

fn removal(session: &Session, snapshot: &Snapshot, service: Option<&ServiceName>) -> Plan {
    let nothing = Desired {
        resources: Resources::default(),
        owners: session.desired.owners.clone(),
        verified: session.desired.verified.clone(),
    };
    let plan = compare(&nothing, snapshot);
    match service {
        Some(service) => plan.only(service, &session.desired.owners),
        None => plan,
    }
}

fn confirmed(
    session: &Session,
    service: Option<&ServiceName>,
    given: Option<String>,
    output: &mut Output,
) -> Result<(), Failure> {
    let name = session.environment.name.as_str();
    let what = service.map_or(name.to_owned(), |service| format!("{service} from {name}"));
    let what = format!("This removes {what}.");
    consent::confirmed(name, given.as_deref(), &what, output)
}
