//! Values that are text with a rule: each rule once, for the schema and for the check.
//! The schema carries the name of the format; [`check`] holds the exact rule behind it.

use std::str::FromStr;

use ipnet::Ipv4Net;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{records::evidence::leads_down, written::Since};
use crate::model::{
    AccountId, Address, Arn, EnvironmentName, FrameworkId, Invalid, MailAddress, Region,
    ServiceName, VersionName, VpcId, Zone,
};

/// A rule: the value is good, or the sentence that refuses it.
type Rule = fn(&str) -> Result<(), Invalid>;

/// Every format of the schema with its rule.
pub(super) const FORMATS: &[(&str, Rule)] = &[
    ("AccountId", parsed::<AccountId>),
    ("Arn", parsed::<Arn>),
    ("EnvironmentName", parsed::<EnvironmentName>),
    ("FrameworkId", parsed::<FrameworkId>),
    ("MailAddress", parsed::<MailAddress>),
    ("Region", parsed::<Region>),
    ("ServiceName", parsed::<ServiceName>),
    ("VersionName", parsed::<VersionName>),
    ("VpcId", parsed::<VpcId>),
    ("Zone", parsed::<Zone>),
    ("Date", is_date),
    ("Ipv4Cidr", is_cidr),
    ("TagValue", is_tag_value),
    ("Text", is_text),
    ("KubernetesName", is_kubernetes_name),
    ("ClusterName", is_cluster),
    ("OidcIssuer", is_issuer),
    ("SecurityGroupId", is_security_group),
    ("PrefixListId", is_prefix_list),
    ("RecordId", is_record_id),
    ("RelativePath", is_relative),
    ("Sha256", is_sha256),
    ("WaivedResource", is_waived_resource),
];

/// Applies the rule of a format; a format without rule accepts everything.
pub(super) fn check(format: &str, text: &str) -> Result<(), Invalid> {
    FORMATS
        .iter()
        .find(|(name, _)| *name == format)
        .map_or(Ok(()), |(_, rule)| rule(text))
}

fn parsed<T: FromStr<Err = Invalid>>(text: &str) -> Result<(), Invalid> {
    text.parse::<T>().map(drop)
}

fn require(good: bool, what: &'static str, text: &str, rule: &'static str) -> Result<(), Invalid> {
    if good {
        Ok(())
    } else {
        Err(Invalid::new(what, text, rule))
    }
}

fn is_date(text: &str) -> Result<(), Invalid> {
    let good = text.len() == 10 && text.parse::<Date>().is_ok();
    require(good, "a day", text, "a day of the calendar, as 2026-01-31")
}

fn is_cidr(text: &str) -> Result<(), Invalid> {
    let network = text.parse::<Ipv4Net>();
    let whole = network.is_ok_and(|network| network.trunc() == network);
    let rule = "the first address of the range, a slash and its prefix length, as 10.40.0.0/16";
    require(whole, "an IPv4 address range", text, rule)
}

/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
fn is_tag_value(text: &str) -> Result<(), Invalid> {
    let good = text.chars().count() <= 256
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c));
    let rule = "at most 256 letters, digits, spaces or any of _.:/=+-@, because it becomes a tag";
    require(good, "an owner", text, rule)
}

fn is_text(text: &str) -> Result<(), Invalid> {
    let good = !text.chars().any(|c| c.is_control() && c != '\n');
    require(good, "plain text", text, "text without control characters")
}

fn is_kubernetes_name(text: &str) -> Result<(), Invalid> {
    let good = (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let rule = "1 to 63 lower-case letters, digits or hyphens";
    require(good, "a Kubernetes name", text, rule)
}

fn is_cluster(text: &str) -> Result<(), Invalid> {
    let good = (1..=100).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let rule = "1 to 100 letters, digits, hyphens or underscores, starting with a letter or digit";
    require(good, "an EKS cluster name", text, rule)
}

fn is_issuer(text: &str) -> Result<(), Invalid> {
    let good = text
        .split_once('/')
        .is_some_and(|(host, path)| host.contains('.') && !path.is_empty() && !host.contains(':'))
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._/".contains(&b));
    let rule = "host and path without https://, as oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE";
    require(good, "an OIDC issuer", text, rule)
}

fn is_security_group(text: &str) -> Result<(), Invalid> {
    let rule = "sg- followed by 8 to 17 hexadecimal digits";
    require(hex_id(text, "sg-"), "a security group id", text, rule)
}

fn is_prefix_list(text: &str) -> Result<(), Invalid> {
    let rule = "pl- followed by 8 to 17 hexadecimal digits";
    require(hex_id(text, "pl-"), "a prefix list id", text, rule)
}

fn hex_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|hex| {
        (8..=17).contains(&hex.len())
            && hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

fn is_record_id(text: &str) -> Result<(), Invalid> {
    let good = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let rule = "letters, digits, dots, underscores and hyphens";
    require(good, "an id", text, rule)
}

fn is_relative(text: &str) -> Result<(), Invalid> {
    let rule = "a path below the folder of this file, without `..`";
    require(leads_down(text), "a file of evidence", text, rule)
}

fn is_sha256(text: &str) -> Result<(), Invalid> {
    let good = text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    require(good, "a SHA-256", text, "64 lower-case hexadecimal digits")
}

fn is_waived_resource(text: &str) -> Result<(), Invalid> {
    let good = ["account", "environment"].contains(&text) || text.parse::<Address>().is_ok();
    let rule = "an address such as kms_key/login, `environment` or `account`";
    require(good, "a resource", text, rule)
}

/// Text that must say something, at most `longest` characters.
fn text(format: &str, longest: usize) -> Schema {
    json_schema!({ "type": "string", "pattern": "\\S", "maxLength": longest, "format": format })
}

fn optional(format: &str, pattern: &str) -> Schema {
    json_schema!({ "type": ["string", "null"], "pattern": pattern, "format": format })
}

pub(super) fn tag_value(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "\\S", "format": "TagValue" })
}

pub(super) fn sentence(_: &mut SchemaGenerator) -> Schema {
    text("Text", 400)
}

pub(super) fn reason(_: &mut SchemaGenerator) -> Schema {
    text("Text", 255)
}

pub(super) fn cidr(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[0-9.]+/[0-9]+$", "format": "Ipv4Cidr" })
}

pub(super) fn optional_cidr(_: &mut SchemaGenerator) -> Schema {
    optional("Ipv4Cidr", "^[0-9.]+/[0-9]+$")
}

pub(super) fn security_group(_: &mut SchemaGenerator) -> Schema {
    optional("SecurityGroupId", "^sg-[0-9a-f]{8,17}$")
}

pub(super) fn prefix_list(_: &mut SchemaGenerator) -> Schema {
    optional("PrefixListId", "^pl-[0-9a-f]{8,17}$")
}

pub(super) fn cluster(_: &mut SchemaGenerator) -> Schema {
    optional("ClusterName", "^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$")
}

pub(super) fn issuer(_: &mut SchemaGenerator) -> Schema {
    optional("OidcIssuer", "^[A-Za-z0-9._-]+/[A-Za-z0-9._/-]+$")
}

pub(super) fn kubernetes_name(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        "format": "KubernetesName",
    })
}

pub(super) fn date(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "Date" })
}

/// `running`, or a mapping with one of the other states.
pub(super) fn state(generator: &mut SchemaGenerator) -> Schema {
    let since = Since::json_schema(generator);
    let one = |name: &str| {
        json_schema!({
            "type": "object",
            "properties": { name: since.clone() },
            "required": [name],
            "additionalProperties": false,
        })
    };
    json_schema!({
        "anyOf": [
            {
                "type": "string",
                "enum": ["running"],
                "description": "`running`, or `{suspended: {since: 2026-01-31, reason: …}}`, or `{retired: {since: 2026-01-31, reason: …}}`",
            },
            one("suspended"),
            one("retired"),
        ]
    })
}
