import { expect, test } from "vitest";
import { wrongState } from "./kept-state.ts";
import { plainPlan } from "./plan.ts";
import type { Run } from "./run.ts";
import type { Entry } from "./workflow/history.ts";

const tally = { do: "tally" } as const;
const run: Run = {
  number: 7,
  workflow: "program-1",
  program: { do: "inTurn", steps: [tally, tally] },
  plan: plainPlan,
  language: "typescript",
  executionId: "inv_1",
  epoch: 0,
  posted: new Map(),
};

function wrong(state: Record<string, unknown>, ...changes: readonly unknown[]): readonly string[] {
  const history = changes.map((what): Entry => ({ is: "ended", at: "0", now: 1, drawn: 1, what }));
  return wrongState(new Map(Object.entries(state)), [run], history);
}

test("a state with every change once is correct, with or without changes whose outcome is unknown", () => {
  const changes = [{ key: "7 0", value: { at: "0" } }, { deleted: "7 1" }, { tallied: "7 0.0" }];
  expect(wrong({ "7 0": { at: "0" }, tally: ["7 0.0", "7 0.1"] }, ...changes)).toEqual([]);
});

test.each([
  [{}, { key: "7 0", value: 1 }, 'the state "7 0" is undefined, and should be 1'],
  [{ "7 0": 2 }, { key: "7 0", value: 1 }, 'the state "7 0" is 2, and should be 1'],
  [{ "7 0": 2 }, { deleted: "7 0" }, 'the state "7 0" was deleted, and is there'],
  [{ tally: [] }, { tallied: "7 0.0" }, "the tally has lost 7 0.0"],
  [{ tally: ["7 0.0", "7 0.0"] }, { tallied: "7 0.0" }, "the tally has 7 0.0 twice"],
  [{ tally: ["8 0.0"] }, {}, "the tally has 8 0.0, which no execution adds"],
])("the state %j after %j is wrong", (state, change, why) => {
  expect(wrong(state, change)).toEqual([why]);
});
