import PQueue from "p-queue";
export async function run() {
  const queue = new PQueue({ concurrency: 1 });
  const seen = [];
  queue.add(async () => seen.push("a"));
  queue.add(async () => seen.push("b"), { priority: 1 });
  await queue.onIdle();
  return seen;
}
