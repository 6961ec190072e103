import { setTimeout as delay } from "node:timers/promises";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { startGate } from "../support/gate.ts";
import type { Gate } from "../support/gate.ts";
import { openLab, post } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { resumed } from "../support/workflows.ts";
import { inTurns, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** From the event that a suspended execution waits for to its next request. */
export const replay: Bench = { name: "replay", measure };

/** The default of five seconds would dominate the duration of the bench. */
const inactivityTimeout = "500ms";

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  await using lab = await openLab({ RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: inactivityTimeout });
  await using gate = await startGate();
  const url = await lab.deploy("resumed", resumed);
  run.note(`Restate suspends executions after ${inactivityTimeout} of inactivity here instead of 5 s.`);
  for (const entries of run.length === "quick" ? [10, 100, 1_000] : [10, 100, 1_000, 5_000]) {
    const payload = { url: `${lab.targetUrl}/count`, entries, events: rounds + 1, mark: gate.url };
    const [execution, invocation] = await Promise.all([
      startExecution(url, payload),
      startExecution(lab.bare("resumed"), payload),
    ]);
    const contenders: readonly Contender[] = [
      {
        name: "Duranium",
        round: () =>
          resume(lab, gate, execution, async () => {
            const { status } = await lab.instance.request("POST", `/executions/${execution}/events/go`, {
              body: null,
            });
            if (status >= 300) throw new Error(`The event returned status ${status}`);
          }),
      },
      bareContender(lab, gate, invocation),
    ];
    const results = await inTurns(rounds, contenders);
    const what = `${entries.toLocaleString("en-US")} fetches in the journal`;
    run.report({ what, unit: "ms until the next request", results });
  }
}

function bareContender(lab: Lab, gate: Gate, invocationId: string): Contender {
  let rung = 0;
  return {
    name: "bare handler",
    round: () =>
      resume(lab, gate, invocationId, async () => {
        const signal = `go ${rung++}`;
        await post(`${lab.instance.restateIngressUrl}/Bell/ring`, { invocationId, signal });
      }),
  };
}

async function startExecution(url: string, payload: unknown): Promise<string> {
  const answer = (await post(`${url}/send`, { payload })) as { invocationId: string };
  return answer.invocationId;
}

async function resume(lab: Lab, gate: Gate, id: string, ring: () => Promise<unknown>) {
  while ((await statusOf(lab, id)) !== "suspended") await delay(50);
  const time = await timed(async () => await Promise.all([ring(), gate.holds(1)]));
  gate.open();
  return { time };
}

async function statusOf({ instance }: Lab, id: string): Promise<string | undefined> {
  const response = await fetch(`${instance.restateAdminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: `SELECT status FROM sys_invocation WHERE id = '${id}'` }),
  });
  const { rows } = (await response.json()) as { rows: readonly { status: string }[] };
  return rows[0]?.status;
}
