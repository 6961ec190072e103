import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../../base/sha256.ts";
import { messageOf } from "../../../domain/errors.ts";
import type { CommandOptions } from "./commands.ts";
import {
  fetchBinaries,
  fetchSources,
  openPrivateApt,
  snapshotArchive,
  updateLists,
} from "./debian-packages.ts";
import type { PinnedPackages } from "./debian-packages.ts";
import {
  buildZlib,
  compilePython,
  configurePython,
  nativeLibraryIn,
  nativeLibraryInputs,
  unpackSources,
} from "./native-library.ts";
import { unpackRoot, writeTools } from "./toolchain-root.ts";

/** The steps that take minutes: the toolchain and CPython's static library. */

/** A build in its folder. */
export interface Build {
  readonly directory: string;
  readonly pins: PinnedPackages;
  readonly architecture: string;
  readonly options: CommandOptions;
  readonly onProgress: (message: string) => void;
  readonly mirror: string | undefined;
}

interface Places {
  readonly root: string;
  readonly tools: string;
  readonly native: string;
}

/** The folders whose names are the digests of their inputs. */
export function placesOf({ directory, pins, architecture }: Build): Places {
  const binaries = pins.binaries[architecture];
  const rootKey = digestOf(JSON.stringify({ architecture, binaries })).slice(0, 16);
  const nativeKey = digestOf(
    JSON.stringify({ rootKey, sources: pins.sources, epoch: pins.epoch, nativeLibraryInputs }),
  );
  return {
    root: join(directory, `root-${rootKey}`),
    tools: join(directory, `tools-${rootKey}`),
    native: join(directory, `cpython-${nativeKey.slice(0, 16)}`),
  };
}

/** The options of commands that use the toolchain. */
export function withTools({ options, pins, ...build }: Build): CommandOptions {
  const { tools } = placesOf({ options, pins, ...build });
  const env = {
    PATH: `${tools}:/usr/bin:/bin`,
    LC_ALL: "C",
    TZ: "UTC",
    HOME: "/nonexistent",
    SOURCE_DATE_EPOCH: String(pins.epoch),
    PYTHONHASHSEED: "0",
  };
  return { ...options, env };
}

/** Fetches and unpacks the packages, unless they are unpacked already. */
export async function prepareToolchain(build: Build): Promise<void> {
  const { directory, pins, architecture, options } = build;
  const { root, tools, native } = placesOf(build);
  const packages = join(directory, "packages");
  if (!((await isDone(root, "unpacked")) && (await isDone(native, "unpacked"))))
    await fetchFromArchives(packages, build);
  await step(root, "unpacked", async () => {
    await rm(root, { recursive: true, force: true });
    await unpackRoot(
      root,
      join(packages, architecture),
      Object.keys(pins.binaries[architecture] ?? {}),
      options,
    );
  });
  await writeTools(tools, root, architecture);
}

/** From the mirror, and from Debian's archive of all versions where the machine's own mirror no longer has one of them. */
async function fetchFromArchives(packages: string, build: Build): Promise<void> {
  try {
    await fetchPackages(packages, build, build.mirror);
  } catch (error) {
    build.options.signal?.throwIfAborted();
    if (build.mirror !== undefined) throw error;
    const archive = snapshotArchive(build.pins);
    build.onProgress(`The mirror does not have every pinned version. Fetching them from ${archive}`);
    await fetchPackages(packages, build, archive).catch(({ message }: Error) => {
      throw new Error(`${messageOf(error)}\n${archive} was tried as well: ${message}`, { cause: error });
    });
  }
}

async function fetchPackages(
  packages: string,
  { directory, pins, architecture, options, onProgress }: Build,
  mirror: string | undefined,
): Promise<void> {
  const apt = await openPrivateApt(
    join(directory, "apt"),
    { suite: pins.suite, mirror, architecture },
    options,
  );
  let updated: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    if (updated === undefined)
      onProgress("Fetching Debian's packages: a compiler, CPython's source, time zones (130 MB)");
    await (updated ??= updateLists(apt, options));
  };
  const binaries = pins.binaries[architecture] ?? {};
  await fetchBinaries(join(packages, architecture), apt, { ...options, packages: binaries, prepare });
  await fetchSources(join(packages, "sources"), apt, { ...options, sources: pins.sources, prepare });
}

/** Builds CPython's static library, from the step at which an earlier build ended. */
export async function prepareLibrary(build: Build): Promise<void> {
  const { directory, pins, onProgress } = build;
  const { native, tools } = placesOf(build);
  const library = nativeLibraryIn(native);
  const options = withTools(build);
  const sources = Object.fromEntries(
    Object.entries(pins.sources).map(([name, { files }]) => [name, Object.keys(files)]),
  );
  await step(native, "unpacked", async () => {
    onProgress("Unpacking CPython's source and applying Debian's patches");
    await unpackSources(library, join(directory, "packages/sources"), { ...options, sources });
  });
  await step(native, "zlib", async () => await buildZlib(library, options));
  await step(native, "configured", async () => {
    onProgress("Configuring CPython (1 to 3 minutes)");
    await configurePython(library, { ...options, python: join(tools, "python3.13") });
  });
  await step(native, "library", async () => {
    onProgress("Compiling CPython (1 to 10 minutes)");
    await compilePython(library, (percent) => onProgress(`Compiling CPython: ${percent} %`), options);
  });
}

async function step(folder: string, name: string, act: () => Promise<void>): Promise<void> {
  if (await isDone(folder, name)) return;
  await act();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `.${name}`), "");
}

export async function isDone(folder: string, name: string): Promise<boolean> {
  return await readFile(join(folder, `.${name}`)).then(
    () => true,
    () => false,
  );
}
