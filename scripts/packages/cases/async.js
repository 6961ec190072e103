import async from "async";
export async function run() {
  const seen = [];
  const queue = async.queue(async (task) => {
    seen.push(task);
  }, 2);
  queue.push(["a", "b"]);
  await queue.drain();
  return [
    seen,
    await async.mapLimit([1, 2], 1, async (n) => n + 1),
    await async.parallel({ x: async () => 1 }),
  ];
}
