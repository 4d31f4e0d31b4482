//! What AWS refuses, sorted: into readings that are unread, and into calls that failed.

use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::{metadata::ProvideErrorMetadata, operation::BuildError};

use super::redact::redact;
use crate::{
    account::{CallError, CallErrorKind},
    iam::grammar::GrammarError,
    resource::{Api, Read, Unread, UnreadReason},
};

/// A refusal without the names of the SDK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: String,
    status: Option<u16>,
    /// The answer was a web page: something other than the service answered.
    page: bool,
    malformed: bool,
    /// It is too early: what the call waits for is under way.
    early: bool,
    message: String,
}

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "NotAuthorized",
    "UnauthorizedOperation",
];

const UNSUPPORTED: &[&str] = &[
    "InvalidAction",
    "NotImplemented",
    "UnknownAction",
    "UnknownOperation",
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
];

const THROTTLED: &[&str] = &[
    "ConcurrentModification",
    "ConcurrentModificationException",
    "ConflictException",
    "OperationAborted",
    "OperationAbortedException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
];

const NOT_FOUND: &[&str] = &[
    "Gateway.NotAttached",
    "InvalidAllocationID.NotFound",
    "InvalidAssociationID.NotFound",
    "InvalidFlowLogId.NotFound",
    "InvalidGatewayID.NotFound",
    "AWS.SimpleQueueService.NonExistentQueue",
    "InvalidGroup.NotFound",
    "InvalidInternetGatewayID.NotFound",
    "InvalidNatGatewayID.NotFound",
    "InvalidNetworkAclEntry.NotFound",
    "InvalidNetworkAclID.NotFound",
    "InvalidPermission.NotFound",
    "InvalidRoute.NotFound",
    "InvalidRouteTableID.NotFound",
    "InvalidSecurityGroupRuleId.NotFound",
    "InvalidSubnetID.NotFound",
    "InvalidVpcEndpointId.NotFound",
    "InvalidVpcID.NotFound",
    "NatGatewayNotFound",
    "NoSuchConfigurationRecorderException",
    "NoSuchDeliveryChannelException",
    "NoSuchEntity",
    "NoSuchEntityException",
    "NotFound",
    "NoSuchBucket",
    "NotFoundException",
    "PolicyNotFoundException",
    "QueueDoesNotExist",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "TableNotFoundException",
    "TrailNotFoundException",
];

const NOT_YET: &[&str] = &[
    "CloudTrailAccessNotEnabledException",
    "InsufficientEncryptionPolicyException",
    "InsufficientS3BucketPolicyException",
    "InvalidCloudWatchLogsLogGroupArnException",
    "InvalidCloudWatchLogsRoleArnException",
    "AWS.SimpleQueueService.QueueDeletedRecently",
    "ContinuousBackupsUnavailableException",
    "InsufficientDeliveryPolicyException",
    "InvalidPrincipal",
    "MalformedPolicyDocument",
    "MalformedPolicyDocumentException",
    "QueueDeletedRecently",
    "ResourceInUseException",
];

/// Something that was taken away a moment ago still holds what is to go.
const STILL_HELD: &[&str] = &["DeleteConflict", "DeleteConflictException"];

/// The same in a VPC, where it takes minutes: interfaces of functions linger for up to 45, a NAT
/// gateway and its address for a few.
const LINGERING: &[&str] = &[
    "DependencyViolation",
    "InvalidAddress.InUse",
    "InvalidIPAddress.InUse",
    "ResourceInUse",
];

impl Refusal {
    /// A refusal of our own: something that the call needs is not known.
    pub fn own(message: impl Into<String>) -> Self {
        Self {
            code: String::new(),
            status: None,
            page: false,
            malformed: false,
            early: false,
            message: message.into(),
        }
    }

    /// A refusal that an answer tells without being an error itself.
    pub fn coded(code: &str, message: &str) -> Self {
        Self {
            code: code.to_owned(),
            ..Self::own(redact(message))
        }
    }

    /// Something that AWS began is not done yet.
    pub fn pending(message: impl Into<String>) -> Self {
        Self {
            early: true,
            ..Self::own(message)
        }
    }

    /// The code that AWS gave.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The same refusal of a call that waiting does not help: what it makes is there already.
    pub fn for_good(self) -> Self {
        match self.is(&["ResourceInUseException"]) {
            true => Self::own(format!("it exists already: {}", self.message)),
            false => self,
        }
    }

    fn is(&self, codes: &[&str]) -> bool {
        codes.contains(&self.code.as_str())
    }

    fn unsupported(&self) -> bool {
        let nothing_there = self.code.is_empty() && self.status == Some(404);
        let broke = self.page && self.status == Some(500);
        nothing_there || broke || self.status == Some(501) || self.is(UNSUPPORTED)
    }

    /// Why a facet is unread.
    pub fn unread(self, call: &str) -> Unread {
        let reason = match &self {
            refusal if refusal.is(DENIED) => UnreadReason::Denied,
            refusal if refusal.unsupported() => UnreadReason::Unsupported,
            refusal if refusal.malformed => UnreadReason::Malformed,
            _ => UnreadReason::Failed,
        };
        Unread {
            call: call.to_owned(),
            reason,
            message: self.message,
        }
    }

    /// Why a call failed; `removing` tells whether it was to take something away.
    pub fn call_error(self, api: Api, removing: bool) -> CallError {
        let kind = match &self {
            refusal if refusal.is(DENIED) => CallErrorKind::Denied,
            refusal if refusal.is(THROTTLED) => CallErrorKind::Throttled,
            refusal if refusal.is(NOT_FOUND) && removing => CallErrorKind::Gone,
            refusal if refusal.early => CallErrorKind::Pending,
            refusal if refusal.is(LINGERING) && removing => CallErrorKind::Pending,
            refusal if refusal.is(STILL_HELD) && removing => CallErrorKind::NotYetConsistent,
            refusal if refusal.is(NOT_FOUND) || refusal.not_yet() => {
                CallErrorKind::NotYetConsistent
            }
            _ => CallErrorKind::Failed,
        };
        let message = match self.unsupported() {
            true => format!("the endpoint does not answer this call ({})", self.message),
            false => self.message,
        };
        CallError {
            call: api.to_string(),
            kind,
            message,
        }
    }

    /// New principals and keys are seen late by the services that check them: IAM names them in
    /// a malformed policy, CloudWatch Logs in an invalid parameter. An endpoint that is being
    /// deleted holds its private name for a while.
    fn not_yet(&self) -> bool {
        let logs_key = self.code == "InvalidParameterException" && self.message.contains("KMS");
        let principal = self.message.contains("nvalid principal");
        let dns = self.message.contains("conflicting DNS domain");
        self.is(NOT_YET) || logs_key || principal || dns
    }
}

impl<E> From<SdkError<E, HttpResponse>> for Refusal
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let raw = error.raw_response();
        let status = raw.map(|raw| raw.status().as_u16());
        let page = raw
            .and_then(|raw| raw.headers().get("content-type"))
            .is_some_and(|kind| kind.starts_with("text/html"));
        let said = error.as_service_error();
        let code = said.and_then(|e| e.code()).unwrap_or_default().to_owned();
        let message = said.and_then(|e| e.message()).map(str::to_owned);
        Self {
            status,
            page,
            malformed: matches!(error, SdkError::ResponseError(_)),
            early: false,
            message: redact(&message.unwrap_or_else(|| chain(&error, &code, status))),
            code,
        }
    }
}

impl From<GrammarError> for Refusal {
    fn from(error: GrammarError) -> Self {
        Self::own(error.to_string())
    }
}

impl From<BuildError> for Refusal {
    fn from(error: BuildError) -> Self {
        Self::own(error.to_string())
    }
}

/// Every cause of an error, outermost first.
fn chain(error: &(dyn Error + 'static), code: &str, status: Option<u16>) -> String {
    let mut said = vec![];
    let mut next = Some(error);
    while let Some(error) = next {
        said.push(error.to_string());
        next = error.source();
    }
    if !code.is_empty() {
        said.push(code.to_owned());
    }
    said.extend(status.map(|status| format!("HTTP status {status}")));
    said.dedup();
    said.join(": ")
}

/// The reading of an answer.
pub fn answer<T, E>(call: &str, result: Result<T, SdkError<E, HttpResponse>>) -> Read<T>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match result {
        Ok(value) => Read::Known(value),
        Err(error) => Read::Unread(Refusal::from(error).unread(call)),
    }
}

/// The reading of an answer about what may not exist; none where it does not.
pub fn there<T, E>(call: &str, result: Result<T, SdkError<E, HttpResponse>>) -> Option<Read<T>>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match result.map_err(Refusal::from) {
        Ok(value) => Some(Read::Known(value)),
        Err(refusal) if refusal.is(NOT_FOUND) => None,
        Err(refusal) => Some(Read::Unread(refusal.unread(call))),
    }
}

/// A reading of an answer that could not be understood.
pub fn malformed(call: &str, message: impl ToString) -> Unread {
    Unread {
        call: call.to_owned(),
        reason: UnreadReason::Malformed,
        message: redact(&message.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: &str, message: &str) -> Refusal {
        Refusal::coded(code, message)
    }

    #[test]
    fn what_to_make_of_a_failed_call() {
        use CallErrorKind::{Denied, Failed, Gone, NotYetConsistent, Pending, Throttled};
        for (code, message, removing, kind) in [
            ("AccessDenied", "", false, Denied),
            ("UnauthorizedOperation", "", false, Denied),
            ("Throttling", "", false, Throttled),
            ("OperationAbortedException", "", false, Throttled),
            ("NoSuchEntity", "", false, NotYetConsistent),
            ("NoSuchEntity", "", true, Gone),
            (
                "MalformedPolicyDocumentException",
                "",
                false,
                NotYetConsistent,
            ),
            (
                "InvalidParameterException",
                "The KMS key is not accessible",
                false,
                NotYetConsistent,
            ),
            (
                "InvalidParameterException",
                "1 is no retention",
                false,
                Failed,
            ),
            ("DeleteConflict", "", true, NotYetConsistent),
            ("DependencyViolation", "", true, Pending),
            ("InvalidIPAddress.InUse", "", true, Pending),
            ("DependencyViolation", "", false, Failed),
            ("EntityAlreadyExists", "", false, Failed),
        ] {
            let error = refusal(code, message).call_error(Api::iam("CreateRole"), removing);
            assert_eq!(error.kind, kind, "{code} {message}");
        }
    }

    #[test]
    fn why_a_facet_is_unread() {
        let status = |status, page| Refusal {
            status: Some(status),
            page,
            ..Refusal::own("")
        };
        for (refusal, reason) in [
            (refusal("AccessDeniedException", ""), UnreadReason::Denied),
            (
                refusal("UnknownOperationException", ""),
                UnreadReason::Unsupported,
            ),
            (status(501, false), UnreadReason::Unsupported),
            (status(404, false), UnreadReason::Unsupported),
            (status(500, true), UnreadReason::Unsupported),
            (status(500, false), UnreadReason::Failed),
            (refusal("Throttling", ""), UnreadReason::Failed),
        ] {
            let text = format!("{refusal:?}");
            assert_eq!(refusal.unread("kms:ListGrants").reason, reason, "{text}");
        }
    }
}
