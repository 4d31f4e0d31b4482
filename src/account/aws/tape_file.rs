//! Tapes as files: compressed, counted, and compared with what a replay asked. The bytes of a
//! tape are the same every time.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Write},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};

use super::{
    redact::REDACTED,
    tape::{Asked, Reply, SCHEMA, Tape},
};

/// What a tape may hold: a thousand services take about 50 MiB.
const LARGEST: u64 = 2 << 30;

/// Why bytes are no tape.
#[derive(Debug, thiserror::Error)]
pub enum TapeError {
    /// Not compressed, cut off, or beyond all measure.
    #[error("it is no compressed tape of less than 2 GiB: {0}")]
    Compression(#[from] io::Error),
    /// Not a tape inside.
    #[error("it is no tape of this version ({SCHEMA}): {0}")]
    Malformed(#[from] serde_json::Error),
    /// Another format.
    #[error("its schema is {0:?}, not {SCHEMA}")]
    Schema(String),
}

/// How a replay differs from its tape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TapeChange {
    /// It asked what was not recorded.
    NotRecorded(String),
    /// It did not ask what was recorded.
    NotAsked(String),
}

impl Tape {
    /// The tape as a file: JSON, compressed.
    ///
    /// # Errors
    /// None in practice: memory takes all bytes.
    pub fn pack(&self) -> Result<Vec<u8>, TapeError> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&serde_json::to_vec(self)?)?;
        Ok(encoder.finish()?)
    }

    /// Reads a tape from its file.
    ///
    /// # Errors
    /// Bytes that are no tape of this version.
    pub fn unpack(bytes: &[u8]) -> Result<Self, TapeError> {
        let mut text = Vec::new();
        GzDecoder::new(bytes).take(LARGEST).read_to_end(&mut text)?;
        let tape: Self = serde_json::from_slice(&text)?;
        match tape.schema == SCHEMA {
            true => Ok(tape),
            false => Err(TapeError::Schema(tape.schema)),
        }
    }

    /// How many replies it holds.
    pub fn answers(&self) -> u64 {
        self.exchanges.values().map(|all| all.len() as u64).sum()
    }

    /// How many values were redacted, by the API that was asked.
    pub fn redactions(&self) -> BTreeMap<String, u64> {
        let mut found = BTreeMap::new();
        for (asked, replies) in &self.exchanges {
            let texts = [&asked.query, &asked.body].into_iter();
            let texts = texts.chain(replies.iter().map(said));
            let count: usize = texts.map(|text| text.matches(REDACTED).count()).sum();
            if count > 0 {
                *found.entry(asked.api()).or_default() += count as u64;
            }
        }
        found
    }

    /// What a replay of this tape asked more, and what less.
    pub fn changes(&self, replayed: &Self) -> Vec<TapeChange> {
        let all: BTreeSet<&Asked> = self
            .exchanges
            .keys()
            .chain(replayed.exchanges.keys())
            .collect();
        let changes = all.into_iter().filter_map(|asked| {
            let count = |tape: &Self| tape.exchanges.get(asked).map_or(0, Vec::len);
            let named = format!("{} {}", asked.api(), asked.body);
            match count(self).cmp(&count(replayed)) {
                std::cmp::Ordering::Less => Some(TapeChange::NotRecorded(named)),
                std::cmp::Ordering::Greater => Some(TapeChange::NotAsked(named)),
                std::cmp::Ordering::Equal => None,
            }
        });
        changes.collect()
    }
}

fn said(reply: &Reply) -> &String {
    match reply {
        Reply::Answer(answer) => &answer.body,
        Reply::Broken(broken) => &broken.message,
    }
}
