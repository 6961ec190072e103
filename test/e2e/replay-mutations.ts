/** A workflow, and changes to it that a replay must find, each at its line. */

export const original = `export async function run(ctx, url) {
  const seen = await ctx.state.get("seen");
  const order = await fetch(url + "/order", { method: "POST", body: "order" });
  const { id } = await order.json();
  const [stock, price] = await Promise.all([
    fetch(url + "/stock/" + id, { headers: { accept: "application/json" } }),
    fetch(url + "/price/" + id),
  ]);
  await ctx.sleep("20ms");
  const amount = (await price.json()).price * 2;
  const left = (await stock.json()).left;
  const child = await ctx.call("pays", { payload: { amount } });
  await ctx.state.set("seen", (seen ?? 0) + 1);
  await ctx.send("pays", { payload: { amount: 1 } });
  const timer = await new Promise((done) => setTimeout(() => done("late"), 15));
  const note = await fetch(url + "/note", { method: "PUT", body: JSON.stringify({ amount, left, timer }) });
  if (note.status !== 200) throw new Error("no note");
  return { amount, left, child, timer };
}
`;

export interface Mutation {
  readonly from: string;
  readonly to: string;
  readonly outcome: string;
  /** Of the change. Absent where only the result differs. */
  readonly line?: number;
}

export const mutations: readonly Mutation[] = [
  { from: 'get("seen")', to: 'get("met")', outcome: "different", line: 2 },
  { from: '"/order", {', to: '"/orders", {', outcome: "different", line: 3 },
  {
    from: 'method: "POST", body: "order"',
    to: 'method: "PUT", body: "order"',
    outcome: "different",
    line: 3,
  },
  { from: 'body: "order"', to: 'body: "Order"', outcome: "different", line: 3 },
  { from: '"/stock/" + id', to: '"/stock/" + id + "?all"', outcome: "different", line: 6 },
  { from: 'accept: "application/json"', to: 'accept: "text/plain"', outcome: "different", line: 6 },
  { from: '"/price/" + id', to: '"/price/" + id + 1', outcome: "different", line: 7 },
  { from: 'sleep("20ms")', to: 'sleep("21ms")', outcome: "different", line: 9 },
  { from: ".price * 2", to: ".price * 3", outcome: "different", line: 12 },
  { from: 'call("pays", {', to: 'call("pays-twice", {', outcome: "different", line: 12 },
  { from: "(seen ?? 0) + 1", to: "(seen ?? 0) + 2", outcome: "different", line: 13 },
  { from: "payload: { amount: 1 }", to: "payload: { amount: 2 }", outcome: "different", line: 14 },
  { from: '"late"), 15', to: '"late"), 16', outcome: "different", line: 15 },
  { from: "{ amount, left, timer })", to: "{ amount, left })", outcome: "different", line: 16 },
  { from: '  await ctx.sleep("20ms");\n', to: "\n", outcome: "endsEarlier", line: 9 },
  {
    from: '  await ctx.send("pays", { payload: { amount: 1 } });\n',
    to: "\n",
    outcome: "endsEarlier",
    line: 14,
  },
  {
    from: "  return {",
    to: '  await ctx.state.delete("seen"); return {',
    outcome: "asksForMore",
    line: 18,
  },
  {
    from: "  const left",
    to: '  await ctx.waitForEvent("more"); const left',
    outcome: "asksForMore",
    line: 11,
  },
  { from: "note.status !== 200", to: "note.status === 200", outcome: "throws", line: 17 },
  { from: "(await stock.json()).left", to: "(await stock.json()).right.left", outcome: "throws", line: 11 },
  { from: "return { amount,", to: "return { amount: -amount,", outcome: "otherResult" },
];
