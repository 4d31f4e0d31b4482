//! The stable ids of the diagnostics, each with its severity.
//! What each means and how to mend it stands in `docs/diagnostics.md`, one heading an id.

use std::fmt;

use serde::{Serialize, Serializer};

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The specification cannot be used.
    Error,
    /// The specification can be used; somebody should look.
    Warning,
}

/// Declares the codes once: variant, id, severity.
macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $meaning:literal;)+) => {
        /// What is wrong, as an id that stays the same over releases.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $meaning] $variant,)+ }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The kebab-case id.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// Whether it refuses the specification.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)+ }
            }

            /// What it means, in a line.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

codes! {
    NotFound "not-found" Error "A path names nothing.";
    NotAFile "not-a-file" Error "A folder or device stands where a file should be.";
    Unreadable "unreadable" Error "The system refuses to read a path.";
    FileTooLarge "file-too-large" Error "A file is larger than a specification can be.";
    TooManyFiles "too-many-files" Error "An environment has more files than is sensible.";
    TotalTooLarge "total-too-large" Error "All files together are larger than is sensible.";
    NotUtf8 "not-utf8" Error "A file is not UTF-8 text.";
    UnexpectedFile "unexpected-file" Error "Something in services/ would be ignored silently.";
    OutsideRoot "outside-root" Error "A path leaves the folder that holds the environments.";
    ExtendsCycle "extends-cycle" Error "Environments extend each other in a circle.";
    FileName "file-name" Error "A file is named after another service.";

    YamlSyntax "yaml-syntax" Error "The text is not YAML.";
    EmptyDocument "empty-document" Error "A file holds nothing.";
    SeveralDocuments "several-documents" Error "A file holds more than one YAML document.";
    DuplicateKey "duplicate-key" Error "A mapping has the same key twice.";
    KeyNotText "key-not-text" Error "A key is a list or a mapping.";
    MergeKey "merge-key" Error "The YAML 1.1 merge key is used.";
    UnsupportedTag "unsupported-tag" Error "A YAML tag asks for a type that does not exist here.";
    NestingTooDeep "nesting-too-deep" Error "The document is nested deeper than any specification.";
    TooManyNodes "too-many-nodes" Error "The document grows beyond any specification, often by aliases.";
    AmbiguousText "ambiguous-text" Warning "A plain word is text here and true or false to older tools.";

    UnknownField "unknown-field" Error "A field does not exist.";
    MissingField "missing-field" Error "A required field is absent.";
    WrongType "wrong-type" Error "A value has another type than its field.";
    UnquotedAccount "unquoted-account" Error "An account id is written as a number.";
    UnknownValue "unknown-value" Error "A value is none of those that its field knows.";
    InvalidValue "invalid-value" Error "A value breaks the rule of its field.";
    OutOfRange "out-of-range" Error "A number is beyond its limits.";
    EmptyValue "empty-value" Error "A value that must say something is empty.";
    TooLong "too-long" Error "A text is longer than AWS or the house allows.";
    RepeatedItem "repeated-item" Error "A set names the same item twice.";

    DuplicateService "duplicate-service" Error "Two entries declare the same service.";
    NoServices "no-services" Error "An environment has no service at all.";
    RuntimeSettings "runtime-settings" Error "A runtime and its settings do not fit.";
    WorkloadShared "workload-shared" Error "Two workloads would run as one Kubernetes service account.";

    CallToUndeclared "call-to-undeclared" Error "A call goes to a service that is not declared.";
    CallToSelf "call-to-self" Error "A service calls itself.";
    CallToRetired "call-to-retired" Error "A call goes to a service that is gone.";
    CallToSuspended "call-to-suspended" Warning "A call goes to a service that is stopped.";
    PortNotListened "port-not-listened" Error "A call goes to a port that the callee does not listen on.";
    PortForLambda "port-for-lambda" Error "A call to a Lambda function names a port.";
    PortMissing "port-missing" Error "A call to a listening service names no port.";
    CriticalityInversion "criticality-inversion" Warning "A critical service depends on one that nobody would miss.";
    DuplicateEntry "duplicate-entry" Error "A list declares the same edge or store twice.";

    LambdaListens "lambda-listens" Error "A Lambda function is said to listen.";
    IngressWithoutListener "ingress-without-listener" Error "Traffic is let in to a port on which nothing listens.";
    OnePeer "one-peer" Error "An edge names no peer or several.";
    OpenEgress "open-egress" Error "A service may reach every address.";
    OpenIngress "open-ingress" Warning "Every address may reach a service.";
    InsideTheNetwork "inside-the-network" Error "An address range bypasses the declared calls.";
    NetworkSize "network-size" Error "The network is larger or smaller than a VPC can be.";
    NetworkTooSmall "network-too-small" Error "The network has no room for the subnets of its zones.";
    UnknownZone "unknown-zone" Error "A zone is one that no Region has.";
    LambdaInterfaces "lambda-interfaces" Warning "Lambda functions need more network interfaces than a VPC has by default.";

    OneGrant "one-grant" Error "An access names neither a level nor actions, or both.";
    UnknownAction "unknown-action" Error "An action does not exist in AWS.";
    UnknownResource "unknown-resource" Error "An access names no resource that AWS knows.";
    ActionOnOtherType "action-on-other-type" Error "An action does not act on the resource that is named.";
    NoSuchLevel "no-such-level" Error "A resource type has nothing to grant at this level.";
    AccessTooWide "access-too-wide" Error "An access cannot be limited to one resource, or hands out permissions.";
    StoreOwnedTwice "store-owned-twice" Error "Two services own the same store.";
    StoreName "store-name" Error "AWS refuses such a name for such a store.";
    StoreNotManaged "store-not-managed" Error "A store is to be managed that cannot be made here.";
    TableKey "table-key" Error "A managed table has no key, or something else has one.";
    ForeignStore "foreign-store" Warning "A service reaches into a store that another service owns.";

    NotARole "not-a-role" Error "A principal is not an IAM role.";
    ForeignPrincipal "foreign-principal" Warning "A principal belongs to another account.";
    PartitionMismatch "partition-mismatch" Error "An ARN belongs to another AWS partition than the Region.";
    SeparationOfDuties "separation-of-duties" Error "One role holds two duties that must be apart.";
    UnknownFramework "unknown-framework" Error "A framework is none of those that ship.";
    RetiredFramework "retired-framework" Warning "A framework is no longer in force.";
    CardDataWithoutPci "card-data-without-pci" Warning "Cardholder data is handled and PCI DSS is not declared.";

    NameTooLong "name-too-long" Error "A physical name is longer than AWS allows.";
    NameCollision "name-collision" Error "Two resources would bear the same physical name.";
    ReservedName "reserved-name" Error "A service bears a name that the environment's own resources bear.";
    LogDaysRounded "log-days-rounded" Warning "CloudWatch does not know this retention; the next longer one is used.";
    RetentionConflict "retention-conflict" Error "Logs with personal data would be kept longer than the limit.";
    InsecureUrl "insecure-url" Error "A link is not https.";

    OneTarget "one-target" Error "A waiver is for a check or for a drift, and names neither or both.";
    RecordTwice "record-twice" Error "Two waivers or two attestations have the same id.";
    SamePerson "same-person" Error "One person approves what the same person asked for.";
    WaiverTooLong "waiver-too-long" Error "A waiver holds for more than a year.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
