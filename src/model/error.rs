//! The one way in which a value can fail to become a newtype.

/// A value that a newtype refuses, with the rule that it breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {what}: {rule}")]
pub struct Invalid {
    /// The noun of the newtype, with its article: "a service name".
    pub what: &'static str,
    /// The value as given, cut to a length that a terminal can show.
    pub value: String,
    /// What a good value looks like.
    pub rule: &'static str,
}

impl Invalid {
    /// Builds the error; values longer than 80 characters are cut.
    pub fn new(what: &'static str, value: &str, rule: &'static str) -> Self {
        let mut shown: String = value.chars().take(80).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self {
            what,
            value: shown,
            rule,
        }
    }
}
