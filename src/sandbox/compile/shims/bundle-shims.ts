import { globSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import type { BuildOptions, OnResolveArgs, Plugin } from "esbuild";
import { isNodeModule } from "../resolution/node-modules.ts";
import type { NodeModuleExports, ShimFiles } from "./shim-files.ts";

/** `src/node-compat/node-exports.json`: the exports of Node's modules. */
interface NodeExports {
  readonly version: string;
  readonly modules: Readonly<Record<string, NodeModuleExports>>;
}

/**
 * Bundles Node's modules for workflows from this installation's own packages. The lock file pins them, so the
 * same release produces the same bytes. It takes some tenths of a second and is done once per process that
 * needs it.
 *
 * @param root the folder `src/node-compat`, absolute, with a trailing slash
 */
export async function bundleShims(root: string): Promise<ShimFiles> {
  const node = JSON.parse(readFileSync(`${root}node-exports.json`, "utf8")) as NodeExports;
  const { outputFiles, metafile } = await build(optionsFor(root, node));
  return {
    texts: Object.fromEntries(outputFiles.map(({ path, text }) => [path.slice(outdir.length + 1), text])),
    exports: Object.fromEntries(
      Object.entries(metafile.outputs).map(([path, output]) => [
        path.slice(path.indexOf("modules/")),
        output.exports,
      ]),
    ),
    node: node.modules,
  };
}

const outdir = "/node-compat";

function optionsFor(root: string, { version, modules }: NodeExports) {
  return {
    entryPoints: [
      ...globSync("modules/*.ts", { cwd: root }).toSorted(),
      "unavailable.ts",
      "dom-parser.ts",
      "intl-duration-format.ts",
      "intl-locale.ts",
      "intl-segmenter.ts",
    ].map((path) => `${root}${path}`),
    outdir,
    outbase: root,
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    charset: "utf8",
    legalComments: "none",
    define: {
      "process.env.NODE_ENV": '"production"',
      "process.env.NODE_DEBUG": "undefined",
      global: "globalThis",
      NODE_VERSION: JSON.stringify(version),
      NODE_MODULES: JSON.stringify(Object.keys(modules)),
    },
    plugins: [ownModulesPlugin(root)],
    logLevel: "silent",
  } satisfies BuildOptions;
}

/**
 * The modules are built from packages that import each other by name, with and without a trailing slash;
 * those names refer to Duranium's versions.
 */
function ownModulesPlugin(root: string): Plugin {
  return {
    name: "modules of Node",
    setup(builder) {
      builder.onResolve({ filter: /^[a-z]/ }, async (request) => {
        if (request.pluginData === "package") return undefined;
        const name = request.path.replace(/^node:/, "").replace(/\/$/, "");
        const isOwn = request.importer.startsWith(root);
        if (name === "abort-controller") return { path: name, namespace: "globals" };
        if (!isNodeModule(name) || (isOwn && request.path.endsWith("/"))) return packageOf(request);
        // Most of `util` is built into `util-core`.
        const file = name === "util" ? "util-core" : `modules/${name.replaceAll("/", "-")}`;
        const path = `${root}${file}.ts`;
        return request.kind === "require-call" ? { path, namespace: "required" } : { path };
      });
      // Bundles have their own module, with what they read of the environment.
      builder.onResolve({ filter: /process-env\.ts$/ }, () => ({
        path: "../process-env.js",
        external: true,
      }));
      // The package copies all globals of the language, and the sandbox has no Atomics. It also looks up the
      // prototype of asynchronous generators, which are compiled differently in bundles with an
      // AsyncLocalStorage.
      builder.onLoad({ filter: /node-inspect-extracted\/dist\/inspect\.js$/ }, ({ path }) => ({
        contents: readFileSync(path, "utf8")
          .replace('"Atomics",', "")
          .replaceAll("async function*(){}", 'Function("return async function*(){}")()'),
      }));
      // The package's errors lack the codes by which other packages distinguish them.
      builder.onLoad({ filter: /\/buffer\/index\.js$/ }, ({ path }) => ({
        contents: withErrorCodes(readFileSync(path, "utf8")),
      }));
      builder.onLoad({ filter: /@file-services\/path\/browser-path\.js$/ }, ({ path }) => ({
        contents: withTypeErrorCodes(readFileSync(path, "utf8")),
      }));
      // The package logs a warning for each use of its functions, also if the author did not call them.
      builder.onLoad({ filter: /unenv\/.*\/url\.mjs$/ }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replace(
          "let urlParseWarned = false",
          "let urlParseWarned = true",
        ),
      }));
      builder.onLoad({ filter: /.*/, namespace: "globals" }, () => ({
        contents: "module.exports = globalThis;",
      }));
      builder.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
        contents: `const { default: whole, ...members } = require(${JSON.stringify(path)}); module.exports = whole ?? members;`,
        resolveDir: root,
      }));
      function packageOf({ path, kind, importer, resolveDir }: OnResolveArgs) {
        return builder.resolve(path, { kind, importer, resolveDir, pluginData: "package" });
      }
    },
  };
}

/** Adds the codes that Node's Buffer errors have to npm's `buffer`. */
function withErrorCodes(text: string): string {
  const beyond = "'Trying to access beyond buffer length'";
  return `${text
    .replace(beyond, `${beyond}, length < ext ? "ERR_BUFFER_OUT_OF_BOUNDS" : "ERR_OUT_OF_RANGE"`)
    .replaceAll(/throw new (RangeError|TypeError)\(/g, "throw codedError($1, ")}
function codedError(constructor, message, code = constructor === RangeError ? "ERR_OUT_OF_RANGE" : "ERR_INVALID_ARG_TYPE") {
  if (/^Unknown encoding/.test(message)) code = "ERR_UNKNOWN_ENCODING";
  if (/must be a multiple of/.test(message)) code = "ERR_INVALID_BUFFER_SIZE";
  return Object.assign(new constructor(message), { code });
}
`;
}

/** Adds the codes of Node's errors as properties: the package only has them in the text of its messages. */
function withTypeErrorCodes(text: string): string {
  return `${text.replaceAll(/throw new TypeError\(\s*`\[ERR_INVALID_ARG_TYPE\]: /g, "throw typeError(`")}
function typeError(message) {
  return Object.assign(new TypeError(message), { code: "ERR_INVALID_ARG_TYPE" });
}
`;
}
