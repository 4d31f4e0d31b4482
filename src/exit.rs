//! How a run ends, as a number that CI can branch on.

/// The end of a run. Known-bad stands before unknown, unknown before good: when several things
/// are true, the one that comes first here is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The command line was wrong.
    Usage,
    /// The specification was wrong.
    InvalidSpec,
    /// Something failed on the way.
    Failed,
    /// Somebody may do what they must not, or must and may not.
    IsolationBroken,
    /// Evidence is not what was sealed.
    Unverified,
    /// A control failed.
    ControlFailed,
    /// The account is not what the specification says.
    Drift,
    /// Something was not read or not evaluated, or an apply is incomplete.
    Incomplete,
    /// All agreed.
    Agreed,
}

impl Exit {
    /// Every end, in order of precedence.
    pub const ALL: [Self; 11] = [
        Self::Interrupted,
        Self::Terminated,
        Self::Usage,
        Self::InvalidSpec,
        Self::Failed,
        Self::IsolationBroken,
        Self::Unverified,
        Self::ControlFailed,
        Self::Drift,
        Self::Incomplete,
        Self::Agreed,
    ];

    /// The exit code. 2 is a wrong command line, as clap has it, so drift is never a typo.
    pub const fn code(self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Usage => 2,
            Self::InvalidSpec => 3,
            Self::Failed => 1,
            Self::IsolationBroken => 13,
            Self::Unverified => 14,
            Self::ControlFailed => 11,
            Self::Drift => 10,
            Self::Incomplete => 12,
            Self::Agreed => 0,
        }
    }

    /// The one of two ends that is told.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_bad_is_told_before_unknown() {
        assert_eq!(Exit::Incomplete.and(Exit::Drift), Exit::Drift);
        assert_eq!(Exit::Agreed.and(Exit::Incomplete), Exit::Incomplete);
        assert_eq!(Exit::Drift.and(Exit::Failed), Exit::Failed);
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<u8> =
            Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes.len(), Exit::ALL.len());
    }
}
