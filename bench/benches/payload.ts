import { request } from "undici";
import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import type { CompiledWorkflow } from "../../src/domain/workflow.ts";
import { bytesOf, testContext } from "../../src/sandbox/testing/images.ts";
import { setLimits } from "../../test/support/executions.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { median } from "../statistics.ts";
import { openLab } from "../support/lab.ts";
import { loadOf } from "../support/load.ts";
import { openBenchSandbox } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { passesOn } from "../support/workflows.ts";
import { inTurns, repeated, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** A response that is fetched and sent on: as text, as JSON that is parsed and serialized, as bytes. */
export const payload: Bench = { name: "payload", measure };

const kinds = ["bytes", "text", "json"] as const;
type Kind = (typeof kinds)[number];

/** The fetched bodies, and the number of executions in a round. */
const sizes: readonly { readonly what: string; readonly bytes: number; readonly count: number }[] = [
  { what: "10 KB", bytes: 10_000, count: 20 },
  { what: "1 MB", bytes: 1_000_000, count: 4 },
  { what: "8 MB", bytes: 8_000_000, count: 1 },
];

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  await using lab = await openLab({ DURANIUM_MAX_MEMORY_MIB: String(memoryMib) });
  await using sandbox = await openBenchSandbox();
  run.note(
    `Executions may use ${memoryMib} MiB of memory here instead of 64, because 8 MB of JSON are a hundred thousand records.`,
  );
  const version = await sandbox.compile(passesOn);
  const url = await lab.deploy("passes-on", passesOn);
  await setLimits(lab.instance, "passes-on", { memoryMib });
  for (const { what, bytes, count } of sizes) {
    const body = new TextEncoder().encode(
      await (await request(`${lab.targetUrl}/bytes/${bytes}`)).body.text(),
    );
    for (const as of kinds) {
      const passed: Passed = { url: `${lab.targetUrl}/bytes/${bytes}`, as, count };
      const contenders: readonly Contender[] = [
        inExecution(url, passed),
        { name: "Duranium, guest only", round: () => inGuest(sandbox, version, { ...passed, body }) },
        inNode(passed),
      ];
      run.report({ what: `${what} as ${as}`, unit: "ms", results: await inTurns(rounds, contenders) });
    }
  }
}

/** 8 MB of JSON are a hundred thousand records, which exceed the default limit of 64 MiB. */
const memoryMib = 256;
const limits = { ...defaultExecutionLimits, memoryPages: memoryMib * 16 };

interface Passed {
  readonly url: string;
  readonly as: Kind;
  readonly count: number;
}

function inExecution(url: string, { count, ...payload }: Passed): Contender {
  return {
    name: "Duranium, whole execution",
    round: async () => ({ p50: median(await loadOf({ url, body: { payload }, concurrency: 1 }, count)) }),
  };
}

/** All turns of the guest without waiting: each answer is available when it is requested. */
async function inGuest(
  { pool }: BenchSandbox,
  version: CompiledWorkflow,
  { body, count, url, as }: Passed & { readonly body: Uint8Array },
) {
  const times = await repeated(count, async () => {
    using guest = await pool.acquire({ ...version, limits });
    return await timed(async () => {
      await guest.run(testContext, bytesOf({ url, as }));
      const { calls } = await guest.settle(answered(0, body));
      if (calls[0]?.body.length !== body.length) throw new Error("The guest sent a different body");
      await guest.settle(answered(1, new Uint8Array()));
    });
  });
  return { p50: median(times) };
}

function answered(id: number, body: Uint8Array) {
  const value = { status: 200, statusText: "OK", url: "http://target/", redirected: false, headers: [] };
  return { id, now: testContext.now + id, outcome: bytesOf({ ok: true, value }), body };
}

const readers: Readonly<Record<Kind, (response: Response) => Promise<string | ArrayBuffer>>> = {
  text: async (response) => await response.text(),
  json: async (response) => JSON.stringify(await response.json()),
  bytes: async (response) => await response.arrayBuffer(),
};

function inNode({ url, as, count }: Passed): Contender {
  return {
    name: "plain Node",
    async round() {
      const times = await repeated(count, async () =>
        timed(async () => {
          const body = await readers[as](await fetch(url));
          await (await fetch(url, { method: "POST", body })).text();
        }),
      );
      return { p50: median(times) };
    },
  };
}
