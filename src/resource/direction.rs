//! The direction of a change: what it does to access, logging and encryption.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FieldChange, Sides};

/// What a change does. Ordered from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is allowed than before.
    AccessWidened,
    /// Less is logged, or for a shorter time.
    LoggingWeakened,
    /// Less is encrypted, or with a worse key.
    EncryptionWeakened,
    /// Nothing of the three.
    Neutral,
    /// More is encrypted.
    EncryptionStrengthened,
    /// More is logged, or for longer.
    LoggingStrengthened,
    /// Less is allowed than before.
    AccessNarrowed,
}

impl Direction {
    /// The worst of several; what does nothing does not hide what the others do.
    pub fn worst(directions: impl IntoIterator<Item = Self>) -> Self {
        let telling = directions.into_iter().filter(|one| *one != Self::Neutral);
        telling.min().unwrap_or(Self::Neutral)
    }

    /// The direction of the opposite change.
    pub fn reversed(self) -> Self {
        match self {
            Self::AccessWidened => Self::AccessNarrowed,
            Self::AccessNarrowed => Self::AccessWidened,
            Self::LoggingWeakened => Self::LoggingStrengthened,
            Self::LoggingStrengthened => Self::LoggingWeakened,
            Self::EncryptionWeakened => Self::EncryptionStrengthened,
            Self::EncryptionStrengthened => Self::EncryptionWeakened,
            Self::Neutral => Self::Neutral,
        }
    }

    /// The words that people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::AccessWidened => "access widened",
            Self::LoggingWeakened => "logging weakened",
            Self::EncryptionWeakened => "encryption weakened",
            Self::Neutral => "neutral",
            Self::EncryptionStrengthened => "encryption strengthened",
            Self::LoggingStrengthened => "logging strengthened",
            Self::AccessNarrowed => "access narrowed",
        }
    }

    /// Widened or narrowed.
    pub fn access(widened: bool) -> Self {
        if widened {
            Self::AccessWidened
        } else {
            Self::AccessNarrowed
        }
    }

    /// Strengthened or weakened encryption.
    pub fn encryption(strengthened: bool) -> Self {
        if strengthened {
            Self::EncryptionStrengthened
        } else {
            Self::EncryptionWeakened
        }
    }

    /// Strengthened or weakened logging.
    pub fn logging(strengthened: bool) -> Self {
        if strengthened {
            Self::LoggingStrengthened
        } else {
            Self::LoggingWeakened
        }
    }
}

/// The direction of a change inside a policy document.
///
/// A statement that appears or vanishes is judged whole, by its effect. Within one it is decided
/// by the path: what an Allow gains widens, what a Deny gains narrows. A value that is
/// replaced shows as one of each, so the worse one is always told.
pub fn of_policy(change: &FieldChange, sides: Sides<'_>) -> Direction {
    let path = &change.path;
    let at = if path.field() == "inline" { 2 } else { 1 };
    if path.key_at(at) != Some("statements") {
        return Direction::Neutral;
    }
    let statement = |side| path.lookup(side, at + 2);
    let denies = [sides.after, sides.before]
        .into_iter()
        .find_map(|side| statement(side)?.get("effect")?.as_str())
        == Some("Deny");
    let gained = change.before.is_none();
    if statement(sides.before).is_none() || statement(sides.after).is_none() {
        return match path.key_at(at + 2) {
            Some(_) => Direction::access(gained != denies),
            None => Direction::Neutral,
        };
    }
    let grows = match path.key_at(at + 2) {
        Some("effect") => return Direction::access(change.after == Some("Allow".into())),
        Some("actions" | "resources" | "principals") => gained,
        Some("not_actions" | "not_resources" | "not_principals") => {
            gained != known_on_both(change, sides, at + 3)
        }
        Some("conditions") => condition_grows(change, sides, at),
        _ => return Direction::Neutral,
    };
    Direction::access(grows != denies)
}

/// Whether the place at this depth is there on both sides. A negated set that appears stands for
/// all but its elements; one more element in it takes something away.
fn known_on_both(change: &FieldChange, sides: Sides<'_>, length: usize) -> bool {
    let known = |side| change.path.lookup(side, length).is_some();
    known(sides.before) && known(sides.after)
}

/// A further value of a known key loosens, unless its operator is negated; a key that appears
/// whole restricts.
fn condition_grows(change: &FieldChange, sides: Sides<'_>, at: usize) -> bool {
    let gained = change.before.is_none();
    if known_on_both(change, sides, at + 5) {
        let negated = change
            .path
            .key_at(at + 3)
            .is_some_and(|operator| operator.contains("Not"));
        gained != negated
    } else {
        !gained
    }
}

/// The direction of a number of days; none means that nothing ever expires.
pub fn of_retention(change: &FieldChange) -> Direction {
    let days = |value: Option<&Value>| value.and_then(Value::as_u64).unwrap_or(u64::MAX);
    Direction::logging(days(change.after.as_ref()) > days(change.before.as_ref()))
}
