//! Who decides what a condition key holds: the caller, the way of the call, or nobody here.
//! A key that is not listed is the caller's to choose, which allows too much and never too little.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

/// Who decides what a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// The caller, by what it asks and from where.
    Chosen,
    /// The way on which the request comes.
    Way,
    /// Somebody whom no snapshot shows: what rests on it is not decided.
    Obscure,
    /// Nobody: a caller of an account never brings it.
    Never,
}

/// Keys that only a service acting for itself brings.
const OF_SERVICES: [&str; 6] = [
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
];

/// Keys that follow from how a call arrives.
const OF_THE_WAY: [&str; 5] = [
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:viaawsservice",
    "kms:viaservice",
    "aws:vpcsourceip",
];

/// Keys about the caller, its session or its organisation that no snapshot shows.
const UNSEEN: [&str; 10] = [
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "kms:resourcealiases",
];

/// Tags, wherever they are.
const TAGS: [&str; 4] = [
    "aws:principaltag/",
    "resourcetag/",
    "objecttag/",
    "buckettag/",
];

impl Nature {
    /// The nature of a key in lower case, for a request of an account's own caller or another.
    pub fn of(key: &str, own: bool) -> Self {
        if OF_SERVICES.contains(&key) || key == "aws:username" {
            return match own {
                true => Self::Never,
                false => Self::Chosen,
            };
        }
        if OF_THE_WAY.contains(&key) {
            return Self::Way;
        }
        match UNSEEN.contains(&key) || TAGS.iter().any(|tag| key.contains(tag)) {
            true => Self::Obscure,
            false => Self::Chosen,
        }
    }
}
