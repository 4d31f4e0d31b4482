//! Policy evaluation in lines of JSON, through the built program.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use serde_json::Value;

use super::desk::desk;

const EXAMPLE: &str = include_str!("../../../benches/evaluate.jsonl");
const PROBES: &str = include_str!("../../data/policy-probes.json");

/// Runs `policy eval` on this input.
fn eval(input: &[u8]) -> Output {
    let desk = desk();
    let mut command = desk.command("policy eval");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Both pipes are finite: writing and reading have to go on at once.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_line_is_answered_in_its_order() {
    let output = eval(EXAMPLE.repeat(500).as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let answers = lines(&output);
    assert_eq!(answers.len(), EXAMPLE.lines().count() * 500);
    for (line, answer) in EXAMPLE.repeat(500).lines().zip(&answers) {
        let asked: Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer["id"], asked["id"]);
        assert!(answer["decision"].is_string(), "{answer}");
    }
}

#[test]
fn the_probes_come_out_as_documented() {
    let probes: Vec<Value> = serde_json::from_str(PROBES).unwrap();
    let input: Vec<String> = probes.iter().map(Value::to_string).collect();
    let answers = lines(&eval(input.join("\n").as_bytes()));
    assert_eq!(answers.len(), probes.len());
    for (probe, answer) in probes.iter().zip(answers) {
        assert_eq!(answer["decision"], probe["doc"], "{}", probe["id"]);
    }
}

#[test]
fn a_line_that_is_none_is_told_and_the_others_are_decided() {
    let good = EXAMPLE.lines().next().unwrap();
    let bad: &[&[u8]] = &[b"{}", b"\xff\xfe", b"{\"id\":7,\"policies\":{}}", b"[[[["];
    let mut input = Vec::new();
    for line in bad {
        input.extend_from_slice(line);
        input.push(b'\n');
        input.extend_from_slice(good.as_bytes());
        input.extend_from_slice(b"\r\n\n");
    }
    let output = eval(&input);
    assert_eq!(output.status.code(), Some(1));
    let answers = lines(&output);
    assert_eq!(answers.len(), 2 * bad.len());
    for pair in answers.chunks(2) {
        assert!(pair[0]["error"].is_string(), "{pair:?}");
        assert_eq!(pair[1]["decision"], "Allowed");
    }
    assert_eq!(answers[4]["id"], 7);
}

#[test]
fn nothing_in_is_nothing_out() {
    let output = eval(b"");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}
