//! JSON with the place of every value, and with every key as often as it stands there. It reads
//! what RFC 8259 allows and nothing more, and gives up at the first error.

/// Values inside of values, at most: a policy has five.
const DEEPEST: usize = 64;

/// Bytes of a text, from the first to behind the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// A value of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    /// True or false.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) at: Span,
    pub(super) node: Node,
}

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Malformed {
    /// Where reading stopped.
    pub(super) at: usize,
    message: String,
}

impl Node {
    /// The first member of this name, where the value is an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let mut members = self.members().iter();
        members
            .find(|member| member.key == key)
            .map(|member| &member.node)
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The text, where it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members of a list, or the value itself.
    pub(super) fn each(&self) -> &[Self] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => std::slice::from_ref(self),
        }
    }
}

/// Reads a whole text.
pub(super) fn read(text: &str) -> Result<Node, Malformed> {
    let mut reader = Reader { text, at: 0 };
    // Editors of some systems begin a file with this mark.
    reader.eat('\u{feff}');
    let node = reader.value(0)?;
    reader.blank();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.wrong("something follows the value")),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn blank(&mut self) {
        let rest = self.rest();
        let blank = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.at += rest.len() - blank.len();
    }

    fn wrong(&self, message: &str) -> Malformed {
        Malformed {
            at: self.at,
            message: message.to_owned(),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Malformed> {
        self.blank();
        if depth > DEEPEST {
            return Err(self.wrong("nested deeper than any policy"));
        }
        let start = self.at;
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text(self.string()?),
            Some(_) => self.word()?,
            None => return Err(self.wrong("the text ends where a value is expected")),
        };
        let end = self.at;
        Ok(Node {
            span: Span { start, end },
            value,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut members = Vec::new();
        self.eat('{');
        self.blank();
        if self.eat('}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            let start = self.at;
            let key = self.string()?;
            let end = self.at;
            self.blank();
            if !self.eat(':') {
                return Err(self.wrong("a colon is expected behind a key"));
            }
            let node = self.value(depth + 1)?;
            let at = Span { start, end };
            members.push(Member { key, at, node });
            self.blank();
            if self.eat('}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(',') {
                return Err(self.wrong("a comma or `}` is expected"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut nodes = Vec::new();
        self.eat('[');
        self.blank();
        if self.eat(']') {
            return Ok(Value::List(nodes));
        }
        loop {
            nodes.push(self.value(depth + 1)?);
            self.blank();
            if self.eat(']') {
                return Ok(Value::List(nodes));
            }
            if !self.eat(',') {
                return Err(self.wrong("a comma or `]` is expected"));
            }
        }
    }

    /// A string, which serde reads once its end is known.
    fn string(&mut self) -> Result<String, Malformed> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        });
        let end = end.filter(|_| rest.starts_with('"'));
        let Some(quoted) = end.and_then(|(end, _)| rest.get(..=end)) else {
            return Err(self.wrong("a text in double quotes is expected"));
        };
        let read = serde_json::from_str(quoted);
        let length = quoted.len();
        let text =
            read.map_err(|_| self.wrong("the text has an escape that JSON does not know"))?;
        self.at += length;
        Ok(text)
    }

    /// A number, true, false or null.
    fn word(&mut self) -> Result<Value, Malformed> {
        let rest = self.rest();
        let end = rest.find([' ', '\t', '\r', '\n', ',', ']', '}', ':', '"']);
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number => {
                let read: Result<serde_json::Number, _> = serde_json::from_str(number);
                read.map_err(|_| self.wrong("this is no value of JSON"))?;
                Value::Number(number.to_owned())
            }
        };
        self.at += word.len();
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_value_knows_its_place() {
        let text = "{\"a\": [1, \"b\\\"c\"], \"a\": null}";
        let node = read(text).unwrap();
        let list = node.get("a").unwrap();
        let second = &list.each()[1];
        assert_eq!(second.text(), Some("b\"c"));
        assert_eq!(&text[second.span.start..second.span.end], "\"b\\\"c\"");
        assert_eq!(
            node.members().len(),
            2,
            "a key that stands there twice is seen twice"
        );
    }

    #[test]
    fn an_error_says_where() {
        for (text, at) in [
            ("{\"a\" 1}", 5),
            ("[1,]", 3),
            ("{\"a\":1} x", 8),
            ("'a'", 0),
            ("", 0),
        ] {
            assert_eq!(read(text).unwrap_err().at, at, "{text}");
        }
        assert!(read(&"[".repeat(10_000)).is_err());
    }

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(truth) => (*truth).into(),
            Value::Number(text) => serde_json::from_str(text).unwrap(),
            Value::Text(text) => text.clone().into(),
            Value::List(nodes) => nodes.iter().map(plain).collect(),
            Value::Object(members) => {
                let members = members.iter();
                let members = members.map(|one| (one.key.clone(), plain(&one.node)));
                serde_json::Value::Object(members.collect())
            }
        }
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_reads(text in "[\\[\\]{}:,\"a1\\\\ne. -]{0,24}") {
            let other: Result<serde_json::Value, _> = serde_json::from_str(&text);
            match (read(&text), other) {
                (Ok(node), Ok(value)) => prop_assert_eq!(plain(&node), value),
                (Err(_), Err(_)) => {}
                (one, other) => prop_assert!(false, "{one:?} and {other:?}"),
            }
        }
    }
}
