//! Retention: logs with personal data are kept no longer than the bank allows.

use crate::{
    model::{DataClass, Environment, Service},
    spec::{code::Code, diagnostic::Draft, path::YamlPath},
};

/// Services with personal data whose logs outlive the limit.
pub(super) fn conflicts(environment: &Environment) -> Vec<Draft> {
    let Some(limit) = environment.audit.max_log_days else {
        return Vec::new();
    };
    environment
        .services
        .values()
        .filter(|service| service.data.contains(&DataClass::Personal) && service.log_days > limit)
        .map(|service| conflict(service, limit))
        .collect()
}

fn conflict(service: &Service, limit: u32) -> Draft {
    let Service { name, log_days, .. } = service;
    Draft::new(
        Code::RetentionConflict,
        format!("the log of `{name}` is kept for {log_days} days; with personal data {limit} is the limit"),
    )
    .help("shorten `log_days` of the service, or raise `audit.max_log_days`")
    .path(YamlPath::service(name).key("log_days"))
}
