import { parse, stringify } from "smol-toml";
export function run() {
  return [parse('a = 1\n[b]\nc = ["d"]'), stringify({ a: { b: 1 } })];
}
