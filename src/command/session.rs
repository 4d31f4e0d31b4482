//! What most verbs begin with: the specification read and compiled, and the account observed.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Failure, Output, cloud::Cloud, policies};
use crate::{
    account::{Account, Scope},
    cli::Global,
    compliance::{library::Library, records::Records},
    desired::{self, Desired},
    evidence::Source,
    exit::Exit,
    iam::catalogue::Catalogue,
    model::{Address, Environment, FrameworkId, Places, ServiceName},
    snapshot::{SCHEMA, Snapshot},
    spec::{self, Loaded, SpecErrors},
};

/// A specification, read and compiled.
pub struct Session {
    /// The environment.
    pub environment: Environment,
    /// What it asks for.
    pub desired: Desired,
    /// Digest of the resolved specification.
    pub digest: String,
    /// Where each part of it was written.
    pub places: Places,
    /// The bank's own checks and frameworks, as files.
    own: policies::Own,
    /// Where the specification is.
    path: PathBuf,
    now: jiff::Timestamp,
}

/// A snapshot, and what it was made from.
pub struct Witnessed {
    /// What the account showed.
    pub snapshot: Snapshot,
    /// How it came about.
    pub source: Source,
    /// The packed tape, where an account answered over the wire.
    pub tape: Option<Vec<u8>>,
}

impl Session {
    /// Reads and compiles; warnings are told.
    ///
    /// # Errors
    /// Every problem of the specification.
    pub fn open(
        global: &Global,
        spec: &Path,
        now: jiff::Timestamp,
        output: &mut Output,
    ) -> Result<Self, Failure> {
        let own = policies::Own::open(global)?;
        let loaded = load(spec, &own.frameworks(), output)?;
        let desired = desired::compile(&loaded.environment, Catalogue::vendored()?)?;
        Ok(Self {
            environment: loaded.environment,
            desired,
            digest: loaded.digest,
            places: loaded.places,
            own,
            path: spec.to_owned(),
            now,
        })
    }

    /// What an environment that was resolved earlier compiles to, judged by what it was judged by.
    ///
    /// # Errors
    /// An environment that does not compile.
    pub fn resolved(
        environment: Environment,
        places: Places,
        own: policies::Own,
        now: jiff::Timestamp,
    ) -> Result<Self, Failure> {
        Ok(Self {
            desired: desired::compile(&environment, Catalogue::vendored()?)?,
            digest: spec::digest(&environment),
            places,
            environment,
            own,
            path: PathBuf::new(),
            now,
        })
    }

    /// The bank's own checks and frameworks, as files.
    pub fn own_policies(&self) -> &policies::Own {
        &self.own
    }

    /// The checks and frameworks of this build, with the bank's own.
    ///
    /// # Errors
    /// Every problem of the bank's files.
    pub fn library(&self) -> Result<Library, Failure> {
        self.own.library()
    }

    /// The waivers and attestations beside the specification.
    ///
    /// # Errors
    /// Every problem of both files.
    pub fn records(&self, output: &Output) -> Result<Records, Failure> {
        records(&self.path, output)
    }

    /// What to look for.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.environment, self.now)
    }

    /// The one service that the command line names, if it names one.
    ///
    /// # Errors
    /// A service that the specification does not know.
    pub fn chosen<'a>(&self, global: &'a Global) -> Result<Option<&'a ServiceName>, Failure> {
        let services = &self.environment.services;
        match &global.service {
            Some(name) if !services.contains_key(name) => {
                let known: Vec<&str> = services.keys().map(ServiceName::as_str).collect();
                let known = known.join(", ");
                let why = format_args!("there is no service {name}; there are {known}");
                Err(Failure::with(Exit::Usage, why))
            }
            chosen => Ok(chosen.as_ref()),
        }
    }

    /// Observes the account, or replays the snapshot that was named.
    ///
    /// # Errors
    /// An account that cannot be observed at all, a file that is no snapshot.
    pub async fn observe(&self, global: &Global) -> Result<Snapshot, Failure> {
        match &global.snapshot {
            Some(path) => self.replay(path),
            None => {
                let cloud = Cloud::open(global, &self.environment, &self.desired).await?;
                Ok(cloud.observe(&self.scope()).await?)
            }
        }
    }

    /// Observes as [`Self::observe`] does, and keeps what the snapshot was made from.
    ///
    /// # Errors
    /// The same.
    pub async fn witness(&self, global: &Global) -> Result<Witnessed, Failure> {
        if let Some(path) = &global.snapshot {
            return Ok(Witnessed {
                snapshot: self.replay(path)?,
                source: Source::SnapshotFile,
                tape: None,
            });
        }
        let cloud = Cloud::open(global, &self.environment, &self.desired).await?;
        let snapshot = cloud.observe(&self.scope()).await?;
        let (source, tape) = cloud.recorded()?;
        Ok(Witnessed {
            snapshot,
            source,
            tape,
        })
    }

    fn replay(&self, path: &Path) -> Result<Snapshot, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
        let refuse = |why: String| Failure::new(format_args!("{}: {why}", path.display()));
        let snapshot: Snapshot = serde_json::from_str(&text)
            .map_err(|error| refuse(format!("this is no snapshot of this version: {error}")))?;
        if snapshot.schema != SCHEMA {
            return Err(refuse(format!(
                "its schema is {}, not {SCHEMA}",
                snapshot.schema
            )));
        }
        if let Some(address) = anonymous(&snapshot) {
            return Err(refuse(format!(
                "it holds {address}, but not the id of it: this file was edited"
            )));
        }
        let Environment {
            name,
            account,
            region,
            ..
        } = &self.environment;
        if (&snapshot.environment, &snapshot.account, &snapshot.region) != (name, account, region) {
            return Err(refuse(format!(
                "it shows {} in {} {}, but the specification is for {name} in {account} {region}",
                snapshot.environment, snapshot.account, snapshot.region
            )));
        }
        Ok(snapshot)
    }
}

/// A resource that no account can have shown, for it has no id.
fn anonymous(snapshot: &Snapshot) -> Option<Address> {
    let addresses = snapshot.resources.addresses();
    let mut without = addresses
        .into_iter()
        .filter(|address| !snapshot.ids.contains_key(address));
    without.next()
}

/// The waivers and attestations beside a specification.
///
/// # Errors
/// Every problem of both files.
pub fn records(spec: &Path, output: &Output) -> Result<Records, Failure> {
    let refused = |errors: SpecErrors| Failure::specification(errors.render(output.is_terminal()));
    spec::records(spec).map_err(refused)
}

/// Reads a specification, which may name these frameworks too; warnings are told.
///
/// # Errors
/// Every problem of every file.
pub fn load(
    spec: &Path,
    own: &BTreeSet<FrameworkId>,
    output: &mut Output,
) -> Result<Loaded, Failure> {
    let loaded = spec::load_knowing(spec, own)
        .map_err(|errors| Failure::specification(errors.render(output.is_terminal())))?;
    if !loaded.warnings.is_empty() {
        output.tell(
            loaded
                .sources
                .render(&loaded.warnings, output.is_terminal())
                .trim_end(),
        );
    }
    Ok(loaded)
}
