//! From a path to layers of parsed documents: a file or a folder, and what it extends.
//! It follows paths and refuses those that leave the root; it never judges a field.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use super::{
    code::Code,
    diagnostic::{Diagnostic, Draft},
    merge::pinned,
    parse,
    path::YamlPath,
    source::{FileId, MAX_FILES, Sources},
    tree::Node,
};

/// The file that describes an environment in its folder.
const ENVIRONMENT: &str = "environment.yaml";
/// The folder of the service files.
const SERVICES: &str = "services";

/// A parsed file.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub file: FileId,
    pub root: Node,
}

/// One environment as it lies on disk, without what it extends.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    /// A folder has one file a service; a single file lists them.
    pub folder: bool,
    /// The environment's own document, where it could be parsed.
    pub environment: Option<Document>,
    /// The service documents by file stem, where they could be parsed.
    pub services: Vec<(String, Document)>,
    /// Names of services whose file could not be parsed.
    pub unread: Vec<String>,
}

/// Everything that was read: the base first, the named environment last.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub sources: Sources,
    pub layers: Vec<Layer>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the environment at `path` and all that it extends.
pub(super) fn gather(path: &Path) -> Gathered {
    let mut gatherer = Gatherer {
        out: Gathered::default(),
        root: PathBuf::new(),
        chain: Vec::new(),
    };
    gatherer.start(path);
    gatherer.out.layers.reverse();
    gatherer.out
}

struct Gatherer {
    out: Gathered,
    /// Nothing outside this folder is read.
    root: PathBuf,
    /// The environments on the way, to notice a circle.
    chain: Vec<PathBuf>,
}

impl Gatherer {
    fn start(&mut self, path: &Path) {
        let name = display(path);
        match path.canonicalize() {
            Ok(real) => {
                self.root = real.parent().unwrap_or(&real).to_path_buf();
                self.layer(path, real, &name);
            }
            Err(_) => {
                // Reading says best why.
                self.read(path, &name);
            }
        }
    }

    fn layer(&mut self, path: &Path, real: PathBuf, name: &str) {
        self.chain.push(real.clone());
        let folder = real.is_dir();
        let (file, file_name) = if folder {
            (path.join(ENVIRONMENT), format!("{name}/{ENVIRONMENT}"))
        } else {
            (path.to_path_buf(), name.to_owned())
        };
        let mut layer = Layer {
            folder,
            environment: self.document(&file, &file_name),
            ..Layer::default()
        };
        if folder {
            self.services(
                &path.join(SERVICES),
                &format!("{name}/{SERVICES}"),
                &mut layer,
            );
        }
        let base = layer.environment.as_ref().and_then(extends);
        let from = layer.environment.clone();
        self.out.layers.push(layer);
        if let (Some(base), Some(from)) = (base, from) {
            let beside = if folder {
                path
            } else {
                path.parent().unwrap_or(path)
            };
            self.base(&beside.join(&base), &base, &from);
        }
    }

    fn base(&mut self, path: &Path, written: &str, from: &Document) {
        let problem = match path.canonicalize() {
            _ if Path::new(written).is_absolute() => Some(outside_root(written)),
            Err(_) => Some(no_base(written)),
            Ok(real) if !real.starts_with(&self.root) || real == self.root => {
                Some(outside_root(written))
            }
            Ok(real) if self.chain.contains(&real) => Some(cycle(written)),
            Ok(real) => {
                let name = display(&tidy(path));
                self.layer(path, real, &name);
                None
            }
        };
        if let Some(draft) = problem {
            let draft = draft.path(YamlPath::root().key("extends"));
            let located = pinned(draft, from, &self.out.sources);
            self.out.diagnostics.push(located);
        }
    }

    fn services(&mut self, folder: &Path, name: &str, layer: &mut Layer) {
        // A layer that only extends may have no services of its own.
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        let mut paths: Vec<PathBuf> = entries
            .take(2 * MAX_FILES)
            .flatten()
            .map(|entry| entry.path())
            .collect();
        paths.sort();
        for path in paths {
            self.service(&path, name, layer);
            if self.exhausted() {
                break;
            }
        }
    }

    /// Whether the budget is spent; every further file would only say so again.
    fn exhausted(&self) -> bool {
        let last = self.out.diagnostics.last().map(|one| one.code);
        matches!(last, Some(Code::TooManyFiles | Code::TotalTooLarge))
    }

    fn service(&mut self, path: &Path, folder: &str, layer: &mut Layer) {
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        if file_name.starts_with('.') || file_name.ends_with(".md") {
            return;
        }
        let name = format!("{folder}/{file_name}");
        if path.extension() != Some(OsStr::new("yaml")) {
            self.out
                .diagnostics
                .push(unexpected_file(&file_name).located(name, None));
            return;
        }
        let stem = file_name.trim_end_matches(".yaml").to_owned();
        match self.document(path, &name) {
            Some(document) => layer.services.push((stem, document)),
            None => layer.unread.push(stem),
        }
    }

    fn document(&mut self, path: &Path, name: &str) -> Option<Document> {
        let file = self.read(path, name)?;
        let parsed = parse::parse(self.out.sources.text_of(file));
        let located = parsed
            .problems
            .into_iter()
            .map(|draft| draft.located(name.to_owned(), Some(file)));
        self.out.diagnostics.extend(located);
        parsed.root.map(|root| Document { file, root })
    }

    fn read(&mut self, path: &Path, name: &str) -> Option<FileId> {
        let escapes = path
            .canonicalize()
            .is_ok_and(|real| !real.starts_with(&self.root));
        let read = if escapes {
            Err(Box::new(outward_link().located(name.to_owned(), None)))
        } else {
            self.out.sources.read(path, name)
        };
        read.map_err(|diagnostic| self.out.diagnostics.push(*diagnostic))
            .ok()
    }
}

/// The path in `extends`, where it is text; the schema complains about anything else.
fn extends(document: &Document) -> Option<String> {
    let node = document.root.get("extends")?;
    node.to_json().as_str().map(str::to_owned)
}

pub(super) fn display(path: &Path) -> String {
    let text = path.display().to_string();
    let trimmed = text.trim_end_matches('/');
    if trimmed.is_empty() {
        text
    } else {
        trimmed.to_owned()
    }
}

/// Takes `a/b/../c` for `a/c`; only for display, after the real path was checked.
fn tidy(path: &Path) -> PathBuf {
    use std::path::Component;
    path.components().fold(PathBuf::new(), |mut tidy, part| {
        let named = matches!(tidy.components().next_back(), Some(Component::Normal(_)));
        if part == Component::ParentDir && named {
            tidy.pop();
        } else {
            tidy.push(part);
        }
        tidy
    })
}

fn outside_root(written: &str) -> Draft {
    Draft::new(
        Code::OutsideRoot,
        format!("`{written}` leads out of the folder that holds the environments"),
    )
    .help("keep the base beside the environment, as in `extends: ../digital-bank`")
}

fn outward_link() -> Draft {
    Draft::new(
        Code::OutsideRoot,
        "this symbolic link leads out of the folder that holds the environments",
    )
    .help("put the file itself here")
}

fn no_base(written: &str) -> Draft {
    Draft::new(
        Code::NotFound,
        format!("there is no environment at `{written}`"),
    )
    .help("give the path of a folder or file, seen from the folder of this file")
}

fn cycle(written: &str) -> Draft {
    Draft::new(
        Code::ExtendsCycle,
        format!("`{written}` extends this environment in turn"),
    )
    .help("let one of the environments stand on its own")
}

fn unexpected_file(name: &str) -> Draft {
    Draft::new(
        Code::UnexpectedFile,
        format!("`{name}` is not read: a service is described by <name>.yaml"),
    )
    .help("rename it, or move it out of services/")
}
