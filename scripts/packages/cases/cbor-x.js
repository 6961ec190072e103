import { decode, encode } from "cbor-x";
export function run() {
  return decode(encode({ a: [1, "é", null, 1.5] }));
}
