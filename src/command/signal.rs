//! Ctrl-C and SIGTERM: nothing new begins, what is under way is finished and told.

use tokio::sync::watch;

use crate::exit::Exit;

/// A watch that turns true at the first signal, and the exit that the signal asks for.
pub struct Signals {
    /// Turns true at the first signal.
    pub stop: watch::Receiver<bool>,
    exit: watch::Receiver<Option<Exit>>,
}

impl Signals {
    /// Begins to listen.
    pub fn listen() -> Self {
        let (stop, stopped) = watch::channel(false);
        let (exit, exited) = watch::channel(None);
        tokio::spawn(async move {
            let which = first().await;
            let _ = exit.send(Some(which));
            let _ = stop.send(true);
            // The channels must outlive the wait.
            stop.closed().await;
        });
        Self {
            stop: stopped,
            exit: exited,
        }
    }

    /// The exit of the signal that came, if one came.
    pub fn exit(&self) -> Option<Exit> {
        *self.exit.borrow()
    }
}

#[cfg(unix)]
async fn first() -> Exit {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupt().await;
    };
    tokio::select! {
        exit = interrupt() => exit,
        _ = terminate.recv() => Exit::Terminated,
    }
}

#[cfg(not(unix))]
async fn first() -> Exit {
    interrupt().await
}

async fn interrupt() -> Exit {
    let _ = tokio::signal::ctrl_c().await;
    Exit::Interrupted
}
