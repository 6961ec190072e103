import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createCallbackPoster } from "./callback-poster.ts";
import { clockFault, contradiction, endedIn } from "./histories.ts";
import type { AnswerKind } from "./program.ts";
import type { Knowledge } from "./workflow/actions.ts";
import type { Entry } from "./workflow/history.ts";

/**
 * What the programs call. It counts effects by operation, `run/place`, and answers each from its name alone,
 * so that what is answered twice is answered alike.
 *
 * It notices by itself what must never happen, whatever is killed:
 *
 * 1. An operation is done again though the workflow has seen its end.
 * 2. An operation is done again though nothing was killed since.
 * 3. An operation is done again with other knowledge, clock or randomness than before.
 * 4. An execution has another history than it told before, or a clock that goes back.
 * 5. What begins at one place of a run is executed by two executions.
 * 6. Something arrives of an execution that has ended.
 * 7. A callback is taken twice.
 */
export interface VerifyTarget extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** What must never happen, and did. */
  readonly violations: readonly string[];
  /** What was killed so far: a number that grows. */
  readonly epoch: number;
  totals(): TargetTotals;
  /** How often an operation was asked for: `count(7, "0.1")`. */
  count(run: number, place: string): number;
  /** What an operation told when it was asked for. */
  knowledgeOf(run: number, place: string): Knowledge | undefined;
  /** The operations of a run that were asked for. */
  places(run: number): readonly string[];
  /** Something is, or was just, killed: what is in flight may come again. */
  disturbed(): void;
  /** The execution that began at a place of a run has ended with this history: nothing of it may come again. */
  ended(run: number, root: string, history: readonly Entry[]): void;
}

export interface TargetTotals {
  readonly operations: number;
  /** How often they were done. */
  readonly requests: number;
  /** Requests that were cut off before their answer was out. */
  readonly cutOff: number;
  /** Callbacks that were taken. */
  readonly callbacks: number;
}

const slowMs = 250;

/** What the target answers for a place, as text and as bytes. */
export function answerOf(place: string): { readonly text: string; readonly bytes: readonly number[] } {
  const hash = createHash("sha256").update(place).digest();
  return { text: hash.toString("hex").slice(0, 12), bytes: [0xff, 0, ...hash.subarray(0, 4)] };
}

interface Operation {
  count: number;
  readonly body: string;
  /** Which disturbance was the last when it was done last. */
  epoch: number;
}

interface Execution {
  readonly id: string | undefined;
  /** The longest that was told. */
  history: readonly Entry[];
  hasEnded: boolean;
}

interface Run {
  readonly operations: Map<string, Operation>;
  /** Places whose end the workflow has seen. */
  readonly done: Set<string>;
  /** By the place where they begin. */
  readonly executions: Map<string, Execution>;
}

export async function startVerifyTarget(): Promise<VerifyTarget> {
  const runs = new Map<number, Run>();
  const violations: string[] = [];
  const callbacks = createCallbackPoster((what) => violations.push(what));
  let epoch = 0;
  let cutOff = 0;
  const runOf = (number: number) => {
    const run = runs.get(number) ?? { operations: new Map(), done: new Set(), executions: new Map() };
    runs.set(number, run);
    return run;
  };
  const server = createServer((request, response) => {
    response.once("close", () => (cutOff += response.writableFinished ? 0 : 1));
    void receive(request).then(async ({ run, place, kind, body }) => {
      const isFirst = runOf(run).operations.get(place) === undefined;
      const { callback, wrong } = record(runOf(run), { place, body, epoch });
      violations.push(...wrong.map((what) => `${run}/${place} ${what}`));
      if (isFirst && callback !== undefined) void callbacks.post({ url: callback, run, at: place });
      await answer(response, place, kind);
    }, ignore);
  });
  // A connection that is closed while it idles would look to a workflow like one that was reset.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    violations,
    get epoch() {
      return epoch;
    },
    totals() {
      const operations = [...runs.values()].flatMap((run) => [...run.operations.values()]);
      const requests = operations.reduce((sum, { count }) => sum + count, 0);
      return { operations: operations.length, requests, cutOff, callbacks: callbacks.taken };
    },
    count: (run, place) => runs.get(run)?.operations.get(place)?.count ?? 0,
    knowledgeOf(run, place) {
      const body = runs.get(run)?.operations.get(place)?.body;
      return body === undefined ? undefined : (JSON.parse(body) as Knowledge);
    },
    places: (run) => [...(runs.get(run)?.operations.keys() ?? [])],
    disturbed: () => void (epoch += 1),
    ended(number, root, history) {
      const run = runOf(number);
      const wrong = learn(run, { root, history, execution: undefined });
      violations.push(...wrong.map((what) => `${number}/${root} ${what}`));
      executionOf(run, root).hasEnded = true;
    },
    async [Symbol.asyncDispose]() {
      callbacks[Symbol.dispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Received {
  readonly run: number;
  readonly place: string;
  readonly kind: AnswerKind;
  readonly body: string;
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, search } = new URL(request.url ?? "/", "http://target");
  const [run, place] = pathname.slice(1).split("/").map(decodeURIComponent);
  const body = Buffer.concat(chunks).toString("utf8");
  return { run: Number(run), place: place ?? "", kind: search.slice(1) as AnswerKind, body };
}

/** Notes an operation, and says what is wrong with it. */
function record(
  run: Run,
  { place, body, epoch }: { readonly place: string; readonly body: string; readonly epoch: number },
): { readonly callback: string | undefined; readonly wrong: readonly string[] } {
  const { callback, ...knowledge } = JSON.parse(body) as Knowledge;
  const before = run.operations.get(place);
  const wrong = [
    ...(run.done.has(place) ? ["was done again after its end was seen"] : []),
    ...(before !== undefined && before.epoch === epoch ? ["was done again with nothing killed"] : []),
    ...(before !== undefined && before.body !== body ? [`was done as ${before.body}, then as ${body}`] : []),
    ...(executionOf(run, knowledge.root).hasEnded ? ["came after the end of its execution"] : []),
    ...learn(run, knowledge),
  ];
  run.operations.set(place, { count: (before?.count ?? 0) + 1, body: before?.body ?? body, epoch });
  return { callback, wrong };
}

function executionOf(run: Run, root: string): Execution {
  const execution = run.executions.get(root) ?? { id: undefined, history: [], hasEnded: false };
  run.executions.set(root, execution);
  return execution;
}

/** Accepts the reports of an execution, and returns the impossible ones. */
function learn(
  run: Run,
  {
    root,
    history,
    execution: id,
  }: Pick<Knowledge, "root" | "history"> & { readonly execution: string | undefined },
): readonly string[] {
  const known = executionOf(run, root);
  const isSecond = known.id !== undefined && id !== undefined && known.id !== id;
  const longest = history.length > known.history.length ? history : known.history;
  run.executions.set(root, { ...known, id: known.id ?? id, history: longest });
  for (const place of endedIn(history)) run.done.add(place);
  const faults = [contradiction(known.history, history), clockFault(history)];
  return [
    ...(isSecond ? ["is of a second execution"] : []),
    ...faults.filter((fault) => fault !== undefined),
  ];
}

async function answer(response: ServerResponse, place: string, kind: AnswerKind): Promise<void> {
  const { text, bytes } = answerOf(place);
  if (kind === "resets") return void response.socket?.resetAndDestroy();
  if (kind === "slow") await delay(slowMs);
  if (kind === "bytes") return void response.end(Buffer.from(bytes));
  response.writeHead(kind === "fails" ? 500 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(text));
}

/** A request whose sender was killed before it was whole: no effect. */
function ignore(): void {}
