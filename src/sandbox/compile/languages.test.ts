import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { tinyEngine } from "../../../test/support/tiny-engine.ts";
import type { Digest } from "../../base/digest.ts";
import type { CompiledWorkflow, WorkflowSource } from "../../domain/workflow.ts";
import type { Guest } from "../../host/guest.ts";
import { createFileSystemArtifactStore } from "../../stores/artifacts/file-system.ts";
import type { ArtifactStore } from "../../stores/artifacts/artifacts.ts";
import type { EngineFile } from "../engine/added/engine-file.ts";
import { openInstalledEngines } from "../engine/added/installed-engines.ts";
import type { InstalledEngines } from "../engine/added/installed-engines.ts";
import { moduleOf } from "../components/testing/modules.ts";
import { SandboxPool } from "../scheduling/pool.ts";
import { answer, testContext, textOf } from "../testing/images.ts";
import { createCompiler } from "./compile.ts";
import type { Compiler } from "./compile.ts";
import { pythonCode } from "./python-code.ts";

/** An installation with JavaScript's engine and a tiny one for Python. */
describe("a second language", () => {
  let directory: string;
  let engines: InstalledEngines;
  let compiler: Compiler;
  let pool: SandboxPool;
  let artifacts: ArtifactStore;
  const added = new Map<Digest, EngineFile>();
  let current: Digest | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(`${tmpdir()}/duranium-languages-`);
    artifacts = createFileSystemArtifactStore(directory);
    engines = openInstalledEngines(testEngineStore(), {
      currentOf: async (language) => (language === "python" ? current : undefined),
      read: async (digest) => added.get(digest)?.bytes,
    });
    compiler = createCompiler({
      engines,
      artifacts,
      publishModule: async ({ digest }, bytes) => void added.set(digest, { digest, bytes }),
    });
    pool = new SandboxPool({ engines, artifacts, workers: 1 });
  });
  afterAll(async () => {
    await Promise.all([compiler[Symbol.asyncDispose](), pool[Symbol.asyncDispose]()]);
    await rm(directory, { recursive: true, force: true });
  });

  async function install(languageVersion: string): Promise<EngineFile> {
    const engine = await tinyEngine({ languageVersion });
    added.set(engine.digest, engine);
    current = engine.digest;
    return engine;
  }

  const python = async (text: string): Promise<CompiledWorkflow> =>
    await compiler.compile(pythonSource(text));

  test("a deploy in a language without an engine is refused with how to add it", async () => {
    current = undefined;
    await expect(python("async def run(ctx, payload): ...")).rejects.toMatchObject({
      code: "engine-not-installed",
      retryable: false,
      diagnostics: [
        {
          message: "This installation has no Python engine",
          hint: expect.stringContaining("npx duranium engines add python") as unknown,
        },
      ],
    });
  });

  test("versions of several languages and engines run on the same threads", async () => {
    const first = await install("3.0.1");
    const old = await python("async def run(ctx, payload): ...");
    expect(old).toMatchObject({ language: "python", engineDigest: first.digest, protocolVersion: 1 });
    const second = await install("3.0.2");
    const young = await python("async def run(ctx, payload): ...");
    expect(young.engineDigest).toBe(second.digest);
    const javaScript = await compiler.compile(script);
    expect(javaScript).toMatchObject({ language: "javascript" });
    for (const version of [old, javaScript, young, old]) {
      const guest = await pool.acquire(version);
      expect(await sleepAndReturn(guest, '{"n":1}')).toBe('{"n":1}');
    }
  });

  test("a module becomes an engine that is stored before its version", async () => {
    const entry = "flow.wasm";
    const module = Buffer.from(await moduleOf()).toString("base64");
    const version = await compiler.compile({ entry, files: {}, binaryFiles: { [entry]: module } });
    expect(version).toMatchObject({ language: "wasm", protocolVersion: 1 });
    const guest = await pool.acquire(version);
    const turn = await guest.run(testContext, new TextEncoder().encode("null"));
    expect(textOf(turn.completion?.json)).toBe('"done"');
    guest[Symbol.dispose]();
    await expect(compiler.compile({ entry, files: { [entry]: "(module)" } })).rejects.toMatchObject({
      code: "compile-failed",
      diagnostics: [{ message: expect.stringContaining("was sent as text") as unknown }],
    });
  });

  test("with little memory for engines, each is compiled again when it is needed", async () => {
    const { digest } = await install("3.0.3");
    const asked: Digest[] = [];
    const counted = {
      get: async (wanted: Digest) => {
        asked.push(wanted);
        return await engines.get(wanted);
      },
    };
    const versions = [await python("async def run(ctx, payload): ..."), await compiler.compile(script)];
    await using small = new SandboxPool({ engines: counted, artifacts, workers: 1, compiledEngineBytes: 0 });
    for (const version of [...versions, ...versions, ...versions.slice(1)])
      expect(await sleepAndReturn(await small.acquire(version), "[]")).toBe("[]");
    const { digest: javaScript } = await engines.current();
    expect(asked).toEqual([digest, javaScript, digest, javaScript]);
  });

  test("what is evaluated does not depend on the order of the files", () => {
    const files = { "flow.py": "import a", "a.py": "x = 1" };
    expect(pythonCode({ entry: "flow.py", files })).toBe(
      '{"entry":"flow.py","files":{"a.py":"x = 1","flow.py":"import a"}}',
    );
  });

  test("a failure of the top level is a diagnostic at the author's line", async () => {
    await install("3.0.2");
    await expect(python("!\n\nx = y  # a line\n")).rejects.toMatchObject({
      code: "evaluation-failed",
      diagnostics: [
        {
          message: "NameError: name 'x' is not defined",
          file: "flow.py",
          line: 3,
          column: 5,
          lineText: "x = y  # a line",
        },
      ],
    });
    await expect(python("?")).rejects.toMatchObject({
      code: "missing-run",
      diagnostics: [{ file: "flow.py", hint: "Write `async def run(ctx, payload): …`" }],
    });
  });

  test("a source that is too large is refused with its largest files", async () => {
    const files = { "flow.py": "x = 1", "data.py": `x = "${"a".repeat(17 * 1_048_576)}"` };
    await expect(compiler.compile({ entry: "flow.py", files })).rejects.toMatchObject({
      code: "bundle-too-large",
      diagnostics: [{ hint: expect.stringContaining("data.py (17.0 MiB)") as unknown }],
    });
  });
});

const script: WorkflowSource = {
  entry: "flow.ts",
  files: { "flow.ts": "export const run = async (ctx, payload) => (await ctx.sleep(1000), payload);" },
};

function pythonSource(text: string): WorkflowSource {
  return { entry: "flow.py", files: { "flow.py": text } };
}

async function sleepAndReturn(guest: Guest, payload: string): Promise<string> {
  try {
    const turn = await guest.run(testContext, new TextEncoder().encode(payload));
    expect(turn.calls.map(({ operation }) => operation)).toEqual(["sleep"]);
    const end = await guest.settle(answer(0, null));
    return textOf(end.completion?.json ?? new Uint8Array());
  } finally {
    guest[Symbol.dispose]();
  }
}
