import { parse, stringify } from "yaml";
export function run() {
  return [parse("a: 1\nb: [x, &z {c: null}]\nd: *z\n"), stringify({ a: ["multi\nline", true, null] })];
}
