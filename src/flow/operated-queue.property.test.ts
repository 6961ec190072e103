import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { QueueLimits, QueueOverride } from "../domain/flow/queue-limits.ts";
import type { FlowKeys } from "../domain/flow/slot.ts";
import { purge, remove } from "./purge.ts";
import { configure, drain, override, pause, release, resume } from "./queue.ts";
import type { Core, Ticket, Waiting } from "./queue-records.ts";
import { createSimulatedQueue } from "./testing/simulated-queue.ts";
import type { Answered } from "./testing/simulated-queue.ts";

/** One thing that happens to a queue. `pick` selects one of the executions that it applies to. */
type Happening =
  | { readonly kind: "start"; readonly key: string; readonly priority: number; readonly age: number }
  | { readonly kind: "end" | "kill"; readonly pick: number }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "pause" | "resume" | "drain" | "purge" }
  | { readonly kind: "override" | "configure"; readonly limits: QueueOverride };

const slots = { total: fc.integer({ min: 1, max: 4 }), perKey: fc.integer({ min: 1, max: 3 }) };
const rate = fc.record({
  limit: fc.integer({ min: 1, max: 5 }),
  periodMs: fc.constant(1_000),
  burst: fc.integer({ min: 1, max: 3 }),
});
// What a rate holds back hides what the other limits do, so most limits have none.
const anyLimits: fc.Arbitrary<QueueOverride> = fc.oneof(
  { weight: 6, arbitrary: fc.record(slots, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.record({ ...slots, rate }, { requiredKeys: ["rate"] }) },
);
const someStages = fc.record(
  {
    debounce: fc.record({ periodMs: fc.constant(300), maxMs: fc.constant(700) }),
    singleton: fc.constantFrom("skip" as const, "cancel-running" as const),
    batch: fc.record({
      size: fc.integer({ min: 2, max: 4 }),
      periodMs: fc.constant(400),
      maxBytes: fc.constant(1_000),
    }),
  },
  { requiredKeys: [] },
);
const anyStages: fc.Arbitrary<QueueLimits> = fc.oneof(fc.constant({}), someStages);
const pick = fc.nat(1_000);
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("start" as const),
      key: fc.constantFrom("", "a", "b"),
      priority: fc.constantFrom(-1, 0, 0, 2),
      age: fc.nat(1_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom("end" as const, "end" as const, "kill" as const), pick }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(700) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("override" as const, "configure" as const),
      limits: anyLimits,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "pause" as const,
        "resume" as const,
        "resume" as const,
        "drain" as const,
        "purge" as const,
      ),
    }),
  },
);

test("whatever an operator does, each execution is granted or skipped once, within the limits of that moment, and no record is left", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyLimits,
      anyStages,
      fc.array(anyHappening, { minLength: 1, maxLength: 120, size: "max" }),
      fc.boolean(),
      async (limits, stages, happenings, isDeleted) => {
        const world = createWorld(limits, stages);
        for (const happening of happenings) await world.happen(happening);
        await world.finish(isDeleted);
      },
    ),
    { numRuns: 300 },
  );
});

interface Known {
  readonly ticket: Ticket;
  readonly key: string;
  readonly order: number;
  state: "waiting" | "running" | "done";
}

/** Executions around a queue whose operator changes it, with the rules that must hold after each event. */
function createWorld(limits: QueueLimits, stages: QueueLimits) {
  const queue = createSimulatedQueue({ ...limits, ...stages });
  const known = new Map<Ticket, Known>();
  const delivered: number[] = [];
  const batched: number[] = [];
  let seen = 0;
  /** Executions that start later than this wait until the drain is over. */
  let drainedAt = Infinity;
  const inState = (state: Known["state"]) => [...known.values()].filter((each) => each.state === state);
  const core = () => queue.records.get("core") as unknown as Core | undefined;
  const current = (): QueueLimits => ({ ...core()?.limits, ...core()?.override });

  /** @param wasPaused whether the queue was paused before and after the request */
  function takeAnswers(wasPaused: boolean): void {
    for (const answered of queue.answers.slice(seen)) {
      const execution = known.get(answered.ticket);
      expect(execution?.state).toBe("waiting");
      if (execution === undefined) continue;
      if (answered.answer.kind === "granted") takeGrant(execution, answered.answer, wasPaused);
      else takeSkip(execution, answered.answer);
    }
    seen = queue.answers.length;
  }

  function takeGrant(
    execution: Known,
    { holds, batch }: Extract<Answered["answer"], { readonly kind: "granted" }>,
    wasPaused: boolean,
  ): void {
    expect(wasPaused).toBe(false);
    expect(execution.order).toBeLessThan(drainedAt);
    execution.state = holds ? "running" : "done";
    const { total = Infinity, perKey = Infinity } = current();
    const running = inState("running");
    if (holds) {
      expect(running.length).toBeLessThanOrEqual(total);
      const ofKey = running.filter(({ key }) => key === execution.key);
      expect(ofKey.length).toBeLessThanOrEqual(stages.singleton === undefined ? perKey : Math.min(perKey, 1));
    }
    if (stages.batch === undefined) return;
    expect(batch?.length ?? 1).toBeLessThanOrEqual(stages.batch.size);
    delivered.push(...((batch ?? [execution.order]) as number[]));
  }

  function takeSkip(
    execution: Known,
    { reason, by }: Extract<Answered["answer"], { readonly kind: "skipped" }>,
  ): void {
    execution.state = "done";
    const other = [...known.values()].find(({ ticket }) => by !== undefined && ticket.startsWith(`${by}.`));
    if (reason === "purged" || reason === "workflow-deleted") return;
    expect(other?.key).toBe(execution.key);
    if (reason === "debounced") expect(other?.order).toBeGreaterThan(execution.order);
    if (reason === "batched") batched.push(execution.order);
  }

  /** Nothing that could start is forgotten, and a drain ends with the last execution that it was about. */
  function checkProgress(): void {
    const { total = Infinity, perKey = Infinity, rate } = current();
    const { paused, draining } = core() ?? {};
    const waiting = inState("waiting");
    if (draining !== undefined) expect(waiting.some(({ order }) => order < drainedAt)).toBe(true);
    const running = inState("running");
    if (rate !== undefined || paused !== undefined || draining !== undefined || running.length >= total)
      return;
    const startable = waiting.filter(({ ticket, key }) => {
      const { stage, leader } = queue.records.get(`w/${ticket}`) as unknown as Waiting;
      const hasSlot = running.filter((each) => each.key === key).length < perKey;
      return stage === "slot" && leader === undefined && hasSlot;
    });
    expect(startable).toEqual([]);
  }

  async function act(happening: Happening): Promise<void> {
    switch (happening.kind) {
      case "start":
        return await start(happening);
      case "end":
        return await end(pickOf(inState("running"), happening.pick));
      case "kill":
        return await end(pickOf([...inState("waiting"), ...inState("running")], happening.pick));
      case "pass":
        return await queue.advance(happening.ms);
      case "override":
        return await queue.do(async (run) => await override(run, happening.limits));
      case "configure": {
        const dated = { limits: { ...happening.limits, ...stages }, at: queue.now };
        return await queue.do(async (run) => await configure(run, dated));
      }
      case "drain":
        return await queue.do((run) => drain(run, { at: run.now }));
      case "purge":
        await queue.do(purge);
        return await queue.advance(0);
      case "pause":
        return await queue.do((run) => pause(run, { at: run.now }));
      case "resume":
        return await queue.do(resume);
    }
  }

  async function start({
    key,
    priority,
    age,
  }: Extract<Happening, { readonly kind: "start" }>): Promise<void> {
    const order = known.size;
    const ticket: Ticket = `inv_${order}.0`;
    known.set(ticket, { ticket, key, order, state: "waiting" });
    const keys: FlowKeys = {
      concurrency: key,
      rate: key,
      ...(stages.debounce === undefined ? {} : { debounce: key }),
      ...(stages.singleton === undefined ? {} : { singleton: key }),
      ...(stages.batch === undefined ? {} : { batch: key }),
    };
    await queue.start(String(order), { keys, priority, acceptedAt: queue.now - age, payload: order });
  }

  async function end(execution: Known | undefined): Promise<void> {
    if (execution === undefined) return;
    execution.state = "done";
    await queue.do(async (run) => await release(run, execution.ticket));
  }

  async function happen(happening: Happening): Promise<void> {
    const wasDraining = core()?.draining !== undefined;
    const wasPaused = core()?.paused !== undefined;
    if (happening.kind === "drain" && !wasDraining) drainedAt = known.size;
    if (happening.kind === "resume") drainedAt = Infinity;
    await act(happening);
    takeAnswers(wasPaused && core()?.paused !== undefined);
    // A drain ends with a paused queue.
    if (core()?.draining === undefined) drainedAt = Infinity;
    checkProgress();
    if (happening.kind === "purge") expect(inState("waiting")).toEqual([]);
  }

  return {
    happen,
    /** Lets everything end, and expects that nothing is left. */
    async finish(isDeleted: boolean) {
      await happen({ kind: "resume" });
      if (isDeleted) {
        await queue.do(async (run) => await remove(run, run.now));
        await queue.advance(0);
        takeAnswers(false);
        expect(inState("waiting")).toEqual([]);
      }
      for (let round = 0; [...inState("waiting"), ...inState("running")].length > 0; round += 1) {
        expect(round).toBeLessThan(500);
        for (const execution of inState("running")) {
          await end(execution);
          takeAnswers(false);
        }
        await happen({ kind: "pass", ms: 1_000 });
      }
      await happen({ kind: "pass", ms: 10_000 });
      const left = [...queue.records.keys()].filter((key) => !/^(?:core$|tk?\/)/.test(key));
      expect(left).toEqual([]);
      if (isDeleted) expect([...queue.records.keys()]).toEqual([]);
      else if (known.size > 0) expect(core()).toMatchObject({ running: 0, waiting: 0 });
      expect(new Set(delivered).size).toBe(delivered.length);
      for (const order of batched) expect(delivered).toContain(order);
    },
  };
}

function pickOf<T>(items: readonly T[], at: number): T | undefined {
  return items[at % Math.max(1, items.length)];
}
