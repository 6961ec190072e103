import { Worker } from "node:worker_threads";

/**
 * Ends this process when the parent has exited. Standard input is a pipe that the parent holds open; a worker
 * thread waits for its end, because the main thread is blocked while wizer runs.
 */
export function endWithParent(): void {
  const wait = `
    const { Socket } = require("node:net");
    new Socket({ fd: 0 }).resume().on("close", () => process.kill(-process.pid, "SIGKILL"));`;
  new Worker(wait, { eval: true }).unref();
}
