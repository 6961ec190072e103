/**
 * What programs do, each at a place of which the target, the console, the state and the history know it.
 *
 * This file is deployed with every program, and runs inside the sandbox.
 */
import type { WorkflowContext } from "@duranium/workflow";
import type { Diary, Entry } from "./history.ts";

/** What an execution gets. */
export interface ProgramPayload {
  /** Of the target. */
  readonly url: string;
  /** The number of the run: operations are called `run/place`. A child has that of its parent. */
  readonly run: number;
  /** Where in the program of the run this execution begins: `"0"`, or the place of a child. */
  readonly at: string;
  /** Whether it may be cancelled, and reports it. */
  readonly isWatched: boolean;
  /** Whether it does not end before it is cancelled. */
  readonly stays: boolean;
}

/** What every request tells the target: all that its execution knows. */
export interface Knowledge {
  readonly execution: string;
  /** Where in the program of the run the execution began. */
  readonly root: string;
  readonly history: readonly Entry[];
  readonly now: number;
  readonly drawn: readonly unknown[];
  /** Where to call back. */
  readonly callback?: string;
  /** What was under way when the execution was cancelled, and was not told. */
  readonly deaf?: readonly string[];
}

/** The report of an execution as its result, or within the message of its failure. */
export type Report =
  | { readonly value: unknown; readonly history: readonly Entry[] }
  | { readonly message: string; readonly history: readonly Entry[] };

export interface Scene {
  readonly ctx: WorkflowContext;
  readonly payload: ProgramPayload;
  readonly diary: Diary;
}

export type Actions = ReturnType<typeof createActions>;

export function createActions(scene: Scene) {
  return {
    ...requests(scene),
    ...waits(scene),
    ...createStateActions(scene),
    ...calls(scene),
    ...sayings(scene),
  };
}

export async function request(
  { ctx, payload, diary }: Scene,
  { at, answer, ...also }: { at: string; answer: string; callback?: string; deaf?: readonly string[] },
  signal?: AbortSignal,
): Promise<unknown> {
  const drawn = [Math.random(), crypto.randomUUID(), ...crypto.getRandomValues(new Uint8Array(4))];
  const { executionId: execution } = ctx;
  const { history } = diary;
  const knows: Knowledge = { execution, root: payload.at, history, now: Date.now(), drawn, ...also };
  const init = { method: "POST", body: JSON.stringify(knows), ...(signal ? { signal } : {}) };
  const url = `${payload.url}/${payload.run}/${encodeURIComponent(at)}?${answer}`;
  const response = await fetch(url, init);
  if (answer === "bytes") return [response.status, ...new Uint8Array(await response.arrayBuffer())];
  return [response.status, await response.json()];
}

function requests(scene: Scene) {
  const { diary } = scene;
  async function fetched(at: string, answer: string): Promise<unknown> {
    try {
      return await diary.follow(at, request(scene, { at, answer }));
    } catch (error) {
      throw new Error(`${(error as Error).name} at ${at}`, { cause: error });
    }
  }
  async function limited(at: string, by: string, limitMs: number): Promise<unknown> {
    const controller = new AbortController();
    if (by === "controller") setTimeout(() => controller.abort(), limitMs);
    const signal = by === "controller" ? controller.signal : AbortSignal.timeout(limitMs);
    const answered = diary.follow(at, request(scene, { at, answer: "slow" }, signal));
    return await answered.catch((error) => (error as Error).name);
  }
  async function forgotten(at: string, answer: string): Promise<unknown> {
    fetched(at, answer).catch(() => {});
    return "begun";
  }
  return { fetched, limited, forgotten };
}

function waits(scene: Scene) {
  const { ctx, payload, diary } = scene;
  const slept = (at: string, durationMs: number) =>
    timely(durationMs, diary.follow(at, ctx.sleep(durationMs)));
  // A cancellation clears timers without a notification, so nothing follows them.
  async function timed(at: string, durationMs: number): Promise<unknown> {
    const passed = new Promise((resolve) => setTimeout(resolve, durationMs));
    const came = await timely(durationMs, passed);
    diary.note("ended", at);
    return came;
  }
  async function awaited(at: string, name: string, timeout?: number): Promise<unknown> {
    const event = ctx.waitForEvent(name, timeout === undefined ? {} : { timeout });
    return await inTime(
      diary.follow(at, event, (value) => value),
      () => `event ${name}`,
    );
  }
  async function calledBack(at: string, timeout?: number): Promise<unknown> {
    const { url, promise } = ctx.createCallback(timeout === undefined ? {} : { timeout });
    // The request may be under way when the wait has ended.
    const requested = diary.follow(at, request(scene, { at, answer: "callback", callback: url }));
    const came = Promise.all([diary.follow(`${at}.posted`, promise), requested]);
    const expected = JSON.stringify({ run: payload.run, at });
    return await inTime(came, ([value]) => (JSON.stringify(value) === expected ? "called back" : value));
  }
  return { slept, timed, awaited, calledBack };
}

async function timely(durationMs: number, wait: Promise<unknown>): Promise<unknown> {
  const before = Date.now();
  await wait;
  const passedMs = Date.now() - before;
  return passedMs >= durationMs ? "on time" : `after ${passedMs} ms of ${durationMs}`;
}

async function inTime<T>(came: Promise<T>, told: (value: T) => unknown): Promise<unknown> {
  try {
    return told(await came);
  } catch (error) {
    if ((error as Error).name === "TimeoutError") return "timed out";
    throw error;
  }
}

function createStateActions({ ctx: { state }, payload, diary }: Scene) {
  /** A key of its own. */
  async function kept(at: string, deletes: boolean): Promise<unknown> {
    const key = `${payload.run} ${at}`;
    const value = { at, drawn: Math.random() };
    async function keep(): Promise<string> {
      await state.set(key, value);
      const wasThere = JSON.stringify(await state.get(key)) === JSON.stringify(value);
      const wasListed = (await state.keys()).includes(key);
      if (deletes) await state.delete(key);
      const isThere = (await state.get(key)) !== undefined;
      return wasThere && wasListed && isThere !== deletes ? "kept" : "lost";
    }
    return await diary.follow(at, keep(), () => (deletes ? { deleted: key } : { key, value }));
  }
  /** A list that all executions of the workflow write to, each under its own names. */
  async function tallied(at: string): Promise<unknown> {
    const name = `${payload.run} ${at}`;
    const updated = state.update<readonly string[]>("tally", (names = []) => [...names, name]);
    const names = await diary.follow(at, updated, () => ({ tallied: name }));
    return names?.filter((each) => each === name).length === 1 ? "tallied" : "lost";
  }
  return { kept, tallied };
}

/** A child is the same workflow again, at another entry point. */
function calls({ ctx, payload, diary }: Scene) {
  const childOf = (at: string) => ({ ...payload, at: `${at}>` });
  async function called(at: string, entryPoint: string): Promise<unknown> {
    diary.note("began", at);
    const stays = payload.stays && !diary.sawCancellation;
    const call = ctx.call(ctx.workflowId, { entryPoint, payload: { ...childOf(at), stays } });
    try {
      return ((await diary.follow(at, call)) as unknown as { value: unknown }).value;
    } catch (error) {
      throw new Error(messageWithin(error as Error), { cause: error });
    }
  }
  async function sent(at: string, entryPoint: string, delayMs: number): Promise<unknown> {
    diary.note("began", at);
    const child = { ...childOf(at), isWatched: false, stays: false };
    const sending = ctx.send(ctx.workflowId, { entryPoint, payload: child, delay: delayMs });
    await diary.follow(at, sending, ({ executionId }) => executionId);
    return "sent";
  }
  return { called, sent };
}

/** Of the report that a failure is. */
function messageWithin({ name, message }: Error): string {
  return name === "Error" ? (JSON.parse(message) as { message: string }).message : name;
}

function sayings({ diary }: Scene) {
  async function said(at: string, level: "debug" | "info" | "warn" | "error"): Promise<unknown> {
    diary.say(level, at);
    return null;
  }
  return { said, thrown };
}

async function thrown(at: string): Promise<never> {
  throw new Error(`thrown at ${at}`);
}
