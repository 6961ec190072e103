/** Children that end well, that fail, that are given up and that nobody waits for. */
export async function run(ctx, url) {
  const result = await ctx.call("child", { entryPoint: "double", payload: 21 });
  const failed = await ctx
    .call("child", { entryPoint: "fail" })
    .catch(({ name, message }) => ({ name, message }));
  const noSuch = await ctx.call("no-such-workflow").catch(({ name, code }) => ({ name, code }));
  const badName = await ctx.call("No Workflow").catch(({ name }) => name);
  const controller = new AbortController();
  const child = ctx.call("child", { entryPoint: "wait", payload: url, signal: controller.signal });
  const givenUp = child.catch(({ name }) => name);
  await ctx.sleep(200);
  controller.abort();
  const { executionId } = await ctx.send("child", { entryPoint: "double", payload: 1, delay: 50 });
  return { result, failed, noSuch, badName, givenUp: await givenUp, executionId };
}
