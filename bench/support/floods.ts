import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { MiB } from "../../src/base/binary-units.ts";
import { startExecution, deploy } from "../../test/support/executions.ts";
import type { Instance } from "../../test/support/instance.ts";
import { handled } from "../../test/support/target.ts";
import type { Answer, Target } from "../../test/support/target.ts";

/**
 * Attacks on resources that all workflows share: name look-ups, the bundler, the main thread, instances and
 * sockets, memory. Unlike those of `test/support/attacks.ts` they consist of several requests, and their
 * outcomes do not matter.
 */
export interface Flood {
  prepare(instance: Instance): Promise<void>;
  /** Runs one wave and resolves when it has ended. */
  attack(bench: { readonly instance: Instance; readonly target: Target }): Promise<void>;
}

const bomb = gzipSync(Buffer.alloc(16 * MiB));

/** Serialized once, because the process that measures is also the attacker. */
const millionLists = JSON.stringify(Array.from({ length: 1_000_000 }, () => []));

/** The target's responses to the attacks. */
export const floodRoutes: Readonly<Record<string, Answer>> = {
  "GET /silent": () => handled,
  "GET /bomb": (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    return handled;
  },
};

const settledFetches = (count: number, url: string) => `export async function run(ctx, target) {
  const fetches = Array.from({ length: ${count} }, (_, n) => fetch(${url}));
  return (await Promise.allSettled(fetches)).length;
}`;

const waveMs = 5_000;

export const floods: Readonly<Record<string, Flood>> = {
  /** Names that do not exist, or whose name servers do not respond, depending on the machine's resolver. */
  "unknown-names": executing(
    "unknown-names",
    settledFetches(128, '"http://n" + n + "." + ctx.executionId.toLowerCase().slice(4, 30) + ".invalid/"'),
  ),
  "gzip-bombs": executing("gzip-bombs", settledFetches(128, 'target + "/bomb"')),
  /** Enums whose strings double when they are inlined. */
  "doubling-bundles": {
    prepare: async () => {},
    async attack({ instance }) {
      const members = Array.from({ length: 26 }, (_, n) => `a${n + 1} = \`\${a${n}}\${a${n}}\``).join(", ");
      const source = `const enum E { a0 = "x", ${members} } export const run = () => E.a26.length;`;
      const deploys = Array.from({ length: 8 }, async (_, n) =>
        instance.request("POST", `/workflows/doubling-${n}/deploy`, { body: { source } }),
      );
      await Promise.all(deploys);
    },
  },
  /** As many values as a payload may hold. */
  "nested-lists": {
    prepare: async (instance) => void (await deploy(instance, "nested-lists", "export const run = () => 1;")),
    async attack({ instance }) {
      const response = await fetch(`${instance.url}/workflows/nested-lists/execute`, {
        method: "POST",
        headers: { authorization: `Bearer ${instance.rootKey}`, "content-type": "application/json" },
        body: millionLists,
      });
      await response.arrayBuffer();
    },
  },
  /** As many concurrent timers as allowed, none of which races with the earlier ones. */
  "many-timers": executing(
    "many-timers",
    "export const run = (ctx) => Promise.all(Array.from({ length: 990 }, (_, n) => ctx.sleep(1_000 - n)));",
  ),
  /** Failures whose stacks are mapped by a large source map. */
  "mapped-failures": executing(
    "mapped-failures",
    `${Array.from({ length: 8_000 }, (_, n) => `export function f${n}(x) { return x + ${n}; }`).join("\n")}
    export const all = [${Array.from({ length: 8_000 }, (_, n) => `f${n}`).join(", ")}];
    export const run = () => { throw new Error("mapped " + all.length); };`,
  ),
  /** As many executions as one execution may start. */
  "self-sends": executing(
    "self-sends",
    `export async function run(ctx, target) {
      if (ctx.entryPoint === "child") return;
      for (let n = 0; n < 4_000; n += 500)
        await Promise.all(Array.from({ length: 500 }, () => ctx.send("self-sends", { entryPoint: "child" })));
    }`,
  ),
  /** More executions than there are instances, each waiting for a server that does not respond. */
  "silent-server": {
    prepare: async (instance) =>
      void (await deploy(instance, "silent-server", settledFetches(1, 'target + "/silent"'))),
    async attack({ instance, target }) {
      const ids = await Promise.all(
        Array.from({ length: 140 }, async () => await startExecution(instance, "silent-server", target.url)),
      );
      await delay(waveMs);
      await Promise.all(ids.map(async (id) => await instance.request("POST", `/executions/${id}/cancel`)));
    },
  },
};

function executing(name: string, source: string): Flood {
  return {
    prepare: async (instance) => void (await deploy(instance, name, source)),
    async attack({ instance, target }) {
      const headers = { prefer: "wait=120" };
      await instance.request("POST", `/workflows/${name}/execute`, { headers, body: target.url });
    },
  };
}
