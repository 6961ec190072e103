import qs from "qs";
export function run() {
  return [
    qs.parse("a[b][]=1&a[b][]=2&c.d=e", { allowDots: true }),
    qs.stringify({ a: { b: [1, 2] }, c: "ä b" }),
  ];
}
