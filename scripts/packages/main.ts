import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseEgressAllow } from "../../src/host/network/egress.ts";
import { createHttpClient } from "../../src/host/network/undici-client.ts";
import { createPreview } from "../../src/preview/create-preview.ts";
import { createNativeBundler } from "../../src/sandbox/compile/bundler/native-bundler.ts";
import { createEngineStore } from "../../src/sandbox/engine/engine-store.ts";
import { packages, peers } from "./packages.ts";
import type { ListedPackage } from "./packages.ts";
import { runCase } from "./run-case.ts";
import type { CaseResult } from "./run-case.ts";
import { startServer } from "./server.ts";
import { tableOf } from "./table.ts";

/**
 * `npm run packages` installs every package of `packages.ts` from the registry and runs its workflow,
 * `cases/<name>.js`, in Node and in Duranium: collected and bundled like a deploy from the command line, evaluated
 * to an image, and executed in the sandbox. Results are cached by the text of the workflow and the version, so an
 * interrupted run can be continued. `--again` repeats the failed cases, `--fresh` all cases. When every package has
 * a result, or with `--table`, it writes the packages with a result to `docs/reference/packages.md`.
 */
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    folder: { type: "string", default: join(tmpdir(), "duranium-packages") },
    table: { type: "boolean", default: false },
    minutes: { type: "string", default: "600" },
  },
});

/** Cached results. The key identifies the workflow and the version. */
type Results = Record<string, CaseResult & { readonly key: string }>;

const { folder } = options;
const project = join(import.meta.dirname, "../..");
const resultsFile = join(folder, "results.json");
const endsAt = Date.now() + Number(options.minutes) * 60_000;

mkdirSync(join(folder, "cases"), { recursive: true });
install();
await runAll(packages.filter(({ name }) => positionals.length === 0 || positionals.includes(name)));
report();
process.exit(0);

/** Installs without scripts, so that a package's code only runs in its case. */
function install(): void {
  const listed = packages.map((each) => [each.package, each.version] as const);
  const dependencies = { ...Object.fromEntries(listed), ...peers };
  const manifest = `${JSON.stringify({ private: true, dependencies }, undefined, 2)}\n`;
  const file = join(folder, "package.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest) return;
  writeFileSync(file, manifest);
  const args = ["install", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  execFileSync("npm", args, { cwd: folder, stdio: "inherit" });
}

async function runAll(listed: readonly ListedPackage[]): Promise<void> {
  await using server = await startServer();
  await using http = createHttpClient({ policy: parseEgressAllow(server.origin.replace("http://", "")) });
  await using bundler = createNativeBundler({ timeoutMs: 180_000 });
  const store = createEngineStore({ directory: join(project, "node_modules/.cache/duranium-test/engines") });
  const { core, digest, protocolVersion } = await store.current();
  const engine = { module: await WebAssembly.compile(core), digest, protocolVersion };
  const preview = createPreview({ engine, http });
  for (const { name, version } of listed) {
    const text = readFileSync(join(import.meta.dirname, `cases/${name}.js`), "utf8");
    const key = createHash("sha256").update(`${version}\n${text}`).digest("hex");
    const results = readResults();
    const known = results[name];
    const isKnown = known?.key === key && !options.fresh && !(options.again && known.outcome !== "same");
    if (isKnown || Date.now() > endsAt) continue;
    const file = join(folder, `cases/${name}.mjs`);
    copyFileSync(join(import.meta.dirname, `cases/${name}.js`), file);
    const result = await runCase(file, { server, bundler, preview });
    print(`${result.outcome.padEnd(12)} ${name} ${(result.detail ?? "").slice(0, 400)}`);
    writeFileSync(resultsFile, JSON.stringify({ ...results, [name]: { ...result, key } }, undefined, 1));
  }
}

function readResults(): Results {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, "utf8")) as Results) : {};
}

function report(): void {
  const results = readResults();
  const done = packages.filter(({ name }) => results[name] !== undefined);
  const same = done.filter(({ name }) => results[name]?.outcome === "same");
  print(
    `${same.length} of ${done.length} give Node's results; ${packages.length - done.length} have not been run`,
  );
  if (done.length === packages.length || options.table)
    writeFileSync(join(project, "docs/reference/packages.md"), tableOf(results));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
