import superjson from "superjson";
export function run() {
  return [
    superjson.stringify({ d: new Date(0), s: new Set([1]), b: 5n }),
    superjson.parse(superjson.stringify({ m: new Map([[1, 2]]) })).m.get(1),
  ];
}
