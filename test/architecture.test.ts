import { readFileSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

/**
 * Which folders of `src` each of them may import, itself aside. A single file or room stands for itself.
 * `docs/internals/layers.md` shows these rules as a table and says why.
 */
const rules: Readonly<Record<string, readonly string[]>> = {
  base: [],
  domain: ["base"],
  flow: ["base", "domain"],
  schedules: ["base", "domain"],
  diagram: [],
  declarations: ["base", "domain", "schedules"],
  journal: ["base", "domain"],
  recordings: ["base", "domain"],
  host: ["base", "domain", "journal"],
  replay: ["base", "domain", "journal", "recordings", "host"],
  stores: ["base", "domain"],
  backup: ["base", "domain", "stores"],
  sandbox: ["base", "domain", "declarations", "host"],
  packages: ["base", "domain", "sandbox"],
  api: ["base", "domain", "declarations", "recordings"],
  "read-model": ["base", "domain", "flow", "journal", "recordings", "host", "replay", "api/contract"],
  restate: ["base", "domain", "journal", "host", "api/contract"],
  objects: [
    "base",
    "domain",
    "flow",
    "schedules",
    "journal",
    "host",
    "replay",
    "stores",
    "read-model",
    "restate",
  ],
  telemetry: ["base", "domain", "journal", "host", "api/contract"],
  services: [
    "base",
    "domain",
    "flow",
    "schedules",
    "journal",
    "recordings",
    "host",
    "replay",
    "stores",
    "packages",
    "api/contract",
    "read-model",
    "restate",
    "telemetry",
  ],
  preview: ["base", "domain", "journal", "recordings", "host", "replay", "sandbox"],
  experiments: ["base", "domain", "journal", "recordings", "replay", "preview"],
  cli: ["base", "domain", "recordings", "replay", "sandbox", "preview", "experiments"],
  config: ["base", "domain", "restate", "telemetry"],
  start: [
    "base",
    "domain",
    "journal",
    "recordings",
    "host",
    "replay",
    "stores",
    "backup",
    "sandbox",
    "api",
    "read-model",
    "restate",
    "objects",
    "telemetry",
    "services",
    "config",
  ],
  guest: ["base/duration.ts", "base/keystream.ts", "base/time.ts", "domain/limits.ts"],
  "node-compat": [],
};

/** The rooms of `src` in their order: a file may import its own room and the rooms before it. */
const rooms: readonly string[] = [
  ["base", "base/concurrency"],
  ["domain/engines", "domain/automation", "domain", "domain/monitoring", "domain/flow"],
  ["flow", "schedules", "declarations"],
  ["diagram/contract", "diagram/source", "diagram/analysis", "diagram/graph", "diagram/path", "diagram"],
  ["journal", "recordings", "recordings/redaction"],
  [
    "host",
    "host/seed",
    "host/network",
    "host/secrets",
    "host/operations",
    "host/driver",
    "replay/journal",
    "replay",
  ],
  [
    "stores/coordination",
    "stores/sql",
    "stores/data-directory",
    "stores",
    "stores/artifact-records",
    "stores/object-storage",
    "stores/artifacts",
    "stores/crashes",
    "stores/logs",
    "stores/alerts",
  ],
  ["backup"],
  ["sandbox/wasm", "sandbox/threads", "sandbox/crypto", "sandbox/instrumentation", "sandbox/instances"],
  ["sandbox/engine/passes", "sandbox/engine", "sandbox/engine/added", "sandbox/engine/portable"],
  ["sandbox/engine/python"],
  ["sandbox/components/wasi", "sandbox/components"],
  ["sandbox/compile/resolution", "sandbox/compile/diagnostics", "sandbox/compile/shims"],
  ["sandbox/compile/bundler", "sandbox/compile/evaluation", "sandbox/compile", "sandbox/scheduling"],
  ["packages"],
  [
    "api/contract",
    "api/json",
    "api/http",
    "api/access",
    "api/packages",
    "api/workflows",
    "api/queues",
    "api/webhooks",
    "api/executions",
  ],
  ["api/alerts", "api/schedules"],
  ["api/installation", "api/restate", "api/web-ui", "api"],
  [
    "read-model",
    "read-model/reuse",
    "read-model/recordings",
    "read-model/automation",
    "read-model/monitoring",
    "read-model/queues",
    "read-model/lists",
  ],
  ["restate/client", "restate/endpoint", "restate/server"],
  ["objects/queues", "objects/schedules", "objects/pauses", "objects/replays", "objects"],
  ["telemetry"],
  [
    "services/packages",
    "services/automation",
    "services/queues",
    "services/webhooks",
    "services/retention",
    "services/forks",
    "services/executions",
    "services/replays",
    "services/monitoring",
    "services/alerts",
    "services/engines",
  ],
  ["services"],
  ["preview/contract", "preview/clock", "preview/answers", "preview/run", "preview"],
  ["experiments"],
  [
    "cli/output",
    "cli/python",
    "cli/shared",
    "cli/dev",
    "cli/replay",
    "cli/commands/alerts",
    "cli/commands",
    "cli/automation",
    "cli/engines",
    "cli",
  ],
  ["config"],
  ["start/processes", "start"],
  ["guest/core", "guest/host", "guest/platform/unicode"],
  ["guest/platform/intl/locale", "guest/platform/intl/number", "guest/platform/intl/date"],
  ["guest/platform/intl/text", "guest/platform/intl"],
  ["guest/platform/crypto/keys", "guest/platform/crypto/secret", "guest/platform/crypto/rsa"],
  ["guest/platform/crypto/curves", "guest/platform/crypto"],
  ["guest/platform/web/events", "guest/platform/web/data", "guest/platform/web/streams"],
  ["guest/platform/web/fetch", "guest/context", "guest/runtime"],
  ["node-compat", "node-compat/crypto", "node-compat/http", "node-compat/modules"],
].flat();

/** The rooms of the other trees, in their order. */
const trees: Readonly<Record<string, readonly string[]>> = {
  "web/src": [
    ["styles", "save-as-file.ts", "query-client.ts", "api.ts", "bytes.ts", "theme.ts", "time", "model"],
    ["components", "session", "about.ts", "workflow-ids.ts", "drafts", "executions", "queues", "failures"],
    ["alerts", "schedules"],
    ["workflows", "overview", "preview", "experiments", "editor"],
    ["settings", "workflow-settings", "views", "shell.css", "shell.tsx", "app.tsx", "main.tsx"],
  ].flat(),
  bench: [
    ["statistics.ts", "bench.ts", "turns.ts", "print.ts", "machine.ts", "support", "baselines", "benches"],
    ["benches.ts", "main.ts", "neighbours.ts", "overload.ts"],
  ].flat(),
  scripts: [
    [
      "banned-words.json",
      "conformance",
      "intl-data",
      "packages",
      "python-packages",
      "reference",
      "api-reference.ts",
      "node-shims.ts",
    ],
    ["build-web.ts", "check-links.ts", "check-words.ts", "prepack.ts", "make-intl-data.ts"],
    ["make-tag-aliases.ts", "make-unicode-tables.ts", "pin-python-packages.ts"],
  ].flat(),
  test: [
    [
      "support",
      "golden",
      "guest",
      "languages",
      "verify",
      "migration",
      "drill",
      "adversarial",
      "browser",
      "crash",
      "e2e",
      "screenshots",
    ],
    [
      "architecture.test.ts",
      "compose.test.ts",
      "documents.test.ts",
      "errors-documented.test.ts",
      "guides.test.ts",
    ],
    ["monitoring.test.ts", "reference.test.ts", "words.test.ts"],
  ].flat(),
};

/**
 * The web UI imports these of the repository and nothing else, by the `imports` of package.json. A name that ends in a
 * slash allows the whole room.
 */
const sharedWithWeb: readonly string[] = [
  "#base/",
  "#client",
  "#domain/",
  "#examples/",
  "#experiments/",
  "#guest/helpers.ts",
  "#preview/browser-bundler.ts",
  "#preview/browser-client.ts",
  "#preview/contract/",
  "#preview/create-preview.ts",
  "#preview/create-replays.ts",
  "#preview/local-engine.ts",
  "#python/",
  "#recordings/",
  "#replay/",
  "#workflow/",
];

/** A room with more files than this holds a second idea. */
const maxFilesInRoom = 15;

/** One module for each of Node's. */
const largeRooms: readonly string[] = ["node-compat/modules", "api/contract"];

/** Where a package may be imported. */
const homes: Readonly<Record<string, readonly string[]>> = {
  "#client": ["cli"],
  "@bytecodealliance/componentize-js": ["sandbox/engine"],
  "@bytecodealliance/jco": ["sandbox/engine"],
  "@duranium/workflow": ["guest"],
  "@fastify/busboy": ["api/webhooks"],
  "@file-services/path": ["node-compat"],
  "@formatjs/intl-durationformat": ["node-compat"],
  "@formatjs/intl-locale": ["node-compat"],
  "@formatjs/intl-segmenter": ["node-compat"],
  "@hono/node-server": ["api"],
  "@jridgewell/sourcemap-codec": ["sandbox/compile"],
  "@lezer/common": ["cli/python"],
  "@lezer/python": ["cli/python"],
  "@jridgewell/trace-mapping": ["sandbox/compile"],
  "@noble/ciphers": ["sandbox/crypto"],
  "@noble/curves": ["sandbox/crypto"],
  "@noble/hashes": ["recordings", "sandbox/crypto"],
  "@opentelemetry/api": ["telemetry"],
  "@opentelemetry/context-async-hooks": ["telemetry"],
  "@opentelemetry/core": ["telemetry"],
  "@opentelemetry/exporter-trace-otlp-http": ["telemetry"],
  "@opentelemetry/exporter-trace-otlp-proto": ["telemetry"],
  "@opentelemetry/resources": ["telemetry"],
  "@opentelemetry/sdk-trace": ["telemetry"],
  "@restatedev/restate-sdk": ["journal", "restate", "objects", "telemetry"],
  "@restatedev/restate-sdk-opentelemetry": ["telemetry"],
  "@xmldom/xmldom": ["node-compat", "stores/object-storage"],
  assert: ["node-compat"],
  aws4fetch: ["stores/object-storage"],
  "better-sqlite3": ["stores/sql", "stores/data-directory"],
  "browserify-zlib": ["node-compat"],
  buffer: ["node-compat"],
  commander: ["cli"],
  "@babel/parser": ["diagram"],
  "@babel/types": ["diagram"],
  croner: ["schedules"],
  "drizzle-orm": ["stores"],
  "duranium:runtime": ["guest"],
  esbuild: ["sandbox/compile", "sandbox/engine", "sandbox/threads"],
  events: ["node-compat"],
  "fast-json-patch": ["replay"],
  fflate: ["cli/python"],
  "fastest-levenshtein": ["config"],
  hono: ["api"],
  "ipaddr.js": ["host/network"],
  jose: ["restate/endpoint"],
  "jsonc-parser": ["sandbox/compile/resolution"],
  "node-inspect-extracted": ["node-compat"],
  nodemailer: ["services/alerts"],
  pino: ["start"],
  "pino-pretty": ["start"],
  pg: ["stores/sql", "stores/coordination"],
  "prom-client": ["telemetry"],
  "proxy-addr": ["api/access"],
  "rate-limiter-flexible": ["api/access"],
  "readable-stream": ["node-compat"],
  string_decoder: ["node-compat"],
  semver: ["packages"],
  ssri: ["packages"],
  tar: ["backup", "packages"],
  "temporal-polyfill": ["schedules"],
  undici: ["host/network", "restate/client", "restate/server", "packages", "stores/object-storage"],
  unenv: ["node-compat"],
  "web-streams-polyfill": ["guest/platform/web/streams"],
  zod: ["declarations", "journal", "recordings", "host", "replay", "api", "read-model", "config"],
  "zod-openapi": ["api"],
};

/** Interfaces that one side declares and the other implements: the other side imports types only. */
const typesOnly: readonly string[] = ["api/contract"];

/** The guest runtime, and what a workflow imports from "duranium". */
const bundledGuest: readonly string[] = [
  "guest/runtime/main.ts",
  "guest/runtime/bindings.ts",
  "guest/runtime/language-globals.ts",
  "guest/context/helpers.ts",
];

/** Beside the folders: what a process starts with. No module imports them. */
const entryPoints: readonly string[] = [
  "main.ts",
  "cli.ts",
  "confined.ts",
  "back-up.ts",
  "restore.ts",
  "migrate.ts",
  "rotate-master-key.ts",
];

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the architecture", () => {
  let imports: readonly Import[];
  beforeAll(async () => {
    imports = await importsOf("src");
  });

  test("every file of src is in a room with a place in the order, or is an entry point", async () => {
    const files = (await sourceFiles("src")).map((path) => path.slice("src/".length));
    const lost = files.filter((file) => !file.includes("/") && !entryPoints.includes(file));
    expect(lost).toEqual([]);
    const unordered = files.map(roomOf).filter((room) => room !== "" && !rooms.includes(room));
    expect(new Set(unordered)).toEqual(new Set());
    expect(rooms.filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
  });

  test("imports point inward", () => {
    const wrong = imports.filter(({ folder, target }) => target !== undefined && !mayImport(folder, target));
    expect(wrong.map(explainInside)).toEqual([]);
  });

  test("a file imports only its own room and rooms that precede it", () => {
    const upward = imports.filter(
      ({ file, folder, target, kind }) =>
        folder !== "" &&
        target !== undefined &&
        kind !== "text" &&
        placeIn(rooms, target) > placeIn(rooms, file),
    );
    expect(upward.map(({ file, target }) => `src/${file} imports src/${target}`)).toEqual([]);
  });

  test("files of the web UI, the benches, the scripts and the tests import only rooms that precede theirs", async () => {
    for (const [tree, order] of Object.entries(trees)) {
      const own = (await importsOf(tree)).filter(({ target }) => target?.startsWith("..") === false);
      const upward = own.filter(
        ({ file, target = "", kind }) => kind !== "text" && placeIn(order, target) > placeIn(order, file),
      );
      expect(upward.map(({ file, target }) => `${tree}/${file} imports ${tree}/${target}`)).toEqual([]);
      const unordered = own.filter(({ file }) => placeIn(order, file) === -1);
      expect(unordered.map(({ file }) => `${tree}/${file}`)).toEqual([]);
    }
  });

  test("the web UI imports only the rooms that are shared with it, by subpath imports", async () => {
    const wrong = (await importsOf("web/src")).filter(({ specifier, target }) => {
      if (specifier.startsWith("#")) return !isSharedWithWeb(specifier.replace(/\?.*$/, ""));
      // Packages whose files are read as text may not export them, so those are named by path.
      return target?.startsWith("../../") === true && !target.startsWith("../../node_modules/");
    });
    expect(wrong.map(({ file, specifier }) => `web/src/${file} imports ${specifier}`)).toEqual([]);
  });

  test("no files import each other, directly or indirectly", async () => {
    for (const tree of ["src", "web/src", "bench", "scripts", "test"]) {
      const graph = new Map<string, Set<string>>();
      for (const { file, target, kind } of await importsOf(tree)) {
        if (target === undefined || kind === "text") continue;
        graph.set(file, (graph.get(file) ?? new Set()).add(target));
      }
      expect(cycleIn(graph)?.join(" → ")).toBeUndefined();
    }
  });

  test("a room has at most 15 files", async () => {
    const counts = new Map<string, number>();
    for (const file of await sourceFiles("src")) {
      const room = roomOf(file.slice("src/".length));
      counts.set(room, (counts.get(room) ?? 0) + 1);
    }
    const large = [...counts].filter(([room, files]) => files > maxFilesInRoom && !largeRooms.includes(room));
    expect(large.map(([room, files]) => `src/${room} has ${files} files`)).toEqual([]);
  });

  test("interfaces that other rooms implement are imported as types", () => {
    const run = imports.filter(
      ({ folder, target, kind }) => isForeignType(folder, target) && kind !== "type",
    );
    expect(run.map(({ file, target }) => `src/${file} imports src/${target} not only as types`)).toEqual([]);
  });

  test("every package is used in one room", () => {
    const wrong = imports.filter((each) => each.target === undefined && !isAtHome(each));
    expect(wrong.map(explainOutside)).toEqual([]);
  });

  test("the guest runtime is read as text and not imported from outside", () => {
    const run = imports.filter(
      ({ target, kind }) => target?.startsWith("guest/") === true && kind !== "text",
    );
    const outside = run.filter(({ folder }) => folder !== "guest");
    expect(outside.map(({ file, specifier }) => `src/${file} imports ${specifier}`)).toEqual([]);
  });

  test("a preview imports nothing of Node except in its entries", async () => {
    const files = (await sourceFiles("src/preview")).map((path) => path.slice("src/".length));
    const reached = reachableFrom(
      files.filter((file) => !file.startsWith("preview/node-")),
      imports,
    );
    const needing = imports.filter(
      ({ file, specifier, kind }) => reached.has(file) && kind !== "type" && isBuiltin(specifier),
    );
    expect(needing.map(({ file, specifier }) => `src/${file} imports ${specifier}`)).toEqual([]);
    // In quotes these are keys of the bundler's settings.
    const naming = [...reached].filter((file) =>
      /(?<!["'/])\b(Buffer\.\w|process\.\w|setImmediate\()/.test(
        readFileSync(join(root, "src", file), "utf8"),
      ),
    );
    expect(naming).toEqual([]);
  });

  test("every allowed import is used", () => {
    const allowed = [
      ...Object.entries(rules).flatMap(([folder, inside]) =>
        inside.map((name) => `${folder} imports ${name}`),
      ),
      ...Object.entries(homes).flatMap(([name, allowing]) =>
        allowing.map((room) => `${room} imports ${name}`),
      ),
    ];
    const needed = new Set(
      imports.flatMap(({ file, folder, specifier, target }) =>
        target === undefined
          ? roomAndParents(roomOf(file)).map((room) => `${room} imports ${packageOf(specifier)}`)
          : [target, roomOf(target), folderOf(target)].map((name) => `${folder} imports ${name}`),
      ),
    );
    expect(allowed.filter((sentence) => !needed.has(sentence))).toEqual([]);
  });

  test("the environment is read in src/config/config.ts, and by the command line for itself", async () => {
    const files = await sourceFiles("src");
    const readers = files.filter((file) =>
      /(?<!")\bprocess(\.|\[")env\b/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(readers.filter((file) => !["src/config/config.ts", "src/cli.ts"].includes(file))).toEqual([]);
  });

  test("SQL against Restate's tables is in src/read-model", async () => {
    const files = (await sourceFiles("src")).filter((file) => !file.startsWith("src/read-model/"));
    const queries = files.filter((file) =>
      /\b(FROM|JOIN)\s+(sys_|state\b)/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(queries).toEqual([]);
  });

  test("docs/internals/layers.md shows the same rules", async () => {
    const document = await readFile(join(root, "docs/internals/layers.md"), "utf8");
    const rows = document.split("\n").map((line) => line.replaceAll(/[\s`]+/g, " ").trim());
    const missing = Object.entries(rules)
      .map(documentedRow)
      .filter((row) => !rows.includes(row));
    expect(missing).toEqual([]);
  });
});

/** One import of one file. Paths are relative to the tree, `src` unless another one is read. */
interface Import {
  readonly file: string;
  /** The first folder of the path, "" for a file of the tree itself. */
  readonly folder: string;
  readonly specifier: string;
  /** The file that is imported; `undefined` where it is a package. */
  readonly target: string | undefined;
  /** `text`: named by `new URL("…", import.meta.url)`, to be read or run by itself. */
  readonly kind: "value" | "type" | "text";
}

async function importsOf(tree: string): Promise<readonly Import[]> {
  const files = await sourceFiles(tree);
  return files.flatMap((path) => {
    const file = path.slice(tree.length + 1);
    return specifiersOf(readFileSync(join(root, path), "utf8")).map(({ specifier, kind }) => ({
      file,
      folder: folderOf(file),
      specifier,
      target: specifier.startsWith(".")
        ? normalize(join(dirname(file), specifier.replace(/\?.*$/, "")))
        : undefined,
      kind,
    }));
  });
}

/** What runs, or is checked, outside of tests. */
async function sourceFiles(folder: string): Promise<readonly string[]> {
  const files = await Array.fromAsync(glob(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: isIrrelevant }));
  const isTest = folder === "test" ? /\/testing\// : /\.(test|contract|suite)\.ts$|\/testing\//;
  return files.filter((file) => !isTest.test(file)).toSorted();
}

/** Packages, and workflows that are data of scripts and tests. */
function isIrrelevant(path: string): boolean {
  return /(^|\/)(node_modules|dist)$|^scripts\/packages\/cases$|^test\/(golden|fixtures)\//.test(path);
}

/** Top-level statements start in the first column, which the formatter ensures. */
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

function roomOf(file: string): string {
  return file.includes("/") ? dirname(file) : "";
}

/** `host/network` and `host` for `host/network`. */
function roomAndParents(room: string): readonly string[] {
  const parts = room.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The place of the most exact entry that has the file; -1 for a file that is in none. */
function placeIn(order: readonly string[], file: string): number {
  const path = roomAndParents(file).findLast((part) => order.includes(part));
  return path === undefined ? -1 : order.indexOf(path);
}

function mayImport(folder: string, target: string): boolean {
  if (folder === "" || folder === folderOf(target)) return true;
  // The sandbox bundles what runs in the guest; that it does no more is another test's matter.
  if (folder === "sandbox" && bundledGuest.includes(target)) return true;
  const inside = rules[folder] ?? [];
  return [target, roomOf(target), folderOf(target)].some((place) => inside.includes(place));
}

function isSharedWithWeb(specifier: string): boolean {
  return sharedWithWeb.some((shared) =>
    shared.endsWith("/") ? specifier.startsWith(shared) : specifier === shared,
  );
}

function isForeignType(folder: string, target: string | undefined): boolean {
  return target !== undefined && typesOnly.includes(roomOf(target)) && folder !== folderOf(target);
}

function isAtHome({ file, folder, specifier }: Import): boolean {
  if (isBuiltin(specifier)) return folder !== "guest";
  const home = homes[packageOf(specifier)] ?? [];
  return roomAndParents(roomOf(file)).some((room) => home.includes(room));
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
  const allowed = rules[folder]?.join(", ") ?? "";
  return `src/${file} imports src/${target}: ${folder} may import ${allowed === "" ? "nothing" : allowed}`;
}

function explainOutside({ file, specifier }: Import): string {
  const allowing = homes[packageOf(specifier)] ?? [];
  const home = allowing.length === 0 ? "it has no home" : `its home is ${allowing.join(", ")}`;
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

function documentedRow([folder, inside]: [string, readonly string[]]): string {
  const packages = Object.keys(homes).filter((name) =>
    homes[name]?.some((room) => folderOf(`${room}/`) === folder),
  );
  return `| ${folder} | ${listOf(inside)} | ${listOf(packages)} |`;
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "—" : names.join(", ");
}
