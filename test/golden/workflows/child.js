/** What the others call. */
export async function run(ctx, payload) {
  if (ctx.entryPoint === "double") return payload * 2;
  if (ctx.entryPoint === "fail") throw new RangeError("this child fails");
  try {
    return await ctx.waitForEvent("never");
  } finally {
    await fetch(`${payload}/undone`, { method: "POST", body: "child" });
  }
}
