//! The command line: what can be said, not what is done.

mod asking;
mod linting;
mod reporting;
mod sealing;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::{Address, ServiceName};

pub use asking::{CanArgs, ContextEntry, Expected, ProveArgs};
pub use linting::{AttachedTo, LintArgs};
pub use reporting::{RenderArgs, ReportArgs};
pub use sealing::{DestinationArgs, KeyAlgorithm, SignArgs, VerifyArgs};

/// Provision, watch and prove the isolation of microservices on AWS.
///
/// Every service gets its own IAM role, KMS key, log group and security group, exactly as the
/// specification says; everything else is drift.
#[derive(Debug, Parser)]
#[command(name = "strongroom", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
    /// What holds for every verb.
    #[command(flatten)]
    pub global: Global,
}

const EXIT_CODES: &str = "Exit codes: 0 agreed, 1 failed, 2 usage, 3 invalid specification, \
10 drift, 11 control failed, 12 not evaluated or incomplete, 13 isolation broken, \
14 evidence does not verify, 130/143 interrupted.";

/// What holds for every verb.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Where the environment lives.
    #[arg(long, global = true, value_enum, default_value_t = default_cloud())]
    pub cloud: CloudName,
    /// The file of the embedded sandbox [default: .strongroom/<environment>.json].
    #[arg(long, global = true, value_name = "FILE")]
    pub sandbox: Option<PathBuf>,
    /// An endpoint other than AWS's own: an emulator, a VPC endpoint.
    #[arg(long, global = true, env = "AWS_ENDPOINT_URL", value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// The profile of the AWS configuration.
    #[arg(long, global = true, env = "AWS_PROFILE", value_name = "NAME")]
    pub profile: Option<String>,
    /// The profile that opens the archive account, where the specification names one.
    #[arg(
        long,
        global = true,
        env = "STRONGROOM_ARCHIVE_PROFILE",
        value_name = "NAME"
    )]
    pub archive_profile: Option<String>,
    /// Replay a snapshot instead of observing an account.
    #[arg(long, global = true, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// A folder with checks and frameworks of the bank's own.
    #[arg(long, global = true, value_name = "DIR")]
    pub policies: Option<PathBuf>,
    /// Only this service, and what it needs.
    #[arg(long, global = true, value_name = "NAME")]
    pub service: Option<ServiceName>,
    /// How to print the result.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// No progress on standard error.
    #[arg(long, global = true)]
    pub no_progress: bool,
    /// Every attribute of what is created.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

const fn default_cloud() -> CloudName {
    if cfg!(feature = "aws") {
        CloudName::Aws
    } else {
        CloudName::Sandbox
    }
}

/// Where environments live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CloudName {
    /// An AWS account, or whatever answers at the endpoint.
    Aws,
    /// The embedded sandbox: no credentials, no network.
    Sandbox,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For machines: versioned and sorted.
    Json,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Everything once, in the embedded sandbox: plan, apply, tamper, drift, repair, report.
    Rehearse {
        /// The specification: a file or a folder.
        spec: PathBuf,
        /// The folder for the results.
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
        /// Which of the possible tamperings are tried.
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// What the report looks like.
        #[command(flatten)]
        render: RenderArgs,
        /// Who signs the results.
        #[command(flatten)]
        sign: SignArgs,
    },
    /// Check a specification: every problem at once.
    Validate {
        /// The specification: a file or a folder.
        spec: PathBuf,
    },
    /// Print the JSON Schema of specifications.
    Schema {
        /// Which schema.
        #[arg(value_enum, default_value_t = SchemaName::Spec)]
        name: SchemaName,
    },
    /// Look at an account and write what it shows.
    Snapshot {
        /// The specification: a file or a folder.
        spec: PathBuf,
        /// The file to write [default: standard output].
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Show what apply would do.
    Plan {
        /// The specification: a file or a folder.
        spec: PathBuf,
        /// Save the plan, to apply exactly it.
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Exit with 10 if anything would change.
        #[arg(long)]
        detailed_exitcode: bool,
        /// Prices of the bank's own, instead of AWS's list prices.
        #[arg(long, value_name = "FILE")]
        prices: Option<PathBuf>,
    },
    /// Make the account what the specification says.
    Apply {
        /// The specification: a file or a folder.
        spec: PathBuf,
        /// Apply exactly this saved plan.
        #[arg(long, value_name = "FILE")]
        plan: Option<PathBuf>,
        /// Prices of the bank's own, instead of AWS's list prices.
        #[arg(long, value_name = "FILE")]
        prices: Option<PathBuf>,
        /// What was agreed to.
        #[command(flatten)]
        consent: ConsentArgs,
    },
    /// Show where the account has left the specification.
    Drift {
        /// The specification: a file or a folder.
        spec: PathBuf,
    },
    /// Remove everything, as far as AWS lets anybody.
    Destroy {
        /// The specification: a file or a folder.
        spec: PathBuf,
        /// The environment's name, instead of typing it.
        #[arg(long, value_name = "ENVIRONMENT")]
        confirm: Option<String>,
        /// Prices of the bank's own, instead of AWS's list prices.
        #[arg(long, value_name = "FILE")]
        prices: Option<PathBuf>,
    },
    /// Judge the account by checks and frameworks, and write the report.
    Report(ReportArgs),
    /// Check offline that a bundle is what was sealed, and derive its verdicts again.
    Verify(VerifyArgs),
    /// Validate downloaded CloudTrail logs and digest files offline.
    VerifyTrail {
        /// The folder of the downloaded objects, as a tree or flat.
        dir: PathBuf,
        /// The public keys, as `aws cloudtrail list-public-keys` prints them.
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
    },
    /// Make a key for signing bundles: NAME, readable by you alone, and NAME.pub.
    Keygen {
        /// The file of the private key.
        #[arg(short, long, value_name = "NAME")]
        out: PathBuf,
        /// The signature algorithm.
        #[arg(long, value_enum, default_value_t = KeyAlgorithm::P256)]
        algorithm: KeyAlgorithm,
    },
    /// Write down what a person says about a requirement, with the hash of its evidence.
    Attest(AttestArgs),
    /// Work on checks and frameworks.
    Policies {
        /// What to do.
        #[command(subcommand)]
        what: PoliciesVerb,
    },
    /// Prove the isolation of every ordered pair of services, or show what breaks it.
    Prove(ProveArgs),
    /// Ask whether somebody may do something, and which statements decide it.
    Can(CanArgs),
    /// Evaluate IAM policies.
    Policy {
        /// What to do.
        #[command(subcommand)]
        verb: PolicyVerb,
    },
    /// Judge IAM policy files, whoever wrote them.
    Lint(LintArgs),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What can be done with IAM policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum PolicyVerb {
    /// Decide requests: JSON lines on standard input, decisions on standard output.
    Eval,
}

/// What can be done with checks and frameworks.
#[derive(Debug, Clone, Subcommand)]
pub enum PoliciesVerb {
    /// Run the cases of every check in a folder, and hold its frameworks against them.
    Test {
        /// The folder.
        dir: PathBuf,
    },
}

/// What a person says.
#[derive(Debug, Clone, Args)]
pub struct AttestArgs {
    /// The specification: a file or a folder.
    pub spec: PathBuf,
    /// The framework, as pci-dss@4.0.1.
    #[arg(long, value_name = "ID")]
    pub framework: String,
    /// The requirement, as 7.2.4; several times for several.
    #[arg(long, value_name = "ID", required = true)]
    pub requirement: Vec<String>,
    /// Who says it.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// What is said.
    #[arg(long, value_name = "TEXT")]
    pub statement: String,
    /// A file behind it, in the folder of the specification; several times for several.
    #[arg(long, value_name = "FILE", required = true)]
    pub evidence: Vec<PathBuf>,
    /// The last day on which it holds, as 2026-12-31.
    #[arg(long, value_name = "DATE")]
    pub valid_until: jiff::civil::Date,
    /// Who agreed: another person.
    #[arg(long, value_name = "NAME")]
    pub approver: Option<String>,
    /// The id of the attestation [default: att-, the day, and a number].
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
}

/// The schemas that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// A whole specification in one file.
    Spec,
    /// The `environment.yaml` of a folder.
    Environment,
    /// A file under `services/`.
    Service,
    /// The facts that checks are written on.
    Facts,
    /// A file of checks.
    Checks,
    /// A framework.
    Framework,
    /// The `waivers.yaml` beside a specification.
    Waivers,
    /// The `attestations.yaml` beside a specification.
    Attestations,
    /// The `report.json` of a report.
    Report,
}

/// What the caller agrees to.
#[derive(Debug, Clone, Args)]
pub struct ConsentArgs {
    /// Do not ask.
    #[arg(short, long)]
    pub yes: bool,
    /// Agree to changes that widen access: all of them, or those of one address.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub allow_widen: Vec<Agreement>,
    /// Agree to changes that destroy something: all of them, or those of one address.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub allow_destroy: Vec<Agreement>,
    /// The environment's name, where something would be so that nobody can undo it.
    #[arg(long, value_name = "ENVIRONMENT")]
    pub confirm: Option<String>,
}

/// One agreement on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// To everything.
    Everything,
    /// To the changes of one resource.
    To(Address),
}

impl std::str::FromStr for Agreement {
    type Err = crate::model::Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Ok(Self::Everything);
        }
        text.parse().map(Self::To)
    }
}
