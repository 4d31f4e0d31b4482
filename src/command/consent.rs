//! Asking people, and turning their answers into a consent.

use std::io::{BufRead, IsTerminal};

use super::{Failure, Output};
use crate::{
    cli::{Agreement, ConsentArgs},
    exit::Exit,
    plan::{Agreed, Consent, Plan, guard},
    report,
};

/// The consent that the command line gives.
pub fn given(args: &ConsentArgs) -> Consent {
    Consent {
        widen: agreed(&args.allow_widen),
        destroy: agreed(&args.allow_destroy),
        // It is asked for by itself: see `confirmed`.
        lock: true,
    }
}

fn agreed(agreements: &[Agreement]) -> Agreed {
    if agreements.contains(&Agreement::Everything) {
        return Agreed::Everything;
    }
    let addresses = agreements.iter().filter_map(|agreement| match agreement {
        Agreement::To(address) => Some(address.clone()),
        Agreement::Everything => None,
    });
    Agreed::These(addresses.collect())
}

/// Refuses a plan that harms without consent.
///
/// # Errors
/// Every reason, named one by one.
pub fn check(plan: &Plan, consent: &Consent) -> Result<(), Failure> {
    guard(plan, consent).map_err(|refusal| Failure::new(report::consent::refusal(&refusal)))
}

/// The environment's name, given on the command line or typed.
///
/// # Errors
/// Another name; nobody there to type it.
pub fn confirmed(
    environment: &str,
    given: Option<&str>,
    what: &str,
    output: &mut Output,
) -> Result<(), Failure> {
    match given {
        Some(given) if given == environment => Ok(()),
        Some(given) => Err(Failure::with(
            Exit::Usage,
            format_args!(
                "--confirm says {given}, but the environment is {environment}: nothing was done"
            ),
        )),
        None => {
            let question = Question {
                text: format!("{what} Type {environment} to confirm:"),
                expected: environment,
                instead: format!("--confirm {environment}"),
            };
            ask(&question, output)
        }
    }
}

/// A question with one good answer.
pub struct Question<'a> {
    /// The words.
    pub text: String,
    /// The good answer.
    pub expected: &'a str,
    /// What to say on the command line where nobody can be asked.
    pub instead: String,
}

/// Asks a question.
///
/// # Errors
/// Another answer; nobody there to ask.
pub fn ask(question: &Question<'_>, output: &mut Output) -> Result<(), Failure> {
    let Question {
        text,
        expected,
        instead,
    } = question;
    if !std::io::stdin().is_terminal() {
        return Err(Failure::with(
            Exit::Usage,
            format_args!("nobody is there to ask, so nothing was done; say {instead}"),
        ));
    }
    output.tell(text);
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim() == *expected {
        Ok(())
    } else {
        Err(Failure::new("not confirmed, nothing was done"))
    }
}
