import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testEnginesDirectory } from "./engine.ts";
import type { StartAs } from "./instance.ts";

/** A release of Duranium as it is installed: a source, and only the engine that belongs to it. */
export interface Release extends AsyncDisposable {
  readonly engineDigest: string;
  /** Options of `Instance.start` that run this release. */
  readonly start: Required<Pick<StartAs, "root" | "environment">>;
}

/** Differences of another release from this one: replacements by the path of the file. */
export type Changes = Readonly<Record<string, readonly Replacement[]>>;
type Replacement = readonly [before: string, after: string];

const project = fileURLToPath(new URL("../..", import.meta.url));
/** Everything that a process needs to run, except the packages. */
const parts = ["src", "wit", "migrations", "restate.toml", "package.json"];

/**
 * A release with the current source, or with changes to it. Its engine is built once, and cached between test runs.
 */
export async function makeRelease(changes: Changes = {}): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), "duranium-release-"));
  const isChanged = Object.keys(changes).length > 0;
  const root = isChanged ? join(folder, "source") : project;
  const engines = join(folder, "engines");
  if (isChanged) await copySource(root);
  for (const [path, replacements] of Object.entries(changes)) await change(join(root, path), replacements);
  const engineDigest = await buildEngine(root);
  await mkdir(engines);
  await symlink(join(testEnginesDirectory, engineDigest), join(engines, engineDigest));
  return {
    engineDigest,
    start: { root, environment: { DURANIUM_ENGINES_DIR: engines } },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

async function copySource(root: string): Promise<void> {
  for (const part of parts) await cp(join(project, part), join(root, part), { recursive: true });
  await symlink(await realpath(join(project, "node_modules")), join(root, "node_modules"));
}

async function change(path: string, replacements: readonly Replacement[]): Promise<void> {
  let text = await readFile(path, "utf8");
  for (const [before, after] of replacements) {
    if (!text.includes(before)) throw new Error(`${path} has no ${JSON.stringify(before)} to be changed`);
    text = text.replace(before, after);
  }
  await writeFile(path, text);
}

async function buildEngine(root: string): Promise<string> {
  const entry = join(root, "src/sandbox/engine/build-engine.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [entry, testEnginesDirectory]);
  return stdout.trim();
}
