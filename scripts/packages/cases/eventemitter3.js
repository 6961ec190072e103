import { EventEmitter } from "eventemitter3";
export function run() {
  const emitter = new EventEmitter();
  const seen = [];
  emitter.on("a", (v) => seen.push(v));
  emitter.emit("a", 1);
  return seen;
}
