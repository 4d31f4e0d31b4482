//! Foreign text: whatever an account holds, it stays text on the page and in the comment.

use serde_json::{Value, json};

use super::{
    judged::{Judged, denied},
    markup::Markup,
};

/// Ends a script, an attribute, a code span and a table; turns the line around; moves the cursor.
const HOSTILE: &str = "</script><script>alert(1)</script><!--\"'`|\u{202e}\u{2028}\u{1b}[31m\n# x";

/// Hostile text in every field of an account that can hold it.
pub fn hostile() -> Judged {
    let judged = Judged::bank().specified(|environment| {
        let service = environment.services.values_mut().next().unwrap();
        service.purpose = HOSTILE.to_owned();
        service.owner = HOSTILE.to_owned();
        service.docs.api = Some(format!("javascript:{HOSTILE}"));
        environment.owner = HOSTILE.to_owned();
    });
    judged.with(|json| {
        json["caller"] = HOSTILE.into();
        json["origin"] = json!({ "live": { "endpoint": HOSTILE } });
        for table in json["resources"].as_object_mut().unwrap().values_mut() {
            table.as_object_mut().unwrap().values_mut().for_each(poison);
        }
        undeclared_role(json);
        json["resources"]["kms_key"]["login"]["policy"] = denied(HOSTILE, HOSTILE);
        json["coverage"]["listings"]["log_group"] = denied("logs:DescribeLogGroups", HOSTILE);
        json["conflicts"] =
            json!([{ "address": "iam_role/x", "ids": [HOSTILE], "reason": HOSTILE }]);
    })
}

/// Descriptions, tag values, and a statement with a hostile Sid that allows everything.
fn poison(resource: &mut Value) {
    if resource.get("description").is_some() {
        resource["description"] = HOSTILE.into();
    }
    if resource["tags"].is_object() {
        resource["tags"]["note"] = HOSTILE.into();
    }
    let statement = json!({ "effect": "Allow", "actions": ["s3:*", HOSTILE], "resources": ["*"] });
    for place in ["/inline/access/statements", "/document/statements"] {
        if let Some(statements) = resource.pointer_mut(place) {
            statements[HOSTILE] = statement.clone();
        }
    }
}

fn undeclared_role(json: &mut Value) {
    let roles = json["resources"]["iam_role"].as_object_mut().unwrap();
    let mut role = roles["login-v1"].clone();
    role["name"] = HOSTILE.into();
    roles.insert(format!("login-{HOSTILE}"), role);
}

/// Characters that may stand nowhere in what is written.
pub fn lies(c: &char) -> bool {
    matches!(c, '\u{202e}' | '\u{2028}' | '\u{1b}')
}

#[test]
fn nothing_breaks_out_of_the_page() {
    let page = hostile().page();
    let markup = Markup::read(&page);
    let scripts = markup.tags.iter().filter(|tag| tag.name == "script");
    assert_eq!(scripts.count(), 2, "the data and the program");
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("<!--"));
    assert_eq!(page.chars().find(lies), None);
    assert!(
        markup
            .all("href")
            .all(|link| link.starts_with('#') || link.starts_with("https://"))
    );
    assert!(
        markup.text.contains("&lt;script&gt;alert(1)"),
        "it is shown as text"
    );
    assert!(markup.text.contains("\\u{202e}"), "and by its codes");
}

#[test]
fn the_data_of_the_page_stays_data() {
    let scripts = Markup::read(&hostile().page()).scripts;
    let data: Value = serde_json::from_str(&scripts[0]).unwrap();
    assert!(data["items"].as_array().unwrap().len() > 100);
    assert!(!scripts[0].contains('<'));
}

#[test]
fn nothing_breaks_out_of_the_comment() {
    let short = hostile().short();
    assert_eq!(short.chars().find(lies), None);
    assert!(!short.lines().any(|line| line.starts_with("# x")));
    for line in short.lines().filter(|line| line.contains("<script>")) {
        let spans = line.split("``").count();
        assert!(spans >= 3, "not in a code span: {line}");
    }
}
