import { execFileSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Digest } from "../../src/base/digest.ts";
import type { CurrentVersion } from "../../src/domain/workflow.ts";
import { testEngineStore } from "../support/engine.ts";
import { freePorts } from "../support/free-ports.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startMessageProxy } from "../support/message-proxy.ts";
import { writeGoldenSet } from "./golden-set.ts";
import type { GoldenSet } from "./golden-set.ts";
import type { GoldenJournal, RecordedLine } from "./journal.ts";
import { textOf } from "./messages.ts";
import { createRecorder } from "./recorder.ts";
import type { Recorder, Recording } from "./recorder.ts";
import { playScenarios } from "./scenarios.ts";

/**
 * `npm run golden:record`: records the golden set of the release that this source is, on a real Duranium with a
 * real Restate. `README.md` beside this file says when that may be done.
 */

/** By the time that all executions have ended, all of these have, but for the last. */
const wanted = [
  ..."fetches timers events state calls cancelled unawaited failed".split(" "),
  ..."child.double child.fail child.wait".split(" "),
  ..."deploy activate remove".split(" ").map((handler) => `Workflow.${handler}`),
  ..."get set delete keys update".split(" ").map((handler) => `WorkflowState.${handler}`),
  ..."event callback enforceCancellation".split(" ").map((handler) => `Execution.${handler}`),
];

const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
const { version: release } = JSON.parse(manifest) as { version: string };
assertUnreleased();
const [executorPort = 0] = await freePorts(1);
const recorder = createRecorder();
await using proxy = await startMessageProxy(executorPort, (headers) => recorder.startInvocation(headers));
await using instance = await createInstance({
  DURANIUM_EXECUTOR_PORT: String(executorPort),
  DURANIUM_EXECUTOR_URL: proxy.url,
});
say("starting Duranium");
await instance.start();
say("playing the workflows");
await playScenarios(instance);
say("waiting until what watches over the cancellation has ended");
const named = await untilRecorded(recorder);
const journals = await Promise.all([...named].map(async ([name, each]) => await journalOf(name, each)));
say("compressing the engine");
const set = await writeGoldenSet({ release, journals, ...(await partsOf(journals, instance)) });
const { size } = await stat(join(set, "engine.core.wasm.br"));
say(`${journals.length} journals and an engine of ${size} bytes are in ${set}`);

/** A released set is replayed by others and must not change. */
function assertUnreleased(): void {
  const tag = `v${release}`;
  const tags = execFileSync("git", ["tag", "--list", tag], { encoding: "utf8" });
  if (tags.trim() === "") return;
  throw new Error(
    `Cannot record ${release} again: it is released (${tag}). Give the package its next version first`,
  );
}

async function untilRecorded(recorder: Recorder): Promise<ReadonlyMap<string, Recording>> {
  for (;;) {
    const named = new Map<string, Recording>();
    for (const each of recorder.recordings()) if (!named.has(nameOf(each))) named.set(nameOf(each), each);
    if (wanted.every((name) => named.has(name)))
      return new Map([...named].filter(([name]) => wanted.includes(name)));
    await delay(500);
  }
}

/** `fetches`, `child.double`, `WorkflowState.get`: the first of a name is recorded. */
function nameOf({ handler, start, entries }: Recording): string {
  if (handler !== "Workflow/execute") return handler.replace("/", ".");
  const key = textOf(start, "key");
  const [input] = entries;
  const { entryPoint } = contentOf(input?.fields["value"]) as { readonly entryPoint?: string };
  return key === "child" ? `${key}.${entryPoint}` : key;
}

function contentOf(value: unknown): unknown {
  return (value as { readonly content: { readonly json: unknown } }).content.json;
}

async function journalOf(name: string, { invocationId, ...recording }: Recording): Promise<GoldenJournal> {
  const isExecution = recording.handler === "Workflow/execute";
  return { name, ...recording, lines: isExecution ? await linesOf(invocationId) : [] };
}

async function linesOf(executionId: string): Promise<readonly RecordedLine[]> {
  const { status, body } = await instance.request("GET", `/executions/${executionId}/logs`);
  if (status !== 200) throw new Error(`The lines of ${executionId} were answered ${status}`);
  return (body.items as readonly RecordedLine[]).map(({ number, level, arguments: values }) => ({
    number,
    level,
    arguments: values,
  }));
}

async function partsOf(
  journals: readonly GoldenJournal[],
  { dataDir }: Instance,
): Promise<Pick<GoldenSet, "engine" | "artifacts">> {
  const { digest, core } = await testEngineStore().current();
  const versions = journals.flatMap(versionOf);
  const artifacts = new Map<Digest, Uint8Array>();
  for (const { imageDigest, sourceMapDigest, engineDigest } of versions) {
    if (engineDigest !== digest) throw new Error(`There is a second engine, ${engineDigest}`);
    for (const each of [imageDigest, sourceMapDigest]) {
      artifacts.set(each, await readFile(join(dataDir, "artifacts", each.slice(0, 2), each)));
    }
  }
  return { engine: { digest, core }, artifacts };
}

/** The version that an execution began with: its second entry. */
function versionOf({ handler, entries }: GoldenJournal): readonly CurrentVersion[] {
  if (handler !== "Workflow/execute") return [];
  return [contentOf(entries[1]?.fields["value"]) as CurrentVersion];
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
