import { readFile } from "node:fs/promises";
import { build, stop } from "esbuild";
import { createBundler } from "./bundle.ts";
import type { Bundler, BundlerOptions } from "./bundle.ts";
import { collectFiles } from "./dependencies.ts";

export interface NativeBundlerOptions {
  readonly timeoutMs?: number;
  /** The `node_modules` folder that dependencies are taken from. */
  readonly packagesDir?: string;
  /** All that a source may be bundled from, in place of its own files and those packages. */
  readonly collectFiles?: BundlerOptions["collectFiles"];
}

/** Bundles with esbuild's own program, in a process beside this one. */
export function createNativeBundler({ packagesDir, ...options }: NativeBundlerOptions = {}): Bundler {
  return createBundler({
    program: { build, stop },
    collectFiles: (source) => collectFiles(source, packagesDir),
    readHelpers: async () => await readFile(helpersFile, "utf8"),
    ...options,
  });
}

const helpersFile = new URL("../../guest/helpers.ts", import.meta.url);
