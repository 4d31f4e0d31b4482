//! Whatever stands in a file, the reader answers; it never panics and never hangs.

use proptest::prelude::*;

use super::bank::{Bank, ENVIRONMENT, LOGIN};
use crate::spec::parse;

fn text_of(bank: &Bank, file: &str) -> Vec<u8> {
    std::fs::read(bank.path(file)).unwrap()
}

/// Fragments that YAML gives a meaning to.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("- ".to_owned()),
        Just(": ".to_owned()),
        Just("\n  ".to_owned()),
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("<<: ".to_owned()),
        Just("!!str ".to_owned()),
        Just("{".to_owned()),
        Just("]".to_owned()),
        Just("'".to_owned()),
        Just("|\n".to_owned()),
        Just("---\n".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("ß🏦".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        "[a-z]{1,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bank = Bank::empty().write("bank", &bytes);
        if let Err(errors) = bank.load("bank") {
            prop_assert!(errors.errors() > 0);
            prop_assert!(!errors.render(true).is_empty());
        }
    }

    #[test]
    fn spans_lie_inside_the_text(parts in proptest::collection::vec(fragment(), 0..60)) {
        let text = parts.concat();
        for problem in parse::parse(&text).problems {
            let inside = problem.span.is_none_or(|span| text.get(span.start..span.end).is_some());
            prop_assert!(inside, "{problem:?} in {text:?}");
        }
    }

    #[test]
    fn a_mutated_service_is_answered(
        at in any::<prop::sample::Index>(),
        cut in 0_usize..24,
        put in proptest::collection::vec(fragment(), 0..3),
        environment in any::<bool>(),
    ) {
        let file = if environment { ENVIRONMENT } else { LOGIN };
        let bank = Bank::new();
        let mut bytes = text_of(&bank, file);
        let start = at.index(bytes.len());
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, put.concat().into_bytes());
        let bank = bank.write(file, &bytes);
        if let Err(errors) = bank.load("bank") {
            prop_assert_eq!(errors.machine().len(), errors.diagnostics().len());
            let escapes = errors.render(false).contains('\x1b');
            prop_assert!(!escapes);
        }
    }
}

#[test]
fn a_line_of_a_megabyte_does_not_flood_the_terminal() {
    let bank = Bank::new().append(LOGIN, &format!("x: [{}", "1,".repeat(200_000)));
    assert!(bank.refused().len() < 1_000);
}

#[test]
fn escape_sequences_are_not_obeyed() {
    let bank = Bank::new().edit(LOGIN, "runtime: ecs-fargate", "runtime: \"\\e[2Jx\"");
    assert!(!bank.refused().contains('\x1b'));
}
