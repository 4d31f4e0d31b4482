//! The stable ids of what lint finds, each with its severity.
//! What each means and how to mend it stands in `docs/lint.md`, one heading an id.

use std::fmt;

use serde::{Serialize, Serializer};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The policy gives more than anybody can want, or does not do what it says.
    Error,
    /// Somebody should look.
    Warning,
}

/// Declares the codes once: variant, id, severity, meaning.
macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $meaning:literal;)+) => {
        /// What lint finds, as an id that stays the same over releases.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LintCode { $(#[doc = $meaning] $variant,)+ }

        impl LintCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The kebab-case id.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// How much it weighs.
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
    NotJson "not-json" Error "A file is not JSON.";
    NotAPolicy "not-a-policy" Error "A file holds no policy document.";
    DuplicateElement "duplicate-element" Error "An element stands in a document twice.";
    UnknownElement "unknown-element" Error "The policy grammar has no such element.";
    MissingElement "missing-element" Error "A statement lacks an element that it needs.";
    WrongValue "wrong-value" Error "An element has a value that the grammar does not know.";
    DuplicateSid "duplicate-sid" Error "Two statements have the same Sid.";
    OldVersion "old-version" Warning "A policy does not say that it is in the current language.";
    InertVariable "inert-variable" Error "A policy variable is plain text in the old language.";
    TooLarge "too-large" Error "A policy is larger than AWS stores.";

    AnyAction "any-action" Error "A statement allows every action.";
    AnyActionOfService "any-action-of-service" Warning "A statement allows every action of a service.";
    AnyResource "any-resource" Warning "A statement allows actions on every resource although they can be limited.";
    AllowNotAction "allow-not-action" Error "A statement allows everything but some actions.";
    AllowNotResource "allow-not-resource" Error "A statement allows actions on everything but some resources.";
    AllowNotPrincipal "allow-not-principal" Error "A statement allows everybody but some.";

    PrivilegeEscalation "privilege-escalation" Error "A policy lets its holder gain rights that it does not have.";
    PassAnyRole "pass-any-role" Error "A policy lets its holder give any role to a service.";
    PassToAnyService "pass-to-any-service" Warning "A policy lets its holder give a role to any service.";
    AssumeAnyRole "assume-any-role" Error "A policy lets its holder assume any role.";
    OpenGrant "open-grant" Warning "A policy lets its holder give others the use of a key.";

    PublicPrincipal "public-principal" Error "A statement allows everybody in the world.";
    ConfusedDeputy "confused-deputy" Warning "An AWS service is trusted, whoever it acts for.";
    OpenFederation "open-federation" Error "Everybody whom an identity provider knows is trusted.";
    ForeignWithoutCondition "foreign-without-condition" Warning "A whole account is trusted to choose who of it may assume a role.";
    DeletedPrincipal "deleted-principal" Warning "A principal is the id of something that was deleted.";

    UnknownAction "unknown-action" Error "AWS has no such action.";
    IneffectiveAction "ineffective-action" Error "An action is allowed on resources that it is never about.";
    MalformedArn "malformed-arn" Error "A resource is no ARN.";

    UnknownOperator "unknown-operator" Error "AWS has no such condition operator.";
    UnknownConditionKey "unknown-condition-key" Error "AWS has no such condition key.";
    AbsentConditionKey "absent-condition-key" Warning "No action of a statement ever brings a condition key.";
    WrongOperator "wrong-operator" Error "A condition operator does not fit the type of its key.";
    ArnAsText "arn-as-text" Warning "An ARN with wildcards is compared as text.";
    WrongConditionValue "wrong-condition-value" Error "A condition compares with a value that no request can have.";
    WildcardAsText "wildcard-as-text" Warning "A wildcard stands where it is plain text.";
    OpenForAllValues "open-for-all-values" Error "A request without the key satisfies a condition that allows.";
    SetOperatorOnOneValue "set-operator-on-one-value" Warning "A set operator is used on a key that has one value.";
    NoSetOperator "no-set-operator" Warning "A key with several values is compared without a set operator.";

    NeverReached "never-reached" Warning "A statement allows only what another one denies.";
    Redundant "redundant" Warning "A statement allows only what another one allows.";
}

impl fmt::Display for LintCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Serialize for LintCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
