//! What a plan costs: by the prices that ship, by a bank's own, and by none.

use std::{fs, path::Path};

use super::desk::{Desk, desk};

fn own(region: &str, key: &str) -> Desk {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/prices/aws.yaml");
    let text = fs::read_to_string(shipped).unwrap();
    let text = text
        .replace("key_month: \"1.00\"", &format!("key_month: \"{key}\""))
        .replace("\n  eu-west-1:", &format!("\n  {region}:"));
    desk().with("prices.yaml", text)
}

#[test]
fn a_plan_says_what_it_costs_by_whose_prices_and_what_is_left_out() {
    let desk = own("eu-west-1", "3.50");
    let plan = desk.run("plan sandbox.yaml --format json").exits(0).json();
    let listed = &plan["cost"];
    assert_eq!(listed["region"], "eu-west-1");
    assert_eq!(listed["adds"], listed["monthly"]);
    assert_eq!(listed["removes"], "0.00");
    let keys = listed["fixed"]["KMS keys"]["after"].as_i64().unwrap();
    assert_eq!(listed["fixed"]["KMS keys"]["each"], "1.00");
    assert!(!listed["not_estimated"].as_array().unwrap().is_empty());

    let own = "plan sandbox.yaml --prices prices.yaml";
    let plan = desk.run(&format!("{own} --format json")).exits(0).json();
    assert_eq!(plan["cost"]["fixed"]["KMS keys"]["each"], "3.50");
    let cents = keys * 350;
    let told = format!(
        "+ KMS keys: {keys} more, {}.{:02}",
        cents / 100,
        cents % 100
    );
    desk.run(own).exits(0).says(&told).says("not in it");
}

#[test]
fn what_is_there_is_paid_for_and_what_goes_is_saved() {
    let desk = super::desk::applied();
    let run = desk.run("plan sandbox.yaml").exits(0);
    run.says("adds 0.00, removes 0.00; the environment then costs ");
    let line = "destroy sandbox.yaml --confirm sandbox";
    desk.run(line)
        .says("the environment then costs 0.00 before use");
}

#[test]
fn prices_of_another_region_and_of_no_file_are_told() {
    let desk = own("eu-north-9", "1.00");
    let own = "plan sandbox.yaml --prices prices.yaml";
    desk.run(own).exits(0).says("have none of eu-west-1");
    desk.run("plan sandbox.yaml --prices nothing.yaml")
        .exits(1)
        .complains("nothing.yaml");
    desk.with("broken.yaml", "keys: 1")
        .run("plan sandbox.yaml --prices broken.yaml")
        .exits(1)
        .complains("these are no prices");
}
