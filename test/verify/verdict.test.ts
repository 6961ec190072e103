import { expect, test } from "vitest";
import type { EndedExecution } from "./ended-execution.ts";
import { plainPlan } from "./plan.ts";
import type { Run } from "./run.ts";
import { startVerifyTarget } from "./target.ts";
import { findingsOn } from "./verdict.ts";
import type { Entry } from "./workflow/history.ts";

const run: Run = {
  number: 7,
  workflow: "program-1",
  program: { do: "say", level: "info" },
  plan: plainPlan,
  language: "typescript",
  executionId: "inv_1",
  epoch: 0,
  posted: new Map([["a", [1, 2, 1]]]),
};

const said = (at: string): Entry => ({ is: "said", at, now: 0, drawn: 5, what: "info" });
const line = (number: number, at: string, time = "1970-01-01T00:00:00.000Z") => ({
  number,
  level: "info",
  time,
  arguments: ["at", at, { drawn: 5 }],
});
const received = (...numbers: number[]): Entry[] =>
  numbers.map((number) => ({
    is: "ended",
    at: "0",
    now: 0,
    drawn: 5,
    what: { run: 7, name: "a", number },
  }));

async function wrong(execution: Partial<EndedExecution>, also: Partial<Run> = {}) {
  await using target = await startVerifyTarget();
  const ended: EndedExecution = {
    executionId: "inv_1",
    run: 7,
    root: "0",
    status: "completed",
    completedAt: 30_000,
    ending: { ok: true, value: null },
    history: [],
    lines: [],
    ...execution,
  };
  const findings = findingsOn(ended, { ...run, ...also }, target);
  return findings.wrong.map((what) => what.replace("run 7 at 0 (program-1, inv_1): ", ""));
}

test("console lines occur once each and in their order, and later lines may follow", async () => {
  const history = [said("0"), said("0.1")];
  expect(await wrong({ history, lines: [line(0, "0"), line(1, "0.1"), line(2, "0.2")] })).toEqual([]);
  expect(await wrong({ history, lines: [line(0, "0")] })).toEqual([
    expect.stringContaining("its console line 1 is undefined"),
  ]);
  const later = line(1, "0.1", "1970-01-01T00:00:01.000Z");
  const earlier = line(1, "0.1", "1969-12-31T23:59:59.000Z");
  expect(await wrong({ history, lines: [line(0, "0"), later] })).toEqual([]);
  expect(await wrong({ history, lines: [line(0, "0"), earlier] })).toHaveLength(1);
  expect(await wrong({ history, lines: [line(0, "0"), line(1, "0")] })).toHaveLength(1);
  expect(await wrong({ history, lines: [line(0, "0"), line(1, "0.1"), line(3, "0.2")] })).toEqual([
    "its console line 3 has a wrong number",
  ]);
});

test.each([[[]], [[0, 1, 2]], [[0, 1, 1, 2]]])("an execution may receive the events %j", async (numbers) => {
  expect(await wrong({ history: received(...numbers) })).toEqual([]);
});

test.each([[[1]], [[0, 2]], [[0, 0, 1]], [[0, 1, 0]]])(
  "an execution must not receive the events %j",
  async (numbers) => {
    expect(await wrong({ history: received(...numbers) })).toEqual([
      expect.stringContaining(`it received the events a ${numbers.join(", ")}`),
    ]);
  },
);

test("an execution is cancelled only on request, and cleans up in time", async () => {
  const cancelled = { status: "cancelled" } as const;
  expect(await wrong(cancelled)).toEqual(["it was cancelled without a request"]);
  expect(await wrong(cancelled, { cancelledAt: 20_000 })).toEqual(["it was cancelled, and did not clean up"]);
  expect(await wrong(cancelled, { cancelledAt: 5_000 })).toEqual([]);
});

test("a result that no execution of the program has is wrong", async () => {
  expect(await wrong({ ending: { ok: true, value: "said" } })).toEqual([
    expect.stringContaining('is {"ok":true,"value":"said"}'),
  ]);
});
