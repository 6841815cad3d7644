use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use berika_catalog::Currency;
use proptest::prelude::*;
use rust_decimal::Decimal;
use tempfile::TempDir;

use super::super::budget::Prices;
use super::*;

/// Tells a test that it is the process to be killed, and where its ledger is.
const CHILD: &str = "BERIKA_TEST_LEDGER";

fn cost(tokens: u64) -> Cost {
    // A token costs a thousandth, so that either bound can be the nearer one.
    Cost { tokens, money: Decimal::new(tokens.try_into().unwrap(), 3) }
}

fn budget(tokens: u64, money: Option<i64>) -> Budget {
    let currency = Currency::parse("EUR").unwrap();
    let price = Decimal::from(1000);
    Budget {
        tokens: Some(tokens),
        money: money.map(|thousandths| Decimal::new(thousandths, 3)),
        prices: Some(Prices { currency, prompt: price, output: price }),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

fn open(path: &Path, tokens: u64) -> FileLedger {
    FileLedger::open(path, "job", budget(tokens, None)).unwrap()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spent.jsonl");
    (folder, path)
}

async fn reserve(ledger: &dyn Ledger, tokens: u64) -> Option<Ticket> {
    ledger.reserve(cost(tokens)).await.unwrap()
}

async fn spent(ledger: &dyn Ledger) -> u64 {
    ledger.spent().await.unwrap().tokens
}

/// What a random caller does.
#[derive(Debug, Clone)]
enum Step {
    Reserve(u64),
    /// Settles the open reservation of this number at a share of it.
    Settle(usize, u64),
    /// Loses the open reservation of this number: it was sent, and nobody knows what came of it.
    Lose(usize),
    /// Ends the process and begins another one.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_u64..200).prop_map(Step::Reserve),
        3 => (any::<usize>(), 0_u64..=100).prop_map(|(which, share)| Step::Settle(which, share)),
        1 => any::<usize>().prop_map(Step::Lose),
        1 => Just(Step::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_callers_do_the_server_never_bills_more_than_the_budget(
        steps in prop::collection::vec(step(), 1..60),
        tokens in 0_u64..1500,
        money in prop::option::of(0_i64..1500),
    ) {
        let (_folder, path) = folder();
        let budget = budget(tokens, money);
        let most = money.map_or(tokens, |money| tokens.min(u64::try_from(money).unwrap()));
        runtime().block_on(async {
            let begin = || FileLedger::open(&path, "job", budget.clone()).unwrap();
            let (mut file, memory) = (Some(begin()), MemoryLedger::new(budget.clone()));
            // What the server bills: all of what was sent, until it says that it was less.
            let (mut billed, mut open) = (0, Vec::new());
            for step in &steps {
                let ledger = file.as_ref().unwrap();
                match step {
                    Step::Reserve(tokens) => {
                        let tickets = (reserve(ledger, *tokens).await, reserve(&memory, *tokens).await);
                        prop_assert_eq!(tickets.0.is_some(), billed + tokens <= most);
                        prop_assert_eq!(tickets.0.is_some(), tickets.1.is_some());
                        if let (Some(file), Some(memory)) = tickets {
                            billed += tokens;
                            open.push((Some(file), memory, *tokens));
                        }
                    }
                    Step::Settle(which, share) if !open.is_empty() => {
                        let (in_file, in_memory, tokens) = open.remove(which % open.len());
                        let Some(in_file) = in_file else { continue };
                        let real = tokens * share / 100;
                        ledger.settle(in_file, cost(real)).await.unwrap();
                        memory.settle(in_memory, cost(real)).await.unwrap();
                        billed -= tokens - real;
                    }
                    Step::Lose(which) if !open.is_empty() => drop(open.remove(which % open.len())),
                    Step::Settle(..) | Step::Lose(_) => {}
                    Step::Crash => {
                        drop(file.take());
                        file = Some(begin());
                        open.iter_mut().for_each(|(in_file, ..)| *in_file = None);
                    }
                }
                prop_assert!(billed <= most, "{billed} of {most}");
                prop_assert_eq!(spent(file.as_ref().unwrap()).await, billed);
                prop_assert_eq!(spent(&memory).await, billed);
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_reservation_is_settled_once() {
    let ledger = MemoryLedger::new(budget(100, None));
    runtime().block_on(async {
        let ticket = reserve(&ledger, 60).await.unwrap();
        let again = Ticket(ticket.0);
        ledger.settle(ticket, cost(10)).await.unwrap();
        assert!(matches!(ledger.settle(again, cost(10)).await, Err(LedgerError::UnknownTicket(_))));
        assert_eq!(spent(&ledger).await, 10);
        assert_eq!(reserve(&ledger, 91).await, None);
        assert!(reserve(&ledger, 90).await.is_some());
    });
}

#[test]
fn a_file_torn_at_any_byte_counts_every_reservation_that_was_given_out() {
    let (_folder, path) = folder();
    let mut given_out = Vec::new();
    runtime().block_on(async {
        let ledger = open(&path, 1000);
        let length = || std::fs::metadata(&path).unwrap().len();
        given_out.push((length(), 0));
        let first = reserve(&ledger, 100).await.unwrap();
        given_out.push((length(), 100));
        let _lost = reserve(&ledger, 200).await.unwrap();
        given_out.push((length(), 300));
        ledger.settle(first, cost(40)).await.unwrap();
        given_out.push((length(), 240));
        reserve(&ledger, 7).await.unwrap();
        given_out.push((length(), 247));
    });
    let whole = std::fs::read(&path).unwrap();
    for cut in 0..=whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let known = given_out.iter().rev().find(|(length, _)| *length <= cut as u64);
        runtime().block_on(async {
            let ledger = open(&path, 1000);
            let known = known.map_or(0, |(_, spent)| *spent);
            assert_eq!(spent(&ledger).await, known, "cut at {cut}");
            // It can be gone on with, and read again.
            reserve(&ledger, 1).await.unwrap();
            drop(ledger);
            assert_eq!(spent(&open(&path, 1000)).await, known + 1, "cut at {cut}");
        });
    }
}

#[test]
fn another_files_content_is_refused_and_left_as_it_is() {
    let (_folder, path) = folder();
    drop(open(&path, 10));
    let refused = |name: &str, budget: Budget| FileLedger::open(&path, name, budget).unwrap_err().to_string();
    assert!(refused("other", budget(10, None)).contains("it is that of \"job\" in EUR"));
    assert!(refused("job", Budget::default()).contains("it is that of \"job\" in EUR"));
    drop(open(&path, 5_000));
    let head = std::fs::read_to_string(&path).unwrap();
    let damaged = format!("{head}{{\"reserve\":[1,{{\"tokens\":5,\"money\":\"0\"}}]}}\n");
    for (text, message) in [
        ("title;price\nA;1\n".to_owned(), "does not begin as one"),
        ("no line break".to_owned(), "does not begin as one"),
        ("x".repeat(5_000), "too long"),
        (format!("{head}\n{head}"), "line 2"),
        (format!("{damaged}{{\"settle\":[2,{{\"tokens\":5,\"money\":\"0\"}}]}}\n"), "line 3"),
        (format!("{damaged}{}", &damaged[head.len()..]), "line 3"),
        (format!("{head}{}", "x".repeat(5_000)), "line 2"),
    ] {
        std::fs::write(&path, &text).unwrap();
        let error = FileLedger::open(&path, "job", budget(10, None)).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn two_at_once_do_not_keep_the_same_books() {
    let (_folder, path) = folder();
    let first = open(&path, 10);
    assert!(matches!(FileLedger::open(&path, "job", budget(10, None)), Err(LedgerError::InUse { .. })));
    drop(first);
    open(&path, 10);
}

/// Where [`CHILD`] is set this is the process that reserves and settles until it is killed.
#[test]
fn what_was_given_out_is_spent_after_a_kill() {
    if let Some(path) = std::env::var_os(CHILD) {
        runtime().block_on(spend(Path::new(&path)));
    }
    let (_folder, path) = folder();
    let mut known = 0;
    for _ in 0..3 {
        let name = "endpoint::ledger::tests::what_was_given_out_is_spent_after_a_kill";
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", name, "--nocapture"]).env(CHILD, &path);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Killed once its work is under way, wherever it is just then.
        let given_out = path.with_extension("sent");
        let before = std::fs::metadata(&given_out).map_or(0, |metadata| metadata.len());
        while std::fs::metadata(&given_out).map_or(0, |metadata| metadata.len()) < before + 200 {
            assert_eq!(child.try_wait().unwrap(), None, "it reserves until it is killed");
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Each byte is a call of 100 tokens that was sent, each second one was settled at 40, as far as it came.
        let sent = std::fs::metadata(&given_out).unwrap().len();
        let spent = runtime().block_on(async { spent(&open(&path, u64::MAX)).await });
        assert!(spent >= sent / 2 * 140, "{sent} were sent, {spent} are counted");
        assert!(spent > known);
        known = spent;
    }
}

/// Reserves, and tells that it sent, for ever.
async fn spend(path: &Path) {
    use std::io::Write;
    let ledger = open(path, u64::MAX);
    let mut sent =
        std::fs::OpenOptions::new().create(true).append(true).open(path.with_extension("sent")).unwrap();
    loop {
        for settles in [true, false] {
            let ticket = reserve(&ledger, 100).await.unwrap();
            sent.write_all(b"x").unwrap();
            if settles {
                ledger.settle(ticket, cost(40)).await.unwrap();
            }
        }
    }
}
