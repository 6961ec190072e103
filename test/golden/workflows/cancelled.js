/** Is cancelled while it waits for everything at once, and cleans up. */
export async function run(ctx, url) {
  const waits = [
    ctx.sleep("1h"),
    ctx.waitForEvent("never"),
    fetch(`${url}/never`),
    ctx.call("child", { entryPoint: "wait", payload: url }),
  ];
  const results = await Promise.allSettled(waits);
  try {
    throw results[0].reason;
  } finally {
    console.error(
      "cancelled",
      results.map(({ reason }) => reason.name),
    );
    await ctx.sleep(20);
    await fetch(`${url}/undone`, { method: "POST", body: "cancelled" });
  }
}
