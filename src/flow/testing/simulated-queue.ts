import type { JsonValue } from "../../base/json.ts";
import type { QueueLimits } from "../../domain/flow/queue-limits.ts";
import type { SlotAnswer, SlotRequest } from "../../domain/flow/slot.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { acquire, processRequest, wake } from "../queue.ts";
import { ticketOf } from "../queue-records.ts";
import type { Ticket } from "../queue-records.ts";
import type { QueueEffect, QueueRun, WakeUp } from "../run.ts";

export interface Answered {
  readonly ticket: Ticket;
  readonly at: number;
  readonly answer: SlotAnswer;
}

/** A queue in memory with a clock that a test moves. Wake-ups come when the clock reaches them. */
export interface SimulatedQueue {
  readonly now: number;
  readonly records: ReadonlyMap<string, JsonValue>;
  readonly answers: readonly Answered[];
  readonly cancelled: readonly ExecutionId[];
  /** Executions that may be resumed. */
  readonly reclaimed: readonly ExecutionId[];
  /** The number of records that the last request read and wrote. */
  readonly lastAccesses: number;
  do(process: (run: QueueRun) => Promise<void> | void): Promise<void>;
  start(name: string, request?: Partial<SlotRequest>): Promise<Ticket>;
  advance(ms: number): Promise<void>;
}

export function createSimulatedQueue(limits: QueueLimits): SimulatedQueue {
  const records = new Map<string, JsonValue>();
  const answers: Answered[] = [];
  const cancelled: ExecutionId[] = [];
  const reclaimed: ExecutionId[] = [];
  let wakes: { readonly wake: WakeUp; readonly at: number }[] = [];
  let now = 1_000_000;
  let lastAccesses = 0;
  let isReading = false;
  const storage = {
    read: async (keys: readonly string[]) => {
      if (isReading) throw new Error(`read ${keys.join(", ")} while another read is outstanding`);
      isReading = true;
      lastAccesses += keys.length;
      await Promise.resolve();
      isReading = false;
      return keys.map((key) => records.get(key) ?? null);
    },
    set: (key: string, value: JsonValue) => {
      lastAccesses += 1;
      records.set(key, JSON.parse(JSON.stringify(value)));
    },
    clear: (key: string) => {
      lastAccesses += 1;
      if (!records.delete(key)) throw new Error(`cleared "${key}", which does not exist`);
    },
    keys: async () => [...records.keys()],
  };

  function apply(effect: QueueEffect): void {
    if (effect.kind === "wake") wakes.push(effect);
    else if (effect.kind === "cancel") cancelled.push(effect.executionId);
    else if (effect.kind === "reclaimed") reclaimed.push(effect.executionId);
    else
      answers.push({ ticket: ticketOf(effect.executionId, effect.number), at: now, answer: effect.answer });
  }

  async function perform(process: (run: QueueRun) => Promise<void> | void): Promise<void> {
    lastAccesses = 0;
    const { effects } = await processRequest(storage, now, async (run) => await process(run));
    for (const effect of effects) apply(effect);
  }

  return {
    get now() {
      return now;
    },
    get lastAccesses() {
      return lastAccesses;
    },
    records,
    answers,
    cancelled,
    reclaimed,
    do: perform,
    async start(name, request = {}) {
      const ticket = ticketOf(`inv_${name}` as ExecutionId, 0);
      const whole = { keys: { concurrency: "" }, priority: 0, ...request };
      await perform(async (run) => await acquire(run, ticket, whole, { limits, at: 1 }));
      return ticket;
    },
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = wakes.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
        if (next === undefined) break;
        wakes = wakes.filter((each) => each !== next);
        now = Math.max(now, next.at);
        await perform(async (run) => await wake(run, next.wake));
      }
      now = until;
    },
  };
}
