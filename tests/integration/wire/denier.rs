//! A caller without some permissions: moto checks none, so a transport denies them.
//! It never changes what passes.

use std::collections::BTreeSet;

use aws_smithy_runtime_api::client::{http::SharedHttpClient, orchestrator::HttpResponse};
use strongroom::account::aws::{Asked, Aws};

use super::transport::{before, network, over, refusal};
use crate::moto::Moto;

/// AccessDenied as each service calls it.
fn denial(asked: &Asked) -> HttpResponse {
    let code = match asked.service.as_str() {
        "ec2" => "UnauthorizedOperation",
        "iam" | "s3" | "sts" => "AccessDenied",
        "sns" => "AuthorizationError",
        _ => "AccessDeniedException",
    };
    refusal(asked, 403, code)
}

/// The account, for somebody who may not call these.
pub fn denying<'a>(moto: &Moto, apis: impl IntoIterator<Item = &'a str>) -> Aws {
    denying_over(moto, network(), apis)
}

/// The same, where something else than moto alone answers.
pub fn denying_over<'a>(
    moto: &Moto,
    rest: SharedHttpClient,
    apis: impl IntoIterator<Item = &'a str>,
) -> Aws {
    let apis: BTreeSet<String> = apis.into_iter().map(str::to_owned).collect();
    let deny = move |asked: &Asked| apis.contains(&asked.api()).then(|| Ok(denial(asked)));
    over(moto, before(rest, deny))
}
