import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "esbuild";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { readDerivedText, storeDerivedText } from "../../base/derived-text.ts";
import type { DerivedText } from "../../base/derived-text.ts";
import { readEngineInputs } from "./engine-inputs.ts";
import type { EngineInputs } from "./engine-inputs.ts";

/** The engine of this source: its digest, which each start needs, and its inputs, which only a build needs. */
export interface CurrentEngine {
  readonly digest: Digest;
  /** @throws an error if the source has changed since its digest was computed */
  inputs(): Promise<EngineInputs>;
}

/** Returns the digest of the engine of this source. */
export async function engineDigest(): Promise<Digest> {
  return (await findCurrentEngine()).digest;
}

/**
 * The digest is stored, because esbuild takes a good part of a start to bundle the inputs.
 *
 * @param stored where the digest is stored
 */
export async function findCurrentEngine(stored = storedDigest): Promise<CurrentEngine> {
  const digest = readDerivedText(stored);
  if (digest !== undefined && isDigest(digest))
    return { digest, inputs: async () => await readAgain(digest) };
  const startedAt = Date.now();
  const inputs = await readEngineInputs();
  const sources = new Set(inputs.files.flatMap((file) => [file, ...settingsOf(file)]));
  storeDerivedText(stored, { text: inputs.digest, sources, startedAt });
  return { digest: inputs.digest, inputs: async () => inputs };
}

const root = fileURLToPath(new URL("../../..", import.meta.url));

const storedDigest: DerivedText = {
  path: join(root, "node_modules/.cache/duranium/engine-digest.json"),
  root,
  tools: `esbuild ${version}, node ${process.version}`,
};

async function readAgain(digest: Digest): Promise<EngineInputs> {
  const inputs = await readEngineInputs();
  if (inputs.digest === digest) return inputs;
  throw new Error("The source of the engine has changed since this process started. Start it again");
}

/** What decides how esbuild resolves and reads a module: these files in its folder and in those above it. */
function settingsOf(file: string): readonly string[] {
  const folder = dirname(file);
  const own = ["package.json", "tsconfig.json"].map((name) => join(folder, name));
  return folder === "." || folder.endsWith("..") ? own : [...own, ...settingsOf(folder)];
}
