//! `berika duplicates join`: products that a person names, or all proposals of a rule.

use std::process::ExitCode;

use berika_catalog::{Clock as _, ProductKey, SystemClock};
use berika_pipeline::duplicates::{Asked, Proposal, proposals};
use berika_store::{JoinOutcome, JoinedBy, NewGroup, ROWS_PER_TRANSACTION};
use serde::Serialize;

use super::keys;
use crate::arguments::Global;
use crate::{context, output};

/// What `join` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The product that leads, then those that become part of it: SUPPLIER/SKU, or a SKU that only one supplier has.
    #[arg(
        value_name = "LEADER OTHER",
        num_args = 2..,
        required_unless_present = "proposed",
        conflicts_with = "proposed"
    )]
    products: Vec<String>,
    /// Why, for the log.
    #[arg(long)]
    reason: Option<String>,
    /// Join what is proposed and has nothing against it, in place of named products. A dry run without --apply.
    #[arg(long, requires = "same_gtin")]
    proposed: bool,
    /// What has the same GTIN.
    #[arg(long, requires = "proposed")]
    same_gtin: bool,
    /// Do it.
    #[arg(long, requires = "proposed")]
    apply: bool,
}

/// One group that was joined, or would be.
#[derive(Debug, Serialize)]
struct Joined {
    leader: ProductKey,
    others: Vec<ProductKey>,
    because: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<JoinOutcome>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    if args.proposed { all_proposed(global, args).await } else { named(global, args).await }
}

async fn named(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = context::store_to_work(&config).await?;
    let products = keys(&store, &args.products).await?;
    let user = context::user();
    let reason = args.reason.as_deref().unwrap_or("a person says so");
    let by = JoinedBy { by: &user, reason, now: SystemClock.now() };
    let outcome = store.join(&products[0], &products[1..], &config.duplicates.field_order(), by).await?;
    store.close().await;
    let leader = &products[0];
    if global.json {
        let (others, because) = (products[1..].to_vec(), reason.to_owned());
        output::json(&Joined { leader: leader.clone(), others, because, outcome: Some(outcome) })?;
        return Ok(ExitCode::SUCCESS);
    }
    for key in &outcome.joined {
        output::line(format!("{key} is part of {leader} now"));
    }
    for key in &outcome.known {
        output::line(format!("{key} was part of {leader} already"));
    }
    output::line(format!(
        "{leader} takes {} fields of the others; `berika explain {leader}` names them",
        outcome.fields
    ));
    print_decided(leader, &outcome);
    output::line("published with the next `berika run`");
    Ok(ExitCode::SUCCESS)
}

fn print_decided(leader: &ProductKey, outcome: &JoinOutcome) {
    for key in &outcome.decided {
        output::line(format!(
            "a person decided on {key} and nobody on {leader}: that decision does not hold for {leader}; \
             `berika decide {leader} CATEGORY` makes it"
        ));
    }
}

async fn all_proposed(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = if args.apply {
        context::store_to_work(&config).await?
    } else {
        context::store_to_read(&config).await?
    };
    let asked = Asked { supplier: None, by_rule: true };
    let found = proposals(&store, &config, &asked).await?;
    let (clear, doubtful): (Vec<Proposal>, Vec<Proposal>) =
        found.proposals.into_iter().partition(|proposal| proposal.doubts.is_empty());
    let mut groups: Vec<NewGroup> = clear.into_iter().map(Proposal::group).collect();
    if let Some(why) = &args.reason {
        groups.iter_mut().for_each(|group| group.reason = format!("{why}: {}", group.reason));
    }
    let mut joined = Vec::with_capacity(groups.len());
    for batch in groups.chunks(ROWS_PER_TRANSACTION) {
        let outcomes: Vec<Option<JoinOutcome>> = if args.apply {
            let (order, user, now) = (config.duplicates.field_order(), context::user(), SystemClock.now());
            let outcomes = store.join_groups(batch, &order, &user, now).await?;
            outcomes.into_iter().map(|outcome| outcome.map(Some)).collect::<Result<_, _>>()?
        } else {
            vec![None; batch.len()]
        };
        for (group, outcome) in batch.iter().zip(outcomes) {
            let NewGroup { leader, others, reason } = group.clone();
            joined.push(Joined { leader, others, because: reason, outcome });
        }
    }
    let groups = joined;
    store.close().await;
    if global.json {
        output::json(&serde_json::json!({
            "applied": args.apply, "groups": groups, "doubtful": doubtful.len(),
            "suspicious": found.suspicious.len(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for group in &groups {
        let others: Vec<String> = group.others.iter().map(ToString::to_string).collect();
        output::line(format!("{} + {}: {}", group.leader, others.join(" + "), group.because));
        if let Some(outcome) = &group.outcome {
            print_decided(&group.leader, outcome);
        }
    }
    let left = doubtful.len() + found.suspicious.len();
    if left > 0 {
        output::line(format!(
            "{left} more are left to you: `berika duplicates list` says what is against them"
        ));
    }
    output::line(match (args.apply, groups.len()) {
        (true, count) => format!("{count} groups joined; published with the next `berika run`"),
        (false, count) => format!("{count} groups would be joined; nothing was written, --apply does it"),
    });
    Ok(ExitCode::SUCCESS)
}
