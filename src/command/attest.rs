//! `strongroom attest`: one attestation more beside a specification, with its evidence hashed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::{Failure, Output, policies, report::found, session};
use crate::{
    account::file,
    cli::{AttestArgs, Global},
    compliance::{
        attestation::Attestation,
        framework::{Framework, Requirement},
        records::{EvidenceFile, day},
    },
    exit::Exit,
    spec::{self, RecordPaths, SpecErrors},
};

/// Appends the attestation to the file beside the specification.
pub fn run(
    global: &Global,
    said: &AttestArgs,
    now: jiff::Timestamp,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let own = policies::Own::open(global)?;
    session::load(&said.spec, &own.frameworks(), output)?;
    let library = own.library()?;
    let framework = found(&said.framework, &library)?;
    let requirements = requirements(framework, &said.requirement)?;
    let paths = RecordPaths::of(&said.spec);
    let records = session::records(&said.spec, output)?;
    let attestation = attestation(said, framework, &paths, &records.attestations, day(now))?;
    append(
        &paths.attestations,
        &records.attestations,
        &attestation,
        output,
    )?;
    output.result(&format!(
        "{} is in {}.\n",
        attestation.id,
        paths.attestations.display()
    ));
    for requirement in requirements {
        for word in words(requirement, &attestation) {
            output.tell(&word);
        }
    }
    Ok(Exit::Agreed)
}

/// The requirements of these ids.
fn requirements<'f>(
    framework: &'f Framework,
    ids: &[String],
) -> Result<Vec<&'f Requirement>, Failure> {
    let all = &framework.text.requirements;
    let one = |id: &String| {
        let known = all.iter().find(|requirement| requirement.id == *id);
        known.ok_or_else(|| Failure::with(Exit::Usage, no_requirement(framework, id)))
    };
    ids.iter().map(one).collect()
}

/// A requirement is most often missed by leaving out its paragraph.
fn no_requirement(framework: &Framework, id: &str) -> String {
    let all = framework.text.requirements.iter();
    let below = all.filter(|requirement| requirement.id.starts_with(id));
    let below: Vec<&str> = below.map(|requirement| requirement.id.as_str()).collect();
    let framework = &framework.text.id;
    match below.as_slice() {
        [] => format!("{framework} has no requirement {id}"),
        some => format!(
            "{framework} has no requirement {id}, but {}",
            some.join(", ")
        ),
    }
}

/// What the person should know: how long it counts, and that checks decide what checks can show.
fn words(requirement: &Requirement, attestation: &Attestation) -> Vec<String> {
    let Requirement {
        id,
        attestation: terms,
        ..
    } = requirement;
    let mut words = Vec::new();
    if terms.is_none() && !requirement.coverage.needs_attestation() {
        words.push(format!(
            "{id} asks for no attestation: its checks decide alone."
        ));
    }
    if let Some(terms) = terms {
        let age = jiff::Span::new().try_days(terms.max_age_days);
        let last = age.map(|age| attestation.attested_on.saturating_add(age));
        if let Ok(last) = last
            && last < attestation.valid_until
        {
            let days = terms.max_age_days;
            words.push(format!(
                "{id} takes none older than {days} days: it counts until {last}."
            ));
        }
    }
    words
}

fn attestation(
    said: &AttestArgs,
    framework: &Framework,
    paths: &RecordPaths,
    before: &[Attestation],
    today: Date,
) -> Result<Attestation, Failure> {
    if said.valid_until < today {
        let why = format_args!("--valid-until: {} is over", said.valid_until);
        return Err(Failure::with(Exit::Usage, why));
    }
    let folder = match paths.attestations.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let evidence: Result<Vec<EvidenceFile>, Failure> = said
        .evidence
        .iter()
        .map(|file| hashed(folder, file))
        .collect();
    let requirements: BTreeSet<String> = said.requirement.iter().cloned().collect();
    Ok(Attestation {
        id: said.id.clone().unwrap_or_else(|| unused(before, today)),
        satisfies: BTreeMap::from([(framework.text.id.clone(), requirements)]),
        statement: said.statement.clone(),
        by: said.by.clone(),
        approver: said.approver.clone(),
        attested_on: today,
        valid_until: said.valid_until,
        services: BTreeSet::new(),
        evidence: evidence?,
    })
}

/// The first id of the day that nobody has.
fn unused(before: &[Attestation], today: Date) -> String {
    let mut number = 1;
    loop {
        let id = format!("att-{today}-{number}");
        if before.iter().all(|one| one.id != id) {
            return id;
        }
        number += 1;
    }
}

/// A file with its hash, by its path below the folder: what lies elsewhere is not handed over.
fn hashed(folder: &Path, file: &Path) -> Result<EvidenceFile, Failure> {
    let real = |path: &Path| fs::canonicalize(path).map_err(|error| Failure::reading(path, &error));
    let below: PathBuf = match real(file)?.strip_prefix(real(folder)?) {
        Ok(below) => below.to_path_buf(),
        Err(_) => {
            let (file, folder) = (file.display(), folder.display());
            let why =
                format_args!("{file} is not below {folder}: put evidence beside the specification");
            return Err(Failure::with(Exit::Usage, why));
        }
    };
    let sha256 = spec::sha256(file).map_err(|error| Failure::reading(file, &error))?;
    Ok(EvidenceFile {
        // One separator on every system: the file is read on others.
        file: below
            .to_string_lossy()
            .replace(std::path::MAIN_SEPARATOR, "/"),
        sha256,
    })
}

/// Writes the file anew, whole or not at all; comments and order stay.
fn append(
    path: &Path,
    before: &[Attestation],
    attestation: &Attestation,
    output: &Output,
) -> Result<(), Failure> {
    let old = match fs::metadata(path) {
        Ok(_) => Some(fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?),
        Err(_) => None,
    };
    let text = spec::appended(old.as_deref(), attestation);
    let refused = |errors: SpecErrors| Failure::specification(errors.render(output.is_terminal()));
    let after = spec::attestations(&path.display().to_string(), &text).map_err(refused)?;
    if !after.iter().eq(before.iter().chain([attestation])) {
        let why = "the list there cannot be continued: write one entry a line, each after `- `";
        return Err(Failure::new(format_args!("{}: {why}", path.display())));
    }
    file::replace(path, text.as_bytes()).map_err(|error| Failure::writing(path, &error))
}
