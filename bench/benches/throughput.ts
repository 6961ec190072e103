import { countFor } from "../bench.ts";
import type { Bench, BenchRun, Length } from "../bench.ts";
import { handlerContender } from "../support/handler-load.ts";
import type { Handler } from "../support/handler-load.ts";
import { openLab } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import type { Window } from "../support/load.ts";
import { fetches } from "../support/workflows.ts";
import type { Fetches } from "../support/workflows.ts";
import { inTurns } from "../turns.ts";

/**
 * Executions per second and their latency, compared with a bare handler with the same number of journal
 * entries.
 */
export const throughput: Bench = { name: "throughput", measure };

interface Shape {
  readonly what: string;
  readonly sequential: number;
  readonly parallel: number;
}

const shapes: readonly Shape[] = [
  { what: "no fetch", sequential: 0, parallel: 0 },
  { what: "1 fetch", sequential: 1, parallel: 0 },
  { what: "3 sequential fetches", sequential: 3, parallel: 0 },
  { what: "9 sequential fetches", sequential: 9, parallel: 0 },
  { what: "9 concurrent fetches", sequential: 0, parallel: 9 },
];

/** The concurrencies at which Duranium is called through its API as well. */
const concurrenciesOfApi: ReadonlySet<number> = new Set([1, 32]);

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  await using lab = await openLab();
  await lab.deploy("fetches", fetches);
  for (const { what, ...shape } of shapes) {
    const payload: Fetches = { url: `${lab.targetUrl}/count`, ...shape };
    for (const concurrency of concurrenciesFor(run.length)) {
      const window = windowFor(run.length, concurrency);
      const contenders = handlersOf(lab, payload, concurrency).map((each) =>
        handlerContender(lab, each, window),
      );
      const results = await inTurns(rounds, contenders);
      run.report({ what: `${what}, concurrency ${concurrency}`, unit: "rate in 1/s, else ms", results });
    }
  }
}

function concurrenciesFor(length: Length): readonly number[] {
  return length === "quick" ? [1, 32] : [1, 8, 32, 128];
}

/**
 * At a high concurrency each execution takes longer, so it takes longer until their starts are spread evenly.
 */
function windowFor(length: Length, concurrency: number): Window {
  if (length === "quick") return { rampMs: 200, measuredMs: 800 };
  return { rampMs: concurrency >= 128 ? 700 : 300, measuredMs: 1_000 };
}

function handlersOf(lab: Lab, payload: Fetches, concurrency: number): readonly Handler[] {
  const { instance, barePid } = lab;
  const { pid } = instance;
  const body = { payload };
  const direct = { url: `${instance.restateIngressUrl}/Workflow/fetches/execute`, body, concurrency };
  const bare = { url: lab.bare("execute"), body, concurrency };
  const throughApi = {
    url: `${instance.url}/workflows/fetches/execute`,
    headers: { authorization: `Bearer ${instance.rootKey}`, prefer: "wait=30" },
    body: payload,
    concurrency,
  };
  return [
    { name: "Duranium", pid, load: direct },
    { name: "bare handler", pid: barePid, load: bare },
    ...(concurrenciesOfApi.has(concurrency)
      ? [{ name: "Duranium, through the API", pid, load: throughApi }]
      : []),
  ];
}
