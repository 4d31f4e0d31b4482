//! Rust source without what does not ship: comments, and everything behind `#[cfg(test)]`.

use super::repository::{File, files};

/// The code that ships, comments taken out, lines kept where they were.
pub fn shipped() -> Vec<File> {
    let all = files("src", &[".rs"]);
    let tests: Vec<String> = all.iter().flat_map(test_files).collect();
    all.iter()
        .filter(|file| !tests.iter().any(|test| file.path.starts_with(test)))
        .map(|file| File {
            path: file.path.clone(),
            text: shipped_text(&file.text),
        })
        .collect()
}

/// What the file's `#[cfg(test)] mod name;` lines name: `folder/name.rs` and `folder/name/`.
fn test_files(file: &File) -> Vec<String> {
    let folder = match file.path.rsplit_once('/') {
        Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder.to_owned(),
        _ => file.path.trim_end_matches(".rs").to_owned(),
    };
    let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
    lines
        .windows(2)
        .filter(|pair| pair[0] == "#[cfg(test)]")
        .filter_map(|pair| pair[1].strip_prefix("mod ")?.strip_suffix(';'))
        .flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/")])
        .collect()
}

/// Blanks comments and the items behind `#[cfg(test)]`.
fn shipped_text(text: &str) -> String {
    let mut kept = Vec::new();
    let mut inside: Option<&str> = None;
    let mut pending = false;
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let code = without_comment(line);
        if let Some(end) = inside {
            if line.trim_end() == format!("{end}}}") {
                inside = None;
            }
            kept.push(String::new());
        } else if code.trim() == "#[cfg(test)]" || pending {
            pending = !code.trim_end().ends_with(['{', ';']);
            inside = code.trim_end().ends_with('{').then_some(indent);
            kept.push(String::new());
        } else {
            kept.push(code.to_owned());
        }
    }
    kept.join("\n")
}

/// The line up to its comment. A `//` inside a string, as in an address, is no comment.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let bytes = line.as_bytes();
    for index in 0..bytes.len() {
        match bytes[index] {
            b'"' if index == 0 || !matches!(bytes[index - 1], b'\\' | b'\'') => quoted = !quoted,
            b'/' if !quoted && bytes.get(index + 1) == Some(&b'/') => return &line[..index],
            _ => {}
        }
    }
    line
}

#[test]
fn what_does_not_ship_is_left_out() {
    let text = "let a = 1; // a.unwrap()\n\
                let url = \"https://example\";\n\
                #[cfg(test)]\n\
                #[allow(dead_code)]\n\
                mod tests {\n    \
                    fn t() {\n        b.unwrap();\n    }\n\
                }\n\
                fn after() {}\n";
    let shipped = shipped_text(text);
    assert!(!shipped.contains("unwrap"), "{shipped}");
    assert!(shipped.contains("https://example"), "{shipped}");
    assert!(shipped.contains("fn after"), "{shipped}");
    assert_eq!(shipped.lines().count(), text.lines().count());
}

#[test]
fn test_modules_in_files_of_their_own_are_known() {
    let declares = "#[cfg(test)]\nmod tests;\nmod kept;\n";
    assert_eq!(
        test_files(&File::example("src/desired/mod.rs", declares)),
        ["src/desired/tests.rs", "src/desired/tests/"]
    );
    assert_eq!(
        test_files(&File::example("src/plan.rs", declares)),
        ["src/plan/tests.rs", "src/plan/tests/"]
    );
}
