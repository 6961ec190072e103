import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { AnswerKind } from "./program.ts";

/**
 * What the programs call. It counts effects by operation, `run/step`, and answers each from its name alone,
 * so that what is answered twice is answered alike.
 *
 * It notices by itself what must never happen, whatever is killed:
 *
 * 1. An operation is done again though the workflow has seen its end.
 * 2. An operation is done again though nothing was killed since.
 * 3. An operation is done again with other knowledge, clock or randomness than before.
 * 4. One run is executed by two executions.
 * 5. Something arrives of an execution that has ended.
 */
export interface VerifyTarget extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** What must never happen, and did. */
  readonly violations: readonly string[];
  /** Operations, how often they were done, and how many requests were cut off before their answer was out. */
  totals(): { readonly operations: number; readonly requests: number; readonly cutOff: number };
  /** How often an operation was asked for: `count(7, "0.1")`. */
  count(run: number, step: string): number;
  /** The steps of a run that were asked for. */
  steps(run: number): readonly string[];
  /** Something is, or was just, killed: what is in flight may come again. */
  disturbed(): void;
  /** A run has ended with these operations done: none of them, nor any other, may come again. */
  ended(run: number, done: readonly string[]): void;
}

const slowMs = 250;

/** What the target answers for a step, as text and as bytes. */
export function answerOf(step: string): { readonly text: string; readonly bytes: readonly number[] } {
  const hash = createHash("sha256").update(step).digest();
  return { text: hash.toString("hex").slice(0, 12), bytes: [0xff, 0, ...hash.subarray(0, 4)] };
}

interface Operation {
  count: number;
  readonly body: string;
  /** Which disturbance was the last when it was done last. */
  epoch: number;
}

interface Run {
  readonly operations: Map<string, Operation>;
  /** Steps whose end the workflow has seen. */
  readonly done: Set<string>;
  execution: string | undefined;
  hasEnded: boolean;
}

/** What a request of `source.ts` says. */
interface Knowledge {
  readonly execution: string;
  readonly done: readonly string[];
}

/** @param onRequest called for every request as it has arrived, before it is answered */
export async function startVerifyTarget(onRequest: () => void = () => {}): Promise<VerifyTarget> {
  const runs = new Map<number, Run>();
  const violations: string[] = [];
  let epoch = 0;
  let cutOff = 0;
  const runOf = (run: number) => {
    const known = runs.get(run) ?? {
      operations: new Map(),
      done: new Set(),
      execution: undefined,
      hasEnded: false,
    };
    runs.set(run, known);
    return known;
  };
  const server = createServer((request, response) => {
    response.once("close", () => (cutOff += response.writableFinished ? 0 : 1));
    void receive(request).then(async ({ run, step, kind, body }) => {
      violations.push(...record(runOf(run), { step, body, epoch }).map((what) => `${run}/${step} ${what}`));
      onRequest();
      await answer(response, step, kind);
    }, ignore);
  });
  // A connection that is closed while it idles would look to a workflow like one that was reset.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    violations,
    totals() {
      const operations = [...runs.values()].flatMap(({ operations }) => [...operations.values()]);
      const requests = operations.reduce((sum, { count }) => sum + count, 0);
      return { operations: operations.length, requests, cutOff };
    },
    count: (run, step) => runs.get(run)?.operations.get(step)?.count ?? 0,
    steps: (run) => [...(runs.get(run)?.operations.keys() ?? [])],
    disturbed: () => void (epoch += 1),
    ended(run, done) {
      const known = runOf(run);
      known.hasEnded = true;
      for (const step of done) known.done.add(step);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Received {
  readonly run: number;
  readonly step: string;
  readonly kind: AnswerKind;
  readonly body: string;
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, search } = new URL(request.url ?? "/", "http://target");
  const [run, step] = pathname.slice(1).split("/").map(decodeURIComponent);
  const body = Buffer.concat(chunks).toString("utf8");
  return { run: Number(run), step: step ?? "", kind: search.slice(1) as AnswerKind, body };
}

/** Notes an operation, and says what is wrong with it. */
function record(run: Run, { step, body, epoch }: { step: string; body: string; epoch: number }): string[] {
  const { execution, done } = JSON.parse(body) as Knowledge;
  const before = run.operations.get(step);
  const wrong = [
    ...(run.done.has(step) ? ["was done again after its end was seen"] : []),
    ...(before !== undefined && before.epoch === epoch ? ["was done again with nothing killed"] : []),
    ...(before !== undefined && before.body !== body ? [`was done as ${before.body}, then as ${body}`] : []),
    ...(run.execution !== undefined && run.execution !== execution ? ["is of a second execution"] : []),
    ...(run.hasEnded ? ["came after the end of its execution"] : []),
  ];
  run.execution ??= execution;
  for (const each of done) run.done.add(each);
  run.operations.set(step, { count: (before?.count ?? 0) + 1, body: before?.body ?? body, epoch });
  return wrong;
}

async function answer(response: ServerResponse, step: string, kind: AnswerKind): Promise<void> {
  const { text, bytes } = answerOf(step);
  if (kind === "resets") return void response.socket?.resetAndDestroy();
  if (kind === "slow") await delay(slowMs);
  if (kind === "bytes") return void response.end(Buffer.from(bytes));
  response.writeHead(kind === "fails" ? 500 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(text));
}

/** A request whose sender was killed before it was whole: no effect. */
function ignore(): void {}
