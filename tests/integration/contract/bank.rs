//! The bank in the sandbox, in sentences:
//! `Bank::sandbox().applied().tampered("iam_role/login-v1", …).drift().finds(…)`.

use std::{path::Path, sync::LazyLock};

use serde_json::Value;
use strongroom::{
    account::{Account, Scope, sandbox::Sandbox},
    apply::{self, Outcome},
    desired::{self, Desired},
    iam::catalogue::Catalogue,
    model::{Address, Environment},
    plan::{self, Action, Plan, Step},
    resource::{Direction, Kind, Resources, Visitor},
    snapshot::Snapshot,
    spec,
};
use tokio::sync::watch;

/// The moment at which everything is observed.
pub fn now() -> jiff::Timestamp {
    "2026-03-01T06:00:00Z".parse().unwrap()
}

/// Runs a future in virtual time.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

/// A shipped environment, resolved.
pub fn environment(name: &str) -> Environment {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("environments")
        .join(name);
    let loaded = spec::load(&path).unwrap_or_else(|errors| panic!("{}", errors.render(false)));
    loaded.environment
}

/// An environment, compiled.
pub fn compiled(environment: &Environment) -> Desired {
    desired::compile(environment, Catalogue::vendored().unwrap()).unwrap()
}

static BANK: LazyLock<(Environment, Desired)> = LazyLock::new(|| {
    let environment = environment("digital-bank");
    let desired = compiled(&environment);
    (environment, desired)
});

/// The bank's resources as its specification asks for them.
pub fn desired() -> &'static Desired {
    &BANK.1
}

/// The bank's environment.
pub fn digital_bank() -> &'static Environment {
    &BANK.0
}

/// What is wanted where nothing of the bank is wanted any more: what others manage stays.
pub fn nothing() -> Desired {
    Desired {
        resources: Resources::default(),
        owners: Default::default(),
        verified: desired().verified.clone(),
    }
}

/// Writes a tag.
pub fn tags(resource: &mut Value, key: &str, value: &str) {
    resource["tags"][key] = value.into();
}

/// An environment and the sandbox that it lives in.
pub struct Bank {
    pub environment: Environment,
    pub desired: Desired,
    pub account: Sandbox,
}

impl Bank {
    /// The digital bank, specified, in an empty sandbox.
    pub fn sandbox() -> Self {
        Self::of(digital_bank().clone(), desired().clone())
    }

    pub fn of(environment: Environment, desired: Desired) -> Self {
        Self {
            account: Sandbox::empty(&environment, desired.verified_resources()),
            environment,
            desired,
        }
    }

    pub fn observed(&self) -> Snapshot {
        block_on(self.account.observe(&Scope::of(&self.environment, now()))).unwrap()
    }

    pub fn plan(&self) -> Plan {
        plan::compare(&self.desired, &self.observed())
    }

    /// Executes a plan as it stands, without a guard.
    pub fn execute(&self, plan: &Plan) -> Outcome {
        let (_go, stop) = watch::channel(false);
        let ids = self.observed().ids;
        block_on(apply::execute(&self.account, plan, ids, stop, &mut |_| {})).unwrap()
    }

    /// Brings the account to the specification.
    pub fn applied(self) -> Self {
        let outcome = self.execute(&self.plan());
        assert!(outcome.complete(), "{:#?}", outcome.failed);
        self
    }

    /// Changes one resource behind Strongroom's back, as JSON, so that one sentence fits every kind.
    pub fn tampered(self, address: &str, change: impl FnOnce(&mut Value)) -> Self {
        let address: Address = address.parse().unwrap();
        self.account
            .tamper(|resources| alter(resources, &address, change));
        self
    }

    /// What drift says.
    pub fn drift(&self) -> Drift {
        let plan = self.plan();
        Drift {
            steps: plan.drift(),
            plan,
        }
    }
}

/// What drift says, to be asked about.
pub struct Drift {
    pub plan: Plan,
    pub steps: std::collections::BTreeMap<Address, Step>,
}

impl Drift {
    /// Some field at or below the path differs at the address, and does this.
    pub fn finds(&self, address: &str, path: &str, direction: Direction) -> &Self {
        let step = self.steps.get(&address.parse().unwrap());
        let changes = step.map(|step| step.changes.as_slice()).unwrap_or_default();
        let found = changes
            .iter()
            .any(|c| c.path.to_string().starts_with(path) && c.direction == direction);
        assert!(found, "{address} {path} {direction:?} not in {changes:#?}");
        self
    }

    /// The resource is told as a whole: `-` what is missing, `+` what nobody declared.
    pub fn tells(&self, address: &str, action: Action) -> &Self {
        let step = self.steps.get(&address.parse().unwrap());
        assert_eq!(step.map(|step| step.action), Some(action), "{address}");
        self
    }

    /// The part is told and kept, and nothing is done.
    pub fn keeps(&self, address: &str, path: &str) -> &Self {
        let mut kept = self.plan.kept.iter();
        let told = kept.any(|n| n.address.to_string() == address && n.path == path);
        assert!(told, "{address} {path} not in {:#?}", self.plan.kept);
        assert!(self.plan.is_empty(), "{:#?}", self.plan.steps.keys());
        self
    }
}

/// Changes one resource by its JSON.
pub fn alter(resources: &mut Resources, address: &Address, change: impl FnOnce(&mut Value)) {
    struct Alter<'a, F> {
        resources: &'a mut Resources,
        address: &'a Address,
        change: Option<F>,
    }
    impl<F: FnOnce(&mut Value)> Visitor for Alter<'_, F> {
        fn visit<K: Kind>(&mut self) {
            let there = K::table_mut(self.resources).get_mut(&self.address.name);
            if let (true, Some(there)) = (K::NAME == self.address.kind, there) {
                let mut json = serde_json::to_value(&*there).unwrap();
                self.change.take().unwrap()(&mut json);
                *there = serde_json::from_value(json).unwrap();
            }
        }
    }
    let mut alter = Alter {
        resources,
        address,
        change: Some(change),
    };
    Resources::each_kind(&mut alter);
    assert!(alter.change.is_none(), "{address} is not there");
}
