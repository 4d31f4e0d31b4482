//! An account that fails on purpose: chosen calls, so many times, after a while.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use strongroom::{
    account::{Account, CallError, CallErrorKind, ObserveError, Scope, sandbox::Sandbox},
    model::Address,
    resource::Call,
    snapshot::{Ids, PhysicalId, Snapshot},
};

/// Which calls fail and how: the address, the operation, how often it was sent before.
type Fault<'a> = Box<dyn Fn(&Address, &'static str, usize) -> Option<CallErrorKind> + Sync + 'a>;

/// A sandbox behind a bad line.
pub struct Faulty<'a> {
    account: &'a Sandbox,
    fault: Fault<'a>,
    delay: Duration,
    sent: Mutex<BTreeMap<(Address, &'static str), usize>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl<'a> Faulty<'a> {
    pub fn new(
        account: &'a Sandbox,
        fault: impl Fn(&Address, &'static str, usize) -> Option<CallErrorKind> + Sync + 'a,
    ) -> Self {
        Self {
            account,
            fault: Box::new(fault),
            delay: Duration::from_millis(100),
            sent: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        }
    }

    /// How often an operation was sent for an address.
    pub fn sent(&self, address: &str, operation: &'static str) -> usize {
        let key = (address.parse().unwrap(), operation);
        self.sent
            .lock()
            .unwrap()
            .get(&key)
            .copied()
            .unwrap_or_default()
    }

    /// The most calls that were ever under way together.
    pub fn most_at_once(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    fn attempt(&self, address: &Address, operation: &'static str) -> usize {
        let mut sent = self.sent.lock().unwrap();
        let count = sent.entry((address.clone(), operation)).or_default();
        *count += 1;
        *count - 1
    }
}

impl Account for Faulty<'_> {
    async fn observe(&self, scope: &Scope) -> Result<Snapshot, ObserveError> {
        self.account.observe(scope).await
    }

    async fn send(
        &self,
        address: &Address,
        call: &Call,
        ids: &Ids,
    ) -> Result<Option<PhysicalId>, CallError> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        let operation = call.api().operation;
        match (self.fault)(address, operation, self.attempt(address, operation)) {
            Some(kind) => Err(CallError {
                call: call.api().to_string(),
                kind,
                message: "on purpose".to_owned(),
            }),
            None => self.account.send(address, call, ids).await,
        }
    }
}
