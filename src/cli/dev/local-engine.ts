import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isDigest } from "../../base/digest.ts";
import { languageOfEntry } from "../../domain/engines/language.ts";
import { maxEngineBytes } from "../../domain/engines/limits.ts";
import { messageOf } from "../../domain/errors.ts";
import type { LocalEngine } from "../../preview/local-engine.ts";
import { unpackEngine } from "../../sandbox/engine/added/engine-file.ts";
import { CliError } from "../output/cli-error.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { serverUrl } from "../shared/connection.ts";
import { enginesFolder } from "../shared/engines-folder.ts";

/**
 * The engine of a workflow that is not JavaScript's, as an option of previews: that of the server, so that a preview runs
 * on what a deploy runs on, else one of this machine.
 *
 * @throws {CliError} if there is none
 */
export async function localEngine(
  cli: Cli,
  options: CommonOptions,
  entry: string,
): Promise<{ readonly engine?: LocalEngine; readonly isModule?: boolean }> {
  const language = languageOfEntry(entry);
  if (language !== "python") return { isModule: language === "wasm" };
  const url = await serverUrl(cli.environment, options.url);
  const served = await engineOfServer(cli, url).catch((error: unknown) => messageOf(error));
  if (typeof served !== "string") return { engine: served };
  const engine = await engineOfFiles(cli);
  if (engine !== undefined) return { engine };
  throw new CliError(
    `No Python engine: there is none on this machine, and the server at ${url} has none (${served})`,
    {
      hint: "Start the server, and add one with `npx duranium engines add python`; or put a python.engine file into a folder and name it in DURANIUM_ENGINES_DIR",
    },
  );
}

/** What `GET /engine` responds. */
interface ServedEngine {
  readonly digest: string;
  readonly protocolVersion: number;
  readonly bytes: number;
  readonly url: string;
}

/** Downloads the engine once. */
async function engineOfServer(cli: Cli, url: string): Promise<LocalEngine> {
  const signal = AbortSignal.timeout(askTimeoutMs);
  const response = await fetch(`${url}/engine?language=python`, { signal });
  const answer = (await response.json()) as ServedEngine & { readonly detail?: string };
  const { digest, protocolVersion, bytes } = answer;
  if (!response.ok) throw new Error(answer.detail ?? `HTTP ${response.status}`);
  if (!isDigest(digest) || !Number.isSafeInteger(protocolVersion) || !(bytes <= maxEngineBytes))
    throw new Error("its response is not that of a Duranium server");
  const cached = join(cacheFolder(cli), `${digest}.wasm`);
  const core = existsSync(cached)
    ? await readFile(cached)
    : await download(cli, `${url}/engine/${digest}.wasm`, cached);
  return { language: "python", digest, protocolVersion, core };
}

async function download({ terminal }: Cli, url: string, cached: string): Promise<Uint8Array> {
  terminal.note(terminal.style("dim", "Downloading the Python engine of the server (once)"));
  const response = await fetch(url, { signal: AbortSignal.timeout(downloadTimeoutMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const core = new Uint8Array(await response.arrayBuffer());
  await mkdir(join(cached, ".."), { recursive: true });
  const partial = `${cached}.${process.pid}`;
  await writeFile(partial, core);
  await rename(partial, cached);
  return core;
}

/** The engine file in the folder of engines, or the one that was built on this machine. */
async function engineOfFiles(cli: Cli): Promise<LocalEngine | undefined> {
  const folders = [enginesFolder(cli), join(cacheFolder(cli), "../python")];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((each) => each.endsWith(".engine")).toSorted()) {
      const { digest, language, protocolVersion, core } = await unpackEngine(
        await readFile(join(folder, name)),
      );
      if (language === "python") return { language, digest, protocolVersion, core };
    }
  }
  return undefined;
}

/** `duranium/engines` in the user's cache folder (XDG Base Directory Specification). */
function cacheFolder({ environment: { XDG_CACHE_HOME } }: Cli): string {
  const isSet = XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== "";
  return join(isSet ? XDG_CACHE_HOME : join(homedir(), ".cache"), "duranium/engines");
}

const askTimeoutMs = 5_000;
/** The first request waits until the server has compressed it. */
const downloadTimeoutMs = 120_000;
