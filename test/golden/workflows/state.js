/** Every action on the state, one of them refused and tried again. */
export async function run({ state }) {
  const missing = (await state.get("cart")) === undefined;
  await state.set("cart", { items: ["apple"], total: 3.5 });
  const cart = await state.get("cart");
  const counts = await Promise.all([1, 2].map(() => state.update("count", (count = 0) => count + 1)));
  const keys = await state.keys();
  await state.update("count", () => undefined);
  await state.delete("cart");
  return { missing, cart, counts, keys, left: await state.keys() };
}
