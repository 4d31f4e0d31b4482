//! One sheet: a line that says where it is from, a line of headers, and lines of cells.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::report::assessment::{Kind, plain};

/// The most characters that a cell may hold.
/// <https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3>
const LONGEST: usize = 32_767;
/// The line of headers; the origin stands above it.
const HEADERS: u32 = 1;

/// A table with a name.
pub struct Sheet {
    /// What stands on its tab; at most 31 characters.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its lines, one cell a column.
    pub lines: Vec<Vec<Cell>>,
}

/// A column.
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// Its width in characters.
    pub width: u16,
}

/// A value.
pub enum Cell {
    /// Text, whatever it begins with.
    Text(String),
    /// A count.
    Count(u64),
    /// An outcome, in its colour.
    Outcome(Kind),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&String>> for Cell {
    fn from(text: Option<&String>) -> Self {
        Self::Text(text.cloned().unwrap_or_default())
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<Kind> for Cell {
    fn from(kind: Kind) -> Self {
        Self::Outcome(kind)
    }
}

/// How cells look.
pub struct Style {
    origin: Format,
    header: Format,
    text: Format,
    count: Format,
    outcomes: BTreeMap<&'static str, Format>,
}

impl Default for Style {
    fn default() -> Self {
        let text = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        let shade = |letter, ground| {
            let text = text.clone().set_font_color(Color::RGB(letter));
            text.set_background_color(Color::RGB(ground))
        };
        let outcomes = [
            ("pass", shade(0x22_683a, 0xe6_f2e8)),
            ("fail", shade(0xa3_211c, 0xfb_e9e7).set_bold()),
            ("not-evaluated", shade(0x7a_4d00, 0xfb_f0d9)),
            ("needs-live", shade(0x1f_5673, 0xe3_eff5)),
            ("exception", shade(0x5b_3d87, 0xef_e9f7)),
            ("manual", shade(0x5b_3d87, 0xef_e9f7)),
            ("attested", shade(0x5b_3d87, 0xef_e9f7)),
        ];
        Self {
            origin: Format::new()
                .set_italic()
                .set_font_color(Color::RGB(0x56_5e69)),
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Bottom)
                .set_background_color(Color::RGB(0xef_eeea))
                .set_border_bottom(FormatBorder::Thin),
            count: Format::new()
                .set_align(FormatAlign::Top)
                .set_num_format("#,##0"),
            outcomes: outcomes.into(),
            text,
        }
    }
}

impl Sheet {
    /// Writes it.
    ///
    /// # Errors
    /// More lines or columns than a sheet holds.
    pub fn write(
        self,
        sheet: &mut Worksheet,
        origin: &str,
        style: &Style,
    ) -> Result<(), XlsxError> {
        sheet.set_name(self.name)?;
        sheet.write_string_with_format(0, 0, plain(origin), &style.origin)?;
        for (position, column) in (0..).zip(&self.columns) {
            sheet.set_column_width(position, column.width)?;
            sheet.write_string_with_format(HEADERS, position, &column.title, &style.header)?;
        }
        for (row, line) in (HEADERS + 1..).zip(&self.lines) {
            for (position, cell) in (0..).zip(line) {
                cell.write(sheet, (row, position), style)?;
            }
        }
        self.arrange(sheet, origin)
    }

    /// Filters, what stays in view, and how it is printed.
    fn arrange(&self, sheet: &mut Worksheet, origin: &str) -> Result<(), XlsxError> {
        let last_line = HEADERS.saturating_add(u32::try_from(self.lines.len()).unwrap_or(u32::MAX));
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(HEADERS, 0, last_line, last_column)?;
        sheet.set_freeze_panes(HEADERS + 1, 1)?;
        sheet.set_repeat_rows(0, HEADERS)?;
        sheet
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0);
        sheet.set_footer(footer(origin));
        Ok(())
    }
}

/// The origin at the foot of each printed page, where `&` begins a code and 255 characters fit.
fn footer(origin: &str) -> String {
    let plain: String = plain(origin).chars().take(100).collect();
    format!("&L&8{}&R&8&P / &N", plain.replace('&', "&&"))
}

impl Cell {
    fn write(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        style: &Style,
    ) -> Result<(), XlsxError> {
        match self {
            Self::Text(text) => {
                sheet.write_string_with_format(row, column, shown(text), &style.text)?
            }
            // Counts of a report are far below 2^53.
            Self::Count(count) => {
                sheet.write_number_with_format(row, column, *count as f64, &style.count)?
            }
            Self::Outcome(kind) => {
                let format = style.outcomes.get(kind.slug).unwrap_or(&style.text);
                sheet.write_string_with_format(row, column, kind.words, format)?
            }
        };
        Ok(())
    }
}

/// Text without characters that lie, a line each line, as much as a cell holds.
fn shown(text: &str) -> String {
    const REST: &str = " … (cut: the whole is in assessment.json)";
    let lines: Vec<String> = text.lines().map(plain).collect();
    let text = lines.join("\n");
    match text.encode_utf16().count() > LONGEST {
        false => text,
        // Two units of UTF-16 a character at most.
        true => {
            text.chars()
                .take(LONGEST / 2 - REST.len())
                .collect::<String>()
                + REST
        }
    }
}
