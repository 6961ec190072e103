import { Pool } from "undici";
import { median, percentile } from "../statistics.ts";

/** A repeated request. */
export interface Load {
  /** Several URLs of one server are requested in turn. */
  readonly url: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The number of concurrent requests: each one that ends is followed by another. */
  readonly concurrency: number;
}

/** The duration until the load is steady, and the duration of the measurement. */
export interface Window {
  readonly rampMs: number;
  readonly measuredMs: number;
}

/** A slow machine is measured for longer, up to this bound. */
const maxMeasuredMs = 8_000;

/** The result of a load. */
export interface Loaded {
  /** Completed requests per second of the measured time. */
  readonly rate: number;
  /** Durations of those requests, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The number of completed requests. */
  readonly requests: number;
}

/** Sends requests for a while, and until as many have completed as are concurrent. */
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

/** Sends `count` requests and returns their durations, in milliseconds. */
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
  /** @returns the duration in milliseconds */
  request(): Promise<number>;
  close(): Promise<void>;
}

/**
 * One connection per concurrent request, and as little work as possible, because the client shares the
 * machine.
 */
function openClient({ url, headers, body, concurrency }: Load): Client {
  const urls = [url].flat().map((each) => new URL(each));
  let requests = 0;
  const pool = new Pool(urls[0]?.origin ?? "", {
    connections: concurrency,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const text = JSON.stringify(body);
  return {
    async request() {
      const startedAt = performance.now();
      const requested = urls[requests++ % urls.length];
      const response = await pool.request({
        path: `${requested?.pathname}${requested?.search}`,
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: text,
      });
      if (response.statusCode >= 300)
        throw new Error(`${requested?.href} answered ${response.statusCode}: ${await response.body.text()}`);
      await response.body.dump();
      return performance.now() - startedAt;
    },
    close: async () => await pool.close(),
  };
}
