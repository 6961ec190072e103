/** Throws an error of its own. */
export async function run(ctx) {
  await ctx.sleep(1);
  check({ total: -1 });
}

class OrderError extends Error {
  name = "OrderError";
  code = "negative-total";
}

function check({ total }) {
  if (total < 0) throw new OrderError(`total is ${total}`);
}
