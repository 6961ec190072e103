import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testEnginesDirectory } from "./engine.ts";
import type { StartAs } from "./instance.ts";

/** A release of Duranium as it is installed: a source, and the engine that comes with it and no other. */
export interface Release extends AsyncDisposable {
  readonly engineDigest: string;
  /** What `Instance.start` takes to run it. */
  readonly start: Required<Pick<StartAs, "root" | "environment">>;
}

/** What another release has other than this one: by the path of the file, what is replaced by what. */
export type Changes = Readonly<Record<string, readonly Replacement[]>>;
type Replacement = readonly [before: string, after: string];

const project = fileURLToPath(new URL("../..", import.meta.url));
/** All that a process needs to run, but for the packages. */
const parts = ["src", "wit", "migrations", "restate.toml", "package.json"];

/** The release that this source is, or another one. Its engine is built once, and kept between test runs. */
export async function makeRelease(changes: Changes = {}): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), "duranium-release-"));
  const root = join(folder, "source");
  const engines = join(folder, "engines");
  await copySource(root);
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
