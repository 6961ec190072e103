import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync, version } from "esbuild";
import { readDerivedText, storeDerivedText } from "../../base/derived-text.ts";
import type { DerivedText } from "../../base/derived-text.ts";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError } from "../../domain/errors.ts";

/** The code of threads, bundled into one script each. A script is stored, because to start esbuild takes long. */
export interface ThreadCode {
  /** @param entry a module that does not use `import.meta` */
  of(entry: URL): string;
}

/** @param directory created if it is missing */
export function createThreadCode(directory: string): ThreadCode {
  const scripts = new Map<string, string>();
  return {
    of(entry) {
      const path = fileURLToPath(entry);
      const stored = storedScript(directory, path);
      const code = scripts.get(path) ?? readDerivedText(stored) ?? bundleAndStore(stored, path);
      scripts.set(path, code);
      return code;
    },
  };
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const tools = `esbuild ${version}, node ${process.version}`;

function storedScript(directory: string, entry: string): DerivedText {
  const name = `${basename(entry, ".ts")}-${digestOf(relative(root, entry)).slice(0, 8)}.json`;
  return { path: join(directory, name), root, tools };
}

function bundleAndStore(stored: DerivedText, entry: string): string {
  const startedAt = Date.now();
  const { outputFiles, metafile } = buildSync({
    entryPoints: [entry],
    absWorkingDir: root,
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
  const text = outputFiles[0]?.text;
  if (text === undefined)
    throw new DuraniumError("internal", "Cannot bundle a worker thread: esbuild returned no output");
  storeDerivedText(stored, { text, sources: Object.keys(metafile.inputs), startedAt });
  return text;
}
