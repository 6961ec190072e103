import { readFileSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

/** What a folder of `src` may import, itself and Node's own modules aside. */
interface Rule {
  /** Other folders of `src`, or single files of them. */
  readonly inside: readonly string[];
  /** The packages that have their home here. */
  readonly outside: readonly string[];
}

/** `docs/architecture.md` shows these rules as a table and says why. */
const rules: Readonly<Record<string, Rule>> = {
  domain: { inside: [], outside: [] },
  stores: { inside: ["domain"], outside: ["better-sqlite3", "drizzle-orm"] },
  backup: { inside: ["domain", "stores"], outside: ["tar"] },
  host: { inside: ["domain"], outside: ["ipaddr.js", "undici", "zod"] },
  sandbox: {
    inside: ["domain", "host"],
    outside: [
      "@bytecodealliance/componentize-js",
      "@bytecodealliance/jco",
      "@jridgewell/sourcemap-codec",
      "@jridgewell/trace-mapping",
      "@noble/ciphers",
      "@noble/curves",
      "@noble/hashes",
      "esbuild",
      "jsonc-parser",
    ],
  },
  preview: { inside: ["domain", "host", "sandbox"], outside: [] },
  services: {
    inside: ["domain", "stores", "host", "api/services.ts"],
    outside: [
      "@opentelemetry/api",
      "@opentelemetry/context-async-hooks",
      "@opentelemetry/core",
      "@opentelemetry/exporter-trace-otlp-http",
      "@opentelemetry/exporter-trace-otlp-proto",
      "@opentelemetry/resources",
      "@opentelemetry/sdk-trace",
      "@restatedev/restate-sdk",
      "@restatedev/restate-sdk-opentelemetry",
      "jose",
      "prom-client",
      "undici",
      "zod",
    ],
  },
  api: {
    inside: ["domain"],
    outside: [
      "@fastify/busboy",
      "@hono/node-server",
      "hono",
      "proxy-addr",
      "rate-limiter-flexible",
      "zod",
      "zod-openapi",
    ],
  },
  cli: { inside: ["domain", "sandbox", "preview"], outside: ["#client", "commander"] },
  guest: {
    inside: ["domain/limits.ts"],
    outside: ["@duranium/workflow", "duranium:runtime", "web-streams-polyfill"],
  },
  "node-compat": {
    inside: [],
    outside: [
      "@file-services/path",
      "@formatjs/intl-durationformat",
      "@formatjs/intl-locale",
      "@formatjs/intl-segmenter",
      "@xmldom/xmldom",
      "assert",
      "browserify-zlib",
      "buffer",
      "events",
      "node-inspect-extracted",
      "readable-stream",
      "string_decoder",
      "unenv",
    ],
  },
};

/** Interfaces that one side declares and the other implements: there is nothing in them to run. */
const typesOnly: readonly string[] = ["api/services.ts"];

/** The guest runtime, and what a workflow imports from "duranium". */
const bundledGuest: readonly string[] = [
  "guest/main.ts",
  "guest/bindings.ts",
  "guest/helpers.ts",
  "guest/language-globals.ts",
];

/** Beside the folders: they put everything together, and nobody imports them. */
const compositionRoot: readonly string[] = [
  "main.ts",
  "cli.ts",
  "confined.ts",
  "start.ts",
  "start-api.ts",
  "start-executor.ts",
  "start-parts.ts",
  "config.ts",
  "tracing-config.ts",
  "start-backup.ts",
  "start-checks.ts",
  "log.ts",
  "back-up.ts",
  "restore.ts",
  "rotate-master-key.ts",
];

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the architecture", () => {
  let imports: readonly Import[];
  beforeAll(async () => {
    imports = await importsOf("src");
  });

  test("every file of src is in a folder that has a rule, or in the composition root", () => {
    const lost = imports.filter(({ folder, file }) => folder === "" && !compositionRoot.includes(file));
    expect(new Set(lost.map(({ file }) => `src/${file} is in no folder`))).toEqual(new Set());
    const unruled = imports.filter(({ folder }) => folder !== "" && rules[folder] === undefined);
    expect(new Set(unruled.map(({ folder }) => `src/${folder} has no rule`))).toEqual(new Set());
  });

  test("imports point inward", () => {
    const wrong = imports.filter(({ folder, target }) => target !== undefined && !mayImport(folder, target));
    expect(wrong.map(explainInside)).toEqual([]);
  });

  test("interfaces that others implement are imported as types", () => {
    const run = imports.filter(
      ({ folder, target, kind }) => isForeignType(folder, target) && kind !== "type",
    );
    expect(run.map(({ file, target }) => `src/${file} imports src/${target} not only as types`)).toEqual([]);
  });

  test("every package has one home", () => {
    const wrong = imports.filter((each) => each.target === undefined && !isAtHome(each));
    expect(wrong.map(explainOutside)).toEqual([]);
  });

  test("the guest runtime is read as text, and nobody outside of it imports it", () => {
    const run = imports.filter(
      ({ target, kind }) => target?.startsWith("guest/") === true && kind !== "text",
    );
    const outside = run.filter(({ folder }) => folder !== "guest");
    expect(outside.map(({ file, specifier }) => `src/${file} imports ${specifier}`)).toEqual([]);
  });

  test("a preview has nothing of Node but on its way into it", async () => {
    const files = (await sourceFiles("src/preview")).map((path) => path.slice("src/".length));
    const reached = reachableFrom(
      files.filter((file) => file !== "preview/node.ts"),
      imports,
    );
    const needing = imports.filter(
      ({ file, specifier, kind }) => reached.has(file) && kind !== "type" && isBuiltin(specifier),
    );
    expect(needing.map(({ file, specifier }) => `src/${file} imports ${specifier}`)).toEqual([]);
    const naming = [...reached].filter((file) =>
      /\b(Buffer\.\w|process\.\w|setImmediate\()/.test(readFileSync(join(root, "src", file), "utf8")),
    );
    expect(naming).toEqual([]);
  });

  test("no two folders import each other, at any distance", () => {
    const graph = new Map<string, Set<string>>();
    for (const { folder, target } of imports) {
      if (target === undefined || folder === "" || folderOf(target) === folder) continue;
      graph.set(folder, (graph.get(folder) ?? new Set()).add(folderOf(target)));
    }
    expect(cycleIn(graph)?.join(" → ")).toBeUndefined();
  });

  test("no rule allows what nobody needs", () => {
    const allowed = Object.entries(rules).flatMap(([folder, { inside, outside }]) =>
      [...inside, ...outside].map((name) => `${folder} imports ${name}`),
    );
    const needed = new Set(
      imports.flatMap(({ folder, specifier, target }) => {
        const names = target === undefined ? [packageOf(specifier)] : [target, folderOf(target)];
        return names.map((name) => `${folder} imports ${name}`);
      }),
    );
    expect(allowed.filter((sentence) => !needed.has(sentence))).toEqual([]);
  });

  test("the environment is read in src/config.ts, and by the command line for itself", async () => {
    const files = await sourceFiles("src");
    const readers = files.filter((file) =>
      /(?<!")\bprocess(\.|\[")env\b/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(readers.filter((file) => !["src/config.ts", "src/cli.ts"].includes(file))).toEqual([]);
  });

  test("docs/architecture.md shows the same rules", async () => {
    const document = await readFile(join(root, "docs/architecture.md"), "utf8");
    const rows = document.split("\n").map((line) => line.replaceAll(/[\s`]+/g, " ").trim());
    const missing = Object.entries(rules)
      .map(documentedRow)
      .filter((row) => !rows.includes(row));
    expect(missing).toEqual([]);
  });
});

/** One import of one file. Paths are relative to `src`. */
interface Import {
  readonly file: string;
  /** The folder of `src` that the file is in, "" where it is in none. */
  readonly folder: string;
  readonly specifier: string;
  /** The file that is imported; `undefined` where it is a package. */
  readonly target: string | undefined;
  /** `text`: named by `new URL("…", import.meta.url)`, to be read or run by itself. */
  readonly kind: "value" | "type" | "text";
}

async function importsOf(folder: string): Promise<readonly Import[]> {
  const files = await sourceFiles(folder);
  return files.flatMap((path) => {
    const file = path.slice("src/".length);
    return specifiersOf(readFileSync(join(root, path), "utf8")).map(({ specifier, kind }) => ({
      file,
      folder: folderOf(file),
      specifier,
      target: specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : undefined,
      kind,
    }));
  });
}

/** What runs, or is checked, outside of tests. */
async function sourceFiles(folder: string): Promise<readonly string[]> {
  const files = await Array.fromAsync(glob(`${folder}/**/*.ts`, { cwd: root }));
  return files.filter((file) => !/\.(test|contract|suite)\.ts$|\/testing\//.test(file)).toSorted();
}

/** Top-level statements begin in the first column: the formatter sees to it. */
const statement = /^(?:import|export)\s+(type\s)?(?:[\w$*{}\s,]*?\bfrom\s+)?"([^"\n]+)"/gm;
const dynamicImport = /\bimport\(\s*"([^"\n]+)"/g;
const fileUrl = /\bnew URL\(\s*"(\.[^"\n]+\.ts)",\s*import\.meta\.url/g;

function specifiersOf(source: string): readonly Pick<Import, "specifier" | "kind">[] {
  return [
    ...Array.from(source.matchAll(statement), ([, type, specifier = ""]) => ({
      specifier,
      kind: type === undefined ? ("value" as const) : ("type" as const),
    })),
    ...Array.from(source.matchAll(dynamicImport), ([, specifier = ""]) => ({
      specifier,
      kind: "value" as const,
    })),
    ...Array.from(source.matchAll(fileUrl), ([, specifier = ""]) => ({ specifier, kind: "text" as const })),
  ];
}

function folderOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
}

function mayImport(folder: string, target: string): boolean {
  if (folder === "" || folder === folderOf(target)) return true;
  // The sandbox bundles what runs in the guest; that it does no more is another test's matter.
  if (folder === "sandbox" && bundledGuest.includes(target)) return true;
  const inside = rules[folder]?.inside ?? [];
  return inside.includes(folderOf(target)) || inside.includes(target);
}

function isForeignType(folder: string, target: string | undefined): boolean {
  return target !== undefined && typesOnly.includes(target) && folder !== folderOf(target);
}

/** Configuration, and the log of the process. */
const ofCompositionRoot: readonly string[] = ["fastest-levenshtein", "pino", "pino-pretty", "zod"];

function isAtHome({ folder, specifier }: Import): boolean {
  if (isBuiltin(specifier)) return folder !== "guest";
  const outside = folder === "" ? ofCompositionRoot : (rules[folder]?.outside ?? []);
  return outside.includes(packageOf(specifier));
}

/** `hono` for `hono/secure-headers`, `duranium:runtime` for `duranium:runtime/host@0.1.0`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The files that run where these do. */
function reachableFrom(files: readonly string[], imports: readonly Import[]): ReadonlySet<string> {
  const reached = new Set(files);
  // A set that grows is iterated to its new end.
  for (const file of reached)
    for (const each of imports)
      if (each.file === file && each.kind === "value" && each.target !== undefined) reached.add(each.target);
  return reached;
}

function explainInside({ file, folder, target }: Import): string {
  const allowed = rules[folder]?.inside.join(", ") ?? "";
  return `src/${file} imports src/${target}: ${folder} may import ${allowed === "" ? "nothing" : allowed}`;
}

function explainOutside({ file, specifier }: Import): string {
  const homes = Object.keys(rules).filter((folder) => rules[folder]?.outside.includes(packageOf(specifier)));
  const home = homes.length === 0 ? "it has no home" : `its home is ${homes.join(", ")}`;
  return `src/${file} imports ${specifier}: ${home}`;
}

/** The folders of a cycle, in order; `undefined` where there is none. */
function cycleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const visit = (folder: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    return [...(graph.get(folder) ?? [])].map((next) => visit(next, [...path, folder])).find(Boolean);
  };
  return [...graph.keys()].map((folder) => visit(folder, [])).find(Boolean);
}

function documentedRow([folder, { inside, outside }]: [string, Rule]): string {
  return `| ${folder} | ${listOf(inside)} | ${listOf(outside)} |`;
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "—" : names.join(", ");
}
