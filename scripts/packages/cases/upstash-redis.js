import { Redis } from "@upstash/redis";
export async function run(_ctx, { origin }) {
  const redis = new Redis({
    url: `${origin}/upstash`,
    token: "t",
    retry: false,
    enableTelemetry: false,
    enableAutoPipelining: false,
  });
  return await redis.set("a", { b: 1 });
}
