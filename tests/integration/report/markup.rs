//! A strict reader of the HTML that the report writes: every tag is closed in its order, every
//! attribute is quoted, every id is unique, and text is known from markup.

use std::collections::BTreeSet;

const VOID: [&str; 5] = ["meta", "br", "input", "link", "hr"];

/// What a page consists of.
#[derive(Debug, Default)]
pub struct Markup {
    /// Opening tags with their attributes.
    pub tags: Vec<Tag>,
    /// Everything between tags, as written, scripts and styles aside.
    pub text: String,
    /// What stands in script elements.
    pub scripts: Vec<String>,
}

/// An opening tag.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Markup {
    /// Reads a page; what is not well formed panics with its place.
    pub fn read(page: &str) -> Self {
        let mut markup = Self::default();
        let mut open: Vec<String> = Vec::new();
        let mut rest = page.strip_prefix("<!doctype html>").expect("a doctype");
        while let Some(start) = rest.find('<') {
            markup.text.push_str(&rest[..start]);
            rest = &rest[start + 1..];
            if let Some(after) = rest.strip_prefix('/') {
                let (name, after) = after.split_once('>').expect("an end of the closing tag");
                assert_eq!(open.pop().as_deref(), Some(name), "before {:.80}", after);
                rest = after;
                continue;
            }
            let tag = tag(&mut rest);
            match tag.name.as_str() {
                name @ ("script" | "style") => {
                    let (raw, after) = rest.split_once(&format!("</{name}>")).expect("its end");
                    if name == "script" {
                        markup.scripts.push(raw.to_owned());
                    }
                    rest = after;
                }
                name if VOID.contains(&name) => {}
                name => open.push(name.to_owned()),
            }
            markup.tags.push(tag);
        }
        assert!(open.is_empty(), "not closed: {open:?}");
        markup
    }

    /// The values of an attribute, wherever it stands.
    pub fn all<'a>(&'a self, attribute: &'a str) -> impl Iterator<Item = &'a str> {
        self.tags.iter().filter_map(move |tag| tag.get(attribute))
    }

    /// The ids, each once.
    pub fn ids(&self) -> BTreeSet<&str> {
        let ids: Vec<&str> = self.all("id").collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice");
        unique
    }
}

fn tag(rest: &mut &str) -> Tag {
    let name = word(rest);
    assert!(!name.is_empty(), "a bare < before {:.80}", rest);
    let mut attributes = Vec::new();
    loop {
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            *rest = after;
            return Tag { name, attributes };
        }
        let key = word(rest);
        assert!(!key.is_empty(), "in <{name}> before {:.80}", rest);
        let value = match rest.strip_prefix("=\"") {
            None => String::new(),
            Some(after) => {
                let (value, after) = after.split_once('"').expect("a closing quote");
                *rest = after;
                value.to_owned()
            }
        };
        attributes.push((key, value));
    }
}

fn word(rest: &mut &str) -> String {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = after;
    word.to_owned()
}

#[test]
fn it_reads_what_is_well_formed() {
    let markup = Markup::read("<!doctype html><p id=\"a\" hidden>x<br>y</p><script>1<2</script>");
    assert_eq!(markup.text, "xy");
    assert_eq!(markup.scripts, ["1<2"]);
    assert_eq!(markup.tags[0].get("hidden"), Some(""));
}

#[test]
#[should_panic(expected = "before")]
fn it_refuses_what_is_not_closed_in_its_order() {
    Markup::read("<!doctype html><p><b></p></b>");
}
