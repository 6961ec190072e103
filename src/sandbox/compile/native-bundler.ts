import { readFile } from "node:fs/promises";
import { build, stop } from "esbuild";
import { createBundler } from "./bundle.ts";
import type { Bundler } from "./bundle.ts";
import { collectFiles } from "./dependencies.ts";

export interface NativeBundlerOptions {
  readonly timeoutMs?: number;
  /** The `node_modules` folder that dependencies are taken from. */
  readonly packagesDir?: string;
}

/** Bundles with esbuild's own program, in a process beside this one. */
export function createNativeBundler({ packagesDir, ...options }: NativeBundlerOptions = {}): Bundler {
  return createBundler({
    ...options,
    program: { build, stop },
    collectFiles: (source) => collectFiles(source, packagesDir),
    readHelpers: async () => await readFile(helpersFile, "utf8"),
  });
}

const helpersFile = new URL("../../guest/helpers.ts", import.meta.url);
