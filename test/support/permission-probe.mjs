/**
 * Preloaded into a confined process and its threads. It attempts forbidden operations and prints the outcome of
 * each on a line. In a thread that runs guests, it does so after the thread has dropped its initial permissions.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { WASI } from "node:wasi";
import { isMainThread, threadName } from "node:worker_threads";

const who = isMainThread ? "process" : threadName.replace(/ \d+$/, "");
// A thread is started from a text, so it has no path of a main file.
const [, main = join(process.cwd(), "src/main.ts")] = process.argv;
const dataDir = process.env["DURANIUM_DATA_DIR"];

const attempts = {
  "write outside": () => writeFileSync(join(tmpdir(), `duranium-probe-${process.pid}`), ""),
  "read outside": () => readFileSync("/etc/hosts"),
  wasi: () => new WASI({ version: "preview1" }),
  "write the release": () => writeFileSync(join(dirname(main), "probe"), ""),
  ...(dataDir === undefined ? {} : { "write inside": () => writeFileSync(join(dataDir, "probe"), "") }),
};

function probe(more) {
  for (const [what, attempt] of Object.entries({ ...attempts, ...more })) {
    writeSync(1, `probe: ${who}: ${what}: ${outcomeOf(attempt)}\n`);
  }
}

function outcomeOf(attempt) {
  try {
    attempt();
    return "done";
  } catch (error) {
    return error.code;
  }
}

if (process.permission !== undefined && isMainThread) probe({});
else if (process.permission !== undefined) {
  const timer = setInterval(() => {
    if (process.permission.has("worker")) return;
    clearInterval(timer);
    probe({
      "start a program": () => execFileSync("true"),
      "read the release": () => readFileSync(main),
    });
  }, 10);
  timer.unref();
}
