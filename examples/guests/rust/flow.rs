//! Fetches the URL of its payload, `{"url":"https://…","waitMs":1000}`, waits, and counts its executions in the workflow's state.
//!
//! The standard library works as elsewhere: `println!` writes to the execution's console, the clock stands still between results, and
//! the keys of a `HashMap` come from the execution's seed.

#[allow(dead_code)] // A workflow need not use all of it.
mod duranium;

use duranium::{fetch, json, sleep, state_get, state_set, Ctx, Failure, Outcome};
use std::collections::HashMap;
use std::time::SystemTime;

workflow!(run_workflow);

async fn run_workflow(ctx: Ctx, payload: String) -> Outcome {
    if let Some(what) = json::member(&payload, "spend").and_then(json::text) {
        spend(&what);
    }
    let url = json::member(&payload, "url")
        .and_then(json::text)
        .ok_or_else(|| Failure::new("TypeError", "The payload has no url"))?;
    let wait_ms = json::member(&payload, "waitMs")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    println!("Hello from Rust, {} version {}", ctx.workflow_id, ctx.version);
    let body = fetch(&url).await?;
    let mut letters: HashMap<u8, usize> = HashMap::new();
    for byte in &body {
        *letters.entry(*byte).or_default() += 1;
    }
    sleep(wait_ms).await?;
    let executions = state_get("executions")
        .await?
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or(0)
        + 1;
    state_set("executions", &executions.to_string()).await?;
    let at = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Ok(format!(
        "{{\"bytes\":{},\"different\":{},\"executions\":{executions},\"at\":{at}}}",
        body.len(),
        letters.len()
    ))
}

/// Only for this example's tests: uses up what an execution has, or ends the program.
fn spend(what: &str) {
    match what {
        "fuel" => loop {},
        "memory" => {
            let mut kept = Vec::new();
            loop {
                kept.push(vec![1u8; 1 << 20]);
            }
        }
        other => panic!("Cannot spend {other}"),
    }
}
