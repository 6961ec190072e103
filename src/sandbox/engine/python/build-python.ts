import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Digest } from "../../../base/digest.ts";
import { digestOf } from "../../../base/sha256.ts";
import { acquireBuildLock } from "../build-lock.ts";
import { bundleOwn } from "../sources.ts";
import { isDone, placesOf, prepareLibrary, prepareToolchain, withTools } from "./build-steps.ts";
import type { Build } from "./build-steps.ts";
import { assertDebian, elsewhere, readPinnedPackages } from "./debian-packages.ts";
import { finishEngine } from "./finish-engine.ts";
import { linkEngine, linkInputs } from "./link-engine.ts";
import { nativeLibraryIn } from "./native-library.ts";

/**
 * The build of the Python engine: CPython from Debian's source package, by Debian's compiler.
 *
 * Its folder keeps what took time: the packages, the toolchain and CPython's static library under a name that is the
 * digest of their inputs, with a file for each step that is done. An interrupted build continues at that step, and
 * where only the runtime changed, a few seconds of linking remain.
 */
export interface PythonBuildOptions {
  /** The folder of the build; a cache of this user by default. */
  readonly directory?: string | undefined;
  /** A mirror of Debian's archive; that of the machine's own apt by default. */
  readonly mirror?: string | undefined;
  /** Called with a sentence when a step begins, and while it goes on. */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The finished core module of the Python engine, and what else describes it. */
export interface PythonCore {
  readonly core: Uint8Array<ArrayBuffer>;
  /** For example `3.13.5`. */
  readonly languageVersion: string;
  /** The standard library's and the runtime's modules. */
  readonly modules: readonly string[];
  /** Versions of Debian's packages that decide about the engine. */
  readonly toolchain: Readonly<Record<string, string>>;
  /** Of everything that it was built from. */
  readonly inputs: Digest;
}

const projectFolder = fileURLToPath(new URL("../../../..", import.meta.url));
const engineSources = join(projectFolder, "python/engine");
const runtimeSources = join(projectFolder, "python/runtime");

/** The packages that decide about the engine, by the names under which its metadata has them. */
const toolchainPackages = ["clang-19", "lld-19", "wasi-libc", "tzdata"] as const;

/** The folder of the builds of this user. */
export function defaultPythonDirectory(): string {
  return join(homedir(), ".cache/duranium/python");
}

/**
 * Builds the core module of the Python engine.
 *
 * @throws {Error} a sentence with what could not be done and what to do
 */
export async function buildPythonCore(options: PythonBuildOptions = {}): Promise<PythonCore> {
  const core = await buildCore(options, true);
  if (core === undefined)
    throw new Error("The native part of the Python engine was removed during the build");
  return core;
}

/**
 * Builds the core module where CPython has been built in the folder already, which takes seconds at most; `undefined`
 * where it has not.
 */
export async function relinkPythonCore(options: PythonBuildOptions = {}): Promise<PythonCore | undefined> {
  return await buildCore(options, false);
}

async function buildCore(
  { directory = defaultPythonDirectory(), mirror, onProgress = () => {}, signal }: PythonBuildOptions,
  canBuildLibrary: boolean,
): Promise<PythonCore | undefined> {
  const pins = await readPinnedPackages();
  const options = { cwd: "/", logFile: join(directory, "build.log"), signal };
  const architecture = architectures[process.arch] ?? process.arch;
  const build: Build = { directory, pins, architecture, options, onProgress, mirror };
  const kept = await findKept(build);
  if (kept !== undefined) return kept;
  if (!canBuildLibrary && !(await isDone(placesOf(build).native, "library"))) return undefined;
  if (canBuildLibrary) await assertBuildable(build);
  await mkdir(directory, { recursive: true });
  const onWait = (): void => onProgress("Waiting for another process that builds the Python engine");
  await using lock = await acquireBuildLock(join(directory, "build.lock"), { onWait });
  if (lock === undefined) return await buildCore({ directory, mirror, onProgress, signal }, canBuildLibrary);
  await prepareToolchain(build);
  await prepareLibrary(build);
  // Another process may have linked it before this one had the lock.
  return (await findKept(build)) ?? (await link(build, join(lock.folder, "link")));
}

/** Names of architectures, as Debian has them. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

async function assertBuildable({ pins, architecture }: Build): Promise<void> {
  const supported = Object.keys(pins.binaries);
  if (process.platform !== "linux" || !supported.includes(architecture)) {
    throw new Error(
      `The Python engine cannot be built on ${process.platform} ${process.arch}, only on Linux on ${supported.join(" and ")}. ${elsewhere}`,
    );
  }
  await assertDebian();
}

interface CorePlace {
  readonly inputs: Digest;
  readonly folder: string;
}

/** The place of the core that is linked from this source. */
async function corePlace(build: Build): Promise<CorePlace> {
  const inputs = await digestInputs(placesOf(build).native);
  return { inputs, folder: join(build.directory, `core-${inputs.slice(0, 16)}`) };
}

/** A core that was linked from the same inputs. */
async function findKept(build: Build): Promise<PythonCore | undefined> {
  const place = await corePlace(build);
  return (await isDone(place.folder, "finished")) ? await readCore(build, place) : undefined;
}

async function readCore(build: Build, { inputs, folder }: CorePlace): Promise<PythonCore> {
  return {
    core: await readFile(join(folder, "core.wasm")),
    languageVersion: (build.pins.sources["python3.13"]?.version ?? "").replace(/-.*/, ""),
    modules: JSON.parse(await readFile(join(folder, "modules.json"), "utf8")) as readonly string[],
    toolchain: toolchainOf(build),
    inputs,
  };
}

async function link(build: Build, work: string): Promise<PythonCore> {
  const { directory, onProgress } = build;
  const { root, native } = placesOf(build);
  const place = await corePlace(build);
  onProgress("Linking the Python engine and starting Python in it");
  const zones = join(root, "usr/share/zoneinfo");
  const folders = { engine: engineSources, runtime: runtimeSources, zones, work };
  const { module, modules } = await linkEngine(nativeLibraryIn(native), folders, withTools(build));
  await mkdir(place.folder, { recursive: true });
  await writeFile(join(place.folder, "core.wasm"), await finishEngine(module));
  await writeFile(join(place.folder, "modules.json"), JSON.stringify(modules));
  await writeFile(join(place.folder, ".finished"), "");
  await removeOldest(directory, "core-");
  return await readCore(build, place);
}

/** What was linked from other inputs is kept for a while, because several versions of the source may share the folder. */
const keptCores = 6;

async function removeOldest(directory: string, prefix: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name.startsWith(prefix));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  const old = aged.toSorted((one, other) => other.at - one.at).slice(keptCores);
  for (const { name } of old) await rm(join(directory, name), { recursive: true, force: true });
}

function toolchainOf({ pins, architecture }: Build): Readonly<Record<string, string>> {
  const sources = Object.entries(pins.sources).map(([name, { version }]) => [name, version] as const);
  // Without the number of a rebuild, which an architecture has for itself: the engine is the same on all of them.
  const binaries = toolchainPackages.map(
    (name) => [name, (pins.binaries[architecture]?.[name]?.version ?? "").replace(/\+b\d+$/, "")] as const,
  );
  return Object.fromEntries([...sources, ...binaries]);
}

/** The files of the engine and of the runtime, and the code that links and finishes it. */
async function digestInputs(native: string): Promise<Digest> {
  const finish = await bundleOwn(fileURLToPath(new URL("./finish-engine.ts", import.meta.url)));
  const files = [...(await digestFolder(engineSources)), ...(await digestFolder(runtimeSources))];
  const key = native.slice(native.lastIndexOf("-") + 1);
  return digestOf(JSON.stringify({ key, linkInputs, finish: finish.text, files }));
}

async function digestFolder(folder: string): Promise<readonly (readonly [path: string, digest: Digest])[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names
    .filter((entry) => entry.isFile() && /\.(py|c|h)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return await Promise.all(
    paths.map(async (path) => [path.slice(folder.length), digestOf(await readFile(path))] as const),
  );
}
