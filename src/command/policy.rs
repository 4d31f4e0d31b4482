//! `strongroom policy eval`: JSON lines in, decisions out. docs/policy-evaluation.md has the shapes.

use std::io::{self, BufRead, BufReader, Read};

use super::{Failure, Output};
use crate::{
    exit::Exit,
    iam::eval::line::{Cache, answer, refuse},
};

/// The longest line that is read; a longer one is answered with an error.
const LONGEST_LINE: u64 = 64 << 20;
/// How much is answered before it is written.
const CHUNK: usize = 64 << 10;

/// Answers every line of standard input; ends with a failure where one has no decision.
pub fn eval(output: &mut Output) -> Result<Exit, Failure> {
    let input = BufReader::with_capacity(CHUNK, io::stdin().lock());
    eval_lines(input, output).map_err(|error| Failure::new(format_args!("cannot read: {error}")))
}

fn eval_lines<R: Read>(mut input: BufReader<R>, output: &mut Output) -> io::Result<Exit> {
    let mut cache = Cache::default();
    let (mut line, mut answers) = (Vec::new(), String::new());
    let mut exit = Exit::Agreed;
    while read_line(&mut input, &mut line)? {
        if !line.trim_ascii().is_empty() && !answer_bytes(&line, &mut cache, &mut answers) {
            exit = Exit::Failed;
        }
        // Whoever sends one line and waits gets its answer.
        if answers.len() >= CHUNK || input.buffer().is_empty() {
            output.result(&answers);
            answers.clear();
        }
    }
    output.result(&answers);
    Ok(exit)
}

/// Reads one line, of which no more is kept than can be answered. False at the end.
fn read_line<R: Read>(input: &mut BufReader<R>, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut limited = input.by_ref().take(LONGEST_LINE + 1);
    let read = limited.read_until(b'\n', line)? as u64;
    if read > LONGEST_LINE && !line.ends_with(b"\n") {
        input.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

fn answer_bytes(line: &[u8], cache: &mut Cache, out: &mut String) -> bool {
    if line.len() as u64 > LONGEST_LINE {
        let why = format!("the line is longer than {} MiB", LONGEST_LINE >> 20);
        refuse("null", &why, out);
        return false;
    }
    match std::str::from_utf8(line) {
        Ok(text) => answer(text, cache, out),
        Err(error) => {
            refuse("null", &format!("the line is not UTF-8: {error}"), out);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn lines_are_read_one_by_one_and_the_last_may_lack_its_end() {
        let mut input = BufReader::new(&b"a\n\nb"[..]);
        let (mut line, mut lines) = (Vec::new(), Vec::new());
        while read_line(&mut input, &mut line).unwrap() {
            lines.push(line.clone());
        }
        assert_eq!(lines, [&b"a\n"[..], b"\n", b"b"]);
    }

    #[test]
    fn what_is_no_line_is_told() {
        let mut out = String::new();
        assert!(!answer_bytes(b"\xff", &mut Cache::default(), &mut out));
        assert!(
            out.starts_with(r#"{"id":null,"error":"the line is not UTF-8"#),
            "{out}"
        );
    }
}
