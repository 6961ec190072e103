import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCommand, runCommand } from "../src/sandbox/engine/python/commands.ts";
import { aptGet, openPrivateApt, updateLists } from "../src/sandbox/engine/python/debian-packages.ts";
import type {
  PinnedBinary,
  PinnedPackages,
  PinnedSource,
  PrivateApt,
} from "../src/sandbox/engine/python/debian-packages.ts";

/**
 * `node scripts/pin-python-packages.ts [mirror]` pins the packages of the Python engine to the versions that
 * a mirror of Debian's archive has now: it writes `python/engine/debian-packages.json`. The engine built from them is
 * another one.
 */

const suite = "trixie";
const architectures = ["amd64", "arm64"];

const sourceNames = ["python3.13", "zlib"];

/** The toolchain, with every library that one of its programs loads. */
const binaryNames =
  "clang-19 libclang-common-19-dev libclang-cpp19 libclang-rt-19-dev-wasm32 libllvm19 lld-19 llvm-19 wasi-libc make patch xz-utils python3.13-minimal libpython3.13-minimal libpython3.13-stdlib tzdata tzdata-legacy libbsd0 libbz2-1.0 libc6 libedit2 libexpat1 libffi8 libgcc-s1 libgmp10 liblzma5 libmd0 libssl3t64 libstdc++6 libtinfo6 libxml2 libz3-4 libzstd1 zlib1g".split(
    " ",
  );

const folder = await mkdtemp(join(tmpdir(), "duranium-pins-"));
const pins: PinnedPackages = {
  suite,
  epoch: 0,
  sources: {},
  binaries: {},
};
const options = { cwd: folder, logFile: join(folder, "pins.log") };
try {
  const binaries: Record<string, Record<string, PinnedBinary>> = {};
  const sources: Record<string, PinnedSource> = {};
  for (const architecture of architectures) {
    const apt = await openPrivateApt(
      join(folder, architecture),
      { suite, mirror: process.argv[2], architecture },
      options,
    );
    await updateLists(apt, options);
    const show = await readCommand(["apt-cache", "show", "--no-all-versions", ...binaryNames], options);
    binaries[architecture] = Object.fromEntries(paragraphs(show).map(readBinary));
    for (const name of sourceNames) sources[name] ??= await pinSource(name, apt);
  }
  const missing = binaryNames.filter(
    (name) => !architectures.every((each) => binaries[each]?.[name] !== undefined),
  );
  if (missing.length > 0) throw new Error(`The mirror has no ${missing.join(", ")}`);
  const file = fileURLToPath(new URL("../python/engine/debian-packages.json", import.meta.url));
  const content = { ...pins, epoch: await epochOf(file, sources), sources, binaries };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

function paragraphs(text: string): readonly ReadonlyMap<string, string>[] {
  return text
    .split(/\n\n+/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => {
      const fields = paragraph.split(/\n(?! )/).map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      });
      return new Map(fields);
    });
}

function readBinary(fields: ReadonlyMap<string, string>): [string, PinnedBinary] {
  return [
    fields.get("Package") ?? "",
    { version: fields.get("Version") ?? "", sha256: fields.get("SHA256") ?? "" },
  ];
}

/** The newest version that the mirror delivers: its lists may name one whose files it does not have. */
async function pinSource(name: string, apt: PrivateApt): Promise<PinnedSource> {
  const shown = paragraphs(
    await readCommand([...aptGet(apt, "apt-cache"), "showsrc", "--only-source", name], options),
  );
  for (const fields of shown.filter((each) => each.get("Package") === name).toReversed()) {
    const source = readSource(fields);
    const command = [...aptGet(apt), "source", "--quiet", "--download-only", `${name}=${source.version}`];
    const isDelivered = await runCommand(command, options).then(
      () => true,
      () => false,
    );
    if (isDelivered) return source;
  }
  throw new Error(`The mirror does not deliver the source package ${name}`);
}

/** The files of which the build makes use: the archives. Apt verifies the others as well. */
function readSource(fields: ReadonlyMap<string, string>): PinnedSource {
  const lines = (fields.get("Checksums-Sha256") ?? "").split("\n").map((line) => line.trim().split(" "));
  const files = lines.flatMap(([sha256 = "", , file = ""]) =>
    /\.tar\.[a-z0-9]+$/.test(file) ? [[file, sha256] as const] : [],
  );
  return { version: fields.get("Version") ?? "", files: Object.fromEntries(files) };
}

/** Kept while the sources are the same, so that the engine is. */
async function epochOf(file: string, sources: Readonly<Record<string, PinnedSource>>): Promise<number> {
  const now = Math.floor(Date.now() / 86_400_000) * 86_400;
  try {
    const before = JSON.parse(await readFile(file, "utf8")) as PinnedPackages;
    return JSON.stringify(before.sources) === JSON.stringify(sources) ? before.epoch : now;
  } catch {
    return now;
  }
}
