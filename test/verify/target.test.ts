import { expect, test } from "vitest";
import { startVerifyTarget } from "./target.ts";
import type { VerifyTarget } from "./target.ts";

async function ask(target: VerifyTarget, step: string, knows: object = {}): Promise<void> {
  const body = JSON.stringify({ execution: "inv_1", done: [], ...knows });
  const response = await fetch(`${target.url}/7/${step}?prompt`, { method: "POST", body });
  await response.text();
}

test("an operation that is repeated after a kill is counted, and no violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  target.disturbed();
  await ask(target, "0.1");
  expect(target.violations).toEqual([]);
  expect(target.totals()).toEqual({ operations: 1, requests: 2, cutOff: 0 });
});

test("an operation that is repeated with nothing killed is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  await ask(target, "0.1");
  expect(target.violations).toEqual(["7/0.1 was done again with nothing killed"]);
});

test("an operation that is repeated after its end was seen is a violation, whatever was killed", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  await ask(target, "0.2", { done: ["0.1"] });
  target.disturbed();
  await ask(target, "0.1");
  expect(target.violations).toEqual(["7/0.1 was done again after its end was seen"]);
});

test("an operation that a replay asks for otherwise is a violation", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1", { drawn: [1] });
  target.disturbed();
  await ask(target, "0.1", { drawn: [2] });
  expect(target.violations).toEqual([expect.stringContaining("7/0.1 was done as")]);
});

test("a run that two executions work on is a violation, and so is what comes after its end", async () => {
  await using target = await startVerifyTarget();
  await ask(target, "0.1");
  await ask(target, "0.2", { execution: "inv_2" });
  target.ended(7, []);
  await ask(target, "0.3");
  expect(target.violations).toEqual([
    "7/0.2 is of a second execution",
    "7/0.3 came after the end of its execution",
  ]);
});
