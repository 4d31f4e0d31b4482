//! A specification and the account of the emulator that it lives in: planned, applied, looked at.
//! It never tampers; whoever does, does it with calls or clients of its own.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use strongroom::{
    account::{Account, Scope, aws::Aws},
    apply::{self, Outcome},
    desired::{self, Desired},
    iam::catalogue::Catalogue,
    model::{Address, Environment, KindName, Runtime},
    plan::{Consent, Plan, compare, guard},
    resource::{Resources, UnreadReason},
    snapshot::Snapshot,
    spec,
};
use tempfile::TempDir;
use tokio::sync::watch;

use super::{model::Model, pods::Eks};
use crate::moto::Moto;

/// The account of the shipped specifications.
pub const SHIPPED_ACCOUNT: &str = "111122223333";

/// What moto shows of no log group: see `docs/emulators.md`.
const UNSHOWN: [&str; 2] = ["class", "deletion_protected"];

/// An environment in an account of its own.
pub struct Estate {
    pub moto: Moto,
    pub aws: Aws,
    pub environment: Environment,
    pub desired: Desired,
    /// Whether something answers for EKS, which moto does not.
    pods: bool,
}

impl Estate {
    /// A shipped environment in an account that holds nothing else.
    pub async fn shipped(name: &str) -> Option<Self> {
        let moto = Moto::start().await?;
        let folder = tempfile::tempdir().expect("a folder");
        let path = written(name, &moto, &folder);
        let loaded = spec::load(&path).unwrap_or_else(|errors| panic!("{}", errors.render(false)));
        Some(Self::over(moto, loaded.environment).await)
    }

    /// An environment in an account that holds nothing else.
    pub async fn over(moto: Moto, mut environment: Environment) -> Self {
        environment.account = moto.account.clone();
        let catalogue = Catalogue::vendored().expect("the catalogue");
        Self {
            aws: moto.aws(),
            desired: desired::compile(&environment, catalogue).expect("it compiles"),
            environment,
            moto,
            pods: false,
        }
    }

    /// With a model that answers for EKS.
    pub fn with_pods(mut self, model: &Model<Eks>) -> Self {
        self.aws = model.before(&self.moto);
        self.pods = true;
        self
    }

    /// With everything that the specification asks for.
    pub async fn applied(self) -> Self {
        let outcome = self.carry(&self.plan().await).await;
        assert!(outcome.complete(), "{:#?}", outcome.failed);
        self
    }

    pub fn scope(&self) -> Scope {
        Scope::of(&self.environment, jiff::Timestamp::UNIX_EPOCH)
    }

    pub async fn observe(&self) -> Snapshot {
        self.aws.observe(&self.scope()).await.expect("moto answers")
    }

    pub async fn plan(&self) -> Plan {
        compare(&self.desired, &self.observe().await)
    }

    /// Executes a plan with every consent.
    pub async fn carry(&self, plan: &Plan) -> Outcome {
        assert_eq!(guard(plan, &Consent::everything()), Ok(()));
        let (_go, stop) = watch::channel(false);
        let ids = self.observe().await.ids;
        apply::execute(&self.aws, plan, ids, stop, &mut |_| {})
            .await
            .expect("no cycle")
    }

    /// Repairs whatever differs, and expects nothing to be left.
    pub async fn repair(&self, plan: &Plan) {
        let outcome = self.carry(plan).await;
        assert!(outcome.complete(), "{:#?}", outcome.failed);
        self.assert_agreed(&self.plan().await);
    }

    /// Nothing to do, and nothing unread but what moto does not show.
    pub fn assert_agreed(&self, plan: &Plan) {
        assert!(plan.is_empty(), "{:#?}", plan.steps);
        assert!(plan.conflicts.is_empty(), "{:#?}", plan.conflicts);
        assert!(plan.missing.is_empty(), "{:#?}", plan.missing);
        assert_eq!(gaps(plan), self.unshown());
    }

    /// What moto lets anybody make: neither what others manage nor what it does not know at all.
    pub fn makeable(&self) -> BTreeSet<Address> {
        let unknown = self.unshown().into_iter();
        let unknown = unknown.filter(|(_, field, _)| field.is_empty());
        let unknown: BTreeSet<Address> = unknown.map(|(address, ..)| address).collect();
        let all = self.desired.resources.addresses().into_iter();
        all.filter(|one| !unknown.contains(one) && !self.desired.verified.contains(one))
            .collect()
    }

    /// The fields that moto does not show, and the reason that it must give.
    pub fn unshown(&self) -> Vec<(Address, String, UnreadReason)> {
        let groups = self.desired.resources.log_group.keys();
        let groups = groups.map(|name| Address::new(KindName::LogGroup, name.as_str()));
        let mut fields: Vec<(Address, &str)> = groups
            .flat_map(|group| UNSHOWN.map(|field| (group.clone(), field)))
            .collect();
        let once = |kind, field| (Address::new(kind, "account"), field);
        fields.push(once(KindName::EbsEncryption, "key"));
        fields.push(once(KindName::AccessAnalyzer, ""));
        if self.environment.baseline {
            fields.push(once(KindName::ConfigRecorder, "tags"));
        }
        let pods = self.desired.resources.pod_identity_association.keys();
        let pods = pods.filter(|_| !self.pods).map(|name| {
            let kind = KindName::PodIdentityAssociation;
            (Address::new(kind, name.as_str()), "")
        });
        fields.extend(pods);
        let alarms = self.desired.resources.metric_alarm.keys();
        fields.extend(alarms.map(|name| (Address::new(KindName::MetricAlarm, name.as_str()), "")));
        let unknown = fields.into_iter().map(|(address, field)| {
            let field = field.to_owned();
            (address, field, UnreadReason::Unsupported)
        });
        let buckets = self.desired.resources.s3_bucket.keys();
        let buckets = buckets.map(|name| Address::new(KindName::S3Bucket, name.as_str()));
        let own = buckets.filter(|bucket| !self.desired.verified.contains(bucket));
        let buckets = own.map(|bucket| (bucket, "versioning".to_owned(), UnreadReason::Failed));
        let mut fields: Vec<_> = unknown.chain(buckets).collect();
        fields.sort();
        fields
    }
}

/// What a plan could not read.
pub fn gaps(plan: &Plan) -> Vec<(Address, String, UnreadReason)> {
    let gaps = plan.unread.iter();
    gaps.map(|gap| (gap.address.clone(), gap.path.clone(), gap.why.reason))
        .collect()
}

/// The environment, one of whose services runs otherwise.
pub fn running(mut environment: Environment, service: &str, runtime: Runtime) -> Environment {
    let mut services = environment.services.values_mut();
    let found = services.find(|one| one.name.as_str() == service);
    found.expect("a declared service").runtime = runtime;
    environment
}

/// What is wanted where nothing is wanted any more.
pub fn nothing() -> Desired {
    Desired {
        resources: Resources::default(),
        owners: Default::default(),
        verified: Default::default(),
    }
}

/// Writes a shipped specification for the account of the test.
pub fn written(name: &str, moto: &Moto, folder: &TempDir) -> PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("environments");
    let to = folder.path().join(name);
    copy(&shipped.join(name), &to, moto.account.as_str());
    to
}

fn copy(from: &Path, to: &Path, account: &str) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()), account);
        }
        return;
    }
    let text = fs::read_to_string(from).expect("text");
    fs::write(to, text.replace(SHIPPED_ACCOUNT, account)).expect("written");
}
