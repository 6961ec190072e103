import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QueueLimits } from "../domain/flow/queue-limits.ts";
import { workflowQueue } from "../domain/flow/queue-id.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import { continueWaiting, reclaim, resumed, suspend } from "./pauses.ts";
import { pause, release, resume } from "./queue.ts";
import type { Core, Ticket } from "./queue-records.ts";
import { createSimulatedQueue } from "./testing/simulated-queue.ts";
import type { SimulatedQueue } from "./testing/simulated-queue.ts";

/** One thing that happens to a queue. `pick` selects one of the executions that it applies to. */
type Happening =
  | {
      readonly kind: "start";
      readonly key: string;
      readonly rate: string;
      readonly priority: number;
      /** How long ago it was accepted. Executions of earlier releases do not say it. */
      readonly age: number | undefined;
    }
  | {
      readonly kind: "end" | "kill" | "suspend" | "continue" | "pauseExecution" | "resumeExecution";
      readonly pick: number;
    }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "pause" | "resume" };

const anyKey = fc.constantFrom("", "a", "b", "c");
const anyStart = fc.record({
  kind: fc.constant("start" as const),
  key: anyKey,
  rate: anyKey,
  priority: fc.constantFrom(-1, 0, 0, 2),
  age: fc.option(fc.nat(1_500), { nil: undefined, freq: 5 }),
});
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: anyStart },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("end", "end", "kill", "suspend", "pauseExecution"),
      pick: fc.nat(1_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("continue", "resumeExecution"), pick: fc.nat(1_000) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(700) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("pause" as const, "resume" as const) }) },
);
const anyLimits: fc.Arbitrary<QueueLimits> = fc.record(
  {
    total: fc.integer({ min: 1, max: 4 }),
    perKey: fc.integer({ min: 1, max: 2 }),
    rate: fc.record({
      limit: fc.integer({ min: 1, max: 5 }),
      periodMs: fc.constant(1_000),
      burst: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { requiredKeys: [] },
);

describe("for any limits and any order of events", () => {
  test("no limit is exceeded, of each key the one accepted first starts first, and no slot is granted twice or leaks", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLimits,
        fc.array(anyHappening, { minLength: 1, maxLength: 120, size: "max" }),
        async (limits, happenings) => {
          const world = createWorld(limits);
          for (const happening of happenings) await world.happen(happening);
          await world.finish();
        },
      ),
      { numRuns: 300 },
    );
  });
});

interface Known {
  readonly ticket: Ticket;
  readonly key: string;
  readonly rate: string;
  readonly lane: string;
  readonly order: number;
  readonly acceptedAt: number;
  state: "waiting" | "running" | "suspended" | "continuing" | "paused" | "resuming" | "ended";
}

/** Executions around a queue, with the rules that must hold after each event. */
function createWorld(limits: QueueLimits) {
  const queue = createSimulatedQueue(limits);
  const known = new Map<Ticket, Known>();
  const rateGrants = new Map<string, number[]>();
  let seen = 0;
  let seenReclaimed = 0;
  let signals = 1;
  const continuing = new Map<Ticket, Known>();
  const inState = (...states: readonly Known["state"][]) =>
    [...known.values()].filter(({ state }) => states.includes(state));

  async function takeAnswers(): Promise<void> {
    for (const executionId of queue.reclaimed.slice(seenReclaimed)) {
      const execution = known.get(`${executionId}.0`);
      if (execution === undefined) throw new Error(`resumed an unknown execution ${executionId}`);
      expect(execution.state).toBe("resuming");
      execution.state = "running";
      await queue.do(async (run) => await resumed(run, execution.ticket));
    }
    seenReclaimed = queue.reclaimed.length;
    for (const { ticket, at, answer } of queue.answers.slice(seen)) {
      expect(answer.kind).toBe("granted");
      const execution = continuing.get(ticket) ?? known.get(ticket);
      if (execution === undefined) throw new Error(`granted an unknown ticket ${ticket}`);
      expect(["waiting", "continuing"]).toContain(execution.state);
      if (execution.state === "waiting") checkStart(execution, at);
      execution.state = answer.kind === "granted" && answer.holds ? "running" : "ended";
    }
    seen = queue.answers.length;
    checkLimits();
  }

  function checkStart({ lane, order, acceptedAt, rate }: Known, at: number): void {
    const isEarlier = (each: Known) =>
      each.acceptedAt < acceptedAt || (each.acceptedAt === acceptedAt && each.order < order);
    const earlier = inState("waiting").filter((each) => each.lane === lane && isEarlier(each));
    expect(earlier).toEqual([]);
    if (limits.rate === undefined) return;
    const { limit, periodMs, burst } = limits.rate;
    const grants = [...(rateGrants.get(rate) ?? []), at];
    rateGrants.set(rate, grants);
    expect(grants.filter((each) => each > at - periodMs).length).toBeLessThanOrEqual(limit + burst - 1);
  }

  function checkLimits(): void {
    const running = inState("running");
    expect(running.length).toBeLessThanOrEqual(limits.total ?? Infinity);
    for (const [, ofKey] of Map.groupBy(running, ({ key }) => key))
      expect(ofKey.length).toBeLessThanOrEqual(limits.perKey ?? Infinity);
  }

  async function act(happening: Happening): Promise<void> {
    const picked = (...states: readonly Known["state"][]) => {
      const all = inState(...states);
      return "pick" in happening && all.length > 0 ? all[happening.pick % all.length] : undefined;
    };
    switch (happening.kind) {
      case "start": {
        const { key, rate, priority, age } = happening;
        const order = known.size;
        const ticket: Ticket = `inv_${order}.0`;
        const lane = `${key} ${rate} ${priority}`;
        const acceptedAt = queue.now - (age ?? 0);
        known.set(ticket, { ticket, key, rate, lane, order, acceptedAt, state: "waiting" });
        const accepted = age === undefined ? {} : { acceptedAt };
        await queue.start(String(order), { keys: { concurrency: key, rate }, priority, ...accepted });
        return;
      }
      case "end":
        return await end(picked("running"));
      case "kill":
        return await end(picked("waiting", "running", "suspended", "continuing", "paused", "resuming"));
      case "suspend": {
        const execution = picked("running");
        if (execution === undefined) return;
        execution.state = "suspended";
        return await queue.do(async (run) => await suspend(run, execution.ticket, "waits"));
      }
      case "continue": {
        const execution = picked("suspended");
        if (execution === undefined) return;
        execution.state = "continuing";
        const number = signals++;
        continuing.set(`${execution.ticket.split(".")[0] ?? ""}.${number}`, execution);
        return await queue.do(async (run) => await continueWaiting(run, execution.ticket, number));
      }
      case "pauseExecution": {
        const execution = picked("running");
        if (execution === undefined) return;
        execution.state = "paused";
        // A sweep sees it some time after its last resumption.
        await queue.advance(1);
        return await queue.do(async (run) => await suspend(run, execution.ticket, "paused"));
      }
      case "resumeExecution": {
        const execution = picked("paused", "resuming");
        if (execution === undefined) return;
        execution.state = "resuming";
        const slots = [{ queue: workflowQueue(parseWorkflowId("w")), number: 0 }];
        return await queue.do(async (run) => await reclaim(run, execution.ticket, { slots, index: 0 }));
      }
      case "pass":
        return await queue.advance(happening.ms);
      case "pause":
        return await queue.do((run) => pause(run, { at: run.now }));
      case "resume":
        return await queue.do(resume);
    }
  }

  async function end(execution: Known | undefined): Promise<void> {
    if (execution === undefined) return;
    execution.state = "ended";
    await queue.do(async (run) => await release(run, execution.ticket));
  }

  return {
    async happen(happening: Happening) {
      await act(happening);
      await takeAnswers();
    },
    /** Lets everything end, and expects that nothing is left. */
    async finish() {
      await queue.do(resume);
      await takeAnswers();
      for (let round = 0; known.values().some(({ state }) => state !== "ended"); round += 1) {
        expect(round).toBeLessThan(500);
        for (const execution of inState("running", "suspended", "paused")) {
          await end(execution);
          await takeAnswers();
        }
        await queue.advance(1_000);
        await takeAnswers();
      }
      await queue.advance(10_000);
      expectEmpty(queue);
    },
  };
}

function expectEmpty({ records }: SimulatedQueue): void {
  expect(records.get("core") as unknown as Core).toMatchObject({ running: 0, waiting: 0 });
  // A lane whose executions were all removed is deleted when its turn comes.
  const left = [...records.keys()].filter((key) => !/^(?:core$|tk?\/)/.test(key));
  expect(left).toEqual([]);
}
