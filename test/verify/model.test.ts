import { expect, test } from "vitest";
import { judge, operationsOf } from "./model.ts";
import type { Ending } from "./model.ts";
import { programsOf } from "./program.ts";
import type { Step } from "./program.ts";
import { sourceOf } from "./source.ts";
import { answerOf } from "./target.ts";

const fetched = (at: string) => [200, answerOf(at).text];
const prompt: Step = { do: "fetch", answer: "prompt" };
const sleep: Step = { do: "sleep", durationMs: 1 };
const two = (kind: "inTurn" | "all" | "race" | "any" | "settled"): Step => ({
  do: kind,
  steps: [prompt, { do: "throw" }],
});
const completed = (value: unknown): Ending => ({ ok: true, value });
const thrown: Ending = { ok: false, message: "thrown at 0.1" };

test("the same seed makes the same programs, and another seed others", () => {
  expect(sourcesOf(7)).toEqual(sourcesOf(7));
  expect(sourcesOf(7)).not.toEqual(sourcesOf(8));
});

test("operations are named by their place, and by the round of a repetition", () => {
  const program: Step = { do: "inTurn", steps: [prompt, sleep, { do: "repeat", times: 2, step: prompt }] };
  expect(operationsOf(program)).toEqual(["0.0", "0.2#0", "0.2#1"]);
});

test.each<[string, Step, Ending]>([
  ["all values of a list", { do: "all", steps: [prompt, sleep] }, completed([fetched("0.0"), "on time"])],
  ["the failure of one of all", two("all"), thrown],
  ["either winner of a race", two("race"), completed([0, fetched("0.0")])],
  ["a race that was lost", two("race"), thrown],
  ["the first that succeeds", two("any"), completed([0, fetched("0.0")])],
  ["every ending", two("settled"), completed([{ value: fetched("0.0") }, { caught: "thrown at 0.1" }])],
  ["a failure that was caught", { do: "catch", step: two("inTurn") }, completed({ caught: "thrown at 0.1" })],
])("the model accepts %s", (_name, program, ending) => {
  expect(judge(program, ending).wrong).toBeUndefined();
});

test.each<[string, Step, Ending]>([
  ["the answer to another operation", { do: "inTurn", steps: [prompt] }, completed([fetched("0.1")])],
  ["a list that lacks a value", { do: "inTurn", steps: [prompt, prompt] }, completed([fetched("0.0")])],
  ["success where something threw", two("inTurn"), completed([fetched("0.0"), null])],
  ["a failure that nothing throws", { do: "inTurn", steps: [prompt] }, { ok: false, message: "no" }],
  ["a winner that cannot succeed", two("any"), completed([1, null])],
  ["a sleep that was too short", sleep, completed("after 0 ms of 1")],
])("the model refuses %s", (_name, program, ending) => {
  expect(judge(program, ending).wrong).toBeDefined();
});

test("the model tells which effects a result cannot be without", () => {
  const program: Step = { do: "inTurn", steps: [prompt, { do: "forget", answer: "slow" }] };
  expect(judge(program, completed([fetched("0.0"), "begun"])).effects).toEqual(["0.0", "0.1"]);
});

function sourcesOf(seed: number): string[] {
  return programsOf(seed, 5).map(sourceOf);
}
