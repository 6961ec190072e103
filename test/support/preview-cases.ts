import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { JsonValue } from "../../src/base/json.ts";
import type { Answer as PreviewAnswer } from "../../src/preview/contract/preview.ts";
import { handled } from "./target.ts";
import type { Answer } from "./target.ts";

/** A workflow whose preview must behave like its execution, with its environment. */
export interface PreviewCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly entryPoint?: string;
  readonly payload: (target: string) => JsonValue;
  /** Creates a new environment for each run. */
  readonly routes?: () => Readonly<Record<string, Answer>>;
  /** Events that are sent as soon as the workflow waits for them. */
  readonly events?: Readonly<Record<string, JsonValue>>;
  /** Workflows that it calls: their source, and the result that a preview uses instead. */
  readonly children?: Readonly<Record<string, { readonly source: string; readonly answer: PreviewAnswer }>>;
  /** The payload for its first callback. */
  readonly callback?: JsonValue;
  /** True if the workflow does not depend on the times of answers, so that both runs use exactly the same fuel. */
  readonly isTimeless?: true;
  /** The run is cancelled as soon as this step exists. */
  readonly cancelAt?: string;
}

function example(name: string): Readonly<Record<string, string>> {
  const source = readFileSync(new URL(`../../examples/${name}.ts`, import.meta.url), "utf8");
  return { [`${name}.ts`]: source };
}

function workflow(source: string): Readonly<Record<string, string>> {
  return { "workflow.ts": source };
}

function shop(available: number): Readonly<Record<string, Answer>> {
  return {
    "GET /stock/apple": () => ({ available }),
    "GET /stock/pear": async () => await delay(60, { available }),
    "POST /payments": () => ({ id: "pay-1" }),
    "POST /shipments": () => ({ tracking: "track-1" }),
    "POST /refunds": () => ({ id: "ref-1" }),
    "POST /orders/o-2/backorder": () => null,
  };
}

function order(entryPoint: string, orderId: string, available: number): PreviewCase {
  return {
    name: `order-flow: ${entryPoint}, ${available} in stock`,
    files: example("order-flow"),
    entryPoint,
    payload: (target) => ({
      shop: target,
      orderId,
      items: [
        { sku: "apple", quantity: 2 },
        { sku: "pear", quantity: 5 },
      ],
    }),
    routes: () => shop(available),
  };
}

export const exampleCases: readonly PreviewCase[] = [
  order("order-created", "o-1", 5),
  order("order-created", "o-2", 1),
  order("order-cancelled", "o-3", 1),
  order("order-eaten", "o-4", 1),
  {
    name: "fan-out",
    files: example("fan-out"),
    payload: (target) => ({ urls: [1, 2, 3, 4].map((page) => `${target}/page/${page}`) }),
    routes: () =>
      Object.fromEntries([1, 2, 3].map((page) => [`GET /page/${page}`, () => "x".repeat(100 + page)])),
  },
  {
    name: "reminder",
    files: example("reminder"),
    payload: (target) => ({ mailer: target, customer: "ann", every: "200ms", reminders: 3 }),
    routes: () => {
      let mails = 0;
      return {
        "GET /invoices/ann": () => ({ paid: mails >= 2 }),
        "POST /mail": () => {
          mails += 1;
          return null;
        },
      };
    },
  },
  {
    name: "flaky-import: in the end",
    files: example("flaky-import"),
    payload: (target) => ({ source: `${target}/records`, target: `${target}/records` }),
    routes: () => {
      let reads = 0;
      return {
        "GET /records": (_request, response) => {
          reads += 1;
          response.statusCode = reads < 3 ? 503 : 200;
          return [{ id: 1 }, { id: 2 }];
        },
        "POST /records": () => null,
      };
    },
  },
  {
    name: "flaky-import: not at all",
    files: example("flaky-import"),
    payload: (target) => ({ source: `${target}/gone`, target }),
  },
];

export const furtherCases: readonly PreviewCase[] = [
  {
    name: "random numbers follow from the seed",
    isTimeless: true,
    files: workflow(`export async function run(ctx, payload) {
      console.log("begun", payload, ctx.workflowId, ctx.version);
      await ctx.sleep(5);
      return [Math.random(), crypto.randomUUID(), payload];
    }`),
    payload: () => ({ text: "ü" }),
  },
  {
    name: "a race of sleeps, and of a fetch with its timeout",
    files: workflow(`export async function run(ctx, url) {
      const sleeps = [30, 10, 20].map((ms) => ctx.sleep(ms).then(() => ms));
      const first = await Promise.race(sleeps);
      const late = await fetch(url + "/slow", { signal: AbortSignal.timeout(40) }).catch((error) => error.name);
      const all = await Promise.all(sleeps);
      return { first, late, all };
    }`),
    payload: (target) => target,
    routes: () => ({ "GET /slow": async () => await delay(2_000, handled) }),
  },
  {
    name: "fetches that are tried again, refused, and fail",
    files: workflow(`export async function run(ctx, url) {
      const again = await fetch(url + "/flaky", { retry: { limit: 3, delay: 10 } });
      const form = await fetch(url + "/form", { method: "POST", body: new URLSearchParams({ a: "ü" }) });
      const bytes = await (await fetch(url + "/bytes")).bytes();
      const refused = await fetch("ftp://example.com").catch((error) => error.message);
      const bad = await fetch(url, { headers: { "x-a": "a" }, method: "TRACK" }).catch((error) => error.name);
      return [again.status, await again.json(), form.status, [...bytes], refused, bad];
    }`),
    payload: (target) => target,
    routes: () => {
      let tries = 0;
      return {
        "GET /flaky": (_request, response) => {
          tries += 1;
          response.statusCode = tries < 3 ? 503 : 200;
          return { tries };
        },
        "POST /form": (_request, response) => {
          response.statusCode = 201;
          return null;
        },
        "GET /bytes": (_request, response) => {
          response.end(Buffer.from([0xff, 0, 1]));
          return handled;
        },
      };
    },
  },
  {
    name: "events, in time and too late",
    files: workflow(`export async function run(ctx) {
      const approved = await ctx.waitForEvent("approved", { timeout: "1h" });
      const late = await ctx.waitForEvent("never", { timeout: 20 }).catch((error) => error.message);
      return { approved, late };
    }`),
    payload: () => null,
    events: { approved: { by: "ann" } },
  },
  {
    name: "a callback",
    files: workflow(`export async function run(ctx) {
      const { url, promise } = ctx.createCallback();
      console.log(typeof url);
      return await promise;
    }`),
    payload: () => null,
    callback: { paid: true },
  },
  {
    name: "state",
    files: workflow(`export async function run(ctx) {
      await ctx.state.set("a", { n: 1 });
      await Promise.all([ctx.state.update("a", ({ n }) => ({ n: n + 1 })), ctx.state.set("b", "x")]);
      await ctx.state.delete("b");
      const large = await ctx.state.set("c", "x".repeat(300_000)).catch((error) => error.message);
      return [await ctx.state.get("a"), await ctx.state.get("b"), await ctx.state.keys(), large];
    }`),
    payload: () => null,
  },
  {
    name: "other workflows, one of which fails, and one that is sent off",
    files: workflow(`export async function run(ctx) {
      const both = ["preview-double", "preview-fails"].map((id) => ctx.call(id, { payload: 4, entryPoint: "a" }));
      const [double, failed] = await Promise.allSettled(both);
      const { executionId } = await ctx.send("preview-double", { payload: 5 });
      return [double.value, failed.reason.message, failed.reason.name, failed.reason.code, typeof executionId];
    }`),
    payload: () => null,
    children: {
      "preview-double": {
        source: `export const run = async (ctx, n) => { await ctx.sleep(30); return 2 * n; };`,
        answer: { result: 8 },
      },
      "preview-fails": {
        source: `export const run = async (ctx) => { await ctx.sleep(300); throw new RangeError("no"); };`,
        answer: {
          error: {
            name: "RangeError",
            message: "no",
            code: "workflow-failed",
            stack: "at run (workflow.ts:1:65)",
          },
        },
      },
    },
  },
  {
    name: "tags, one of them set twice, and one that is none",
    isTimeless: true,
    files: workflow(`export async function run(ctx) {
      await ctx.tag("customer:42", "nightly");
      await ctx.tag("nightly");
      return await ctx.tag("a b").catch((error) => error.message);
    }`),
    payload: () => null,
  },
  {
    name: "calls that are refused",
    isTimeless: true,
    files: workflow(`export async function run(ctx) {
      return await ctx.call("No such id").catch((error) => error.message);
    }`),
    payload: () => null,
  },
  {
    name: "a failure in the author's lines, and its stack in the console",
    isTimeless: true,
    files: {
      "workflow.ts": `import { half } from "./lib/half.ts";
        export async function run(ctx, n: number) {
          await ctx.sleep(1);
          try {
            return half(n);
          } catch (error) {
            console.error(error, \`caught: \${error.stack}\`);
            throw error;
          }
        }`,
      "lib/half.ts": `export function half(n: number): number {
        if (n % 2 === 1) throw new RangeError(\`\${n} is odd\`);
        return n / 2;
      }`,
    },
    payload: () => 3,
  },
  {
    name: "a cancellation, and the clean-up after it",
    files: workflow(`export async function run(ctx, url) {
      try {
        await ctx.sleep("1h");
      } finally {
        await fetch(url + "/undo", { method: "POST" });
        console.log("undone");
      }
    }`),
    payload: (target) => target,
    routes: () => ({ "POST /undo": () => null }),
    cancelAt: "sleep",
  },
  {
    name: "what is not waited for is done all the same",
    files: workflow(`export async function run(ctx, url) {
      void fetch(url + "/later");
      void ctx.sleep(1_000_000);
      return "done";
    }`),
    payload: (target) => target,
    routes: () => ({ "GET /later": async () => await delay(50, "later") }),
  },
  {
    name: "no JSON",
    isTimeless: true,
    files: workflow(`export async function run() { return () => 1; }`),
    payload: () => null,
  },
  {
    name: "a promise that nothing settles",
    isTimeless: true,
    files: workflow(`export async function run() { await new Promise(() => {}); }`),
    payload: () => null,
  },
  {
    name: "more lines than a turn may write, and one that is too long",
    files: workflow(`export async function run(ctx) {
      console.error("x".repeat(20_000), new Map([[1, { a: undefined }]]), new Error("no"));
      await ctx.sleep(1);
      for (let line = 0; line < 2_100; line++) console.debug(line);
    }`),
    payload: () => null,
  },
  {
    // The garbage collector visits the strings of the execution, whose hashes depend on its id, which changes the
    // fuel slightly.
    name: "an array that takes all of the memory",
    files: workflow(`export async function run() {
      const all = [];
      for (;;) all.push(new Uint8Array(1_000_000).fill(1));
    }`),
    payload: () => null,
  },
  {
    name: "recursion without an end",
    isTimeless: true,
    files: workflow(`export async function run() { return deeper(0); }
      function deeper(n) { return deeper(n + 1) + 1; }`),
    payload: () => null,
  },
];
