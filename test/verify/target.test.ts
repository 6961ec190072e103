import { expect, test } from "vitest";
import { startVerifyTarget } from "./target.ts";
import type { VerifyTarget } from "./target.ts";
import type { Knowledge } from "./workflow/actions.ts";
import type { Entry } from "./workflow/history.ts";

const ended = (at: string, now = 1, drawn = 7): Entry => ({ is: "ended", at, now, drawn });

async function ask(target: VerifyTarget, place: string, knows: Partial<Knowledge> = {}): Promise<void> {
  const nothing: Knowledge = { execution: "inv_1", root: "0", history: [], now: 1, drawn: [] };
  const body = JSON.stringify({ ...nothing, ...knows });
  const response = await fetch(`${target.url}/7/${place}?prompt`, { method: "POST", body });
  await response.text();
}

test("a repeated operation after a kill is counted and is not a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  target.disturbed();
  await ask(target, "0.1");
  expect(target.violations).toEqual([]);
  expect(target.totals()).toEqual({ operations: 1, requests: 2, cutOff: 0, callbacks: 0 });
});

test("a repeated operation without a kill is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  await ask(target, "0.1");
  expect(target.violations).toEqual(["7/0.1 was done again with nothing killed"]);
});

test("a repeated operation whose end was recorded is a violation, even after a kill", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  await ask(target, "0.2", { history: [ended("0.1")] });
  target.disturbed();
  await ask(target, "0.1");
  expect(target.violations).toEqual(["7/0.1 was done again after its end was seen"]);
});

test("an operation with another request on replay is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1", { drawn: [1] });
  target.disturbed();
  await ask(target, "0.1", { drawn: [2] });
  expect(target.violations).toEqual([expect.stringContaining("7/0.1 was done as")]);
});

test("a history may grow, in any order of its requests, and a changed one is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.5", { history: [ended("0.1"), ended("0.2", 2)] });
  await ask(target, "0.3", { history: [ended("0.1")] });
  expect(target.violations).toEqual([]);
  await ask(target, "0.4", { history: [ended("0.1", 1, 8)] });
  expect(target.violations).toEqual([expect.stringContaining("7/0.4 had as number 0 of its history")]);
});

test("a final history that differs from the reported one is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.2", { history: [ended("0.1")] });
  target.ended(7, "0", [ended("0.1", 2)]);
  expect(target.violations).toEqual([expect.stringContaining("7/0 had as number 0 of its history")]);
});

test("a clock that goes backwards is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.3", { history: [ended("0.1", 2), ended("0.2", 1)] });
  expect(target.violations).toEqual(["7/0.3 has a clock that went back at number 1 of its history"]);
});

test("two executions at the same position of a run are a violation, and so are operations after its end", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  await ask(target, "0.2>", { execution: "inv_2", root: "0.2>" });
  await ask(target, "0.3", { execution: "inv_3" });
  target.ended(7, "0", []);
  await ask(target, "0.4");
  await ask(target, "0.2>.1", { execution: "inv_2", root: "0.2>" });
  expect(target.violations).toEqual([
    "7/0.3 is of a second execution",
    "7/0.4 came after the end of its execution",
  ]);
});
