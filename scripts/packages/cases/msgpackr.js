import { pack, unpack } from "msgpackr";
export function run() {
  return unpack(pack({ a: [1, "é", null, 1.5], b: { c: true } }));
}
