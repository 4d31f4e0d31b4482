//! Connecting: one loaded configuration, one wire, one client a service.

use std::time::Duration;

use aws_config::{
    AppName, BehaviorVersion, Region as SdkRegion, SdkConfig, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{HttpClient, SharedHttpClient};

use super::{
    pace::{Pace, Pacing},
    replay::Replay,
    tape::Tape,
    wire::Wire,
};
use crate::model::Region;

/// How to reach an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Another endpoint than AWS's own: an emulator, a VPC endpoint.
    pub endpoint_url: Option<String>,
    /// The profile of the AWS configuration files.
    pub profile: Option<String>,
    /// The profile that opens the archive account, where the specification names one.
    pub archive_profile: Option<String>,
    /// The Region of the specification.
    pub region: Region,
    /// How fast requests may be sent.
    pub pacing: Pacing,
}

/// Why no connection could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The endpoint is no URL.
    #[error("{0:?} is no endpoint: write it as https://host or http://host:port")]
    Endpoint(String),
}

/// Attempts of one request, the first included, before an error is one.
const ATTEMPTS: u32 = 4;

/// The clients of the services, all over one wire.
#[derive(Debug, Clone)]
pub struct Clients {
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) iam: aws_sdk_iam::Client,
    pub(super) kms: aws_sdk_kms::Client,
    pub(super) logs: aws_sdk_cloudwatchlogs::Client,
    pub(super) ec2: aws_sdk_ec2::Client,
    pub(super) tagging: aws_sdk_resourcegroupstagging::Client,
    pub(super) access_analyzer: aws_sdk_accessanalyzer::Client,
    pub(super) cloudtrail: aws_sdk_cloudtrail::Client,
    pub(super) cloudwatch: aws_sdk_cloudwatch::Client,
    pub(super) config: aws_sdk_config::Client,
    pub(super) dynamodb: aws_sdk_dynamodb::Client,
    pub(super) eks: aws_sdk_eks::Client,
    pub(super) guardduty: aws_sdk_guardduty::Client,
    pub(super) quotas: aws_sdk_servicequotas::Client,
    pub(super) rds: aws_sdk_rds::Client,
    pub(super) s3: aws_sdk_s3::Client,
    pub(super) s3control: aws_sdk_s3control::Client,
    pub(super) secrets: aws_sdk_secretsmanager::Client,
    pub(super) sns: aws_sdk_sns::Client,
    pub(super) sqs: aws_sdk_sqs::Client,
}

impl Clients {
    fn new(config: &SdkConfig) -> Self {
        Self {
            sts: aws_sdk_sts::Client::new(config),
            iam: aws_sdk_iam::Client::new(config),
            kms: aws_sdk_kms::Client::new(config),
            logs: aws_sdk_cloudwatchlogs::Client::new(config),
            ec2: aws_sdk_ec2::Client::new(config),
            tagging: aws_sdk_resourcegroupstagging::Client::new(config),
            access_analyzer: aws_sdk_accessanalyzer::Client::new(config),
            cloudtrail: aws_sdk_cloudtrail::Client::new(config),
            cloudwatch: aws_sdk_cloudwatch::Client::new(config),
            config: aws_sdk_config::Client::new(config),
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            eks: aws_sdk_eks::Client::new(config),
            guardduty: aws_sdk_guardduty::Client::new(config),
            quotas: aws_sdk_servicequotas::Client::new(config),
            rds: aws_sdk_rds::Client::new(config),
            s3: aws_sdk_s3::Client::from_conf(buckets(config)),
            s3control: aws_sdk_s3control::Client::from_conf(control(config)),
            secrets: aws_sdk_secretsmanager::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
        }
    }
}

/// An endpoint of one's own seldom has a name for each bucket: there the bucket stands in the path.
fn buckets(config: &SdkConfig) -> aws_sdk_s3::Config {
    aws_sdk_s3::config::Builder::from(config)
        .force_path_style(config.endpoint_url().is_some())
        .build()
}

/// AWS has a host for the settings of each account; an endpoint of one's own has one for all.
fn control(config: &SdkConfig) -> aws_sdk_s3control::Config {
    let builder = aws_sdk_s3control::config::Builder::from(config);
    match config.endpoint_url() {
        Some(url) => builder.endpoint_resolver(OneHost(url.to_owned())).build(),
        None => builder.build(),
    }
}

/// An endpoint that is the same for every account.
#[derive(Debug)]
struct OneHost(String);

impl aws_sdk_s3control::config::endpoint::ResolveEndpoint for OneHost {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

/// The configuration that `aws-config` finds: profile, SSO, web identity, FIPS.
pub async fn load(options: &Options) -> Result<SdkConfig, ConnectError> {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(SdkRegion::new(options.region.to_string()));
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(url) = &options.endpoint_url {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(ConnectError::Endpoint(url.clone()));
        }
        loader = loader.endpoint_url(url);
    }
    Ok(loader.load().await)
}

/// The clients over a loaded configuration, and their wire. The wire is put in place only now:
/// credentials are fetched by the clients that loading made, and never pass it.
pub fn over(config: SdkConfig, pacing: Pacing) -> (Clients, Wire) {
    let transport = transport(&config);
    let endpoint = config.endpoint_url().map(str::to_owned);
    let wire = Wire::new(transport, Pace::new(pacing), endpoint);
    let clients = Clients::new(&with_wire(config, wire.clone(), pacing));
    (clients, wire)
}

/// The clients of the archive account over the same wire.
pub fn archive(config: SdkConfig, wire: &Wire) -> Clients {
    let pacing = wire.pace().pacing();
    let wire = wire.to_archive(transport(&config));
    Clients::new(&with_wire(config, wire, pacing))
}

fn transport(config: &SdkConfig) -> SharedHttpClient {
    config.http_client().unwrap_or_else(|| {
        Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build_https()
    })
}

/// How a request is repeated; what has no quota needs no rest in between.
fn retries(pacing: Pacing) -> RetryConfig {
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
    match pacing {
        Pacing::Quotas => retries,
        Pacing::Unlimited => retries.with_initial_backoff(Duration::from_millis(1)),
    }
}

fn with_wire(config: SdkConfig, wire: impl HttpClient + 'static, pacing: Pacing) -> SdkConfig {
    let mut builder = config
        .into_builder()
        .http_client(wire)
        .retry_config(retries(pacing))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(Duration::from_secs(30))
                .build(),
        );
    builder.set_app_name(AppName::new("strongroom").ok());
    builder.build()
}

/// The configurations of a replay, of the environment's account and of the archive: no credentials
/// that could open anything, no network.
pub fn replaying(tape: Tape, region: &Region) -> [SdkConfig; 2] {
    let endpoint = tape.endpoint.clone();
    let replay = Replay::new(tape);
    [replay.of_archive(), replay].map(|replay| played(replay, endpoint.clone(), region))
}

fn played(replay: Replay, endpoint: Option<String>, region: &Region) -> SdkConfig {
    let nobody = Credentials::new("replay", "replay", None, None, "tape");
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(SdkRegion::new(region.to_string()))
        .credentials_provider(SharedCredentialsProvider::new(nobody))
        .http_client(SharedHttpClient::new(replay));
    builder.set_endpoint_url(endpoint);
    builder.build()
}
