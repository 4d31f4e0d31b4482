//! Connecting: one loaded configuration, one wire, one client a service.

use std::time::Duration;

use aws_config::{
    AppName, BehaviorVersion, Region as SdkRegion, SdkConfig, retry::RetryConfig,
    timeout::TimeoutConfig,
};
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
        }
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
    let transport = config.http_client().unwrap_or_else(|| {
        Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build_https()
    });
    let endpoint = config.endpoint_url().map(str::to_owned);
    let wire = Wire::new(transport, Pace::new(pacing), endpoint);
    let clients = Clients::new(&with_wire(config, wire.clone()));
    (clients, wire)
}

fn with_wire(config: SdkConfig, wire: impl HttpClient + 'static) -> SdkConfig {
    let mut builder = config
        .into_builder()
        .http_client(wire)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(Duration::from_secs(30))
                .build(),
        );
    builder.set_app_name(AppName::new("strongroom").ok());
    builder.build()
}

/// The configuration of a replay: no credentials that could open anything, no network.
pub fn replaying(tape: Tape, region: &Region) -> SdkConfig {
    let nobody = Credentials::new("replay", "replay", None, None, "tape");
    let endpoint = tape.endpoint.clone();
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(SdkRegion::new(region.to_string()))
        .credentials_provider(SharedCredentialsProvider::new(nobody))
        .http_client(SharedHttpClient::new(Replay::new(tape)));
    builder.set_endpoint_url(endpoint);
    builder.build()
}
