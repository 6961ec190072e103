import pMap from "p-map";
export async function run() {
  return await pMap([1, 2, 3], async (n) => n * 2, { concurrency: 2 });
}
