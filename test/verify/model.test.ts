import { expect, test } from "vitest";
import { judge } from "./model.ts";
import type { Ending } from "./model.ts";
import { eventsOf, operationsOf, rootsOf } from "./places.ts";
import { programsOf, timelessProgramOf } from "./program.ts";
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
const timed: Step = { do: "event", name: "a", limitMs: 1 };
const thrown: Ending = { ok: false, message: "thrown at 0.1" };

test("the same seed gives the same programs, and another seed gives others", () => {
  expect(sourcesOf(7)).toEqual(sourcesOf(7));
  expect(sourcesOf(7)).not.toEqual(sourcesOf(8));
});

test("a seed gives a program whose result does not depend on time", () => {
  expect(sourceOf(timelessProgramOf(7))).toEqual(sourceOf(timelessProgramOf(7)));
  const kinds = Array.from({ length: 50 }, (_, seed) => JSON.stringify(timelessProgramOf(seed))).join();
  expect(kinds).not.toMatch(/"do":"(race|any|limited)"|limitMs":\d/);
  expect(kinds).toMatch(/"do":"event"/);
  expect(kinds).toMatch(/"do":"call"/);
});

test("operations are named by their position, the round of a loop, and their execution", () => {
  const steps: Step[] = [prompt, sleep, { do: "repeat", times: 2, step: { do: "call", step: prompt } }];
  const program: Step = { do: "inTurn", steps };
  const roots = ["0", "0.2#0>", "0.2#1>"];
  expect([...rootsOf(program).keys()]).toEqual(roots);
  const farewells = roots.map((root) => `${root}.farewell`);
  expect(operationsOf(program)).toEqual(["0.0", "0.2#0>", "0.2#1>", ...farewells]);
});

test("as many events are posted as an execution can wait for", () => {
  const event: Step = { do: "event", name: "b" };
  const program: Step = { do: "race", steps: [event, { do: "repeat", times: 3, step: event }] };
  expect(Object.fromEntries(eventsOf(program))).toEqual({ a: 0, b: 4 });
});

test.each<[string, Step, Ending]>([
  ["all values of a list", { do: "all", steps: [prompt, sleep] }, completed([fetched("0.0"), "on time"])],
  ["the failure of one of all", two("all"), thrown],
  ["either winner of a race", two("race"), completed([0, fetched("0.0")])],
  ["a race that was lost", two("race"), thrown],
  ["the first that succeeds", two("any"), completed([0, fetched("0.0")])],
  ["every ending", two("settled"), completed([{ value: fetched("0.0") }, { caught: "thrown at 0.1" }])],
  ["a failure that was caught", { do: "catch", step: two("inTurn") }, completed({ caught: "thrown at 0.1" })],
  ["an event in time", timed, completed("event a")],
  ["an event that was not in time", timed, completed("timed out")],
  ["the failure of a child", { do: "call", step: { do: "throw" } }, { ok: false, message: "thrown at 0>" }],
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
  ["another event", timed, completed("event b")],
  ["an event without a limit that is late", { do: "event", name: "a" }, completed("timed out")],
  ["a callback with another payload", { do: "callback" }, completed({ run: 8, at: "0" })],
  ["a key that was lost", { do: "keep", deletes: false }, completed("lost")],
  [
    "the answer to a child's operation as its parent's",
    { do: "call", step: prompt },
    completed(fetched("0")),
  ],
])("the model refuses %s", (_name, program, ending) => {
  expect(judge(program, ending).wrong).toBeDefined();
});

test("the model distinguishes effects that a result requires from effects that only a kill can lose", () => {
  const program: Step = { do: "inTurn", steps: [prompt, { do: "forget", answer: "slow" }] };
  expect(judge(program, completed([fetched("0.0"), "begun"]))).toEqual({
    effects: ["0.0"],
    unawaited: ["0.1"],
  });
});

function sourcesOf(seed: number): string[] {
  return programsOf(seed, 5).map((program) => sourceOf(program));
}
