//! The matrix as a picture: where each cell is, and how it is filled. Only what is not isolated is
//! drawn, so that a thousand services make no larger picture than their findings.

use serde::Serialize;

use super::callers;
use crate::{
    isolation::{Matrix, Party, Question, Verdict},
    model::ServiceName,
};

/// What the picture's template takes; lengths in pixels.
#[derive(Debug, Serialize)]
pub(super) struct Map {
    title: String,
    width: usize,
    height: usize,
    left: usize,
    top: usize,
    side_x: usize,
    side_y: usize,
    /// Rows and columns that were not read as a whole.
    bands: Vec<Area>,
    cells: Vec<Area>,
    lines: Vec<String>,
    rows: Vec<Label>,
    columns: Vec<Label>,
}

#[derive(Debug, Serialize)]
struct Area {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    fill: &'static str,
    words: String,
}

#[derive(Debug, Serialize)]
struct Label {
    x: usize,
    y: usize,
    words: String,
}

/// The width of one letter of a label.
const LETTER: usize = 7;
/// More services than this have no room for their names.
const NAMED: usize = 120;

/// Where things are.
struct Layout<'m> {
    matrix: &'m Matrix,
    callers: Vec<Party>,
    services: Vec<&'m ServiceName>,
    stripe: usize,
    cell: usize,
    left: usize,
    top: usize,
}

/// The picture of a matrix.
pub(super) fn map(matrix: &Matrix) -> Map {
    let layout = Layout::of(matrix);
    let (side_x, side_y) = layout.sides();
    let named = layout.is_named();
    Map {
        title: format!("Isolation of {} services", layout.services.len()),
        width: layout.left + side_x + layout.top / 2,
        height: layout.top + side_y + 8,
        left: layout.left,
        top: layout.top,
        side_x,
        side_y,
        bands: layout.bands(),
        cells: layout.cells(),
        lines: match named {
            true => layout.lines(),
            false => Vec::new(),
        },
        rows: match named {
            true => layout.rows(),
            false => Vec::new(),
        },
        columns: match named {
            true => layout.columns(),
            false => Vec::new(),
        },
    }
}

impl<'m> Layout<'m> {
    fn of(matrix: &'m Matrix) -> Self {
        let callers = callers(matrix);
        let longest = callers
            .iter()
            .map(|c| c.to_string().len())
            .max()
            .unwrap_or(0);
        let stripe = match matrix.services.len() {
            0..=60 => 4,
            61..=NAMED => 2,
            _ => 1,
        };
        let margin = match matrix.services.len() {
            0..=NAMED => longest * LETTER + 12,
            _ => 8,
        };
        Self {
            matrix,
            callers,
            services: matrix.services.iter().collect(),
            stripe,
            cell: stripe * matrix.questions.len(),
            left: margin,
            top: margin,
        }
    }

    fn is_named(&self) -> bool {
        self.services.len() <= NAMED
    }

    fn sides(&self) -> (usize, usize) {
        (
            self.cell * self.services.len(),
            self.cell * self.callers.len(),
        )
    }

    fn x(&self, to: &ServiceName, question: Question) -> Option<usize> {
        let column = self.services.binary_search(&to).ok()?;
        let stripe = self
            .matrix
            .questions
            .iter()
            .position(|one| *one == question)?;
        Some(self.left + column * self.cell + stripe * self.stripe)
    }

    fn y(&self, from: &Party) -> Option<usize> {
        let row = self.callers.iter().position(|one| one == from)?;
        Some(self.top + row * self.cell)
    }

    fn bands(&self) -> Vec<Area> {
        let (side_x, side_y) = self.sides();
        let rows = self.matrix.rows.keys().filter_map(|from| {
            Some(Area {
                x: self.left,
                y: self.y(from)?,
                width: side_x,
                height: self.cell,
                fill: "",
                words: format!("not everything of {from} was read"),
            })
        });
        let columns = self.matrix.columns.keys().filter_map(|(to, question)| {
            Some(Area {
                x: self.x(to, *question)?,
                y: self.top,
                width: self.stripe,
                height: side_y,
                fill: "",
                words: format!("who may {} {to}: not everything was read", question.words()),
            })
        });
        rows.chain(columns).collect()
    }

    fn cells(&self) -> Vec<Area> {
        let places: std::collections::BTreeMap<&Party, usize> = self
            .callers
            .iter()
            .enumerate()
            .map(|(row, from)| (from, row))
            .collect();
        let findings = self.matrix.findings.keys();
        findings
            .filter_map(|(from, to, question)| {
                let verdict = self.matrix.verdict(from, to, *question);
                Some(Area {
                    x: self.x(to, *question)?,
                    y: self.top + places.get(from)? * self.cell,
                    width: self.stripe,
                    height: self.cell,
                    fill: fill(verdict),
                    words: format!("{from} may {} {to}: {}", question.words(), verdict.words()),
                })
            })
            .collect()
    }

    fn lines(&self) -> Vec<String> {
        let (side_x, side_y) = self.sides();
        let down = (0..=self.services.len()).map(|column| {
            let x = self.left + column * self.cell;
            format!("M{x} {}V{}", self.top, self.top + side_y)
        });
        let across = (0..=self.callers.len()).map(|row| {
            let y = self.top + row * self.cell;
            format!("M{} {y}H{}", self.left, self.left + side_x)
        });
        down.chain(across).collect()
    }

    fn rows(&self) -> Vec<Label> {
        let rows = self.callers.iter().enumerate();
        rows.map(|(row, from)| Label {
            x: self.left - 6,
            y: self.top + row * self.cell + self.cell * 2 / 3,
            words: from.to_string(),
        })
        .collect()
    }

    fn columns(&self) -> Vec<Label> {
        let columns = self.services.iter().enumerate();
        columns
            .map(|(column, to)| Label {
                x: self.left + column * self.cell + self.cell * 2 / 3,
                y: self.top - 6,
                words: to.to_string(),
            })
            .collect()
    }
}

fn fill(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Isolated => "#dcebdf",
        Verdict::Declared => "#8fb8ee",
        Verdict::Unknown => "#f0cf8d",
        Verdict::Reachable => "#c8302a",
    }
}
