import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./commands.ts";
import type { CommandOptions } from "./commands.ts";

/**
 * The toolchain in a private folder: Debian's packages, unpacked but not installed, and scripts that start their
 * programs with their own C library. So it is the same on every Linux, and what it builds is the same as well.
 */

/** The folder of libraries of an architecture, and its loader. */
const platforms: Readonly<Record<string, { readonly triplet: string; readonly loader: string }>> = {
  amd64: { triplet: "x86_64-linux-gnu", loader: "ld-linux-x86-64.so.2" },
  arm64: { triplet: "aarch64-linux-gnu", loader: "ld-linux-aarch64.so.1" },
};

const llvm = "usr/lib/llvm-19";

/** The programs by the names under which they are called. Some behave as the name says, others must be called by their own. */
const programs: Readonly<Record<string, string>> = {
  "wasm-ld-19": `${llvm}/bin/lld`,
  "llvm-ar": `${llvm}/bin/llvm-ar`,
  "llvm-ranlib": `${llvm}/bin/llvm-ar`,
  make: "usr/bin/make",
  patch: "usr/bin/patch",
  xz: "usr/bin/xz",
  "python3.13": "usr/bin/python3.13",
};

/** The name that decides what a program with several does. */
const callNames: Readonly<Record<string, string>> = { "wasm-ld-19": "wasm-ld" };

/** Unpacks packages into an empty folder. */
export async function unpackRoot(
  root: string,
  packages: string,
  names: readonly string[],
  options: CommandOptions,
): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const name of names)
    await runCommand(["dpkg-deb", "--extract", join(packages, `${name}.deb`), root], options);
}

/** Writes the scripts. They hold the paths of the machine, so they are written again by each build. */
export async function writeTools(tools: string, root: string, architecture: string): Promise<void> {
  await mkdir(tools, { recursive: true });
  const { triplet, loader } = platforms[architecture] ?? {};
  const libraries = `${root}/usr/lib/${triplet}:${root}/${llvm}/lib`;
  const start = (name: string, path: string): string =>
    `exec '${root}/usr/lib/${triplet}/${loader}' --library-path '${libraries}' --argv0 '${name}' '${root}/${path}'`;
  const script = async (name: string, text: string): Promise<void> =>
    await writeFile(join(tools, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  for (const [name, path] of Object.entries(programs)) {
    const called = name === "python3.13" ? `${root}/${path}` : (callNames[name] ?? name);
    await script(name, `${start(called, path)} "$@"`);
  }
  await script("clang", clangScript(start(join(tools, "clang"), `${llvm}/bin/clang`), root));
}

/** Clang starts itself again for each file, with `-cc1` as the first argument, by the name under which it was called. */
function clangScript(start: string, root: string): string {
  const target = `--target=wasm32-wasi --sysroot='${root}/usr'`;
  const own = `-no-canonical-prefixes -resource-dir '${root}/${llvm}/lib/clang/19'`;
  return ['case "$1" in', `-cc1*) ${start} "$@" ;;`, `*) ${start} ${own} ${target} "$@" ;;`, "esac"].join(
    "\n",
  );
}
