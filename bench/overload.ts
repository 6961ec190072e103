/**
 * The overload benchmark: `npm run bench:overload` sends an installation twice its capacity for two minutes.
 *
 * It first measures the capacity: the executions per second that end while 32 callers wait for theirs. Then
 * it sends requests at twice that rate, whatever their responses, and waits until every accepted execution
 * has ended. Each execution makes one request to a server on loopback. Load, target and installation share
 * the machine, which they would not in production.
 *
 * `--seconds 120`, `--factor 2`, `--capacity N` to skip the first part.
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { maxEventLoopDelayMs, maxStartDelayMs, maxWaitingExecutions } from "../src/config/limits.ts";
import { deploy } from "../test/support/executions.ts";
import { startInstance } from "../test/support/instance.ts";
import type { Instance } from "../test/support/instance.ts";
import { startTarget } from "../test/support/target.ts";

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    factor: { type: "string", default: "2" },
    capacity: { type: "string" },
  },
});

const source = `export async function run(_ctx, { url, number }) {
  const response = await fetch(url + "/work?" + number);
  return (await response.json()).done;
}`;

const agent = new Agent({ connections: 4_000 });

/** The outcomes of a run's requests. */
interface Tally {
  /** The response time of each accepted request, in milliseconds. */
  readonly acceptedMs: number[];
  readonly refusedMs: number[];
  readonly accepted: string[];
  /** By status and reason. */
  readonly answers: Map<string, number>;
  withoutRetryAfter: number;
}

await main();

async function main(): Promise<void> {
  await using target = await startTarget({ "GET /work": () => ({ done: true }) });
  await using instance = await startInstance({
    DURANIUM_RATE_LIMIT_PER_KEY: "100000000",
    DURANIUM_MAX_QUEUED_EXECUTIONS: String(maxWaitingExecutions),
    DURANIUM_MAX_START_DELAY_MS: String(maxStartDelayMs),
    DURANIUM_MAX_EVENT_LOOP_DELAY_MS: String(maxEventLoopDelayMs),
  });
  await deploy(instance, "worked", source);
  const ask = asker(instance, target.url);
  const capacity = Number(options.capacity ?? (await measureCapacity(ask)));
  print(
    `capacity  ${capacity.toFixed(0)} executions/s with 32 waiting callers, ${availableParallelism()} cores`,
  );
  const memory = watchMemory();
  const rate = capacity * Number(options.factor);
  const tally = await sendAtRate(ask, rate, Number(options.seconds) * 1_000);
  const sentAt = Date.now();
  const ends = await untilAllEnded(instance, tally.accepted);
  report({ tally, rate, ends, drainedMs: Date.now() - sentAt, peaks: memory.stop() });
}

type Ask = (number: number, wait: boolean) => Promise<{ status: number; retryAfter: unknown; body: Body }>;

interface Body {
  readonly executionId?: string;
  readonly status?: string | number;
  readonly code?: string;
  readonly detail?: string;
}

function asker(instance: Instance, url: string): Ask {
  return async (number, wait) => {
    const response = await request(`${instance.url}/workflows/worked/execute`, {
      method: "POST",
      dispatcher: agent,
      headers: {
        authorization: `Bearer ${instance.rootKey}`,
        "content-type": "application/json",
        ...(wait ? { prefer: "wait=60" } : {}),
      },
      body: JSON.stringify({ url, number }),
    });
    const body = (await response.body.json()) as Body;
    return { status: response.statusCode, retryAfter: response.headers["retry-after"], body };
  };
}

async function measureCapacity(ask: Ask): Promise<number> {
  const run = async (ms: number) => {
    let ended = 0;
    const until = performance.now() + ms;
    const caller = async () => {
      for (; performance.now() < until; ended += 1) await ask(0, true);
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: 32 }, caller));
    return (ended / (performance.now() - begun)) * 1_000;
  };
  await run(5_000);
  return await run(15_000);
}

/** Sends requests at a fixed rate, whatever their responses and however late those come. */
async function sendAtRate(ask: Ask, perSecond: number, durationMs: number): Promise<Tally> {
  const tally: Tally = {
    acceptedMs: [],
    refusedMs: [],
    accepted: [],
    answers: new Map(),
    withoutRetryAfter: 0,
  };
  const begun = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let sent = 0; performance.now() - begun < durationMs;) {
    const due = ((performance.now() - begun) / 1_000) * perSecond;
    for (; sent < due; sent += 1) {
      const one = send(ask, sent, tally).finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await delay(5);
  }
  await Promise.all(underWay);
  return tally;
}

async function send(ask: Ask, number: number, tally: Tally): Promise<void> {
  const begun = performance.now();
  const { status, retryAfter, body } = await ask(number, false).catch(() => ({
    status: 0,
    retryAfter: undefined,
    body: {} as Body,
  }));
  const took = performance.now() - begun;
  const answer = `${status === 0 ? "no answer" : status} ${reasonOf(body)}`.trim();
  tally.answers.set(answer, (tally.answers.get(answer) ?? 0) + 1);
  if (status === 202 && body.executionId !== undefined) {
    tally.accepted.push(body.executionId);
    tally.acceptedMs.push(took);
    return;
  }
  tally.refusedMs.push(took);
  if (retryAfter === undefined) tally.withoutRetryAfter += 1;
}

/** Without its numbers, so that equal reasons are counted together. */
function reasonOf({ code = "", detail = "" }: Body): string {
  const [, reason = ""] = /: (.*);/.exec(detail) ?? [];
  return reason === "" ? code : `${code} (${reason.replaceAll(/\d+/g, "N")})`;
}

interface Ends {
  readonly completed: number;
  readonly lost: number;
  /** The time from creation to end of each accepted execution, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** From Restate's records of when each execution was created and completed. */
async function untilAllEnded(instance: Instance, accepted: readonly string[]): Promise<Ends> {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const rows = await query(
      instance,
      "SELECT id, status, completion_result, created_at, completed_at FROM sys_invocation WHERE target_handler_name = 'execute'",
    );
    const isOver = rows.every(({ status }) => status === "completed");
    if (!isOver && Date.now() < deadline) {
      await delay(1_000);
      continue;
    }
    const byId = new Map(rows.map((row) => [row["id"], row]));
    const mine = accepted.map((id) => byId.get(id));
    const completed = mine.filter((row) => row?.["completion_result"] === "success");
    const latenciesMs = completed.map((row) => time(row, "completed_at") - time(row, "created_at"));
    return { completed: completed.length, lost: accepted.length - completed.length, latenciesMs };
  }
}

type Row = Readonly<Record<string, string>>;

function time(row: Row | undefined, column: string): number {
  return Date.parse(row?.[column] ?? "");
}

async function query(instance: Instance, sql: string): Promise<readonly Row[]> {
  const response = await fetch(`${instance.restateAdminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: sql }),
  });
  return ((await response.json()) as { rows: Row[] }).rows;
}

interface Peaks {
  readonly [what: string]: number;
}

/** The peak memory of the installation's processes, and what they had swapped out, in MiB. Linux only. */
function watchMemory() {
  const peaks: Record<string, number> = {};
  const look = () => {
    for (const pid of descendants(process.pid)) {
      const status = read(`/proc/${pid}/status`);
      const name = /^Name:\s+(\S+)/m.exec(status)?.[1] ?? "?";
      for (const [what, field] of [
        ["memory", "VmRSS"],
        ["swapped", "VmSwap"],
      ] as const) {
        const kib = Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
        const key = `${name} ${what}`;
        peaks[key] = Math.max(peaks[key] ?? 0, kib / 1_024);
      }
    }
  };
  const timer = setInterval(look, 1_000);
  return {
    stop(): Peaks {
      look();
      clearInterval(timer);
      return peaks;
    },
  };
}

function descendants(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function report(run: {
  readonly tally: Tally;
  readonly rate: number;
  readonly ends: Ends;
  readonly drainedMs: number;
  readonly peaks: Peaks;
}): void {
  const { tally, rate, ends, drainedMs, peaks } = run;
  const rows: readonly (readonly [string, string])[] = [
    ["offered load", `${rate.toFixed(0)}/s for ${options.seconds} s`],
    ...[...tally.answers].map(([answer, count]) => [`responses ${answer}`, String(count)] as const),
    ["rejected without Retry-After", String(tally.withoutRetryAfter)],
    ["accepted, response time", percentiles(tally.acceptedMs)],
    ["accepted, time to completion", percentiles(ends.latenciesMs)],
    ["rejected, response time", percentiles(tally.refusedMs)],
    ["accepted and completed", `${ends.completed} of ${tally.accepted.length}`],
    ["accepted and lost", String(ends.lost)],
    ["last completion", `${(drainedMs / 1_000).toFixed(1)} s after the last request`],
    ...Object.entries(peaks).map(([what, mib]) => [`${what}, peak`, `${mib.toFixed(0)} MiB`] as const),
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, value] of rows) print(`${what.padEnd(width)}  ${value}`);
  if (ends.lost > 0) process.exitCode = 1;
}

function percentiles(given: readonly number[]): string {
  const sorted = given.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return `p50 ${at(0.5).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms, max ${at(1).toFixed(0)} ms`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
