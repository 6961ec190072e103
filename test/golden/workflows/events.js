/** Events that come before and after they are waited for, late ones and none, and callbacks. */
export async function run(ctx, url) {
  const early = [await ctx.waitForEvent("step"), await ctx.waitForEvent("step")];
  const callback = ctx.createCallback();
  const unused = ctx.createCallback({ timeout: 30 }).promise.catch(({ name }) => name);
  await fetch(`${url}/callback`, { method: "POST", body: callback.url });
  const paid = await callback.promise;
  const none = await unused;
  const late = await ctx.waitForEvent("late", { timeout: 30 }).catch(({ name }) => name);
  await fetch(`${url}/ready`, { method: "POST" });
  const won = await Promise.race([ctx.waitForEvent("late"), ctx.sleep("1h").then(() => "slept")]);
  return { early, paid, none, late, won, callback: callback.url, now: Date.now() };
}
