//! A small valid bank on disk, to be spoilt in one place and read again.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use crate::spec::{Loaded, SpecErrors, load};

pub const ENVIRONMENT: &str = "bank/environment.yaml";
pub const LOGIN: &str = "bank/services/login.yaml";
pub const ACCOUNTS: &str = "bank/services/accounts.yaml";
pub const MAIL: &str = "bank/services/mail.yaml";

const FILES: [(&str, &str); 4] = [
    (
        ENVIRONMENT,
        "schema: strongroom/v1
environment: test
account: \"111122223333\"
region: eu-west-1
owner: platform@bank.example
class: development
frameworks: [pci-dss@4.0.1]
principals:
  pipeline: arn:aws:iam::111122223333:role/apply
  plan: arn:aws:iam::111122223333:role/plan
  auditors: [arn:aws:iam::111122223333:role/audit]
  key_admins: [arn:aws:iam::111122223333:role/keys]
  break_glass: arn:aws:iam::111122223333:role/emergency
network: {cidr: 10.40.0.0/16}
audit: {log_days: 400, max_log_days: 731}
",
    ),
    (
        LOGIN,
        "service: login
purpose: Signs customers in.
owner: team-identity
criticality: critical
data: [personal]
runtime: ecs-fargate
listens: [{port: 8443}]
calls:
  - {service: accounts, port: 9443, why: Shows accounts.}
  - {service: mail, why: Tells customers.}
stores: [{kind: dynamodb, name: sessions}]
access:
  - {level: read, to: \"dynamodb:table/sessions\", why: Finds sessions.}
",
    ),
    (
        ACCOUNTS,
        "service: accounts
purpose: Keeps accounts.
owner: team-accounts
criticality: critical
data: [financial]
runtime: eks-pod-identity
eks: {cluster: core, namespace: accounts, service_account: accounts}
listens: [{port: 9443}]
",
    ),
    (
        MAIL,
        "service: mail
purpose: Sends mail.
owner: team-mail
criticality: medium
data: [personal]
runtime: lambda
",
    ),
];

/// A bank in a folder of its own.
pub struct Bank {
    root: TempDir,
}

impl Bank {
    /// The valid bank, as a folder.
    pub fn new() -> Self {
        FILES
            .iter()
            .fold(Self::empty(), |bank, (file, text)| bank.write(file, text))
    }

    /// No file at all.
    pub fn empty() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.root.path().join(file)
    }

    pub fn write(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Replaces a piece of a file, which must be there.
    pub fn edit(self, file: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replacen(from, to, 1))
    }

    pub fn append(self, file: &str, more: &str) -> Self {
        let text = fs::read_to_string(self.path(file)).unwrap();
        self.write(file, text + more)
    }

    pub fn load(&self, path: &str) -> Result<Loaded, SpecErrors> {
        load(&self.path(path))
    }

    /// How the refusal of the bank reads.
    pub fn refused(&self) -> String {
        self.refused_at("bank")
    }

    /// How the refusal of another path reads.
    pub fn refused_at(&self, path: &str) -> String {
        match self.load(path) {
            Ok(_) => panic!("the bank was accepted"),
            Err(errors) => self.scrub(&errors.render(false)),
        }
    }

    /// How the warnings about an accepted bank read.
    pub fn warned(&self) -> String {
        match self.load("bank") {
            Ok(loaded) => self.scrub(&loaded.sources.render(&loaded.warnings, false)),
            Err(errors) => panic!("{}", errors.render(false)),
        }
    }

    pub fn scrub(&self, text: &str) -> String {
        let root = format!("{}/", self.root.path().display());
        let lines = text.replace(&root, "");
        lines
            .lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
