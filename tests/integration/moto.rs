//! An AWS emulator for the wire tests: moto, in a Python environment of its own below the target
//! directory, one server for the binary, one account for each test.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use aws_config::{BehaviorVersion, Region as SdkRegion, SdkConfig};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use strongroom::{
    account::{
        Scope,
        aws::{Aws, Pacing},
    },
    model::AccountId,
    spec,
};

/// The version that `docs/emulators.md` tells about.
const VERSION: &str = "5.2.5";

/// The Region of every wire test.
pub const REGION: &str = "eu-west-1";

/// The environment of every wire test.
pub const ENVIRONMENT: &str = "bank";

/// Serves until its standard input closes, so that it never outlives the tests.
const SERVE: &str = "
import logging, sys
logging.getLogger('werkzeug').setLevel(logging.ERROR)
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
# Moto prints about what it does not know, and nobody reads that any more.
sys.stdout = sys.stderr
sys.stdin.read()
";

/// An account of the emulator.
pub struct Moto {
    /// The account, which no other test uses.
    pub account: AccountId,
    config: SdkConfig,
    _server: Arc<Server>,
}

struct Server {
    child: Child,
    url: String,
}

static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());
static ACCOUNTS: AtomicU64 = AtomicU64::new(111_100_000_000);

impl Moto {
    /// An account of its own; none where the wire tests are skipped.
    pub async fn start() -> Option<Self> {
        if std::env::var_os("STRONGROOM_SKIP_WIRE").is_some() {
            skipped();
            return None;
        }
        let server = Server::shared();
        let account = ACCOUNTS.fetch_add(1, Ordering::Relaxed).to_string();
        let anyone = config(
            &server.url,
            Credentials::new("test", "test", None, None, "test"),
        );
        let credentials = assume(&anyone, &account).await;
        Some(Self {
            config: config(&server.url, credentials),
            account: account.parse().expect("twelve digits"),
            _server: server,
        })
    }

    /// The configuration of SDK clients for this account.
    pub fn config(&self) -> SdkConfig {
        self.config.clone()
    }

    /// The variables by which a command of its own finds this account.
    pub async fn environment(&self) -> Vec<(&'static str, String)> {
        use aws_sdk_sts::config::ProvideCredentials;
        let provider = self.config.credentials_provider().expect("credentials");
        let given = provider.provide_credentials().await.expect("credentials");
        let url = self.config.endpoint_url().expect("an endpoint");
        vec![
            ("AWS_ENDPOINT_URL", url.to_owned()),
            ("AWS_ACCESS_KEY_ID", given.access_key_id().to_owned()),
            (
                "AWS_SECRET_ACCESS_KEY",
                given.secret_access_key().to_owned(),
            ),
            (
                "AWS_SESSION_TOKEN",
                given.session_token().expect("a session").to_owned(),
            ),
        ]
    }

    /// The account as Strongroom sees it.
    pub fn aws(&self) -> Aws {
        Aws::over(self.config(), Pacing::Unlimited)
    }

    /// The scope of an observation of this account.
    pub fn scope(&self) -> Scope {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("environments/sandbox.yaml");
        let mut environment = spec::load(&path).expect("a specification").environment;
        environment.name = ENVIRONMENT.parse().expect("a name");
        environment.account = self.account.clone();
        environment.region = REGION.parse().expect("a Region");
        Scope::of(&environment, jiff::Timestamp::UNIX_EPOCH)
    }
}

fn config(url: &str, credentials: Credentials) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(SdkRegion::new(REGION))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

/// Moto knows an account by the credentials of a role in it.
async fn assume(anyone: &SdkConfig, account: &str) -> Credentials {
    let answer = aws_sdk_sts::Client::new(anyone)
        .assume_role()
        .role_arn(format!("arn:aws:iam::{account}:role/strongroom-tests"))
        .role_session_name("tests")
        .send()
        .await
        .expect("moto gives credentials for any role");
    let given = answer.credentials().expect("credentials");
    Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        None,
        "moto",
    )
}

impl Server {
    fn shared() -> Arc<Self> {
        let mut running = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start(&python()));
            *running = Arc::downgrade(&server);
            server
        })
    }

    fn start(python: &Path) -> Self {
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto.log");
        let mut child = Command::new(python)
            .args(["-c", SERVE])
            // Tamperings attach AdministratorAccess and its like.
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(log).expect("the target directory can be written"))
            .spawn()
            .expect("the Python of the environment starts");
        let mut port = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout)
            .read_line(&mut port)
            .expect("moto tells its port");
        assert!(
            !port.is_empty(),
            "moto did not start: see moto.log in {}",
            env!("CARGO_TARGET_TMPDIR")
        );
        Self {
            child,
            url: format!("http://127.0.0.1:{}", port.trim()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Python of the environment, made once a machine; other tests wait for it.
fn python() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(home).expect("the target directory can be written");
    let lock = File::create(home.join("moto.lock")).expect("a lock file");
    lock.lock().expect("a lock");
    let environment = home.join(format!("moto-{VERSION}"));
    let (python, ready) = (environment.join("bin/python"), environment.join("ready"));
    if !ready.exists() {
        run(Command::new("python3")
            .arg("-m")
            .arg("venv")
            .arg("--clear")
            .arg(&environment));
        run(Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .arg(format!("moto[server]=={VERSION}")));
        File::create(&ready).expect("a marker");
    }
    python
}

fn run(command: &mut Command) {
    let done = command.status().is_ok_and(|status| status.success());
    assert!(
        done,
        "the wire tests need python3 with venv and pip ({command:?} failed): \
         install it, or set STRONGROOM_SKIP_WIRE=1"
    );
}

#[allow(clippy::print_stderr, reason = "a skipped test must say so")]
fn skipped() {
    eprintln!("skipped: STRONGROOM_SKIP_WIRE is set");
}
