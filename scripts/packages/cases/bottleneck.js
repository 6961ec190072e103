import Bottleneck from "bottleneck";
export async function run() {
  const limiter = new Bottleneck({ maxConcurrent: 1, minTime: 5 });
  return await Promise.all([1, 2, 3].map((value) => limiter.schedule(async () => value * 2)));
}
