import { readFile, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import type { componentize } from "@bytecodealliance/componentize-js";
import { lowerCollectorThresholds } from "./passes/collector-thresholds.ts";
import { fixEmbedding } from "./passes/fixed-embedding.ts";

/**
 * componentize-js and jco. They are imported only for builds, because production installations do not include
 * them.
 */

const componentizePackage = "@bytecodealliance/componentize-js";
const jcoPackage = "@bytecodealliance/jco";

/** The packages that a build needs. Their versions are part of the digest. */
export const toolchainPackages: readonly string[] = [componentizePackage, jcoPackage];

/**
 * The options of componentize, whose types omit a name and require a path that a source text does not have.
 */
type ComponentizeOptions = NonNullable<Parameters<typeof componentize>[2]>;
type TextOptions = Omit<ComponentizeOptions, "sourcePath"> & { readonly sourceName?: string };

/** Every WASI feature that componentize could give to a guest. */
const disabledFeatures = ["stdio", "random", "clocks", "http", "fetch-event"] as const;

/** The allowed imports of a component. The types interface has no functions. */
const allowedImports: readonly string[] = ["duranium:runtime/types@0.1.0", "duranium:runtime/host@0.1.0"];

/** The file name of the guest runtime in stack traces. */
const runtimeSourceName = "duranium-runtime.js";

/** Returns true if the toolchain can be imported. */
export function isToolchainInstalled(): boolean {
  return toolchainPackages.every((name) => findPackage(name) !== undefined);
}

/**
 * Builds a component of the world `workflow` whose exports are those of `source`, a module. Takes seconds,
 * and blocks the thread for most of them. Writes files into the working directory.
 */
export async function componentizeSource(source: string, wit: string): Promise<Uint8Array> {
  const { componentize } = await import("@bytecodealliance/componentize-js");
  const options: TextOptions = {
    worldName: "workflow",
    sourceName: runtimeSourceName,
    engine: await writeEmbedding(),
    disableFeatures: [...disabledFeatures],
  };
  const { component } = await componentize(source, wit, options as ComponentizeOptions);
  await assertHostImportsOnly(component);
  return component;
}

/** Returns jco's core modules and glue by file name: `engine.core.wasm`, `engine.js`… */
export async function transpileEngine(component: Uint8Array): Promise<Map<string, Uint8Array>> {
  const { transpile } = await import("@bytecodealliance/jco");
  const { files } = await transpile(component, { name: "engine", instantiation: "async" });
  return new Map(Object.entries(files));
}

function findPackage(name: string): string | undefined {
  try {
    return findPackageJSON(name, import.meta.url);
  } catch {
    return undefined;
  }
}

async function writeEmbedding(): Promise<string> {
  const original = join(dirname(findPackage(componentizePackage) ?? ""), "lib/starlingmonkey_embedding.wasm");
  const path = join(process.cwd(), "embedding.wasm");
  await writeFile(path, lowerCollectorThresholds(fixEmbedding(await readFile(original))));
  return path;
}

async function assertHostImportsOnly(component: Uint8Array): Promise<void> {
  const { componentWit } = await import("@bytecodealliance/jco");
  const wit = await componentWit(component);
  const imports = [...wit.matchAll(/^\s*import ([^;:]+:[^;]+);/gm)].map(([, name]) => name ?? "");
  const foreign = imports.find((name) => !allowedImports.includes(name));
  if (foreign !== undefined)
    throw new Error(`The component imports ${foreign}, which is not a function of the host`);
}
