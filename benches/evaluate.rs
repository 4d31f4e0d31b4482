//! How many decisions a second one core makes, from a line of JSON to a line of JSON.
//! `cargo bench --bench evaluate`. It reads `benches/evaluate.jsonl`, a small example input.
#![allow(clippy::unwrap_used)]

use divan::{Bencher, counter::ItemsCount};
use strongroom::iam::eval::{
    Glob, Policy,
    line::{Cache, answer},
};

const EXAMPLE: &str = include_str!("evaluate.jsonl");

fn main() {
    divan::main();
}

/// Lines whose policies were seen before, as in any long run.
#[divan::bench]
fn lines(bencher: Bencher) {
    let count = EXAMPLE.lines().count();
    let mut cache = Cache::default();
    bencher
        .counter(ItemsCount::new(count))
        .bench_local(|| decide_all(&mut cache));
}

/// Lines whose policies are all new.
#[divan::bench]
fn lines_with_new_policies(bencher: Bencher) {
    let count = EXAMPLE.lines().count();
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(Cache::default)
        .bench_local_refs(decide_all);
}

/// One policy of six megabytes, compiled.
#[divan::bench(sample_count = 5)]
fn six_megabytes(bencher: Bencher) {
    let statement = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}"#;
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        vec![statement; 68_000].join(",")
    );
    bencher.bench_local(|| text.parse::<Policy>().unwrap());
}

/// A pattern of ten thousand stars, against a text that almost matches.
#[divan::bench]
fn ten_thousand_stars(bencher: Bencher) {
    let glob = Glob::new(&("*a".repeat(10_000) + "*"));
    let text = "a".repeat(8_192);
    bencher.bench_local(|| glob.is_match(divan::black_box(&text)));
}

fn decide_all(cache: &mut Cache) -> String {
    let mut out = String::with_capacity(EXAMPLE.len());
    for line in EXAMPLE.lines() {
        answer(line, cache, &mut out);
    }
    out
}
