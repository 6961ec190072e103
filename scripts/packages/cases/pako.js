import * as pako from "pako";
export function run() {
  const packed = pako.gzip("hello ".repeat(50));
  return [packed.length < 100, new TextDecoder().decode(pako.ungzip(packed)).length];
}
