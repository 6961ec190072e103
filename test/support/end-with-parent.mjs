// Loaded into servers that tests start: a test process that is interrupted cannot stop them any more, so they end with it.
// Threads and processes of such a server inherit this import; they end with the server.
import { isMainThread } from "node:worker_threads";

const parent = Number(process.env["TEST_PROCESS"]);

if (isMainThread && process.ppid === parent) {
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 500).unref();
}
