//! How many wire calls an observation takes: the limit that `docs/performance.md` promises.

use super::{bank, observe, send};
use crate::moto::Moto;

/// Calls that may come on top of four for each service.
const ALLOWANCE: u64 = 60;

async fn observing(services: u64) {
    let Some(moto) = Moto::start().await else {
        return;
    };
    bank::vpc(&moto).await;
    let aws = moto.aws();
    let mut ids = observe(&moto, &aws).await.ids;
    let (address, call) = bank::boundary();
    send(&aws, &address, &call, &mut ids).await;
    for number in 0..services {
        for (address, call) in bank::service(&moto, &format!("service-{number}")) {
            send(&aws, &address, &call, &mut ids).await;
        }
    }
    let seen = observe(&moto, &aws).await;
    assert_eq!(seen.resources.kms_key.len() as u64, services);
    assert_eq!(seen.resources.security_group_rule.len() as u64, services);
    let calls = seen.coverage.total_calls();
    let limit = 4 * services + ALLOWANCE;
    assert!(
        calls <= limit,
        "{calls} calls, at most {limit}: {:?}",
        seen.coverage.calls
    );
}

#[tokio::test]
async fn ten_services() {
    observing(10).await;
}

#[tokio::test]
async fn thirty_services() {
    observing(30).await;
}
