import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagramOf } from "./diagram-of.ts";

/** The kinds and labels of the nodes, in order. */
function nodesOf(files: Readonly<Record<string, string>>): string[] {
  const { nodes } = diagramOf({ entry: "workflow.ts", files });
  return nodes.map(({ kind, label }) => `${kind} ${label}`);
}

function example(name: string): string {
  return readFileSync(new URL(`../../examples/${name}.ts`, import.meta.url), "utf8");
}

test("the entry points of a workflow are separate starts", () => {
  const starts = nodesOf({ "workflow.ts": example("order-flow") }).filter((node) => node.startsWith("start"));
  expect(starts).toEqual(["start order-created", "start order-cancelled", "start otherwise"]);
});

test("a helper shows the request that it makes at each call", () => {
  const fetches = nodesOf({ "workflow.ts": example("order-flow") }).filter((node) =>
    node.startsWith("fetch"),
  );
  expect(fetches).toEqual([
    "fetch GET ${shop}/stock/${sku}",
    "fetch POST ${shop}/orders/${orderId}/backorder",
    "fetch POST ${shop}/payments",
    "fetch POST ${shop}/shipments",
    "fetch POST ${shop}/refunds",
  ]);
});

test("no example has code that is not understood", () => {
  for (const name of ["fan-out", "flaky-import", "order-flow", "order", "reminder", "weekly-report"])
    expect(nodesOf({ "workflow.ts": example(name) }).filter((node) => node.startsWith("opaque"))).toEqual([]);
});

test("functions of other modules of the workflow are followed", () => {
  const workflow = 'import { load } from "./lib/load.js";\nexport const run = (ctx) => load(ctx, "orders");';
  const load =
    "export async function load(ctx, name) { await ctx.sleep('5m'); return fetch(`https://a.example/${name}`); }";
  expect(nodesOf({ "workflow.ts": workflow, "lib/load.ts": load })).toEqual([
    "start start",
    "sleep sleep 5m",
    "fetch GET https://a.example/orders",
    "end return fetch(`https://a.example/${name}`)",
  ]);
});

test("a file that cannot be parsed, and code that is nested too deeply, are opaque", () => {
  for (const text of ["export function run( {", `export const run = () => ${"(".repeat(20_000)}`])
    expect(nodesOf({ "workflow.ts": text })).toEqual([
      "start start",
      "opaque code that cannot be read",
      "end end",
    ]);
});

test("functions that call each other again and again make a diagram of limited size", () => {
  const doubling = Array.from(
    { length: 20 },
    (_, n) => `async function f${n}() { await f${n + 1}(); await f${n + 1}(); }`,
  );
  const source = `export const run = f0;\n${doubling.join("\n")}\nasync function f20() { await fetch("https://a.example/"); }`;
  expect(nodesOf({ "workflow.ts": source }).length).toBeLessThan(4_000);
});
