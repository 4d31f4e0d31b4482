//! The report on paper: whole, harmless, of its level, and the same whenever it is made again.

use strongroom::report::{json, pdf};

use super::judged::Judged;

/// A document with every part in it. Typst is slow without optimisation, so of what repeats there
/// are a few.
fn paper(judged: &Judged) -> Vec<u8> {
    let assessment = json::bytes(&judged.assessment()).unwrap();
    let mut report = judged.report();
    report.checks.truncate(2);
    report.frameworks.truncate(1);
    report
        .frameworks
        .iter_mut()
        .for_each(|one| one.requirements.truncate(3));
    report.header.listings.truncate(3);
    report.services.truncate(3);
    let checks: Vec<&String> = report.checks.iter().map(|check| &check.anchor).collect();
    let failures = &mut report.summary.failures;
    failures.retain(|failed| checks.contains(&&failed.anchor));
    pdf::document(&report, &assessment, judged.snapshot.taken_at).unwrap()
}

fn has(document: &[u8], text: &str) -> bool {
    document
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn the_same_report_gives_the_same_document() {
    let judged = Judged::bank();
    let document = paper(&judged);
    assert!(document.starts_with(b"%PDF-1.7"));
    assert_eq!(document, paper(&judged));
}

#[test]
fn it_says_its_level_its_moment_and_what_is_attached() {
    let document = paper(&Judged::bank());
    for text in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "2026-03-01T06:00:00",
        "/EmbeddedFile",
        "(assessment.json)",
        "/AFRelationship/Data",
    ] {
        assert!(has(&document, text), "{text}");
    }
}

#[test]
fn no_text_is_markup_and_no_letter_costs_the_report() {
    let judged = Judged::bank().specified(|environment| {
        environment.owner = "#panic() $x$ *b* @a <l> \\u{0} `r` #{".to_owned();
        for (service, text) in environment.services.values_mut().zip([
            "株式会社 \u{1f600} \u{202e}cod \u{e123} \u{300} \u{fe0f}",
            "#include \"page.json\" ]]] #pdf.attach(\"x\")",
            "العربية हिन्दी ไทย e\u{301}\u{0}\u{feff}\u{fffe}",
        ]) {
            service.purpose = text.to_owned();
        }
    });
    assert!(has(&paper(&judged), "<pdfaid:part>3</pdfaid:part>"));
}
