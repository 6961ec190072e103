/**
 * Every global of the sandbox beside Node's. Differences are those which `docs/reference/sandbox.md` lists, and no others.
 *
 * `SWEEP=all` takes more arguments, and values of up to 5 MB, and wants each row of the list to be met: some minutes of
 * processor time in place of seconds.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { sweepCases } from "./cases.ts";
import type { SweepCase } from "./cases.ts";
import { readListedDifferences, textOf } from "./listed-differences.ts";
import type { Difference } from "./listed-differences.ts";
import { createSweep } from "./outcomes.ts";
import type { Outcomes, Sweep } from "./outcomes.ts";
import type { ValueRequest } from "./program.ts";

const isWhole = process.env["SWEEP"] === "all";
const timeout = isWhole ? 1_800_000 : 60_000;
const rounds = isWhole ? 40 : 3;
const sizes = isWhole ? [0, 1, 100, 5_000, 300_000, 5_000_000] : [0, 1, 100, 2_000];

/** By the workflow's clock and with the host, unlike in Node: their own tests are `timers`, `fetch` and `console` beside this. */
const notCalled = new Set([
  ..."globalThis self global eval fetch console reportError queueMicrotask setTimeout setInterval setImmediate".split(
    " ",
  ),
  ..."clearTimeout clearInterval clearImmediate performance FileReader ProgressEvent MessageChannel MessagePort".split(
    " ",
  ),
]);

const listed = await readListedDifferences();
const met = new Set<string>();
let sweep: Sweep;
let names: readonly string[];

beforeAll(async () => {
  sweep = await createSweep();
  names = sweep.shapes().sandbox.names;
});

describe("differences from Node", { timeout }, () => {
  test("the names, members and parameters of all globals are those of Node, except listed differences", () => {
    const { sandbox, node } = sweep.shapes();
    const missing = node.names.filter((name) => !names.includes(name)).map((name) => `shape of ${name}`);
    expect([
      ...unlisted(sandbox.shapes, node.shapes),
      ...missing.filter((label) => !isListed({ label, sandbox: "undefined", node: "there" })),
    ]).toEqual([]);
  });

  test("all members give the same results as in Node, on valid and invalid receivers and with generated arguments, except listed differences", () => {
    const called = names.filter((name) => !notCalled.has(name));
    const inNode = sweep.inNode(called.map((name) => ({ name, rounds })));
    const differing = called.flatMap((name, index) => {
      const node = inNode[index] ?? {};
      const sandbox = sweep.inSandbox({ name, rounds });
      // Members that one of them lacks are a matter of the test above.
      const common = Object.keys(sandbox).filter((label) => node[label] !== undefined);
      return unlisted(only(sandbox, common), only(node, common));
    });
    expect(differing).toEqual([]);
  });

  test("expressions over generated inputs have the same values as in Node, except listed differences", () => {
    const requests = sweepCases.flatMap(requestsOf);
    const node = sweep.valuesInNode(requests);
    // Small ones are computed in one instance; large ones need all of the memory of one.
    const sandbox = isWhole
      ? requests.flatMap((request) => sweep.valuesInSandbox([request]))
      : sweep.valuesInSandbox(requests);
    expect(unlisted(labelled(requests, sandbox), labelled(requests, node))).toEqual([]);
  });

  test.runIf(isWhole)("each listed difference occurs", () => {
    expect(listed.map(({ pattern }) => pattern).filter((pattern) => !met.has(pattern))).toEqual([]);
  });
});

function unlisted(sandbox: Outcomes, node: Outcomes): readonly string[] {
  return [...new Set([...Object.keys(sandbox), ...Object.keys(node)])]
    .map((label) => ({ label, sandbox: String(sandbox[label]), node: String(node[label]) }))
    .filter((difference) => difference.sandbox !== difference.node && !isListed(difference))
    .map(textOf);
}

function isListed(difference: Difference): boolean {
  const rows = listed.filter(({ matches }) => matches(difference));
  for (const { pattern } of rows) met.add(pattern);
  return rows.length > 0;
}

function only(outcomes: Outcomes, labels: readonly string[]): Outcomes {
  return Object.fromEntries(labels.map((label) => [label, outcomes[label] ?? ""]));
}

function requestsOf({
  expression,
  input,
  maxSize = Number.POSITIVE_INFINITY,
}: SweepCase): readonly ValueRequest[] {
  const fitting = sizes.filter((size) => size <= maxSize);
  // Of large inputs one is enough: what is in them repeats.
  return fitting.flatMap((size) =>
    (size > 100_000 ? [1] : [1, 2]).map((seed) => ({ expression, input, size, seed })),
  );
}

function labelled(requests: readonly ValueRequest[], values: readonly string[]): Outcomes {
  return Object.fromEntries(
    requests.map(({ expression, size, seed }, index) => [
      `value of ${expression} at ${size}, ${seed}`,
      values[index] ?? "",
    ]),
  );
}
