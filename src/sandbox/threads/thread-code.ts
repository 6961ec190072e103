import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync, version } from "esbuild";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError } from "../../domain/errors.ts";

/**
 * The code of threads, bundled into one script each.
 *
 * A script is stored with the digests of all modules that it was made from, because to start esbuild takes longer than
 * to read these modules. It is used only if all of them are unchanged. A folder that cannot be written, as that of a
 * read-only installation, costs time and nothing else.
 */
export interface ThreadCode {
  /** @param entry a module that does not use `import.meta` */
  of(entry: URL): string;
}

interface StoredScript {
  readonly tools: string;
  /** The digest of each module, by its path relative to the project. */
  readonly modules: Readonly<Record<string, string>>;
  readonly digest: string;
  readonly code: string;
}

/** @param directory created if it is missing */
export function createThreadCode(directory: string): ThreadCode {
  const scripts = new Map<string, string>();
  return {
    of(entry) {
      const path = fileURLToPath(entry);
      const code = scripts.get(path) ?? readStored(directory, path) ?? bundleAndStore(directory, path);
      scripts.set(path, code);
      return code;
    },
  };
}

const project = fileURLToPath(new URL("../../..", import.meta.url));
const tools = `esbuild ${version}, node ${process.version}`;

function readStored(directory: string, entry: string): string | undefined {
  try {
    const stored = JSON.parse(readFileSync(storedPath(directory, entry), "utf8")) as StoredScript;
    const isUnchanged =
      stored.tools === tools &&
      stored.digest === digestOf(stored.code) &&
      Object.entries(stored.modules).every(([path, digest]) => digestOfFile(path) === digest);
    return isUnchanged ? stored.code : undefined;
  } catch {
    return undefined;
  }
}

function bundleAndStore(directory: string, entry: string): string {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [entry],
    absWorkingDir: project,
    bundle: true,
    platform: "node",
    // Older packages wrap their CommonJS in a way that cannot be bundled.
    mainFields: ["module", "main"],
    format: "cjs",
    target: `node${process.versions.node}`,
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const code = outputFiles[0]?.text;
  if (code === undefined)
    throw new DuraniumError("internal", "Cannot bundle a worker thread: esbuild returned no output");
  store(directory, entry, { code, modules: Object.keys(metafile.inputs) });
  return code;
}

function store(
  directory: string,
  entry: string,
  { code, modules }: { readonly code: string; readonly modules: readonly string[] },
): void {
  const path = storedPath(directory, entry);
  try {
    const digests = Object.fromEntries(modules.map((module) => [module, digestOfFile(module)]));
    const script: StoredScript = { tools, modules: digests, digest: digestOf(code), code };
    mkdirSync(directory, { recursive: true });
    // Renamed, so that no other process reads a part of it.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(script));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // The next process bundles it again.
  }
}

function storedPath(directory: string, entry: string): string {
  return join(directory, `${basename(entry, ".ts")}-${digestOf(relative(project, entry)).slice(0, 8)}.json`);
}

function digestOfFile(path: string): string {
  return digestOf(readFileSync(join(project, path)));
}
