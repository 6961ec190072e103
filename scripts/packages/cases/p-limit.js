import pLimit from "p-limit";
export async function run() {
  const limit = pLimit(2);
  let active = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3, 4].map(() =>
      limit(async () => {
        active += 1;
        most = Math.max(most, active);
        await new Promise((r) => setTimeout(r, 1));
        active -= 1;
      }),
    ),
  );
  return most;
}
