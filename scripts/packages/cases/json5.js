import JSON5 from "json5";
export function run() {
  return [JSON5.parse("{a: 1, /* c */ 'b': [0x10, +1, .5,],}"), JSON5.stringify({ a: "b" })];
}
