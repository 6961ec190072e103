import { setTimeout as delay } from "node:timers/promises";
import { startTarget } from "./target.ts";
import type { Target } from "./target.ts";

/** One request that the target worked on. Times are milliseconds since the Unix epoch. */
export interface Work {
  readonly key: string;
  readonly name: string;
  readonly startedAt: number;
  endedAt?: number;
}

export interface RecordingTarget extends Target {
  /** In the order of arrival. */
  readonly work: readonly Work[];
  /** The most requests that the target worked on at the same time, in total or with one key. */
  mostAtOnce(key?: string): number;
}

/** A target whose route `GET /work?key=…&name=…&ms=…` takes a time, and which records what it works on. */
export async function startRecordingTarget(): Promise<RecordingTarget> {
  const work: Work[] = [];
  const target = await startTarget({
    "GET /work": async ({ path }) => {
      const { searchParams } = new URL(path, "http://target");
      const [key, name] = ["key", "name"].map((each) => searchParams.get(each) ?? "");
      const current: Work = { key: key ?? "", name: name ?? "", startedAt: Date.now() };
      work.push(current);
      await delay(Number(searchParams.get("ms") ?? 50));
      current.endedAt = Date.now();
      return null;
    },
  });
  return Object.assign(target, { work, mostAtOnce: (key?: string) => mostAtOnce(work, key) });
}

function mostAtOnce(work: readonly Work[], key: string | undefined): number {
  const chosen = work.filter((each) => key === undefined || each.key === key);
  const active = (at: number) =>
    chosen.filter(({ startedAt, endedAt = Infinity }) => startedAt <= at && at < endedAt).length;
  return Math.max(0, ...chosen.map(({ startedAt }) => active(startedAt)));
}

/** Source of a workflow that makes one such request. */
export const workingSource = `
export async function run(ctx, { url, key = "", name = "", ms = 50 }) {
  await (await fetch(url + "/work?" + new URLSearchParams({ key, name, ms }))).text();
  return { name, at: Date.now() };
}
`;
