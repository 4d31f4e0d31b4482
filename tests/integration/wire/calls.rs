//! How many wire calls a plan takes: the limit that `docs/performance.md` promises.

use strongroom::plan::compare;

use super::{estate::Estate, generated};
use crate::moto::Moto;

/// Calls that may come on top of four for each service.
const ALLOWANCE: u64 = 90;

async fn planning(services: usize) {
    let Some(moto) = Moto::start().await else {
        return;
    };
    let estate = Estate::over(moto, generated::bank(services)).await;
    let estate = estate.applied().await;
    let seen = estate.observe().await;
    estate.assert_agreed(&compare(&estate.desired, &seen));
    assert_eq!(seen.resources.kms_key.len(), services);
    let calls = seen.coverage.total_calls();
    let limit = 4 * services as u64 + ALLOWANCE;
    assert!(
        calls <= limit,
        "{calls} calls, at most {limit}: {:?}",
        seen.coverage.calls
    );
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn ten_services() {
    planning(10).await;
}

#[tokio::test]
#[ignore = "written for fewer kinds: to be held against all of them"]
async fn thirty_services() {
    planning(30).await;
}
