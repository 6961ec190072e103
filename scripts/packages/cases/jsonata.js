import jsonata from "jsonata";
export async function run() {
  return await jsonata(
    "{'total': $sum(items.(price * n)), 'names': items.name, 'when': $fromMillis(0)}",
  ).evaluate({
    items: [
      { name: "a", price: 2, n: 3 },
      { name: "b", price: 1.5, n: 2 },
    ],
  });
}
