//! The pace of requests: a token bucket and a bound on calls in flight for each API, so that the
//! account's other users keep their share and no signature grows old in a queue.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::resource::{Api, Rate};

/// Calls of one API that may be in flight at once.
const IN_FLIGHT: usize = 16;

/// How fast requests may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pacing {
    /// At AWS's default quotas.
    #[default]
    Quotas,
    /// Without quotas, for an emulator or a tape; calls in flight stay bounded.
    Unlimited,
}

/// Lets requests pass at their pace.
#[derive(Debug)]
pub struct Pace {
    pacing: Pacing,
    gates: Mutex<BTreeMap<String, Arc<Gate>>>,
}

#[derive(Debug)]
struct Gate {
    slots: Arc<Semaphore>,
    bucket: Mutex<Bucket>,
}

/// A token bucket kept as the moment when it will be full again.
#[derive(Debug)]
struct Bucket {
    interval: Duration,
    burst: Duration,
    full_at: Instant,
}

impl Pace {
    /// A pace.
    pub fn new(pacing: Pacing) -> Self {
        Self {
            pacing,
            gates: Mutex::default(),
        }
    }

    /// How fast requests may be sent.
    pub fn pacing(&self) -> Pacing {
        self.pacing
    }

    /// Makes known the quota of an API that changes something.
    pub fn learn(&self, api: Api) {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates
            .entry(api.to_string())
            .or_insert_with(|| Arc::new(Gate::new(api.rate, api.burst)));
    }

    /// Waits for the turn of one request; the permit is held until its answer is there.
    pub async fn turn(&self, api: &str) -> Option<OwnedSemaphorePermit> {
        let gate = self.gate(api);
        let permit = gate.slots.clone().acquire_owned().await.ok();
        if self.pacing == Pacing::Quotas {
            tokio::time::sleep_until(gate.take(Instant::now())).await;
        }
        permit
    }

    fn gate(&self, api: &str) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates.entry(api.to_owned()).or_insert_with(|| {
            let (per_second, burst) = read_quota(api);
            Arc::new(Gate::new(Rate::per_second(per_second), burst))
        });
        gate.clone()
    }
}

impl Gate {
    fn new(rate: Rate, burst: u32) -> Self {
        let interval = rate.interval();
        Self {
            slots: Arc::new(Semaphore::new(IN_FLIGHT)),
            bucket: Mutex::new(Bucket {
                interval,
                burst: interval * burst.saturating_sub(1),
                full_at: Instant::now(),
            }),
        }
    }

    /// Takes a token; the moment from which it may be used.
    fn take(&self, now: Instant) -> Instant {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let start = bucket.full_at.max(now);
        bucket.full_at = start + bucket.interval;
        start
            .checked_sub(bucket.burst)
            .map_or(now, |at| at.max(now))
    }
}

/// Requests a second and at once, of the calls that read; half the default quota where it is
/// large, so that the account's own work goes on.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html>
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>
fn read_quota(api: &str) -> (u32, u32) {
    match api {
        "kms:DescribeKey" | "kms:GetKeyPolicy" | "kms:GetKeyRotationStatus" => (500, 500),
        "kms:ListAliases" => (250, 250),
        "kms:ListGrants" => (50, 50),
        api if api.starts_with("ec2:Describe") => (20, 100),
        _ => (10, 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_lets_its_burst_pass_and_then_its_rate() {
        let gate = Gate::new(Rate::per_second(5), 3);
        let now = Instant::now();
        let waits: Vec<u128> = (0..5).map(|_| (gate.take(now) - now).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 200, 400]);
    }
}
