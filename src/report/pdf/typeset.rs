//! Typst, closed off: it sees the template, two files and the fonts of this program, and nothing
//! else. No package, no clock, no file of the machine.

use std::{collections::BTreeMap, sync::LazyLock};

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

const TEMPLATE: &str = include_str!("../../../templates/report/report.typ");

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files = typst_assets::fonts().map(Bytes::new);
    files.flat_map(Font::iter).collect()
});

/// The fonts of this program.
pub fn fonts() -> &'static [Font] {
    &FONTS
}

/// What is said of the document.
pub struct About {
    /// What tells it from every other one.
    pub identity: String,
    /// Name and version of the program.
    pub maker: String,
    /// When its facts were observed.
    pub at: jiff::Timestamp,
}

/// The template, set with the page and with the assessment attached.
///
/// # Errors
/// What Typst says of the template, in its words.
pub fn pdf(page: Vec<u8>, assessment: Vec<u8>, about: &About) -> Result<Vec<u8>, String> {
    let desk = Desk::with(page, assessment)?;
    let document = typst::compile(&desk).output.map_err(|all| told(&all))?;
    let options = options(about)?;
    let bytes = typst_pdf::pdf(&document, &options).map_err(|all| told(&all));
    // What was remembered for a next, similar document.
    typst::comemo::evict(0);
    bytes
}

fn told(all: &[SourceDiagnostic]) -> String {
    let messages: Vec<&str> = all.iter().map(|one| one.message.as_str()).collect();
    messages.join("; ")
}

/// PDF/A-3b is the level for attachments of any kind that text of any kind can reach: the levels
/// above it refuse documents for single letters.
fn options(about: &About) -> Result<PdfOptions, String> {
    let standards = PdfStandards::new(&[PdfStandard::A_3b]);
    Ok(PdfOptions {
        ident: Smart::Custom(about.identity.clone()),
        creator: Smart::Custom(Some(about.maker.clone())),
        timestamp: timestamp(about.at),
        standards: standards.map_err(|error| error.message().to_string())?,
        ..PdfOptions::default()
    })
}

fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).ok();
    let date = Datetime::from_ymd_hms(
        at.year().into(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Some(Timestamp::new_utc(date))
}

/// All that Typst sees.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    template: Source,
    files: BTreeMap<&'static str, Bytes>,
}

impl Desk {
    fn with(page: Vec<u8>, assessment: Vec<u8>) -> Result<Self, String> {
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(fonts())),
            template: Source::new(place("report.typ")?, TEMPLATE.to_owned()),
            files: [
                ("page.json", Bytes::new(page)),
                ("assessment.json", Bytes::new(assessment)),
            ]
            .into(),
        })
    }
}

fn place(name: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(name).map_err(|error| error.to_string())?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.template.id() {
            true => Ok(self.template.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let own = matches!(id.root(), VirtualRoot::Project);
        let name = id.vpath().get_without_slash();
        let file = self.files.get(name).filter(|_| own);
        file.cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
