import { readFile, readdir } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { Program, Script } from "./program.ts";

/**
 * The directories of web-platform-tests that test features of the sandbox, and the headings under which they are
 * counted.
 */
const wptDirectories: readonly string[] = [
  "url",
  "urlpattern",
  "encoding",
  "streams",
  "fetch/api/abort",
  "fetch/api/basic",
  "fetch/api/body",
  "fetch/api/headers",
  "fetch/api/redirect",
  "fetch/api/request",
  "fetch/api/response",
  "fetch/content-encoding",
  "fetch/data-urls",
  "FileAPI",
  "xhr/formdata",
  "WebCryptoAPI",
  "WebCryptoAPI/derive_bits_keys",
  "WebCryptoAPI/digest",
  "WebCryptoAPI/encap_decap",
  "WebCryptoAPI/encrypt_decrypt",
  "WebCryptoAPI/generateKey",
  "WebCryptoAPI/import_export",
  "WebCryptoAPI/sign_verify",
  "WebCryptoAPI/wrapKey_unwrapKey",
  "html/webappapis/atob",
  "html/webappapis/microtask-queuing",
  "html/webappapis/structured-clone",
  "html/webappapis/timers",
  "webmessaging/message-channels",
  "dom/abort",
  "dom/events",
  "compression",
  "console",
  "hr-time",
  "user-timing",
];

/** The server with the suite's files (`wpt-server.ts`). */
export interface WptOrigin {
  readonly httpPort: number;
  readonly secondHttpPort: number;
}

/** The ids of all test files that can run without a document, with their variants. */
export async function listWptPrograms(root: string, filters: readonly string[]): Promise<readonly string[]> {
  const directories =
    filters.length > 0 ? filters.map((filter) => filter.split("?")[0] ?? filter) : wptDirectories;
  const files = await Promise.all(directories.map(async (directory) => await testFilesOf(root, directory)));
  const variants = [...new Set(files.flat())].map(async (file) => {
    const { variants: found } = parseMeta(await readFile(join(root, file), "utf8"));
    return found.length === 0 ? [file] : found.map((variant) => `${file}${variant}`);
  });
  return (await Promise.all(variants)).flat();
}

async function testFilesOf(root: string, path: string): Promise<readonly string[]> {
  if (path.endsWith(".js")) return [path];
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && entry.name.endsWith(".any.js") && !isElsewhere(entry.parentPath, entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ""))
    .toSorted();
}

/**
 * True for tests that need HTTP/2, which neither engine supports here, or that only check that a browser does not
 * crash.
 */
function isElsewhere(folder: string, name: string): boolean {
  return name.includes(".h2.") || folder.endsWith("/crashtests");
}

/** Reads one file and the scripts that it loads. */
export async function readWptProgram(root: string, id: string, origin: WptOrigin): Promise<Program> {
  const [file, variant] = splitVariant(id);
  const text = await readFile(join(root, file), "utf8");
  const baseUrl = `http://127.0.0.1:${origin.httpPort}/${file.replace(/\.js$/, ".html")}${variant}`;
  const loaded = parseMeta(text).scripts.map(async (path) => {
    const resolved = resolvedScript(file, path);
    const loadedText = await readFile(join(root, resolved), "utf8");
    return { name: resolved, text: globalized(substituted(resolved, loadedText, origin)) };
  });
  const scripts: Script[] = [
    { name: "prelude.js", text: preludeFor(baseUrl) },
    { name: "testharness.js", text: await readFile(join(root, "resources/testharness.js"), "utf8") },
    { name: "report.js", text: report },
    ...(await Promise.all(loaded)),
    { name: file, text: substituted(file, text, origin) },
  ];
  return { id, scripts, reportsEnd: true };
}

/** The suite's own server serves one of these files from another path. */
function resolvedScript(file: string, path: string): string {
  if (path === "/resources/WebIDLParser.js") return "resources/webidl2/lib/webidl2.js";
  return path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(file), path);
}

function splitVariant(id: string): readonly [file: string, variant: string] {
  const index = id.search(/[?#]/);
  return index === -1 ? [id, ""] : [id.slice(0, index), id.slice(index)];
}

/** Parses the comments at the start of a file that declare its requirements. */
function parseMeta(text: string): {
  readonly scripts: readonly string[];
  readonly variants: readonly string[];
} {
  const metas = [...text.matchAll(/^\/\/ META: *(\w+)=(.*?)\s*$/gm)];
  const valuesOf = (key: string) =>
    metas.flatMap(([, name, value]) => (name === key && value !== undefined ? [value] : []));
  return { scripts: valuesOf("script"), variants: valuesOf("variant") };
}

/**
 * The sandbox evaluates scripts by `eval`, so the `const`, `let` and `class` declarations of one script are not
 * visible in another. In both engines, loaded scripts therefore declare them by `var`.
 */
export function globalized(text: string): string {
  return text
    .replace(/^(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(["'])use strict\1;?/, "")
    .replaceAll(/^(?:const|let)(?=\s+[\w$[{])/gm, "var")
    .replaceAll(/^class\s+([\w$]+)/gm, "var $1 = class $1");
}

/** The substitutions that the suite's own server makes in files with `.sub.` in their name. */
export function substituted(file: string, text: string, { httpPort, secondHttpPort }: WptOrigin): string {
  if (!file.includes(".sub.")) return text;
  return text
    .replaceAll("{{ports[http][0]}}", String(httpPort))
    .replaceAll("{{ports[http][1]}}", String(secondHttpPort))
    .replaceAll(/\{\{ports\[\w+\]\[\d\]\}\}/g, "1")
    .replaceAll(/\{\{(?:host|domains\[\w*\]|hosts\[\w*\]\[\w*\])\}\}/g, "127.0.0.1")
    .replaceAll("{{location[port]}}", String(httpPort))
    .replaceAll("{{location[host]}}", `127.0.0.1:${httpPort}`);
}

/**
 * Defines the properties of a document that suites read: its location and the kind of its global. Relative URLs are
 * made absolute, because neither Node nor the sandbox has a base for them. Everything else is the engine's own.
 */
function preludeFor(baseUrl: string): string {
  return `
    globalThis.GLOBAL = { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false };
    if (!("location" in globalThis)) globalThis.location = new URL(${JSON.stringify(baseUrl)});
    (() => {
      const base = ${JSON.stringify(baseUrl)};
      const { fetch, Request, URL, Response: { redirect } } = globalThis;
      const absolute = (input) => {
        if (typeof input === "symbol" || input instanceof Request || URL.canParse(input)) return input;
        return URL.canParse(input, base) ? new URL(input, base).href : input;
      };
      globalThis.fetch = { fetch: (input, ...rest) => fetch(absolute(input), ...rest) }.fetch;
      globalThis.Request = new Proxy(Request, {
        construct: (target, [input, ...rest], made) => Reflect.construct(target, [absolute(input), ...rest], made),
      });
      Object.defineProperty(Request.prototype, "constructor", { value: globalThis.Request, writable: true, configurable: true });
      Response.redirect = { redirect: (url, ...rest) => redirect.call(Response, absolute(url), ...rest) }.redirect;
    })();`;
}

const report = `
  (() => {
    const emit = __emit;
    add_result_callback(({ name, status, message }) =>
      emit({ name: String(name), status, message: String(message ?? "").slice(0, 500) }));
    add_completion_callback((_tests, { status, message }) =>
      emit({ end: { kind: status === 0 ? "reported" : "threw", message: String(message ?? "").slice(0, 500) } }));
  })();`;

export function directoryOf(id: string): string {
  const [file] = splitVariant(id);
  return wptDirectories.findLast((directory) => file.startsWith(`${directory}/`)) ?? dirname(file);
}
