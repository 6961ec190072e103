import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** What the workflows call: it counts their effects, and remembers when they came. */
export interface World extends AsyncDisposable {
  readonly url: string;
  /** How often each step of an execution was requested, by the job's ID. */
  readonly effects: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** When effects arrived, in milliseconds since the Unix epoch. */
  readonly times: readonly number[];
  /** The URLs of callbacks, by the job's ID. */
  readonly callbacks: ReadonlyMap<string, string>;
  /** Effects that came without a value of the secret. */
  readonly withoutSecret: readonly string[];
  /** The values of the secret. */
  readonly secrets: Set<string>;
  /** Ends the loops. */
  stopLoops(): void;
}

export async function startWorld(): Promise<World> {
  const effects = new Map<string, Map<string, number>>();
  const times: number[] = [];
  const callbacks = new Map<string, string>();
  const withoutSecret: string[] = [];
  const secrets = new Set<string>();
  let isStopping = false;
  const target: Target = await startTarget({
    "POST /effects": ({ body, headers }) => {
      const { id, step } = JSON.parse(body) as { readonly id: string; readonly step: string };
      const secret = (headers.authorization ?? "").replace("Bearer ", "");
      if (!secrets.has(secret)) withoutSecret.push(`${id} ${step}`);
      const steps = effects.get(id) ?? new Map<string, number>();
      effects.set(id, steps.set(step, (steps.get(step) ?? 0) + 1));
      times.push(Date.now());
      return { stop: isStopping };
    },
    "POST /callbacks": ({ body }) => {
      const { id, url } = JSON.parse(body) as { readonly id: string; readonly url: string };
      callbacks.set(id, url);
      return null;
    },
  });
  return {
    url: target.url,
    effects,
    times,
    callbacks,
    withoutSecret,
    secrets,
    stopLoops: () => void (isStopping = true),
    [Symbol.asyncDispose]: async () => await target[Symbol.asyncDispose](),
  };
}

/** The longest time between two effects, of those that came between two times. */
export function longestPauseMs(times: readonly number[], from: number, to: number): number {
  const within = [from, ...times.filter((time) => time > from && time < to), to];
  return Math.max(...within.slice(1).map((time, index) => time - (within[index] ?? time)));
}
