import { execFileSync, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testEngineStore, testEnginesDirectory } from "../../../test/support/engine.ts";
import { createEngineStore } from "./engine-store.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));

describe("a store of engines", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "duranium-engines-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  // One test, because a build takes long: what was left behind is the killed process's.
  test("two processes get the same engine, also after a killed build and over a damaged engine", async () => {
    const expected = await testEngineStore().current();
    const folder = join(directory, expected.digest);

    const killed = startBuild(directory);
    await expect.poll(() => processesOf(directory).join()).toContain("wizer");
    killed.child.kill("SIGKILL");
    await expect.poll(() => processesOf(directory)).toEqual([]);
    expect(await readdir(directory)).toEqual([`${expected.digest}.lock`]);

    await damagedCopy(expected.digest, folder);
    const builds = [startBuild(directory), startBuild(directory)];
    const outputs = await Promise.all(builds.map(({ ended }) => ended));
    expect(outputs.map(({ code }) => code)).toEqual([0, 0]);
    expect(outputs.map(({ output }) => output.trim().split("\n").at(-1))).toEqual([
      expected.digest,
      expected.digest,
    ]);
    const starts = outputs.flatMap(({ output }) => output.match(/^Building/gm) ?? []);
    expect(starts.length).toBe(1);

    expect(await readdir(directory)).toEqual([expected.digest]);
    const built = await createEngineStore({ directory }).get(expected.digest);
    expect(built.metadata).toEqual(expected.metadata);
    expect(Buffer.compare(built.core, expected.core)).toBe(0);
  });

  test("concurrent requests share one build of an engine", async () => {
    const store = testEngineStore();
    const [first, second] = await Promise.all([store.current(), store.current()]);
    expect(first).toBe(second);
    expect(await store.get(first.digest)).toBe(first);
  });

  test("without a toolchain a copied engine is used, and a missing one is reported with a hint", async () => {
    const { digest } = await testEngineStore().current();
    const production = await copyWithoutToolchain(join(directory, "production"));
    const engines = join(directory, "engines");
    const without = await startBuild(engines, production).ended;
    expect(without.code).not.toBe(0);
    expect(without.output).toContain("engine-unavailable");
    expect(without.output).toContain("componentize-js and jco are not installed");
    await cp(join(testEnginesDirectory, digest), join(engines, digest), { recursive: true });
    const withEngine = await startBuild(engines, production).ended;
    expect(withEngine).toEqual({ code: 0, output: `${digest}\n` });
  });
});

/** A process of its own that wants the engine in `directory`. */
function startBuild(directory: string, root = project): RunningBuild {
  const entry = join(root, "src/sandbox/engine/build-engine.ts");
  const child = spawn(process.execPath, [entry, directory], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stderr, child.stdout]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ended = new Promise<BuildOutcome>((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
  return { child, ended };
}

interface BuildOutcome {
  readonly code: number | null;
  readonly output: string;
}

interface RunningBuild {
  readonly child: ReturnType<typeof spawn>;
  readonly ended: Promise<BuildOutcome>;
}

/** Command lines of the processes that have to do with the directory. */
function processesOf(directory: string): string[] {
  const lines = execFileSync("ps", ["-Ao", "args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(directory));
}

async function damagedCopy(digest: string, folder: string): Promise<void> {
  await cp(join(testEnginesDirectory, digest), folder, { recursive: true });
  const path = join(folder, "engine.core.wasm");
  const core = await readFile(path);
  await writeFile(path, core.subarray(0, core.length - 1));
}

/** The source with those packages of a production installation that engines need. */
async function copyWithoutToolchain(root: string): Promise<string> {
  for (const name of ["src", "wit", "package.json"]) {
    await cp(join(project, name), join(root, name), { recursive: true });
  }
  await mkdir(join(root, "node_modules"));
  for (const name of ["esbuild", "web-streams-polyfill"]) {
    await symlink(join(project, "node_modules", name), join(root, "node_modules", name));
  }
  return root;
}
