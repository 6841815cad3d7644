//! A server on loopback with a thread of its own.

use axum::Router;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Why a peer could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No socket or no thread to be had.
    #[error("loopback server cannot be started")]
    Start(#[from] io::Error),
    /// A signing secret is not `whsec_` and base64.
    #[error("signing secret number {number} of the receiver is not base64 (with or without whsec_ in front)")]
    Secret {
        /// Which one, counted from 1.
        number: usize,
    },
    /// The journal cannot be opened for appending.
    #[error("journal {} cannot be opened", path.display())]
    Journal {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// A running server; dropping it closes its listener and all its connections before the drop returns.
#[derive(Debug)]
pub(crate) struct Host {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    pub(crate) fn start(name: &str, router: Router) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            runtime.block_on(async move {
                tokio::select! {
                    // A dropped sender stops the server as well as a sent message.
                    _ = stopped => {}
                    _ = axum::serve(listener, router) => {}
                }
            });
            // The runtime is dropped here and with it every connection, also those that hang on purpose.
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // An error means that the server thread has panicked; its panic message has been printed already.
            let _panicked = thread.join();
        }
    }
}
