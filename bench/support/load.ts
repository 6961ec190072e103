import { Pool } from "undici";
import { median, percentile } from "../statistics.ts";

/** A request that is made again and again. */
export interface Load {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** How many are under way at any time: each that ends is followed by another. */
  readonly concurrency: number;
}

/** How long it takes until that is steady, and how long it is then measured. */
export interface Window {
  readonly rampMs: number;
  readonly measuredMs: number;
}

/** A slow machine is measured for longer, but not for ever. */
const maxMeasuredMs = 8_000;

/** What came of a load. */
export interface Loaded {
  /** How many requests ended in a second of the time measured. */
  readonly rate: number;
  /** How long those took, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How many ended in all. */
  readonly requests: number;
}

/** Requests for a while, and until as many ended as are under way. */
export async function loadFor(load: Load, { rampMs, measuredMs }: Window): Promise<Loaded> {
  const client = openClient(load);
  const from = performance.now() + rampMs;
  const times: number[] = [];
  let requests = 0;
  let to = Number.POSITIVE_INFINITY;
  const work = async () => {
    while (performance.now() < to) {
      const took = await client.request();
      requests += 1;
      const now = performance.now();
      if (now < from || now >= to) continue;
      times.push(took);
      const isEnough = now >= from + measuredMs && times.length >= load.concurrency;
      if (isEnough || now >= from + maxMeasuredMs) to = now;
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, work));
  await client.close();
  const seconds = (to - from) / 1_000;
  return { rate: times.length / seconds, p50: median(times), p99: percentile(times, 0.99), requests };
}

/** So many requests in all. Answers with how long each took, in milliseconds. */
export async function loadOf(load: Load, count: number): Promise<number[]> {
  const client = openClient(load);
  const times: number[] = [];
  let left = count;
  const work = async () => {
    while (left-- > 0) times.push(await client.request());
  };
  await Promise.all(Array.from({ length: load.concurrency }, work));
  await client.close();
  return times;
}

interface Client {
  /** @returns how long it took, in milliseconds */
  request(): Promise<number>;
  close(): Promise<void>;
}

/** A connection for each request that is under way, and as little work here as can be: it is the same machine. */
function openClient({ url, headers, body, concurrency }: Load): Client {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: concurrency, headersTimeout: 0, bodyTimeout: 0 });
  const text = JSON.stringify(body);
  return {
    async request() {
      const startedAt = performance.now();
      const response = await pool.request({
        path: `${pathname}${search}`,
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: text,
      });
      if (response.statusCode >= 300)
        throw new Error(`${url} answered ${response.statusCode}: ${await response.body.text()}`);
      await response.body.dump();
      return performance.now() - startedAt;
    },
    close: async () => await pool.close(),
  };
}
