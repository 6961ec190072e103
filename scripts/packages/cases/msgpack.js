import { decode, encode } from "@msgpack/msgpack";
export function run() {
  return [Buffer.from(encode({ a: [1, "é", null, 1.5] })).toString("hex"), decode(encode({ b: true }))];
}
