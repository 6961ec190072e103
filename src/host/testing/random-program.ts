import * as fc from "fast-check";
import type { JsonValue } from "../../base/json.ts";
import type { Program, ProgramHost } from "./scripted-guest.ts";

/** A workflow as a tree of what workflows do, so that a random one can be made, printed and shrunk. */
export type Step =
  | { readonly do: "effect"; readonly key: string; readonly takesMs: number; readonly fails: boolean }
  | { readonly do: "sleep" | "timer"; readonly durationMs: number }
  | { readonly do: "all" | "race" | "any" | "inTurn"; readonly steps: readonly Step[] }
  /** Begins a call, does the step, then takes the call back. */
  | { readonly do: "abandon"; readonly key: string; readonly after: Step }
  /** `forget` does not wait for it. */
  | { readonly do: "forget" | "catch"; readonly step: Step }
  | { readonly do: "repeat"; readonly times: number; readonly step: Step }
  | { readonly do: "throw" | "log" | "clock" | "hang" };

export function programOf(step: Step): Program {
  return (host) => perform(step, host);
}

const key = fc.constantFrom("a", "b", "c", "d");
const milliseconds = fc.integer({ min: 0, max: 100 });

/** Trees of up to some dozens of steps. */
export const anyStep: fc.Arbitrary<Step> = fc.letrec<Record<"tree" | "step" | "leaf" | "branch", Step>>(
  (tie) => ({
    tree: group(tie("step"), 3),
    step: fc.oneof({ maxDepth: 4, depthSize: "medium" }, tie("leaf"), tie("branch")),
    leaf: anyLeaf(),
    branch: fc.oneof(
      { weight: 6, arbitrary: group(tie("step"), 1) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("abandon" as const), key, after: tie("step") }) },
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constantFrom("forget" as const, "catch" as const), step: tie("step") }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("repeat" as const),
          times: fc.integer({ min: 1, max: 3 }),
          step: tie("step"),
        }),
      },
    ),
  }),
).tree;

function anyLeaf(): fc.Arbitrary<Step> {
  const effect = fc.record({
    do: fc.constant("effect" as const),
    key,
    takesMs: milliseconds,
    fails: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 5),
  });
  const timer = fc.record({
    do: fc.constantFrom("sleep" as const, "timer" as const),
    durationMs: milliseconds,
  });
  return fc.oneof(
    { weight: 12, arbitrary: effect },
    { weight: 6, arbitrary: timer },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("log" as const, "clock" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("throw" as const, "hang" as const) }) },
  );
}

function group(step: fc.Arbitrary<Step>, minLength: number): fc.Arbitrary<Step> {
  return fc.record({
    do: fc.constantFrom("all" as const, "race" as const, "any" as const, "inTurn" as const),
    steps: fc.array(step, { minLength, maxLength: 5 }),
  });
}

async function perform(step: Step, host: ProgramHost): Promise<JsonValue> {
  switch (step.do) {
    case "effect":
      return await host.call("effect", { key: step.key, takesMs: step.takesMs, fails: step.fails });
    case "sleep":
    case "timer":
      return await host.call(step.do, { durationMs: step.durationMs });
    case "all":
      return await Promise.all(step.steps.map((each) => perform(each, host)));
    case "race":
      return await Promise.race(step.steps.map((each) => perform(each, host)));
    case "any":
      return await Promise.any(step.steps.map((each) => perform(each, host)));
    case "inTurn":
      return await performInTurn(step.steps, host);
    case "repeat":
      return await performInTurn(
        Array.from({ length: step.times }, () => step.step),
        host,
      );
    case "abandon":
      return await abandonAfter(step.key, step.after, host);
    case "forget":
      perform(step.step, host).catch((error: Error) => host.log("error", error.message));
      return "forgotten";
    case "catch":
      return await perform(step.step, host).catch((error: Error) => `caught ${error.message}`);
    case "throw":
      throw new RangeError("thrown");
    case "log":
      host.log("info", "line", host.now());
      return null;
    case "clock":
      return host.now();
    default:
      return await new Promise(() => {});
  }
}

async function performInTurn(steps: readonly Step[], host: ProgramHost): Promise<JsonValue> {
  const results: JsonValue[] = [];
  for (const each of steps) results.push(await perform(each, host));
  return results;
}

async function abandonAfter(key: string, after: Step, host: ProgramHost): Promise<JsonValue> {
  const call = host.call("effect", { key });
  try {
    return await perform(after, host);
  } finally {
    call.abandon();
  }
}
