/** Returns while fetches are outstanding: one that ends in time, one that asks for another, and one that does not. */
export async function run(ctx, url) {
  void fetch(`${url}/order`);
  void fetch(`${url}/part?1`).then(() => fetch(`${url}/part?2`));
  void fetch(`${url}/never`);
  setTimeout(() => console.log("nobody sees this"), 3_600_000);
  await ctx.sleep(1);
  return "returned";
}
