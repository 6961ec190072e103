import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BuildOptions, Plugin } from "esbuild";
import { readPortableIntlData } from "./passes/embedded-data.ts";
import { hostModule } from "./passes/post-process.ts";
import { rejectionsAddress } from "./passes/rejections-address.ts";

/** The texts that engines and portable components are made of. */

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

/** The guest runtime as one module that imports nothing but the host interface. */
export function bundleGuest(): Promise<string> {
  return bundle({
    entryPoints: [guestEntry],
    external: [hostModule],
    plugins: [packagesByName],
    inject: [languageGlobals],
  });
}

/** What lies between the runtime's exports and those of the WebAssembly module, as a script. */
export function bundleBindings(): Promise<string> {
  // Scripts are strict or not by a tsconfig.json, which not all installations have.
  const tsconfigRaw = { compilerOptions: { alwaysStrict: true } };
  const define = { rejectionsAddress: String(rejectionsAddress) };
  return bundle({ entryPoints: [bindingsEntry], format: "iife", tsconfigRaw, define });
}

/**
 * The same runtime with a workflow's bundle already evaluated. Where the bundle throws, so does the module:
 * an error whose message holds `evaluationFailureMarker` and then the guest's JSON, on one line.
 */
export async function bundleEvaluatedGuest(workflowBundle: string): Promise<string> {
  const contents = evaluatedGuestSource(workflowBundle);
  const stdin = {
    contents,
    resolveDir: dirname(guestEntry),
    sourcefile: "portable.ts",
    loader: "ts" as const,
  };
  const plugins = [closedHost(await readPortableIntlData()), packagesByName];
  return bundle({ stdin, plugins, inject: [languageGlobals] });
}

/** What builds an engine, as one text without comments: our own modules and the limits that they use. */
export function bundleBuilder(): Promise<string> {
  return bundle({ entryPoints: [builderEntry], packages: "external", platform: "node" });
}

export const evaluationFailureMarker = "The top level threw: ";

async function bundle(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectFolder,
    bundle: true,
    format: "esm",
    target: "es2024",
    legalComments: "none",
    logLevel: "silent",
    write: false,
    ...options,
  });
  return outputFiles?.[0]?.text ?? "";
}

/**
 * Names modules of packages by their packages, and not by where npm has put them: esbuild writes the paths of modules into a
 * bundle, and the digest of an engine must be the same in every installation.
 */
const packagesByName: Plugin = {
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
      return { contents: await readFile(path, "utf8"), resolveDir: dirname(path), loader: "js" };
    });
  },
};

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
    export const run = guest.run;
    export const settle = guest.settle;
    export const cancel = guest.cancel;
    export function evaluate() {
      const failure = { name: "Error", message: "This component has its workflow already", stack: "" };
      throw new TextEncoder().encode(JSON.stringify(failure));
    }`;
}

/**
 * While a component is made there is no host, and calling one ends the making: until \`open\` is called,
 * what a workflow's top level says to its host is dropped, as its console lines are at a deploy.
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

/** The data of `Intl` are within: no other host could be asked for them. */
function closedHostSource(data: Uint8Array): string {
  const functions = ["call", "abandon", "complete", "fail", "log"];
  const gates = functions.map(
    (name) => `export const ${name} = (...values) => { if (isOpen) host.${name}(...values); };`,
  );
  const refusal = JSON.stringify("Nothing is computed while a component is made");
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
