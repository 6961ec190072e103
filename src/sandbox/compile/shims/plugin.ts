import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from "esbuild";
import { joinPath, folderOf } from "../resolution/paths.ts";
import { requiredAtRunTime, requiredModule } from "./dynamic-require.ts";
import { globalSources } from "./node-needs.ts";
import { nodeGlobals, processEnv, requiredPrefix, shimNamespace } from "./resolve-builtin.ts";
import { shimPath } from "./shim-files.ts";
import type { NodeModuleExports, ReadShims, ShimFiles } from "./shim-files.ts";

/**
 * Provides Node's modules to a workflow and its packages. The modules are read on the first import of one.
 */
export function nodeCompatPlugin(readShims: ReadShims): Plugin {
  return {
    name: "node compatibility",
    setup(build) {
      build.onResolve({ filter: /^duranium:(?:node-globals:|required:|environment$)/ }, ({ path }) =>
        found(path),
      );
      build.onResolve({ filter: /.*/, namespace: shimNamespace }, resolveWithin);
      build.onLoad({ filter: /.*/, namespace: shimNamespace }, async ({ path }) => load(path, readShims));
    },
  };
}

function found(path: string): OnResolveResult {
  const sideEffects = path === asyncContext || path.startsWith(requiredAtRunTime);
  return { path, namespace: shimNamespace, sideEffects };
}

/** This module changes `then` for all code. */
const asyncContext = "modules/async_hooks.js";

function resolveWithin({ path, importer }: OnResolveArgs): OnResolveResult {
  const file = importer.endsWith(".js") ? joinPath(folderOf(importer), path) : path;
  return found(file.endsWith("process-env.js") ? processEnv : file);
}

async function load(path: string, readShims: ReadShims): Promise<OnLoadResult> {
  if (path === processEnv)
    return script("export const processEnv = {}; export { processEnv as __duranium_process_env };");
  if (path.startsWith(nodeGlobals)) return script(globalsModule(path.slice(nodeGlobals.length).split(",")));
  if (path.startsWith(requiredAtRunTime))
    return script(requiredModule(path.slice(requiredAtRunTime.length).split(",").filter(Boolean)));
  if (path.startsWith(requiredPrefix)) return script(wholeModule(path.slice(requiredPrefix.length)));
  const shims = await readShims();
  return script(path.endsWith(".js") ? (shims.texts[path] ?? "") : importedModule(path, shims));
}

function script(contents: string): OnLoadResult {
  return { contents, loader: "js" };
}

function globalsModule(names: readonly string[]): string {
  return names.map((name) => globalSources.get(name) ?? "").join("\n");
}

function wholeModule(name: string): string {
  return `module.exports = require(${JSON.stringify(name)}).default;`;
}

/**
 * A module with every export of Node's module. Exports that the sandbox does not support throw when they are
 * called.
 */
function importedModule(name: string, shims: ShimFiles): string {
  const node = shims.node[name] ?? { functions: [], others: [], values: {} };
  const own = shims.exports[shimPath(name)];
  const head = 'import { unavailable } from "unavailable.js";';
  if (own === undefined) return [head, ...missingMembers(name, node, []), defaultOf(name)].join("\n");
  const file = JSON.stringify(shimPath(name));
  if (own.includes("default")) return [head, ...membersOfDefault(name, node, file)].join("\n");
  return [head, `export * from ${file};`, ...missingMembers(name, node, own), defaultOf(name)].join("\n");
}

function missingMembers(
  name: string,
  { functions, others, values }: NodeModuleExports,
  own: readonly string[],
): readonly string[] {
  const members = [
    ...others.map((member) => [member, "undefined"] as const),
    ...functions.map((member) => [member, unavailableMember(name, member)] as const),
    ...Object.entries(values).map(([member, value]) => [member, JSON.stringify(value)] as const),
  ];
  return members
    .filter(([member]) => !own.includes(member))
    .map(([member, value]) => `export const ${member} = ${value};`);
}

function unavailableMember(name: string, member: string): string {
  return `/* @__PURE__ */ unavailable(${JSON.stringify(name)}, ${JSON.stringify(member)})`;
}

/** A plain object, because some packages change it and a namespace is immutable. */
function defaultOf(name: string): string {
  return `import * as self from ${JSON.stringify(name)};
export default /* @__PURE__ */ (() => { const { default: _, ...members } = self; return members; })();`;
}

function membersOfDefault(
  name: string,
  { functions, others, values }: NodeModuleExports,
  file: string,
): readonly string[] {
  const members = [
    ...others.map((member) => [member, "undefined"] as const),
    ...functions.map((member) => [member, unavailableMember(name, member)] as const),
    ...Object.entries(values).map(([member, value]) => [member, JSON.stringify(value)] as const),
  ];
  return [
    `import whole from ${file};`,
    "export default whole;",
    ...members.map(([member, value]) => `export const ${member} = whole.${member} ??= ${value};`),
  ];
}
