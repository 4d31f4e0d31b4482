//! The sheets of what people decided and of what changed: waivers, attestations, changes.

use super::{
    sheet::{Cell, Sheet},
    views::columns,
};
use crate::report::assessment::{AttestationView, Report, SinceView, WaiverView};

/// What may fail for a while.
pub fn waivers(report: &Report) -> Sheet {
    Sheet {
        name: "Waivers",
        columns: columns([
            ("Waiver", 18),
            ("Standing", 16),
            ("About", 44),
            ("Reason", 50),
            ("Meanwhile", 50),
            ("Owner", 24),
            ("Approved by", 30),
            ("Approved on", 13),
            ("Last day", 13),
            ("Ticket", 16),
            ("Failures", 60),
            ("To look at", 50),
        ]),
        lines: report.waivers.iter().map(waiver).collect(),
    }
}

fn waiver(one: &WaiverView) -> Vec<Cell> {
    vec![
        (&one.id).into(),
        one.standing.into(),
        (&one.about).into(),
        (&one.reason).into(),
        (&one.compensating_control).into(),
        (&one.owner).into(),
        (&one.approver).into(),
        (&one.approved_on).into(),
        (&one.expires).into(),
        (&one.ticket).into(),
        one.failures.join("\n").into(),
        one.doubts.join("\n").into(),
    ]
}

/// What people say.
pub fn attestations(report: &Report) -> Sheet {
    Sheet {
        name: "Attestations",
        columns: columns([
            ("Attestation", 18),
            ("Standing", 16),
            ("Statement", 70),
            ("By", 30),
            ("Approved by", 30),
            ("Attested on", 13),
            ("Last day", 13),
            ("Requirements", 50),
            ("Evidence", 60),
            ("To look at", 50),
        ]),
        lines: report.attestations.iter().map(attestation).collect(),
    }
}

fn attestation(one: &AttestationView) -> Vec<Cell> {
    vec![
        (&one.id).into(),
        one.standing.into(),
        (&one.statement).into(),
        (&one.by).into(),
        (&one.approver).into(),
        (&one.attested_on).into(),
        (&one.valid_until).into(),
        one.requirements.join("\n").into(),
        one.evidence.join("\n").into(),
        one.doubts.join("\n").into(),
    ]
}

/// What changed since an earlier bundle.
pub fn changes(since: &SinceView) -> Sheet {
    let turned = since.turned.iter().chain(&since.appeared).map(|one| {
        let before = one.before.map_or_else(|| "not there".into(), Cell::from);
        vec![
            (&one.check).into(),
            before,
            one.after.into(),
            (&one.resource).into(),
            (&one.service).into(),
            (&one.title).into(),
        ]
    });
    let gone = since.gone.iter().map(|one| {
        let checks = one.checks.join("\n");
        vec![
            checks.into(),
            "".into(),
            "gone".into(),
            (&one.resource).into(),
        ]
    });
    let requirements = since.requirements.iter().map(|one| {
        let mut cells: Vec<Cell> = vec![(&one.requirement).into(), one.before.into()];
        cells.extend([one.after.into(), "".into(), "".into(), (&one.title).into()]);
        cells
    });
    Sheet {
        name: "Changes",
        columns: columns([
            ("Check or requirement", 34),
            ("Before", 16),
            ("Now", 16),
            ("Resource", 50),
            ("Service", 20),
            ("What it is about", 60),
        ]),
        lines: turned.chain(gone).chain(requirements).collect(),
    }
}
