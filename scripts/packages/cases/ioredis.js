import { Redis } from "ioredis";
export async function run() {
  const redis = new Redis({ lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: null, port: 1 });
  redis.on("error", () => {});
  return [typeof Redis, redis.status];
}
