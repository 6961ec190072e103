import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import { maxLogLineBytes, maxSleepMs } from "../../domain/limits.ts";
import type { Guest } from "../guest.ts";
import { maxRacingTimers } from "../limits.ts";
import {
  commandNames,
  driveGuest,
  driveProgram,
  driveTurns,
  scriptedContext,
} from "../testing/scripted-drive.ts";
import { createHostileGuest, createProgramGuest, guestCall, jsonBytes } from "../testing/scripted-guest.ts";
import type { Program } from "../testing/scripted-guest.ts";
import { AttemptOver, clockTime, createScriptedJournal } from "../testing/scripted-journal.ts";
import type { OpenCommand, Script } from "../testing/scripted-journal.ts";
import { createScriptedOperations, startTime } from "../testing/scripted-operations.ts";
import { drive } from "./driver.ts";
import type { DriveResult } from "./driver.ts";

/** The script in which the command of this name, and no other, gets its result next. */
function arrivingInOrder(...names: readonly string[]): Script {
  const rest = [...names];
  return {
    arrive: (open: readonly OpenCommand[]) => {
      const name = rest.shift();
      return open.filter((command) => command.name === name);
    },
  };
}

function rejectingGuest(error: unknown): Guest {
  const calls = [guestCall(0, "effect", { key: "a" }), guestCall(1, "effect", { key: "b" })];
  return { ...createHostileGuest([{ calls }]), settle: () => Promise.reject(error) };
}

function completedWith(value: JsonValue): DriveResult {
  return { kind: "completed", value };
}

function failedWith(code: string, message: unknown): unknown {
  return { kind: "failed", code, failure: { name: expect.any(String), code, message } };
}

describe("a workflow", () => {
  test("without host calls completes with its result, and its journal has only the cancellation", async () => {
    const driven = await driveProgram(async ({ payload }) => ({ got: payload }));
    expect(driven.result).toEqual(completedWith({ got: { order: 7 } }));
    expect(commandNames(driven)).toEqual(["cancellation"]);
  });

  test("that throws fails with its own name, message and stack", async () => {
    const driven = await driveProgram(async () => {
      throw new RangeError("no such order");
    });
    expect(driven.result).toEqual({
      kind: "failed",
      code: "workflow-failed",
      failure: { name: "RangeError", message: "no such order", stack: "at run (orders.js:1:1)" },
    });
  });

  test("receives its settlements in order", async () => {
    const driven = await driveProgram(async ({ call }) => {
      const first = await call("effect", { key: "a" });
      const second = await call("effect", { key: "b" });
      return [first, second];
    });
    expect(driven.result).toEqual(completedWith(["a done", "b done"]));
    expect(commandNames(driven)).toEqual(["cancellation", "effect a", "effect b"]);
  });

  test("receives results in the order of the journal, not of the calls", async () => {
    const driven = await driveProgram(
      async ({ call, log }) => {
        const keys = ["a", "b", "c"];
        await Promise.all(keys.map(async (key) => log("info", await call("effect", { key }))));
        return null;
      },
      arrivingInOrder("effect c", "effect a", "effect b"),
    );
    expect(driven.logs.map(({ line }) => line)).toEqual([["c done"], ["a done"], ["b done"]]);
    expect(commandNames(driven)).toEqual(["cancellation", "effect a", "effect b", "effect c"]);
  });

  test("can catch the failure of an operation", async () => {
    const driven = await driveProgram(async ({ call }) => {
      try {
        return await call("effect", { key: "a", fails: true });
      } catch (error) {
        return `caught: ${String(error)}`;
      }
    });
    expect(driven.result).toEqual(completedWith("caught: Error: a failed"));
  });

  test("that awaits a promise that cannot settle fails as stalled", async () => {
    const driven = await driveProgram(() => new Promise(() => {}));
    expect(driven.result).toEqual(failedWith("workflow-stalled", expect.stringContaining("cannot settle")));
  });

  test("that abandons the last call it awaits fails as stalled", async () => {
    const driven = await driveProgram(async ({ call }) => {
      const lost = call("effect", { key: "lost" });
      await call("effect", { key: "a" });
      lost.abandon();
      return await lost;
    }, arrivingInOrder("effect a"));
    expect(driven.result).toMatchObject({ kind: "failed", code: "workflow-stalled" });
  });
});

describe("the guest's clock", () => {
  test("moves to the nominal end of a sleep", async () => {
    const driven = await driveProgram(async ({ call, now }) => {
      await call("sleep", { durationMs: 250.2 });
      return now();
    });
    expect(driven.result).toEqual(completedWith(startTime + 251));
  });

  test("counts a timer from the time of the call", async () => {
    const driven = await driveProgram(
      async ({ call, now }) => {
        const timer = call("timer", { durationMs: 50 });
        await call("sleep", { durationMs: 30 });
        await timer;
        return now();
      },
      arrivingInOrder("sleep", "timer"),
    );
    expect(driven.result).toEqual(completedWith(startTime + 50));
  });

  test("never goes back, even if a later result has an earlier time", async () => {
    const driven = await driveProgram(
      async ({ call, now }) => {
        const effect = call("effect", { key: "a" });
        await call("sleep", { durationMs: 500 });
        await effect;
        return now();
      },
      arrivingInOrder("sleep", "effect a"),
    );
    expect(driven.result).toEqual(completedWith(startTime + 500));
  });

  test("rejects a sleep beyond the limit, and the workflow can catch the error", async () => {
    const driven = await driveProgram(async ({ call }) => {
      await call("sleep", { durationMs: maxSleepMs });
      return await call("sleep", { durationMs: maxSleepMs + 1 }).catch(String);
    });
    expect(driven.result).toEqual(
      completedWith(expect.stringMatching(/longest wait is 31622400000 ms \(maxSleepMs\)/)),
    );
    expect(driven.journal.record.commands.map(({ kind }) => kind)).toEqual(["cancellation", "sleep", "run"]);
  });
});

describe("a call that is abandoned", () => {
  test("in the turn in which it was made leaves no command", async () => {
    const driven = await driveProgram(async ({ call }) => {
      call("effect", { key: "never" }).abandon();
      return await call("effect", { key: "a" });
    });
    expect(driven.result).toEqual(completedWith("a done"));
    expect(commandNames(driven)).toEqual(["cancellation", "effect a"]);
  });

  test("later is dropped, and its result is not delivered even if it has arrived", async () => {
    // "late" has its result before the guest takes it back, which is one turn too late.
    const steps = [["effect a", "effect late"], ["effect b"]];
    const driven = await driveProgram(
      async ({ call }) => {
        const late = call("effect", { key: "late" });
        await call("effect", { key: "a" });
        late.abandon();
        await call("effect", { key: "b" });
        return await Promise.race([late, Promise.resolve("the late one stayed away")]);
      },
      {
        arrive: (open) => {
          const names = steps.shift() ?? [];
          return names.flatMap((name) => open.filter((command) => command.name === name));
        },
      },
    );
    expect(driven.result).toEqual(completedWith("the late one stayed away"));
    expect([...driven.journal.dropped]).toEqual([1]);
  });

  test("after its settlement has no effect", async () => {
    const driven = await driveProgram(async ({ call }) => {
      const answered = call("effect", { key: "a" });
      await answered;
      answered.abandon();
      answered.abandon();
      return await call("effect", { key: "b" });
    });
    expect(driven.result).toEqual(completedWith("b done"));
  });
});

describe("after the workflow returned", () => {
  test("an effect that it did not await completes, and so do the calls that follow from it", async () => {
    const driven = await driveProgram(
      async ({ call }) => {
        void call("effect", { key: "a" }).then(() => call("effect", { key: "b" }));
        return "returned";
      },
      arrivingInOrder("effect a", "effect b"),
    );
    expect(driven.result).toEqual(completedWith("returned"));
    expect(driven.effects).toEqual(["a", "b"]);
    expect(commandNames(driven)).toEqual(["cancellation", "effect a", "grace period", "effect b"]);
  });

  test("the same holds after it threw", async () => {
    const driven = await driveProgram(async ({ call }) => {
      void call("effect", { key: "a" });
      throw new Error("too early");
    });
    expect(driven.result).toMatchObject({ kind: "failed", code: "workflow-failed" });
    expect(driven.effects).toEqual(["a"]);
  });

  test("timers alone do not keep the execution open and leave no grace period in the journal", async () => {
    const driven = await driveProgram(async ({ call }) => {
      void call("timer", { durationMs: 1e6 });
      void call("sleep", { durationMs: 1e6 });
      return "returned";
    });
    expect(driven.result).toEqual(completedWith("returned"));
    expect(commandNames(driven)).toEqual(["cancellation", "timer", "sleep"]);
    expect([...driven.journal.dropped]).toEqual([1, 2]);
  });

  test("timers fire while an effect keeps the execution open", async () => {
    const driven = await driveProgram(
      async ({ call, log }) => {
        void call("effect", { key: "slow" });
        void call("timer", { durationMs: 5 }).then(() => log("info", "tick"));
        return "returned";
      },
      arrivingInOrder("timer", "effect slow"),
    );
    expect(driven.logs.map(({ line }) => line)).toEqual([["tick"]]);
  });

  test("effects that exceed the grace period are dropped", async () => {
    const driven = await driveProgram(
      async ({ call }) =>
        await Promise.race([call("effect", { key: "fast" }), call("effect", { key: "slow" })]),
      arrivingInOrder("effect fast", "grace period"),
    );
    expect(driven.result).toEqual(completedWith("fast done"));
    expect([...driven.journal.dropped]).toEqual([2]);
  });

  test("a cancellation ends the grace period, and the result does not change", async () => {
    const driven = await driveProgram(async ({ call }) => {
      void call("effect", { key: "slow" });
      return "returned";
    }, arrivingInOrder("cancellation"));
    expect(driven.result).toEqual(completedWith("returned"));
  });

  test("a protocol violation does not change the result", async () => {
    const driven = await driveTurns(
      { calls: [guestCall(0, "effect", { key: "a" })], completion: { ok: true, json: jsonBytes(1) } },
      { calls: [guestCall(0, "effect", { key: "again" })] },
    );
    expect(driven.result).toEqual(completedWith(1));
    expect(driven.effects).toEqual(["a"]);
  });

  test("a second completion is ignored", async () => {
    const driven = await driveTurns(
      { calls: [guestCall(0, "effect", { key: "a" })], completion: { ok: true, json: jsonBytes(1) } },
      { completion: { ok: false, json: jsonBytes({ name: "Error", message: "second" }) } },
    );
    expect(driven.result).toEqual(completedWith(1));
  });
});

const cleansUp: Program = async ({ call }) => {
  try {
    return await call("effect", { key: "slow" });
  } finally {
    await call("effect", { key: "undo" });
    await call("sleep", { durationMs: 5 });
  }
};

describe("a cancellation", () => {
  test("ends a waiting execution and drops its pending calls", async () => {
    const driven = await driveProgram(
      ({ call }) => call("effect", { key: "slow" }),
      arrivingInOrder("cancellation", "cancelled"),
    );
    expect(driven.result).toEqual({ kind: "cancelled" });
    expect([...driven.journal.dropped]).toEqual([1]);
    expect(driven.effects).toEqual([]);
    expect(commandNames(driven)).toEqual(["cancellation", "effect slow", "cancelled"]);
  });

  test("rejects the pending calls, and the calls of the cleanup are made", async () => {
    const driven = await driveProgram(
      async ({ call, log, now }) => {
        try {
          return await Promise.all([call("effect", { key: "slow" }), call("sleep", { durationMs: 1e9 })]);
        } catch (error) {
          log("info", String(error), now());
          return [await call("effect", { key: "undo" }), await call("sleep", { durationMs: 5 })];
        }
      },
      arrivingInOrder("cancellation", "cancelled", "effect undo", "sleep"),
    );
    expect(driven.result).toEqual({ kind: "cancelled" });
    expect(driven.effects).toEqual(["undo"]);
    expect(driven.logs.map(({ line }) => line)).toEqual([["Error: The execution was cancelled", clockTime]]);
    expect(commandNames(driven).slice(-4)).toEqual([
      "cancelled",
      "effect undo",
      "cancellation grace period",
      "sleep",
    ]);
  });

  test("limits the time of the cleanup", async () => {
    const driven = await driveProgram(
      async ({ call }) => {
        try {
          return await call("effect", { key: "slow" });
        } finally {
          await call("effect", { key: "endless" });
        }
      },
      arrivingInOrder("cancellation", "cancelled", "cancellation grace period"),
    );
    expect(driven.result).toEqual({ kind: "cancelled" });
    expect(driven.effects).toEqual([]);
    expect([...driven.journal.dropped]).toEqual([1, 3]);
  });

  test("waits for the effects of the cleanup, even if the workflow does not await them", async () => {
    const driven = await driveProgram(
      async ({ call }) => {
        try {
          return await call("effect", { key: "slow" });
        } finally {
          void call("effect", { key: "undo" });
          void call("timer", { durationMs: 1e6 });
        }
      },
      arrivingInOrder("cancellation", "cancelled", "effect undo"),
    );
    expect(driven.result).toEqual({ kind: "cancelled" });
    expect(driven.effects).toEqual(["undo"]);
  });

  test("ends the execution as cancelled, whatever the workflow returns", async () => {
    const cancelledTurn = { calls: [guestCall(0, "effect", { key: "again" })] };
    const driven = await driveGuest(
      createHostileGuest([{ calls: [guestCall(0, "effect", { key: "a" })] }, cancelledTurn]),
      arrivingInOrder("cancellation", "cancelled"),
    );
    expect(driven.result).toEqual({ kind: "cancelled" });
    expect(driven.effects).toEqual([]);
  });

  test("replays identically at every position of the journal", async () => {
    const whole = await driveProgram(
      cleansUp,
      arrivingInOrder("cancellation", "cancelled", "effect undo", "sleep"),
    );
    const { commands, results } = whole.journal.record;
    for (const [index] of results.entries()) {
      const record = { commands, results: results.slice(0, index) };
      const rest = results.slice(index).map(({ command }) => commands[command]?.name ?? "");
      const again = await driveProgram(cleansUp, { record, ...arrivingInOrder(...rest) });
      expect(again.result).toEqual(whole.result);
      expect(again.journal.record.commands).toEqual(commands);
    }
  });

  test("is delivered after a result that precedes it in the journal", async () => {
    const driven = await driveProgram(
      async ({ call }) => {
        await call("effect", { key: "a" });
        return await call("effect", { key: "b" });
      },
      {
        arrive: (open) =>
          open.some(({ name }) => name === "effect b") || open.some(({ name }) => name === "cancelled")
            ? open
            : open.toSorted((one, other) => other.command - one.command),
      },
    );
    expect(driven.result).toEqual({ kind: "cancelled" });
    expect(commandNames(driven)).toEqual(["cancellation", "effect a", "effect b", "cancelled"]);
  });
});

describe("many timers", () => {
  test("race only with those that wake first, and with all other calls", async () => {
    const count = 4 * maxRacingTimers;
    const races: number[] = [];
    const woken: number[] = [];
    const driven = await driveProgram(
      async ({ call }) => {
        const effect = call("effect", { key: "a" });
        const sleep = async (durationMs: number) => {
          await call("sleep", { durationMs });
          woken.push(durationMs);
        };
        await Promise.all(Array.from({ length: count }, (_, n) => sleep(count - n)));
        return await effect;
      },
      {
        arrive(open) {
          races.push(open.length);
          const timers = open.filter(({ name }) => name === "sleep");
          return timers.length > 0 ? timers.slice(-1) : open.filter(({ name }) => name === "effect a");
        },
      },
    );
    expect(driven.result).toEqual(completedWith("a done"));
    expect(woken).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(Math.max(...races)).toBe(maxRacingTimers + 2);
  });
});

describe("console lines", () => {
  test("are numbered from 0 and carry the guest's time", async () => {
    const driven = await driveProgram(async ({ call, log }) => {
      log("info", "begun", { order: 7 });
      await call("sleep", { durationMs: 10 });
      log("warn", "slept");
      return null;
    });
    expect(driven.logs).toEqual([
      { number: 0, level: "info", line: ["begun", { order: 7 }], at: startTime },
      { number: 1, level: "warn", line: ["slept"], at: startTime + 10 },
    ]);
  });

  test("that are too long or not valid JSON are stored as text, truncated", async () => {
    const broken = new Uint8Array([0x5b, 0xff]);
    const long = jsonBytes(["x".repeat(maxLogLineBytes)]);
    const fits = jsonBytes(["x".repeat(maxLogLineBytes - 4)]);
    const driven = await driveTurns({
      logs: [broken, long, fits].map((line) => ({ level: "info", line })),
      completion: { ok: true, json: jsonBytes(null) },
    });
    expect(driven.logs[0]?.line).toEqual(["[\u{fffd}"]);
    expect(driven.logs[1]?.line).toEqual([expect.stringMatching(/^\["x+… \(4 more bytes: logLineBytes\)$/)]);
    expect(driven.logs[2]?.line).toEqual(["x".repeat(maxLogLineBytes - 4)]);
  });
});

describe("a guest that rejects", () => {
  test.each(["sandbox-crashed", "out-of-memory"] as const)("with %s ends the execution", async (code) => {
    const driven = await driveGuest(rejectingGuest(new DuraniumError(code, "It is over")));
    expect(driven.result).toEqual(failedWith(code, "It is over"));
    expect([...driven.journal.dropped]).toEqual([2]);
  });

  test.each(["turn-timeout", "worker-lost"] as const)("with %s ends the attempt only", async (code) => {
    const error = new DuraniumError(code, "It passes");
    await expect(driveGuest(rejectingGuest(error))).rejects.toBe(error);
  });

  test("with an error outside the catalogue ends the attempt only", async () => {
    const error = new Error("an internal bug");
    await expect(driveGuest(rejectingGuest(error))).rejects.toBe(error);
  });
});

test("a rejection of the journal ends the attempt and drops the pending calls", async () => {
  const { operations } = createScriptedOperations();
  const journal = createScriptedJournal({ maxResults: 0 });
  const guest = createProgramGuest(({ call }) => call("effect", { key: "a" }));
  const driven = drive({
    guest,
    journal,
    operations,
    context: scriptedContext,
    payload: jsonBytes(null),
    limits: defaultExecutionLimits,
    log: () => {},
  });
  await expect(driven).rejects.toBeInstanceOf(AttemptOver);
  expect([...journal.dropped]).toEqual([1]);
});
