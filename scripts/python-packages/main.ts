import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs, promisify } from "node:util";
import { DuraniumError } from "../../src/domain/errors.ts";
import { readPythonProject } from "../../src/cli/python/read-python-project.ts";
import { createNodePreview } from "../../src/preview/node-preview.ts";
import type { NodePreview } from "../../src/preview/node-preview.ts";
import { unpackEngine } from "../../src/sandbox/engine/added/engine-file.ts";
import { buildPythonEngine } from "../../src/sandbox/engine/python/build-engine-file.ts";
import { startServer } from "../packages/server.ts";
import { packages } from "./packages.ts";
import type { TriedPackage } from "./packages.ts";

/**
 * `npm run packages:python` installs each package of `packages.ts` with pip into a virtual environment outside of the
 * repository, and runs its workflow, `cases/<name>_case.py`, in the CPython of the environment and in Duranium: collected
 * like a deploy, evaluated to an image, and executed in the sandbox. It writes `docs/reference/python-packages.md`. Where
 * Python or pip is missing it says so and ends.
 */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: "string", default: join(tmpdir(), "duranium-python-packages") } },
});

interface Tried extends TriedPackage {
  readonly outcome: "same" | "different" | "failed" | "refused";
  readonly detail: string;
}

const run = promisify(execFile);
const environment = join(options.folder, "venv");
const python = join(environment, "bin/python");

const notes: Readonly<Record<string, string>> = {
  httpx:
    "`AsyncClient` sends through the host, so its requests are durable; `Client`, which blocks, raises an error that names it",
  requests:
    "Builds requests and reads responses. Sending blocks, so it raises an error that names `fetch` and `httpx.AsyncClient`",
  pyjwt: "HS256, HS384 and HS512; the other algorithms need `cryptography`",
  pyyaml: "Without its optional C extension",
  tenacity: "`AsyncRetrying` and decorated coroutines; a retry that blocks with `time.sleep` raises an error",
};

if (await isInstalled()) {
  const results = await tryAll(
    packages.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
  );
  for (const { name, outcome, detail } of results) process.stdout.write(`${name}: ${outcome} ${detail}\n`);
  if (positionals.length === 0) await writeFile(tableFile(), tableOf(results));
}

/** Versions are pinned; their dependencies are those of the day. */
async function isInstalled(): Promise<boolean> {
  try {
    await mkdir(options.folder, { recursive: true });
    if (!existsSync(python)) await run("python3", ["-m", "venv", environment]);
    const wanted = packages.map((each) => `${each.package}==${each.version}`);
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wanted]);
    return true;
  } catch (error) {
    process.stderr.write(`Skipped: cannot install the packages with python3 and pip: ${String(error)}\n`);
    return false;
  }
}

async function tryAll(listed: readonly TriedPackage[]): Promise<readonly Tried[]> {
  await using server = await startServer();
  const { bytes } = await buildPythonEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
  const engine = await unpackEngine(bytes);
  await using preview = await createNodePreview({
    enginesDir: options.folder,
    engine: { ...engine, language: "python" },
    egressAllow: server.origin.replace("http://", ""),
  });
  const results: Tried[] = [];
  for (const each of listed)
    results.push({ ...each, ...(await tryOne(each, { preview, origin: server.origin })) });
  return results;
}

async function tryOne(
  { name }: TriedPackage,
  { preview, origin }: { readonly preview: NodePreview; readonly origin: string },
): Promise<Pick<Tried, "outcome" | "detail">> {
  const file = join(import.meta.dirname, `cases/${name.replaceAll("-", "_")}_case.py`);
  const payload = { origin };
  try {
    const source = readPythonProject(file, {
      packages: [],
      excluded: [],
      variables: { VIRTUAL_ENV: environment },
    });
    using started = await preview.run(source, {
      workflowId: name,
      payload,
      clock: "skip",
      network: "direct",
    });
    const { status, result, failure } = await started.ended;
    if (status !== "completed") return { outcome: "failed", detail: `${failure?.name}: ${failure?.message}` };
    const expected = await inCPython(file, payload);
    if (isDeepStrictEqual(result, expected)) return { outcome: "same", detail: "" };
    return {
      outcome: "different",
      detail: `${JSON.stringify(result)} instead of ${JSON.stringify(expected)}`,
    };
  } catch (error) {
    if (!(error instanceof DuraniumError)) throw error;
    const [diagnostic] = error.diagnostics;
    const isRefused = error.code === "compile-failed";
    const sentences = [diagnostic?.message ?? error.message, diagnostic?.hint].filter(
      (each) => each !== undefined,
    );
    return { outcome: isRefused ? "refused" : "failed", detail: sentences.join(". ") };
  }
}

async function inCPython(file: string, payload: object): Promise<unknown> {
  const script = join(import.meta.dirname, "run_in_cpython.py");
  const { stdout } = await run(python, [script, file, JSON.stringify(payload)]);
  return JSON.parse(stdout);
}

function tableFile(): string {
  return join(import.meta.dirname, "../../docs/reference/python-packages.md");
}

function tableOf(results: readonly Tried[]): string {
  const count = results.filter(({ outcome }) => outcome === "same").length;
  const rows = results.map((each) => `| ${each.package} | ${each.version} | ${resultOf(each)} |`);
  return [
    "<!-- Generated by `npm run packages:python`. -->",
    "",
    "# Python packages",
    "",
    `${count} of ${results.length} packages that were tried have the same results as in CPython. Each was installed with pip, and a small`,
    "workflow with its main functions (`scripts/python-packages/cases`) ran in CPython and in the sandbox, against a server on",
    "loopback. How packages get into a deploy: [Python: packages and tools](../guides/python-packages.md).",
    "",
    "| package | version | result |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function resultOf({ name, outcome, detail }: Tried): string {
  const note = notes[name];
  const text = outcome === "same" ? "as in CPython" : outcome === "refused" ? `refused: ${detail}` : detail;
  return note === undefined ? text : `${text}. ${note}`;
}
