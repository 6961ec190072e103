import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { statuses } from "./program.ts";
import type { Outcome, Program, Script, SubtestResult } from "./program.ts";
import { globalized } from "./wpt-suite.ts";

/** The features that the guest runtime replaces or extends, and a sample of the language itself. */
const test262Directories: readonly string[] = [
  "built-ins/Date",
  "built-ins/RegExp",
  "built-ins/RegExp/property-escapes",
  "built-ins/String/prototype/normalize",
  "built-ins/String/prototype/localeCompare",
  "built-ins/String/prototype/toLowerCase",
  "built-ins/String/prototype/toUpperCase",
  "built-ins/Math/random",
  "built-ins/WeakRef",
  "built-ins/FinalizationRegistry",
  "built-ins/JSON",
  "intl402",
];

export interface Test262Case {
  readonly id: string;
  readonly text: string;
  readonly meta: Frontmatter;
}

interface Frontmatter {
  readonly includes: readonly string[];
  readonly flags: readonly string[];
  readonly features: readonly string[];
  readonly negative?: { readonly phase: string; readonly type: string };
}

/**
 * Flags of tests that need features which scripts in a sandbox cannot have: modules, other realms and threads, and
 * a main thread that blocks.
 */
const skippedFlags: ReadonlySet<string> = new Set(["module", "CanBlockIsFalse", "CanBlockIsTrue"]);
const skippedFeatures: ReadonlySet<string> = new Set([
  "Atomics",
  "SharedArrayBuffer",
  "cross-realm",
  "IsHTMLDDA",
  "ShadowRealm",
  "host-gc-required",
]);

export async function listTest262(root: string, filters: readonly string[]): Promise<readonly string[]> {
  const directories = filters.length > 0 ? filters : test262Directories;
  const found = directories.map(async (directory) => await filesUnder(join(root, "test"), directory));
  return [...new Set((await Promise.all(found)).flat())];
}

async function filesUnder(root: string, path: string): Promise<readonly string[]> {
  if (path.endsWith(".js")) return [path];
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js") && !entry.name.includes("_FIXTURE"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

/** `undefined` if neither engine can run the case. */
export async function readTest262(root: string, id: string): Promise<Test262Case | undefined> {
  const text = await readFile(join(root, "test", id), "utf8");
  const meta = parseFrontmatter(text);
  const isSkipped =
    meta.flags.some((flag) => skippedFlags.has(flag)) ||
    meta.features.some((feature) => skippedFeatures.has(feature));
  return isSkipped ? undefined : { id, text, meta };
}

export async function programOfTest262(root: string, { id, text, meta }: Test262Case): Promise<Program> {
  const isAsync = meta.flags.includes("async");
  const isRaw = meta.flags.includes("raw");
  const names = isRaw
    ? []
    : ["assert.js", "sta.js", ...(isAsync ? ["doneprintHandle.js"] : []), ...meta.includes];
  const harness = [...new Set(names)].map(async (name): Promise<Script> => ({
    name,
    text: globalized(await readFile(join(root, "harness", name), "utf8")),
  }));
  const isSloppy = isRaw || meta.flags.includes("noStrict");
  const scripts = [
    { name: "host.js", text: host },
    ...(await Promise.all(harness)),
    { name: id, text: isSloppy ? text : `"use strict";\n${text}` },
  ];
  return { id, scripts, reportsEnd: isAsync };
}

/**
 * The functions that test262 requires of its host (test262's INTERPRETING.md), if both engines can provide them.
 */
const host = `
  globalThis.print = (text) => {
    const isPass = text === "Test262:AsyncTestComplete";
    __emit({ end: isPass ? { kind: "evaluated" } : { kind: "threw", message: String(text) } });
  };
  globalThis.$262 = {
    global: globalThis,
    evalScript: (text) => (0, eval)(text),
    detachArrayBuffer: (buffer) => void structuredClone(buffer, { transfer: [buffer] }),
  };`;

/** Each case is one test without a name. */
export function resultOfTest262({ meta: { negative } }: Test262Case, { end }: Outcome): SubtestResult {
  const isPass =
    negative === undefined
      ? end.kind === "evaluated"
      : end.kind === "threw" && end.errorName === negative.type;
  const message = `${end.kind} ${end.errorName ?? ""} ${end.message ?? ""}`.slice(0, 500);
  return { name: "", status: isPass ? statuses.pass : statuses.fail, message };
}

/** Parses the subset of YAML that test262 uses. */
function parseFrontmatter(text: string): Frontmatter {
  const yaml = /\/\*---\r?\n?([\s\S]*?)---\*\//.exec(text)?.[1] ?? "";
  const type = /^negative:\s*\n(?:\s+.*\n)*?\s+type:\s*(\S+)/m.exec(yaml)?.[1];
  const phase = /^negative:\s*\n(?:\s+.*\n)*?\s+phase:\s*(\S+)/m.exec(yaml)?.[1] ?? "";
  return {
    includes: listOf(yaml, "includes"),
    flags: listOf(yaml, "flags"),
    features: listOf(yaml, "features"),
    ...(type === undefined ? {} : { negative: { type, phase } }),
  };
}

function listOf(yaml: string, key: string): readonly string[] {
  const inline = new RegExp(`^${key}:\\s*\\[([^\\]]*)\\]`, "m").exec(yaml)?.[1];
  if (inline !== undefined)
    return inline.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()]));
  const block = new RegExp(`^${key}:\\s*\\n((?:\\s*-\\s*.*\\n?)+)`, "m").exec(yaml)?.[1] ?? "";
  return [...block.matchAll(/-\s*(\S+)/g)].map(([, item = ""]) => item);
}

/**
 * `built-ins/Date/prototype/x.js` counts as `built-ins/Date`. In `intl402` and `Temporal`, each constructor counts
 * separately.
 */
export function test262DirectoryOf(id: string): string {
  const named = test262Directories.findLast((directory) => id.startsWith(`${directory}/`));
  if (named !== undefined && named !== "intl402") return named;
  return id
    .split("/")
    .slice(0, id.startsWith("intl402/Temporal/") ? 3 : 2)
    .join("/")
    .replace(/\/[^/]*\.js$/, "");
}
