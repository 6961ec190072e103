import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { runCommand } from "./commands.ts";
import type { CommandOptions } from "./commands.ts";

/** CPython and zlib as static libraries for `wasm32-wasi`. */

/** Where a build of the library is, and its parts. */
export interface NativeLibrary {
  readonly folder: string;
  /** CPython's source with Debian's patches and our own changes. */
  readonly source: string;
  /** CPython's build. */
  readonly build: string;
  readonly zlib: string;
}

export function nativeLibraryIn(folder: string): NativeLibrary {
  return {
    folder,
    source: join(folder, "cpython"),
    build: join(folder, "build"),
    zlib: join(folder, "zlib"),
  };
}

/**
 * Without reference types, because an image needs a table that nothing changes; without multiple results, because the
 * passes of engines do not know them.
 *
 * @param folders whose paths must not show in what is built
 */
export function compilerFlags(...folders: readonly string[]): readonly string[] {
  const features = [
    "-mbulk-memory",
    "-mnontrapping-fptoint",
    "-msign-ext",
    "-mno-reference-types",
    "-mno-multivalue",
  ];
  const paths = folders.map((folder) => `-ffile-prefix-map=${folder}=/build`);
  return ["-O2", "-DNDEBUG", ...features, ...paths];
}

/**
 * CPython bounds the depth of its recursion in C by numbers that are right for stacks of 8 MiB. V8 has one of 1 MiB by
 * default, and frames of its own: with these numbers half of it suffices, and deep recursion is a RecursionError.
 */
const changes = [
  {
    file: "Include/cpython/pystate.h",
    from: "#  define Py_C_RECURSION_LIMIT 5000\n",
    to: "#  define Py_C_RECURSION_LIMIT 800\n",
  },
] as const;

/** The objects of zlib that do not need files. */
const zlibObjects = [
  "adler32",
  "compress",
  "crc32",
  "deflate",
  "infback",
  "inffast",
  "inflate",
  "inftrees",
  "trees",
  "uncompr",
  "zutil",
];

const configureOptions = [
  "--host=wasm32-unknown-wasi",
  "--build=x86_64-pc-linux-gnu",
  "--prefix=/usr",
  "--disable-test-modules",
  "--disable-ipv6",
  "--without-readline",
  "--without-ensurepip",
];

/** What decides about the library beside the packages. */
export const nativeLibraryInputs: unknown = {
  changes,
  zlibObjects,
  configureOptions,
  flags: compilerFlags(""),
};

/** Unpacks source packages, as `dpkg-source --extract` does, and changes what must be. */
export async function unpackSources(
  library: NativeLibrary,
  packages: string,
  { sources, ...options }: CommandOptions & { readonly sources: Readonly<Record<string, readonly string[]>> },
): Promise<void> {
  await rm(library.folder, { recursive: true, force: true });
  const folders = { "python3.13": library.source, zlib: library.zlib };
  for (const [name, folder] of Object.entries(folders)) {
    await mkdir(folder, { recursive: true });
    const files = sources[name] ?? [];
    const original = files.find((file) => file.includes(".orig.tar."));
    const debian = files.find((file) => file.includes(".debian.tar."));
    if (original === undefined || debian === undefined)
      throw new Error(`The source package ${name} has no archive`);
    const extract = ["tar", "--extract", "--no-same-owner", "--directory", folder, "--file"];
    await runCommand([...extract, join(packages, original), "--strip-components=1"], options);
    await runCommand([...extract, join(packages, debian)], options);
    await applyPatches(folder, options);
  }
  for (const { file, from, to } of changes) await change(join(library.source, file), from, to);
}

async function applyPatches(folder: string, options: CommandOptions): Promise<void> {
  const patches = join(folder, "debian/patches");
  const series = (await readFile(join(patches, "series"), "utf8")).split("\n");
  for (const line of series) {
    const name = line.replace(/#.*/, "").trim().split(/\s/)[0] ?? "";
    if (name === "") continue;
    await runCommand(["patch", "--quiet", "--forward", "-p1", "--input", join(patches, name)], {
      ...options,
      cwd: folder,
    });
  }
}

async function change(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${path} does not have the line "${from.trim()}" once`);
  await writeFile(path, text.replace(from, to));
}

export async function buildZlib({ zlib, folder }: NativeLibrary, options: CommandOptions): Promise<void> {
  const sources = zlibObjects.map((name) => `${name}.c`);
  await runCommand(["clang", ...compilerFlags(folder), "-c", ...sources], { ...options, cwd: zlib });
  await rm(join(zlib, "libz.a"), { force: true });
  await runCommand(["llvm-ar", "rcD", "libz.a", ...zlibObjects.map((name) => `${name}.o`)], {
    ...options,
    cwd: zlib,
  });
}

/** @param python the path of a CPython of the same version that runs on this machine */
export async function configurePython(
  library: NativeLibrary,
  { python, ...options }: CommandOptions & { readonly python: string },
): Promise<void> {
  const { build, folder, zlib } = library;
  await rm(build, { recursive: true, force: true });
  await mkdir(build);
  const env = {
    ...options.env,
    CONFIG_SITE: "../cpython/Tools/wasm/config.site-wasm32-wasi",
    CC: "clang",
    CPP: "clang -E",
    CXX: "clang",
    AR: "llvm-ar",
    RANLIB: "llvm-ranlib",
    ARFLAGS: "rcD",
    // In place of CPython's own optimization and debug information.
    OPT: "-DNDEBUG",
    CFLAGS: compilerFlags(folder).join(" "),
    ZLIB_CFLAGS: `-I${zlib}`,
    ZLIB_LIBS: `-L${zlib} -lz`,
    PKG_CONFIG: "false",
  };
  // The path of the source is relative, because CPython keeps it.
  const command = ["../cpython/configure", "--quiet", ...configureOptions, `--with-build-python=${python}`];
  await runCommand(command, { ...options, env, cwd: build });
}

/** @param onPercent called when another tenth of the files are compiled */
export async function compilePython(
  library: NativeLibrary,
  onPercent: (percent: number) => void,
  options: CommandOptions,
): Promise<void> {
  const logFile = join(library.folder, "make.log");
  await rm(logFile, { force: true });
  let shown = 0;
  const show = (files: number): void => {
    const percent = Math.min(90, Math.floor((10 * files) / compiledFiles) * 10);
    if (percent > shown) onPercent((shown = percent));
  };
  const timer = setInterval(() => void countCompiled(logFile).then(show), 2_000);
  const targets = ["libpython3.13.a", "Modules/_hacl/libHacl_Hash_SHA2.a"];
  try {
    await runCommand(["make", `--jobs=${availableParallelism()}`, ...targets], {
      ...options,
      logFile,
      cwd: library.build,
    });
  } finally {
    clearInterval(timer);
  }
}

/** About as many files as are compiled, for the progress. */
const compiledFiles = 240;

async function countCompiled(logFile: string): Promise<number> {
  const text = await readFile(logFile, "utf8").catch(() => "");
  return text.split("\n").filter((line) => line.startsWith("clang ")).length;
}

/** The archives to link, in a fixed order. */
export async function archivesOf({ build, zlib }: NativeLibrary): Promise<readonly string[]> {
  const modules = await readdir(join(build, "Modules"), { recursive: true });
  const own = modules.filter((name) => name.endsWith(".a")).toSorted();
  return [
    join(build, "libpython3.13.a"),
    ...own.map((name) => join(build, "Modules", name)),
    join(zlib, "libz.a"),
  ];
}
