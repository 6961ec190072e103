import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded by `--import` into a process of Duranium: shifts its clock by the number of milliseconds in the file that
 * `SHIFTED_CLOCK` names. The process reads the file again at SIGUSR2.
 *
 * Restate's clock is not shifted, and its SDK turns delays into times, so the SDK sees the real time.
 */
const { now } = Date;
let offset = read();
if (isMainThread) process.on("SIGUSR2", () => (offset = read()));
Date.now = () => (isCalledBySdk() ? now() : now() + offset);

function isCalledBySdk() {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 4;
  const { stack } = new Error("Where is it?");
  Error.stackTraceLimit = stackTraceLimit;
  return stack.includes("@restatedev");
}

function read() {
  try {
    return Number(readFileSync(process.env.SHIFTED_CLOCK, "utf8"));
  } catch {
    return 0;
  }
}
