import { parse, stringify } from "ini";
export function run() {
  return [parse("a=1\n[b.c]\nd=x\n"), stringify({ a: 1, b: { c: "x" } })];
}
