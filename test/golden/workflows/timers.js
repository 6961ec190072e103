/** What sleeps, ticks and is given up. */
export async function run(ctx) {
  const times = [Date.now()];
  await ctx.sleep(20);
  times.push(Date.now());
  await new Promise((resolve) => setTimeout(resolve, 10));
  const ticks = await new Promise((resolve) => {
    let count = 0;
    const interval = setInterval(() => {
      count += 1;
      if (count < 3) return;
      clearInterval(interval);
      resolve(count);
    }, 5);
  });
  clearTimeout(setTimeout(() => times.push("never"), 1));
  const controller = new AbortController();
  const givenUp = ctx.sleep("1h", { signal: controller.signal }).catch(({ name }) => name);
  setTimeout(() => controller.abort(), 10);
  const tooLong = await ctx.sleep("36500d").catch(({ name, code }) => ({ name, code }));
  const order = [];
  await Promise.all([3, 1, 2].map(async (place) => ctx.sleep(place * 20).then(() => order.push(place))));
  times.push(Date.now(), performance.now());
  return { times, ticks, givenUp: await givenUp, tooLong, order };
}
