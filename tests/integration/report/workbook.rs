//! The workbook, unpacked and read back: every view is there, nothing is a formula, and the same
//! report gives the same bytes.

use std::{collections::BTreeMap, io::Read};

use strongroom::report::workbook;

use super::judged::{Judged, denied};

/// A workbook as the files inside of it.
struct Unpacked(BTreeMap<String, String>);

impl Unpacked {
    /// Reads a ZIP archive by its central directory (APPNOTE 4.3.12).
    fn of(archive: &[u8]) -> Self {
        let end = archive
            .windows(4)
            .rposition(|w| w == b"PK\x05\x06")
            .unwrap();
        let short = |at: usize| usize::from(u16::from_le_bytes([archive[at], archive[at + 1]]));
        let long = |at: usize| short(at) + (short(at + 2) << 16);
        let mut at = long(end + 16);
        let mut files = BTreeMap::new();
        for _ in 0..short(end + 10) {
            let name = &archive[at + 46..at + 46 + short(at + 28)];
            let local = long(at + 42);
            let data = local + 30 + short(local + 26) + short(local + 28);
            let packed = &archive[data..data + long(at + 20)];
            let mut text = String::new();
            match short(at + 10) {
                0 => text.push_str(std::str::from_utf8(packed).unwrap()),
                _ => drop(
                    flate2::read::DeflateDecoder::new(packed)
                        .read_to_string(&mut text)
                        .unwrap(),
                ),
            }
            files.insert(String::from_utf8(name.to_vec()).unwrap(), text);
            at += 46 + short(at + 28) + short(at + 30) + short(at + 32);
        }
        Self(files)
    }

    fn sheet(&self, number: usize) -> &str {
        &self.0[&format!("xl/worksheets/sheet{number}.xml")]
    }

    fn texts(&self) -> &str {
        &self.0["xl/sharedStrings.xml"]
    }
}

fn bytes(judged: &Judged) -> Vec<u8> {
    workbook::bytes(&judged.report(), judged.snapshot.taken_at).unwrap()
}

#[test]
fn every_view_is_a_sheet_with_filters_and_frozen_headers() {
    let book = Unpacked::of(&bytes(&Judged::bank()));
    let names = [
        "Summary",
        "Gaps",
        "Requirements",
        "Checks",
        "Verdicts",
        "Resources",
        "Waivers",
        "Attestations",
    ];
    for (number, name) in (1..).zip(names) {
        assert!(book.0["xl/workbook.xml"].contains(&format!("<sheet name=\"{name}\"")));
        let sheet = book.sheet(number);
        assert!(sheet.contains("<autoFilter ref=\"A2:"), "{name}");
        assert!(sheet.contains("ySplit=\"2\""), "{name}");
        assert!(sheet.contains("<cols>"), "{name}");
    }
}

#[test]
fn every_verdict_is_a_line() {
    let judged = Judged::bank();
    let verdicts: usize = judged
        .report()
        .checks
        .iter()
        .map(|c| c.verdicts.len())
        .sum();
    let book = Unpacked::of(&bytes(&judged));
    // The origin and the headers stand above them.
    assert_eq!(book.sheet(5).matches("<row ").count(), verdicts + 2);
}

#[test]
fn every_sheet_says_where_it_is_from() {
    let book = Unpacked::of(&bytes(&Judged::bank()));
    let origin = "This is no evidence about an AWS account";
    assert!(book.texts().contains(origin));
    for number in 1..=8 {
        assert!(book.sheet(number).contains("<row r=\"1\""), "{number}");
        assert!(
            book.sheet(number).contains("bank-prod"),
            "{number}: no footer"
        );
    }
}

#[test]
fn text_is_never_a_formula_and_never_markup() {
    let judged = Judged::bank().specified(|environment| {
        let service = environment.services.values_mut().next().unwrap();
        service.owner = "=HYPERLINK(\"https://evil.example\",\"x\")".to_owned();
        environment.owner = "<c><f>1+1</f></c>&\u{1}".to_owned();
    });
    let book = Unpacked::of(&bytes(&judged));
    for (name, text) in &book.0 {
        assert!(!text.contains("<f>"), "{name} has a formula");
        assert!(!text.contains('\u{1}'), "{name} has a control character");
    }
    assert!(book.texts().contains("&lt;c&gt;&lt;f&gt;1+1"));
}

#[test]
fn what_was_not_read_is_told() {
    let judged = Judged::bank().with(|snapshot| {
        snapshot["resources"]["kms_key"]["login"]["policy"] =
            denied("kms:GetKeyPolicy", "not authorized");
    });
    let book = Unpacked::of(&bytes(&judged));
    assert!(book.texts().contains("access denied: not authorized"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let judged = Judged::bank();
    assert_eq!(bytes(&judged), bytes(&judged));
}
