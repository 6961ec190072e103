import { expect, test } from "vitest";
import { diagramOf } from "../diagram-of.ts";
import { findPath } from "./find-path.ts";

/** Finds the path of steps, each a letter that is the host of a fetch in the source. */
function pathOf(body: string, names: string, hasReturned = false) {
  const source = `export async function run(ctx, payload) {\n${body}\n}`;
  const diagram = diagramOf({ entry: "workflow.ts", files: { "workflow.ts": source } });
  const steps = names.split("").map((name) => {
    const before = source.slice(0, source.indexOf(`("https://${name}`));
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n") - "fetch".length;
    return { name: `fetch GET https://${name}/`, place: { file: "workflow.ts", line, column } };
  });
  return findPath(diagram, steps, { hasReturned });
}

const get = (name: string) => `fetch("https://${name}/")`;

test.for<[what: string, body: string, paths: string[], others: string[]]>([
  ["a sequence", `await ${get("a")}; await ${get("b")};`, ["ab"], ["b", "ba", "aab"]],
  [
    "a condition",
    `if (payload.x) await ${get("a")}; else await ${get("b")}; await ${get("c")};`,
    ["ac", "bc"],
    ["abc", "c"],
  ],
  ["a loop", `for (const x of payload) { await ${get("a")}; await ${get("b")}; }`, ["abab"], ["aab", "abb"]],
  [
    "a parallel group",
    `await Promise.all([(async () => { await ${get("a")}; await ${get("b")}; })(), ${get("c")}]); await ${get("d")};`,
    ["abcd", "cabd", "acbd"],
    ["bacd", "abd", "acdb"],
  ],
  [
    "a group for each item",
    `await Promise.all(payload.map(async () => { await ${get("a")}; await ${get("b")}; })); await ${get("c")};`,
    ["c", "aabbc", "ababc"],
    ["bac", "aabc", "abbc"],
  ],
  ["a race", `await Promise.race([${get("a")}, ${get("b")}]); await ${get("c")};`, ["abc"], ["ccab"]],
  [
    "a switch",
    `switch (payload) { case 1: await ${get("a")}; case 2: await ${get("b")}; }`,
    ["ab", "b"],
    ["ba"],
  ],
])("%s has the paths that may happen, and no others", ([, body, paths, others]) => {
  for (const path of paths) expect(pathOf(body, path, true), path).toBeDefined();
  for (const path of others) expect(pathOf(body, path, true), path).toBeUndefined();
});

test("a failure leads to the catch and not past it", () => {
  const body = `try { await ${get("a")}; await ${get("b")}; } catch { await ${get("c")}; } await ${get("d")};`;
  expect(pathOf(body, "abd", true)?.cost).toBe(0);
  expect(pathOf(body, "acd", true)?.cost).toBeGreaterThan(0);
  expect(pathOf(body, "ad", true)).toBeUndefined();
});

test("a return leads through the finally", () => {
  const body = `try { if (payload) return await ${get("a")}; await ${get("b")}; } finally { await ${get("c")}; } await ${get("d")};`;
  expect(pathOf(body, "ac", true)?.cost).toBe(0);
  expect(pathOf(body, "bcd", true)?.cost).toBe(0);
  expect(pathOf(body, "bd", true)).toBeUndefined();
});

test("a path says how often each edge was taken, and where the execution is", () => {
  const path = pathOf(`for (const x of payload) { await ${get("a")}; } await ${get("b")};`, "aaa");
  expect(path?.nodes).toEqual(["n3", "n3", "n3"]);
  expect([...(path?.edges.values() ?? [])]).toContain(3);
  expect(path?.at).toEqual(["n3"]);
});

test("code that is not understood may do any step", () => {
  const source = 'import { sync } from "some-sdk";\nexport async function run() { await sync(); }';
  const diagram = diagramOf({ entry: "workflow.ts", files: { "workflow.ts": source } });
  expect(diagram.nodes.map(({ kind, label }) => `${kind}: ${label}`)).toContain(
    "opaque: code that calls sync",
  );
  expect(findPath(diagram, [{ name: "fetch GET https://a.example/" }, { name: "sleep" }])).toBeDefined();
});
