//! One file a verb: read, compute, write. All that people and machines read is printed here.

mod apply;
mod attest;
mod bundle;
mod can;
mod chain;
mod cloud;
mod completions;
mod consent;
mod cost;
mod destroy;
mod drift;
mod failure;
mod git;
mod keygen;
mod lint;
mod output;
mod period;
mod plan;
mod policies;
mod policy;
mod progress;
mod prove;
mod rehearse;
mod render;
mod reperform;
mod replay;
mod report;
mod schema;
mod session;
mod sign;
mod signal;
mod since;
mod snapshot;
mod store;
mod validate;
mod verify;
mod verify_trail;

use crate::{
    cli::{Cli, PolicyVerb, Verb},
    exit::Exit,
};

pub use failure::Failure;
pub use output::Output;

/// Runs one command; what goes wrong is told on standard error.
pub async fn run(cli: Cli, now: jiff::Timestamp, output: &mut Output) -> Exit {
    let Cli { verb, global } = cli;
    let result = match verb {
        Verb::Rehearse {
            spec,
            out,
            seed,
            render,
            sign,
        } => {
            let asked = rehearse::Asked {
                spec: &spec,
                out: &out,
                seed,
                render: &render,
                sign: &sign,
            };
            rehearse::run(&global, &asked, now, output).await
        }
        Verb::Validate { spec } => validate::run(&global, &spec, output),
        Verb::Schema { name } => schema::run(name, output),
        Verb::Snapshot { spec, out } => snapshot::run(&global, &spec, out, now, output).await,
        Verb::Plan {
            spec,
            out,
            detailed_exitcode,
            prices,
        } => {
            let wanted = plan::Wanted {
                out,
                detailed_exitcode,
                prices,
            };
            plan::run(&global, &spec, wanted, now, output).await
        }
        Verb::Apply {
            spec,
            plan,
            prices,
            consent,
        } => {
            let prices = prices.as_deref();
            apply::run(&global, &spec, plan, prices, &consent, now, output).await
        }
        Verb::Drift { spec } => drift::run(&global, &spec, now, output).await,
        Verb::Destroy {
            spec,
            confirm,
            prices,
        } => {
            let prices = prices.as_deref();
            destroy::run(&global, &spec, confirm, prices, now, output).await
        }
        Verb::Report(asked) => match (&asked.spec, asked.period) {
            (Some(spec), None) => report::run(&global, spec, &asked, now, output).await,
            _ => period::run(&global, asked, now, output),
        },
        Verb::Verify(arguments) => verify::run(&global, &arguments, output).await,
        Verb::VerifyTrail { dir, keys } => verify_trail::run(&global, &dir, &keys, output),
        Verb::Keygen { out, algorithm } => keygen::run(&out, algorithm, output),
        Verb::Prove(asked) => prove::run(&global, &asked, now, output).await,
        Verb::Can(asked) => can::run(&global, &asked, now, output).await,
        Verb::Policy {
            verb: PolicyVerb::Eval,
        } => policy::eval(output),
        Verb::Lint(asked) => lint::run(&global, &asked, output),
        Verb::Attest(said) => attest::run(&global, &said, now, output),
        Verb::Policies { what } => policies::run(&global, &what, output),
        Verb::Completions { shell } => completions::run(shell, output),
    };
    let exit = result.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit
    });
    output.end(exit)
}
