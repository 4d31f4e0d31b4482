//! The retention periods that CloudWatch knows, and rounding up to them.

use super::{code::Code, diagnostic::Draft, path::YamlPath};

/// Retention in days, shortest first.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub(super) const KNOWN: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// The shortest period that CloudWatch knows and that is not shorter; says so where it is longer.
pub(super) fn days(asked: u32, path: YamlPath, problems: &mut Vec<Draft>) -> u32 {
    let Some(kept) = KNOWN.into_iter().find(|known| *known >= asked) else {
        // The schema refuses what is beyond the last.
        return asked;
    };
    if kept != asked {
        problems.push(
            Draft::new(
                Code::LogDaysRounded,
                format!("CloudWatch cannot keep logs for {asked} days; {kept} is used"),
            )
            .help(format!("write {kept}"))
            .path(path),
        );
    }
    kept
}
