import { createReadStream } from "node:fs";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { readCommand, runCommand } from "./commands.ts";
import type { CommandOptions } from "./commands.ts";

/** Debian's packages that the engine is built from: pinned versions, fetched and verified by apt in folders of its own. */

/** `python/engine/debian-packages.json`. */
export interface PinnedPackages {
  /** The release of Debian. The machine may run another one. */
  readonly suite: string;
  /** Of the newest package, for the time stamps of what is built, in seconds since the Unix epoch. */
  readonly epoch: number;
  readonly sources: Readonly<Record<string, PinnedSource>>;
  /** By architecture, as Debian names it, and package. */
  readonly binaries: Readonly<Record<string, Readonly<Record<string, PinnedBinary>>>>;
}

export interface PinnedSource {
  readonly version: string;
  /** SHA-256 of each file that is used. */
  readonly files: Readonly<Record<string, string>>;
}

export interface PinnedBinary {
  readonly version: string;
  readonly sha256: string;
}

const pinsFile = new URL("../../../../python/engine/debian-packages.json", import.meta.url);

export async function readPinnedPackages(): Promise<PinnedPackages> {
  return JSON.parse(await readFile(pinsFile, "utf8")) as PinnedPackages;
}

/** Debian's archive of every version that it ever had, as it was on the day of the pins. */
export function snapshotArchive({ epoch }: Pick<PinnedPackages, "epoch">): string {
  const stamp = new Date(epoch * 1_000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return `http://snapshot.debian.org/archive/debian/${stamp}/`;
}

/** Apt with lists, cache and settings in folders of its own: it needs no rights, and changes nothing on the machine. */
export interface PrivateApt {
  readonly configFile: string;
  readonly architecture: string;
}

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** What the machine must have. Everything else is fetched. */
const needed = ["/usr/bin/apt-get", "/usr/bin/dpkg-deb", keyring];

/** @throws {Error} a sentence with what is missing */
export async function assertDebian(): Promise<void> {
  const present = await Promise.all(
    needed.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = needed.filter((_, index) => present[index] !== true);
  if (missing.length === 0) return;
  throw new Error(
    `The Python engine is built from Debian's packages, and this machine has no ${missing.join(", no ")}. ${elsewhere}`,
  );
}

/** What to do on a machine where it cannot be built. */
export const elsewhere =
  "Build it on Debian 12 or 13 or in a container of it, and bring the file here with `npx duranium engines import`";

/**
 * @param folder may hold those of an earlier build
 * @param mirror of Debian's archive; that of the machine's own apt by default
 */
export async function openPrivateApt(
  folder: string,
  {
    suite,
    mirror,
    architecture,
  }: { readonly suite: string; readonly mirror?: string | undefined; readonly architecture: string },
  options: CommandOptions,
): Promise<PrivateApt> {
  for (const name of ["state/lists/partial", "cache/archives/partial"])
    await mkdir(join(folder, name), { recursive: true });
  const source = [
    "Types: deb deb-src",
    `URIs: ${mirror ?? (await mirrorOfMachine(options))}`,
    `Suites: ${suite}`,
    "Components: main",
    `Signed-By: ${keyring}`,
  ];
  await writeFile(join(folder, "debian.sources"), `${source.join("\n")}\n`);
  await writeFile(join(folder, "status"), "");
  const settings = {
    "Dir::State": join(folder, "state"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "Dir::Etc::sourcelist": join(folder, "debian.sources"),
    "Dir::Etc::sourceparts": "/nonexistent",
    "APT::Architecture": architecture,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    // The versions are pinned: an archive of an earlier day is as good.
    "Acquire::Check-Valid-Until": "false",
    "Acquire::Retries": "3",
  };
  const configFile = join(folder, "apt.conf");
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  await writeFile(configFile, `${lines.join("\n")}\nAPT::Architectures { "${architecture}"; };\n`);
  return { configFile, architecture };
}

async function mirrorOfMachine(options: CommandOptions): Promise<string> {
  const targets = await readCommand(
    ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
    options,
  );
  const mirror = targets.split("\n").find((uri) => /\/debian\/?$/.test(uri));
  if (mirror !== undefined) return mirror;
  throw new Error("The machine's apt has no mirror of Debian's archive. Name one with --mirror");
}

/** Fetches Debian's signed lists of packages. */
export async function updateLists(apt: PrivateApt, options: CommandOptions): Promise<void> {
  await runCommand([...aptGet(apt), "update", "--error-on=any"], options);
}

/**
 * Fetches packages into a folder, unless they are there already. Apt verifies them by Debian's signature; they must be
 * those that are pinned as well.
 *
 * @param prepare called before the first one is fetched
 */
export async function fetchBinaries(
  folder: string,
  apt: PrivateApt,
  {
    packages,
    prepare,
    ...options
  }: CommandOptions & {
    readonly packages: Readonly<Record<string, PinnedBinary>>;
    readonly prepare: () => Promise<void>;
  },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const missing = await Promise.all(
    Object.entries(packages).map(async ([name, pin]) =>
      (await isThere(join(folder, `${name}.deb`), pin.sha256)) ? [] : [{ name, ...pin }],
    ),
  );
  const wanted = missing.flat();
  if (wanted.length === 0) return;
  await prepare();
  const download = join(folder, "download");
  await rm(download, { recursive: true, force: true });
  await mkdir(download);
  const names = wanted.map(({ name, version }) => `${name}=${version}`);
  await explained(
    runCommand([...aptGet(apt), "download", "--quiet", ...names], { ...options, cwd: download }),
  );
  const files = await readdir(download);
  for (const { name, sha256 } of wanted) {
    const file = files.find((each) => each.startsWith(`${name}_`));
    if (file === undefined) throw new Error(`apt fetched no package ${name}`);
    await take(join(download, file), join(folder, `${name}.deb`), sha256);
  }
  await rm(download, { recursive: true });
}

/** As `fetchBinaries`, for the files of source packages. */
export async function fetchSources(
  folder: string,
  apt: PrivateApt,
  {
    sources,
    prepare,
    ...options
  }: CommandOptions & {
    readonly sources: Readonly<Record<string, PinnedSource>>;
    readonly prepare: () => Promise<void>;
  },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, { version, files }] of Object.entries(sources)) {
    const present = await Promise.all(
      Object.entries(files).map(([file, sha256]) => isThere(join(folder, file), sha256)),
    );
    if (present.every(Boolean)) continue;
    await prepare();
    const download = join(folder, "download");
    await rm(download, { recursive: true, force: true });
    await mkdir(download);
    const command = [...aptGet(apt), "source", "--quiet", "--download-only", `${name}=${version}`];
    await explained(runCommand(command, { ...options, cwd: download }));
    for (const [file, sha256] of Object.entries(files))
      await take(join(download, file), join(folder, file), sha256);
    await rm(download, { recursive: true });
  }
}

/** The environment of the process remains, because proxies may be in it. */
export function aptGet({ configFile }: PrivateApt, program = "apt-get"): readonly string[] {
  return [program, `--config-file=${configFile}`];
}

/** A mirror keeps only the newest version of a package. */
async function explained(fetched: Promise<void>): Promise<void> {
  try {
    await fetched;
  } catch (cause) {
    const hint =
      "Where the mirror no longer has a pinned version, name one that keeps all of them (Debian's snapshot archive) with --mirror";
    throw new Error(`Cannot fetch Debian's packages: ${(cause as Error).message}\n${hint}`, { cause });
  }
}

async function isThere(path: string, sha256: string): Promise<boolean> {
  try {
    return (await digestOfFile(path)) === sha256;
  } catch {
    return false;
  }
}

/** Moves a fetched file to its place, if it is the pinned one. */
async function take(from: string, to: string, sha256: string): Promise<void> {
  const found = await digestOfFile(from);
  if (found !== sha256) throw new Error(`${from} has the SHA-256 ${found}, and ${sha256} is pinned`);
  await rename(from, to);
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
