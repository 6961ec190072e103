import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import type { Digest } from "../../src/base/digest.ts";
import { digestOf } from "../../src/base/sha256.ts";
import { parseJournal, writeJournal } from "./journal.ts";
import type { GoldenJournal } from "./journal.ts";

/** What a release left to hold later ones against: its engine, some workflows as it deployed them, and journals. */
export interface GoldenSet {
  /** The version of the package: `0.1.0`. */
  readonly release: string;
  readonly engine: GoldenEngine;
  /** Images and source maps, by their digests. */
  readonly artifacts: ReadonlyMap<Digest, Uint8Array>;
  readonly journals: readonly GoldenJournal[];
}

export interface GoldenEngine {
  readonly digest: Digest;
  readonly core: Uint8Array;
}

/** `engine.json`. */
interface EngineFacts {
  readonly digest: Digest;
  readonly coreDigest: Digest;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** One folder per release. */
export async function listReleases(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^\d+\.\d+\.\d+/.test(name)).toSorted();
}

export async function readGoldenSet(release: string): Promise<GoldenSet> {
  const names = await readdir(join(folder, release, "journals"));
  const journals = names.toSorted().map(async (name) => {
    const text = await readFile(join(folder, release, "journals", name), "utf8");
    return parseJournal(name.replace(/\.jsonl$/, ""), text);
  });
  return {
    release,
    engine: await readGoldenEngine(release),
    artifacts: await readArtifacts(release),
    journals: await Promise.all(journals),
  };
}

async function readGoldenEngine(release: string): Promise<GoldenEngine> {
  const facts = await readFile(join(folder, release, "engine.json"), "utf8");
  const { digest, coreDigest } = JSON.parse(facts) as EngineFacts;
  const core = brotliDecompressSync(await readFile(join(folder, release, "engine.core.wasm.br")));
  if (digestOf(core) !== coreDigest) throw new Error(`The engine of ${release} is damaged`);
  return { digest, core };
}

async function readArtifacts(release: string): Promise<Map<Digest, Uint8Array>> {
  const names = await readdir(join(folder, release, "artifacts"));
  const artifacts = names.map(async (name) => {
    const bytes = await readFile(join(folder, release, "artifacts", name));
    if (digestOf(bytes) !== name) throw new Error(`The artifact ${name} of ${release} is damaged`);
    return [name as Digest, bytes] as const;
  });
  return new Map(await Promise.all(artifacts));
}

/** In the place of what was recorded for the release before. Compressing takes about a minute. */
export async function writeGoldenSet({ release, engine, artifacts, journals }: GoldenSet): Promise<string> {
  const set = join(folder, release);
  await rm(set, { recursive: true, force: true });
  for (const part of ["artifacts", "journals"]) await mkdir(join(set, part), { recursive: true });
  const facts: EngineFacts = { digest: engine.digest, coreDigest: digestOf(engine.core) };
  await writeFile(join(set, "engine.json"), `${JSON.stringify(facts, null, 2)}\n`);
  await writeFile(join(set, "engine.core.wasm.br"), compress(engine.core));
  for (const [digest, bytes] of artifacts) await writeFile(join(set, "artifacts", digest), bytes);
  for (const journal of journals) {
    await writeFile(join(set, "journals", `${journal.name}.jsonl`), writeJournal(journal));
  }
  return set;
}

/** 6 % smaller than zstd's best. */
function compress(bytes: Uint8Array): Buffer {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: 11,
    [BROTLI_PARAM_LGWIN]: 24,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}
