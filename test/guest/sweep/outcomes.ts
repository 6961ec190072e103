/** Evaluates the sweep's program in the sandbox and in Node. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { createGuestRunner } from "../guest-runner.ts";
import type { SweepRequest, ValueRequest } from "./program.ts";

export interface Shapes {
  readonly names: readonly string[];
  readonly shapes: Outcomes;
}

export type Outcomes = Readonly<Record<string, string>>;

export interface Sweep {
  /** @throws {Error} where a call ends the instance, or the execution fails */
  inSandbox(request: SweepRequest): Outcomes;
  /** In a process of its own, so that nothing of the test runner is on its globals. */
  inNode(requests: readonly SweepRequest[]): readonly Outcomes[];
  /** Of all globals that the sandbox has; the names are all that each has itself. */
  shapes(): { readonly sandbox: Shapes; readonly node: Shapes };
  /** What an expression over `inputs` comes to, as a summary. */
  valuesInSandbox(requests: readonly ValueRequest[]): readonly string[];
  valuesInNode(requests: readonly ValueRequest[]): readonly string[];
}

type Play = Awaited<ReturnType<typeof createGuestRunner>>;

export async function createSweep(): Promise<Sweep> {
  const program = await bundleProgram();
  const runner = await createGuestRunner();
  return {
    inSandbox: (request) => playIn(runner, program, "sweep.outcomesOf(payload, pause)", request) as Outcomes,
    inNode: (requests) =>
      execute(
        program,
        "inTurn(payload, (request) => sweep.outcomesOf(request, pause))",
        requests,
      ) as readonly Outcomes[],
    shapes: () => {
      const sandbox = playIn(runner, program, "sweep.allShapes()", null) as Shapes;
      const node = execute(
        program,
        "sweep.allShapes(payload, require('module').builtinModules)",
        sandbox.names,
      ) as Shapes;
      return { sandbox, node };
    },
    valuesInSandbox: (requests) => playIn(runner, program, valueExpression, requests) as readonly string[],
    valuesInNode: (requests) => execute(program, valueExpression, requests) as readonly string[],
  };
}

const valueExpression = "inTurn(payload, (request) => sweep.valueOf(request))";

const helpers = `
const inTurn = async (items, act) => { const all = []; for (const item of items) all.push(await act(item)); return all; };`;

/**
 * Where it can, all of it is one turn, so that a promise which is rejected and dropped does not fail the execution before it has
 * returned.
 */
function playIn(runner: Play, program: string, expression: string, payload: unknown): unknown {
  const source = `${program}${helpers}
const pause = async () => { for (let i = 0; i < 2000; i++) await null; };
export async function run(ctx, payload) { return await (${expression}); }`;
  const { result, failure, evaluationFailure } = runner(source, { payload });
  const { name, message, stack } = failure ?? evaluationFailure ?? {};
  if (name !== undefined) throw new Error(`The sweep failed in the sandbox: ${name}: ${message}\n${stack}`);
  return result;
}

function execute(program: string, expression: string, payload: unknown): unknown {
  const script = `${program}${helpers}
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
const { writeSync, readFileSync } = require("node:fs");
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
(async () => {
  const payload = JSON.parse(readFileSync(0, "utf8"));
  const bytes = Buffer.from(JSON.stringify(await (${expression})));
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
  process.exit(0);
})();`;
  const { output, status } = spawnSync(process.execPath, ["-e", script], {
    input: JSON.stringify(payload),
    encoding: "utf8",
    env: { TZ: "UTC", LANG: "en_US.UTF-8" },
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`Node ended with ${status}: ${output[2]}`);
  return JSON.parse(output[3] ?? "");
}

async function bundleProgram(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("program.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "sweep",
    target: "es2024",
  });
  return outputFiles[0]?.text ?? "";
}
