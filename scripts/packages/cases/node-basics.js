import { EventEmitter } from "node:events";
import path from "path";
import util from "node:util";
import { Readable } from "node:stream";
export async function run() {
  const e = new EventEmitter();
  let got;
  e.once("x", (v) => (got = v));
  e.emit("x", 3);
  const chunks = [];
  for await (const c of Readable.from(["a", "b"])) chunks.push(c);
  return [
    got,
    path.join("a", "../b"),
    util.inspect({ a: [1, new Map([[1, 2]])] }),
    chunks,
    Buffer.from("héé").toString("base64"),
    process.version.slice(0, 2),
    typeof process.nextTick,
  ];
}
