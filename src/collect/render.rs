//! Pages that are made by scripts: a program that runs them is started, and what it writes is the page.
//!
//! The program dials by itself. Its address is judged as every other is, before it is started; where the page redirects to and what
//! its scripts ask for is not, so who renders pages of strangers confines the program (a sandbox, a firewall, a proxy of its
//! own).

use std::fs::{self, DirBuilder};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::net::unix::pipe;
use url::{Host, Url};

use super::address::{self, Private, Refusal};
use super::fetch::{Answer, FetchError, Head, LookedUp, Policy, Request, look_up, shown};

/// A command that renders pages: `chromium --headless --dump-dom {url}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renderer {
    /// The program and what it is told, `{url}` still in it.
    words: Vec<String>,
}

/// Why a text is no [`Renderer`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCommand {
    /// Nothing in it.
    #[error("the command is empty")]
    Empty,
    /// It is not told which page.
    #[error("the command does not say where the address goes: write {{url}} in it")]
    NoUrl,
    /// The address stands among words that a shell would read, too, and anybody may write addresses.
    #[error(
        "the address is part of a longer text, in which it could be read as a command: give it as a word of its own, as in sh -c '… \"$1\"' x {{url}}"
    )]
    Within,
    /// A quote without its end.
    #[error("a quote of the command has no end: close it")]
    Quote,
    /// What only a shell understands.
    #[error("the command is run without a shell, and {0:?} would mean nothing: put it into a script, or into quotes")]
    Shell(char),
}

/// Why a page was not rendered. `command` is the name of the program.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The address may not be asked.
    #[error("{url} is not rendered: {refusal}")]
    Refused {
        /// The address.
        url: String,
        /// Why not.
        refusal: Refusal,
    },
    /// The name service does not know the host.
    #[error("{host} is not found: check its spelling, and the name service of this machine")]
    Unresolved {
        /// The host.
        host: String,
    },
    /// The program does not start.
    #[error("cannot start {command:?}: {error} (install it, or give its whole path in render)")]
    Start {
        /// The program.
        command: String,
        /// Why not.
        error: io::Error,
    },
    /// It failed, or there was nowhere to work.
    #[error("{command:?} failed: {problem}; try the command by hand")]
    Failed {
        /// The program.
        command: String,
        /// Its status and its last words.
        problem: String,
    },
    /// It took too long.
    #[error(
        "{command:?} was not done after {limit:?} and was stopped: raise refresh.timeout, or try the command by hand"
    )]
    Late {
        /// The program.
        command: String,
        /// How long it had.
        limit: Duration,
    },
    /// It wrote too much.
    #[error("{command:?} wrote more than {limit} bytes and was stopped: such a page is not read")]
    TooLarge {
        /// The program.
        command: String,
        /// How much it might have.
        limit: usize,
    },
}

impl RenderError {
    /// It as a request that failed. `url` is what was to be rendered, as it may be shown.
    fn into_fetch_error(self, url: String) -> FetchError {
        match self {
            Self::Refused { refusal, .. } => FetchError::Refused { url, refusal },
            Self::Unresolved { host } => FetchError::Unknown { host, problem: "it is not found".to_owned() },
            Self::Start { .. } => FetchError::Setting(self.to_string()),
            Self::Failed { .. } | Self::Late { .. } | Self::TooLarge { .. } => {
                FetchError::Body { url, problem: self.to_string() }
            }
        }
    }
}

impl Renderer {
    /// Takes a command apart, as a shell does with quotes and backslashes (POSIX.1-2024 §2.2); nothing else means anything.
    ///
    /// # Errors
    /// When it is none, or needs a shell.
    pub fn new(command: &str) -> Result<Self, InvalidCommand> {
        let mut words: Vec<String> = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        let mut characters = command.chars().peekable();
        while let Some(c) = characters.next() {
            if quote.is_none() && c.is_whitespace() {
                words.extend(word.take());
                continue;
            }
            let inner = word.get_or_insert_default();
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '\\') => inner.extend(characters.next()),
                (Some('"'), '\\') => match characters.next_if(|c| matches!(c, '"' | '\\' | '$' | '`')) {
                    Some(escaped) => inner.push(escaped),
                    None => inner.push('\\'),
                },
                (None, '|' | '&' | ';' | '<' | '>' | '$' | '`' | '*' | '(' | ')' | '\n') => {
                    return Err(InvalidCommand::Shell(c));
                }
                (_, c) => inner.push(c),
            }
        }
        if quote.is_some() {
            return Err(InvalidCommand::Quote);
        }
        words.extend(word);
        match words.split_first() {
            None => Err(InvalidCommand::Empty),
            Some((_, rest)) if !rest.iter().any(|word| word.contains("{url}")) => Err(InvalidCommand::NoUrl),
            Some((_, rest)) if rest.iter().any(|word| word.contains("{url}") && !is_plain(word)) || is_run(rest) => {
                Err(InvalidCommand::Within)
            }
            Some(_) => Ok(Self { words }),
        }
    }

    /// The program, as it was written.
    fn program(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// Whether the address is what a program runs: `sh -c {url}`.
fn is_run(words: &[String]) -> bool {
    words.windows(2).any(|pair| match pair {
        [option, word] => matches!(option.as_str(), "-c" | "-e" | "--eval" | "--command") && word.contains("{url}"),
        _ => false,
    })
}

/// Whether a word is an option and its value at most, and no text of another language.
fn is_plain(word: &str) -> bool {
    word.replace("{url}", "")
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.' | ':' | '/'))
}

/// Renders what is asked for instead of fetching it. The answer is where the request is, for the program does not tell where it
/// was led, and nothing vouches for it: it is rendered again at each visit.
///
/// # Errors
/// See [`RenderError`].
pub async fn answer(renderer: &Renderer, request: &Request, policy: &Policy) -> Result<Box<Answer>, FetchError> {
    let url = request.url.clone();
    // Who is on the open web leads to no host that is listed: it was listed for others.
    let open = request.is_strange.then(|| Policy { private: Private::default(), ..policy.clone() });
    let body = render(renderer, &url, open.as_ref().unwrap_or(policy)).await;
    let body = body.map_err(|error| error.into_fetch_error(shown(&url)))?;
    // Browsers write UTF-8, whatever the page says that it was.
    let charset = if std::str::from_utf8(&body).is_ok() { "; charset=utf-8" } else { "" };
    let head = Head { content_type: Some(format!("text/html{charset}")), ..Head::default() };
    let is_open = !policy.private.lists(&url);
    Ok(Box::new(Answer { url, moved: None, head, body: Some(body), validators: None, room: None, is_open }))
}

/// Renders the page at an address, within the limits of a request: its time, the size of its body, and who may be asked. The
/// program gets a folder of its own as home and place for files, which is gone afterwards, `PATH`, `LANG` and `TZ`, and
/// nothing to read. It ends with all that it has started in its process group. Runs on a tokio runtime; when it is given up,
/// the program ends, too.
///
/// # Errors
/// See [`RenderError`].
pub async fn render(renderer: &Renderer, url: &Url, policy: &Policy) -> Result<Vec<u8>, RenderError> {
    judge(url, policy).await?;
    let command = renderer.program().to_owned();
    let failed = |error: &io::Error| RenderError::Failed { command: command.clone(), problem: error.to_string() };
    let folder = Folder::new(url).map_err(|error| failed(&error))?;
    let mut running = start(renderer, url, &folder).map_err(|error| match error {
        StartError::Program(error) => RenderError::Start { command: command.clone(), error },
        StartError::Around(error) => failed(&error),
    })?;
    let limit = policy.timeout;
    let done = tokio::time::timeout(limit, running.finish(policy.max_size)).await;
    let outcome = match done {
        Err(_) => return Err(RenderError::Late { command, limit }),
        Ok(Err(error)) => return Err(failed(&error)),
        Ok(Ok(None)) => return Err(RenderError::TooLarge { command, limit: policy.max_size }),
        Ok(Ok(Some(page))) => page,
    };
    let status = running.end().map_err(|error| failed(&error))?;
    if status.success() && !outcome.is_empty() {
        return Ok(outcome);
    }
    let how = match (status.code(), status.signal()) {
        (Some(0), _) => "it wrote nothing".to_owned(),
        (Some(code), _) => format!("it ended with status {code}"),
        (None, signal) => format!("it was ended by signal {}", signal.unwrap_or_default()),
    };
    let problem = running.last_words().map(|line| format!("{how}, saying {line:?}")).unwrap_or(how);
    Err(RenderError::Failed { command, problem })
}

/// Judges an address, and every answer of the name service to it: which one the program dials is its own choice.
async fn judge(url: &Url, policy: &Policy) -> Result<(), RenderError> {
    let refused = |refusal| RenderError::Refused { url: url.to_string(), refusal };
    address::check(url, &policy.private).map_err(refused)?;
    if let Some(Host::Domain(host)) = url.host() {
        let looked = tokio::time::timeout(policy.timeout, look_up(host, &policy.private)).await;
        let unresolved = || RenderError::Unresolved { host: host.to_owned() };
        let LookedUp { allowed, refused: mut others } = looked.map_err(|_| unresolved())?.map_err(|_| unresolved())?;
        if let Some(refusal) = others.pop() {
            return Err(refused(refusal));
        }
        if allowed.is_empty() {
            return Err(unresolved());
        }
    }
    Ok(())
}

/// A folder for one run, which is removed with all that is in it.
struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes one that nobody else can look into, or has made before.
    fn new(url: &Url) -> io::Result<Self> {
        let own = std::process::id();
        let host = url.host_str().unwrap_or_default().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let name = host.get(..host.len().min(40)).unwrap_or_default();
        let mut number = 0_u32;
        loop {
            let path = std::env::temp_dir().join(format!("feedgen-{own}-{name}-{number}"));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 10_000 => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What the program has started ends at its own pace, and may still be writing.
        let _gone = (0..3).any(|_| fs::remove_dir_all(&self.path).is_ok());
    }
}

/// A program that runs, and ends when this does.
struct Running {
    child: Child,
    output: pipe::Receiver,
    errors: OwnedFd,
    /// The end of what it said on its standard error.
    said: Vec<u8>,
    has_ended: bool,
}

enum StartError {
    /// The program itself.
    Program(io::Error),
    /// What it needs around it.
    Around(io::Error),
}

fn start(renderer: &Renderer, url: &Url, folder: &Folder) -> Result<Running, StartError> {
    let words = renderer.words.iter().map(|word| word.replace("{url}", url.as_str()));
    let mut words = words.collect::<Vec<_>>().into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(&folder.path).process_group(0);
    command.env_clear().env("HOME", &folder.path).env("TMPDIR", &folder.path).env("LANG", "C.UTF-8");
    for name in ["PATH", "LANG", "TZ"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(StartError::Program)?;
    let pipes = child.stdout.take().zip(child.stderr.take()).ok_or_else(|| io::Error::other("it has no output"));
    let pipes = pipes.and_then(|(output, errors)| {
        Ok((pipe::Receiver::from_owned_fd(ready(output.into())?)?, ready(errors.into())?))
    });
    match pipes {
        Ok((output, errors)) => Ok(Running { child, output, errors, said: Vec::new(), has_ended: false }),
        Err(error) => {
            end(&mut child);
            Err(StartError::Around(error))
        }
    }
}

/// The same, but nobody waits at it.
fn ready(pipe: OwnedFd) -> io::Result<OwnedFd> {
    let flags = fcntl_getfl(&pipe)?;
    fcntl_setfl(&pipe, flags | OFlags::NONBLOCK)?;
    Ok(pipe)
}

/// Bytes that are kept of what a program says on its standard error.
const TAIL: usize = 4 * 1024;
/// How often it is looked whether a program has ended that writes nothing.
const LOOK: Duration = Duration::from_millis(20);

impl Running {
    /// Takes what the program writes, until it has ended. `None`: it is more than `most` bytes.
    async fn finish(&mut self, most: usize) -> io::Result<Option<Vec<u8>>> {
        let mut page = Vec::new();
        let mut is_open = true;
        loop {
            // Before the output is looked at: what was written before the end is there then.
            let has_ended = self.has_ended()?;
            self.listen();
            if is_open && tokio::time::timeout(LOOK, self.output.readable()).await.is_ok() {
                is_open = self.take(&mut page)?;
                if page.len() > most {
                    return Ok(None);
                }
            } else if has_ended {
                // Who else holds the output open is not waited for.
                return Ok(Some(page));
            } else if !is_open {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Takes what is there. `false`: nothing comes any more.
    fn take(&mut self, page: &mut Vec<u8>) -> io::Result<bool> {
        let mut part = [0; 16 * 1024];
        match self.output.try_read(&mut part) {
            Ok(0) => Ok(false),
            Ok(length) => {
                page.extend_from_slice(part.get(..length).unwrap_or_default());
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Takes what it has said, of which the end is kept: a program that never stops talking fills no disk.
    fn listen(&mut self) {
        let mut part = [0; 16 * 1024];
        // As much as a pipe holds: it may never end.
        for _ in 0..4 {
            let Ok(length @ 1..) = rustix::io::read(&self.errors, &mut part) else { break };
            self.said.extend_from_slice(part.get(..length).unwrap_or_default());
            self.said.drain(..self.said.len().saturating_sub(TAIL));
        }
    }

    /// The last line that it has said, at most 200 characters of it.
    fn last_words(&mut self) -> Option<String> {
        self.listen();
        let text = String::from_utf8_lossy(&self.said);
        let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
        Some(line.chars().filter(|c| !c.is_control()).take(200).collect())
    }

    /// Whether the program has ended. Its number is kept, so that no other gets it while its group is still to be ended.
    fn has_ended(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(pid(&self.child)), options)?.is_some())
    }

    /// Ends the program, and all that it has started in its group.
    fn end(&mut self) -> io::Result<std::process::ExitStatus> {
        self.has_ended = true;
        end(&mut self.child);
        self.child.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended {
            end(&mut self.child);
        }
    }
}

fn pid(child: &Child) -> Pid {
    Pid::from_child(child)
}

fn end(child: &mut Child) {
    let _ended = kill_process_group(pid(child), Signal::KILL);
    let _reaped = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(command: &str, words: &[&str]) {
        assert_eq!(
            Renderer::new(command).map(|renderer| renderer.words),
            Ok(words.iter().map(|word| (*word).to_owned()).collect())
        );
    }

    #[test]
    fn commands_are_split_as_by_a_shell() {
        check("chromium --headless  --dump-dom {url}", &["chromium", "--headless", "--dump-dom", "{url}"]);
        check(
            r#""/opt/My Browser/run" --app='{url}' a\ b "c\"d\e" ''"#,
            &["/opt/My Browser/run", "--app={url}", "a b", "c\"d\\e", ""],
        );
        check("sh -c 'echo \"$1\" | cat' x {url}", &["sh", "-c", "echo \"$1\" | cat", "x", "{url}"]);
    }

    #[test]
    fn what_is_no_command_is_told() {
        for (command, error) in [
            (" ", InvalidCommand::Empty),
            ("chromium --dump-dom", InvalidCommand::NoUrl),
            ("{url}", InvalidCommand::NoUrl),
            ("a '{url}", InvalidCommand::Quote),
            ("a {url} | b", InvalidCommand::Shell('|')),
            ("a {url} > $HOME/b", InvalidCommand::Shell('>')),
            ("sh -c 'curl -s {url} | cat'", InvalidCommand::Within),
            ("sh -c {url}", InvalidCommand::Within),
            ("node --print 'fetch(`{url}`)'", InvalidCommand::Within),
        ] {
            assert_eq!(Renderer::new(command), Err(error), "{command}");
        }
    }
}
