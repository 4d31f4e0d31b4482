//! Colours of the terminal renderings; stripped where nobody sees them.

use anstyle::{AnsiColor, Style};

use crate::{plan::Action, resource::Direction};

/// Headings.
pub const HEADING: Style = Style::new().bold();
/// What is secondary.
pub const FAINT: Style = Style::new().dimmed();

/// The colour of an action.
pub fn action(action: Action) -> Style {
    match action {
        Action::Create => AnsiColor::Green,
        Action::Update => AnsiColor::Yellow,
        Action::Replace => AnsiColor::Magenta,
        Action::Delete => AnsiColor::Red,
    }
    .on_default()
}

/// The colour of a direction.
pub fn direction(direction: Direction) -> Style {
    match direction {
        Direction::AccessWidened | Direction::LoggingWeakened | Direction::EncryptionWeakened => {
            AnsiColor::Red.on_default()
        }
        Direction::Neutral => FAINT,
        _ => AnsiColor::Green.on_default(),
    }
}

/// The words of a direction after what it is about; nothing where it does nothing.
pub fn told(towards: Direction) -> String {
    if towards == Direction::Neutral {
        return String::new();
    }
    let colour = direction(towards);
    format!("  {colour}{}{colour:#}", towards.words())
}
