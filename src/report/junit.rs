//! The report as JUnit XML, for build servers: a suite for each check with a case for each resource,
//! and a suite for each framework with a case for each requirement. What could not be read is an
//! error; what a waiver allows, or nobody can judge here, is skipped with the reason.

use quick_junit::{
    NonSuccessKind, Property, Report as Suites, SerializeError, TestCase, TestCaseStatus,
    TestSuite, XmlString,
};

use super::{
    assessment::{FrameworkView, Report, RequirementView, Source, plain},
    row::{Row, by_check},
};
use crate::compliance::{assess::RequirementResult, verdict::Outcome};

/// The report as XML.
///
/// # Errors
/// None that memory can cause.
pub fn xml(source: &Source<'_>, report: &Report) -> Result<Vec<u8>, SerializeError> {
    let mut suites = Suites::new(format!("strongroom {}", plain(&report.header.environment)));
    for rows in by_check(source, report) {
        let mut rows = rows.peekable();
        if let Some(first) = rows.peek() {
            let mut suite = of_check(report, first);
            suite.add_test_cases(rows.map(|row| of_verdict(&row)));
            suites.add_test_suite(suite);
        }
    }
    let frameworks = source.assessment.frameworks.iter().zip(&report.frameworks);
    suites.add_test_suites(frameworks.map(|(framework, shown)| {
        let requirements = framework.requirements.iter().zip(&shown.requirements);
        let mut suite = suite(report, &shown.id);
        suite.add_test_cases(requirements.map(|(one, words)| of_requirement(shown, one, words)));
        suite
    }));
    let mut bytes = Vec::new();
    suites.serialize(&mut bytes)?;
    Ok(bytes)
}

/// A suite that says of what it is, from where and when.
fn suite(report: &Report, name: &str) -> TestSuite {
    let header = &report.header;
    let mut suite = TestSuite::new(plain(name));
    let moment = header.taken_at.replace(" UTC", "+00:00").replace(' ', "T");
    suite
        .extra
        .insert(XmlString::new("timestamp"), XmlString::new(moment));
    suite.extra.insert(
        XmlString::new("hostname"),
        XmlString::new(plain(&header.account)),
    );
    suite.add_properties([
        Property::new("origin", plain(&header.origin)),
        Property::new("region", plain(&header.region)),
        Property::new("specification", header.digest.as_str()),
        Property::new("tool", header.tool.as_str()),
    ]);
    suite
}

fn of_check(report: &Report, row: &Row<'_>) -> TestSuite {
    let settings = row.settings();
    let name = match row.run.own_thresholds {
        true => row.run.id.clone(),
        false => format!("{} with {}", row.run.id, settings.join(", ")),
    };
    let mut suite = suite(report, &name);
    suite.add_properties([
        Property::new("title", plain(&row.check.title)),
        Property::new("severity", row.check.severity.as_str()),
    ]);
    suite
}

fn of_verdict(row: &Row<'_>) -> TestCase {
    let outcome = row.verdict.outcome;
    let details = row.details();
    let status = match outcome {
        Outcome::Fail => told(
            NonSuccessKind::Failure,
            &row.check.severity,
            &row.check.title,
        ),
        Outcome::NotEvaluated => told(NonSuccessKind::Error, outcome.words(), &row.check.title),
        other => quiet(other, &details),
    };
    let status = match outcome {
        Outcome::Fail | Outcome::NotEvaluated => described(status, row, &details),
        _ => status,
    };
    let resource = &row.shown.resource;
    let mut case = TestCase::new(
        plain(&format!("{} {}", resource.kind, resource.name)),
        status,
    );
    let service = row.verdict.service.as_deref().unwrap_or("environment");
    case.set_classname(plain(&format!("{}.{service}", row.run.id)));
    case
}

fn told(kind: NonSuccessKind, what: &str, why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(plain(what)).set_message(plain(why));
    status
}

fn described(mut status: TestCaseStatus, row: &Row<'_>, details: &[String]) -> TestCaseStatus {
    let place = format!("at {}", row.uid());
    let todo = format!("to do: {}", row.check.remediation);
    let lines = std::iter::once(&place).chain(details).chain([&todo]);
    let lines: Vec<String> = lines.map(|line| plain(line)).collect();
    status.set_description(lines.join("\n"));
    status
}

/// What is no failure: only good news is a success.
fn quiet(outcome: Outcome, reasons: &[String]) -> TestCaseStatus {
    match outcome {
        Outcome::Pass | Outcome::Attested | Outcome::Inherited => TestCaseStatus::success(),
        other => {
            let mut status = TestCaseStatus::skipped();
            let reasons = std::iter::once(other.words().to_owned()).chain(reasons.iter().cloned());
            let reasons: Vec<String> = reasons.map(|reason| plain(&reason)).collect();
            status.set_message(reasons.join(": "));
            status
        }
    }
}

/// What was not read is an error of its check already.
fn of_requirement(
    framework: &FrameworkView,
    one: &RequirementResult,
    words: &RequirementView,
) -> TestCase {
    let status = match one.overall {
        Outcome::Fail => {
            let mut status = told(NonSuccessKind::Failure, "requirement", &words.title);
            status.set_description(plain(&words.reasons.join("; ")));
            status
        }
        other => quiet(other, &words.reasons),
    };
    let mut case = TestCase::new(plain(&format!("{} {}", words.id, words.title)), status);
    case.set_classname(plain(&framework.id));
    case
}
