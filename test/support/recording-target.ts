import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { startTarget } from "./target.ts";
import type { Target } from "./target.ts";

/** One request that the target worked on. */
export interface Work {
  readonly key: string;
  readonly name: string;
  /** What it worked on when this request arrived. */
  readonly besides: readonly Work[];
}

export interface RecordingTarget extends Target {
  /** In the order of arrival. */
  readonly work: readonly Work[];
  /** The most requests that the target worked on at the same time, in total or with one key. */
  mostAtOnce(key?: string): number;
  /** Ends the work of all requests with `ms=held`, and of those that arrive later. */
  release(): void;
}

/**
 * A target whose route `GET /work?key=…&name=…&ms=…` takes a time, and which records what it works on. A request with
 * `ms=held` takes until `release`, or until its client closes the connection.
 */
export async function startRecordingTarget(): Promise<RecordingTarget> {
  const work: Work[] = [];
  const inProgress = new Set<Work>();
  const released = Promise.withResolvers<void>();
  const target = await startTarget({
    "GET /work": async ({ path }, response) => {
      const { searchParams } = new URL(path, "http://target");
      const [key = "", name = ""] = ["key", "name"].map((each) => searchParams.get(each) ?? "");
      const current: Work = { key, name, besides: [...inProgress] };
      work.push(current);
      inProgress.add(current);
      const ms = searchParams.get("ms") ?? 50;
      await (ms === "held" ? Promise.race([released.promise, once(response, "close")]) : delay(Number(ms)));
      inProgress.delete(current);
      return null;
    },
  });
  return Object.assign(target, {
    work,
    mostAtOnce: (key?: string) => mostAtOnce(work, key),
    release: released.resolve,
  });
}

function mostAtOnce(work: readonly Work[], key: string | undefined): number {
  const isChosen = (each: Work) => key === undefined || each.key === key;
  return Math.max(0, ...work.filter(isChosen).map(({ besides }) => 1 + besides.filter(isChosen).length));
}

/** Source of a workflow that makes one such request; `ms` is a number or "held". */
export const workingSource = `
export async function run(ctx, { url, key = "", name = "", ms = 50 }) {
  await (await fetch(url + "/work?" + new URLSearchParams({ key, name, ms }))).text();
  return { name, at: Date.now() };
}
`;
