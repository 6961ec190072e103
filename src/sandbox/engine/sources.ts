import { readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BuildOptions, Plugin } from "esbuild";
import { readPortableIntlData } from "./passes/embedded-data.ts";
import { hostModule } from "./passes/post-process.ts";
import { rejectionsAddress } from "./passes/rejections-address.ts";

/** The sources that engines and portable components are built from. */

const projectFolder = fileURLToPath(new URL("../../../", import.meta.url));
const languageGlobals = fileURLToPath(new URL("../../guest/runtime/language-globals.ts", import.meta.url));
const guestEntry = fileURLToPath(new URL("../../guest/runtime/main.ts", import.meta.url));
const bindingsEntry = fileURLToPath(new URL("../../guest/runtime/bindings.ts", import.meta.url));
const builderEntry = fileURLToPath(new URL("./build-child.ts", import.meta.url));
const witFile = new URL("../../../wit/runtime.wit", import.meta.url);

/** The WIT package of the guest. */
export function readWit(): Promise<string> {
  return readFile(witFile, "utf8");
}

/** Bundled sources. */
export interface Bundle {
  readonly text: string;
  /** The files that it was made from, by their paths relative to the project. */
  readonly files: readonly string[];
}

/** Bundles the guest runtime into one module that imports only the host interface. */
export function bundleGuest(): Promise<Bundle> {
  const files = new Set<string>();
  const plugins = [packagesByName(files)];
  return bundle(
    { entryPoints: [guestEntry], external: [hostModule], plugins, inject: [languageGlobals] },
    files,
  );
}

/** Bundles the script that connects the runtime's exports with those of the WebAssembly module. */
export function bundleBindings(): Promise<Bundle> {
  // Whether scripts are strict depends on a tsconfig.json, which not every installation has.
  const tsconfigRaw = { compilerOptions: { alwaysStrict: true } };
  const define = { rejectionsAddress: String(rejectionsAddress) };
  return bundle({ entryPoints: [bindingsEntry], format: "iife", tsconfigRaw, define });
}

/**
 * Bundles the same runtime with a workflow's bundle already evaluated. If the workflow throws, the module
 * throws an error whose message contains `evaluationFailureMarker` and then the guest's JSON, on one line.
 */
export async function bundleEvaluatedGuest(workflowBundle: string): Promise<Bundle> {
  const contents = evaluatedGuestSource(workflowBundle);
  const stdin = {
    contents,
    resolveDir: dirname(guestEntry),
    sourcefile: "portable.ts",
    loader: "ts" as const,
  };
  const files = new Set<string>();
  const plugins = [closedHost(await readPortableIntlData()), packagesByName(files)];
  return bundle({ stdin, plugins, inject: [languageGlobals] }, files);
}

/**
 * Bundles what builds an engine into one text without comments: Duranium's own modules and the limits that
 * they use.
 */
export function bundleBuilder(): Promise<Bundle> {
  return bundleOwn(builderEntry);
}

/** Bundles a module of Duranium without the packages that it imports. */
export function bundleOwn(entry: string): Promise<Bundle> {
  return bundle({ entryPoints: [entry], packages: "external", platform: "node" });
}

export const evaluationFailureMarker = "The top level threw: ";

/** @param packageFiles filled by plugins, with files that esbuild does not know by their paths */
async function bundle(options: BuildOptions, packageFiles: ReadonlySet<string> = new Set()): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: projectFolder,
    bundle: true,
    format: "esm",
    target: "es2024",
    legalComments: "none",
    logLevel: "silent",
    write: false,
    metafile: true,
    ...options,
  });
  const own = Object.keys(metafile?.inputs ?? {}).filter((path) => !/^[a-z-]+:/.test(path));
  return { text: outputFiles?.[0]?.text ?? "", files: [...own, ...packageFiles] };
}

/**
 * Names the modules of packages by their packages instead of their paths in `node_modules`: esbuild writes
 * the paths of modules into a bundle, and the digest of an engine must be the same in every installation.
 *
 * @param files receives the paths of these modules
 */
function packagesByName(files: Set<string>): Plugin {
  return {
    name: "packages-by-name",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
        if (kind === "entry-point" || path.startsWith("duranium:") || pluginData === isResolving)
          return undefined;
        const found = await build.resolve(path, { kind, resolveDir, pluginData: isResolving });
        if (found.errors.length > 0) return { errors: found.errors };
        const { sideEffects } = found;
        return { path, namespace: "package", pluginData: found.path, sideEffects };
      });
      build.onLoad({ filter: /.*/, namespace: "package" }, async ({ pluginData }) => {
        const path = String(pluginData);
        files.add(relative(projectFolder, path));
        return { contents: await readFile(path, "utf8"), resolveDir: dirname(path), loader: "js" };
      });
    },
  };
}

const isResolving = Symbol("resolving");

function evaluatedGuestSource(workflowBundle: string): string {
  return `
    import * as guest from "./main.ts";
    import { open } from "${hostModule}";
    try {
      guest.evaluate(${JSON.stringify(workflowBundle)});
    } catch (failure) {
      throw new Error(${JSON.stringify(evaluationFailureMarker)} + new TextDecoder().decode(failure));
    }
    open();
    export const declarations = guest.declarations;
    export const extend = guest.extend;
    export const run = guest.run;
    export const settle = guest.settle;
    export const cancel = guest.cancel;
    export function evaluate() {
      const failure = { name: "Error", message: "This component already contains its workflow", stack: "" };
      throw new TextEncoder().encode(JSON.stringify(failure));
    }`;
}

/**
 * While a component is built there is no host, and a host call fails the build. Until `open` is called, what
 * the top level of a workflow sends to its host is dropped, like its console lines at a deploy.
 */
function closedHost(data: Uint8Array): Plugin {
  return {
    name: "closed-host",
    setup(build) {
      build.onResolve({ filter: /^duranium:/ }, ({ path, namespace }) =>
        namespace === "closed-host" ? { path, external: true } : { path, namespace: "closed-host" },
      );
      const contents = closedHostSource(data);
      build.onLoad({ filter: /.*/, namespace: "closed-host" }, () => ({ contents }));
    },
  };
}

/** The data of `Intl` are embedded, because other hosts do not provide them. */
function closedHostSource(data: Uint8Array): string {
  const functions = ["call", "abandon", "complete", "fail", "log"];
  const gates = functions.map(
    (name) => `export const ${name} = (...values) => { if (isOpen) host.${name}(...values); };`,
  );
  const refusal = JSON.stringify("Cannot compute while a component is being built");
  return [
    `import * as host from "${hostModule}";`,
    "let isOpen = false;",
    "export function open() { isOpen = true; }",
    `export const compute = (...values) => isOpen ? host.compute(...values) : ${refusal};`,
    `const bytes = Uint8Array.fromBase64("${Buffer.from(data).toString("base64")}");`,
    "const decoder = new TextDecoder();",
    "export const data = (offset, length) => decoder.decode(bytes.subarray(offset, offset + length));",
    ...gates,
  ].join("\n");
}
