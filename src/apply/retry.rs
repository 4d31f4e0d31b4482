//! Sending one call until it is answered for good.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    account::{Account, CallError, CallErrorKind},
    model::Address,
    resource::Call,
    snapshot::{Ids, PhysicalId},
};

/// How often a call is sent at most: the waits in between add up to about a minute, the time
/// that IAM takes to be consistent.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html>
const ATTEMPTS: u32 = 8;
/// The same where AWS is at work for minutes: together about five.
const PATIENT: u32 = 24;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(16);

/// Sends a call; throttling, eventual consistency and what AWS is still at work on are waited
/// for, what is gone is gone.
pub async fn send<A: Account>(
    account: &A,
    address: &Address,
    call: &Call,
    ids: &Ids,
    calls: &mut u64,
) -> Result<Option<PhysicalId>, CallError> {
    let mut wait = FIRST_WAIT;
    for attempt in 1.. {
        *calls += 1;
        match account.send(address, call, ids).await {
            Err(error) if attempt < attempts(error.kind) => {
                sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
            Err(error) if error.kind == CallErrorKind::Gone && call.removes() => return Ok(None),
            answer => return answer,
        }
    }
    Ok(None)
}

/// How often a call is sent that fails so; what does not pass by itself is not sent again.
fn attempts(kind: CallErrorKind) -> u32 {
    match kind {
        CallErrorKind::Throttled | CallErrorKind::NotYetConsistent => ATTEMPTS,
        CallErrorKind::Pending => PATIENT,
        CallErrorKind::Denied | CallErrorKind::Gone | CallErrorKind::Failed => 1,
    }
}
