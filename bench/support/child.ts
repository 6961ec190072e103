import { fork } from "node:child_process";

/** A child process that sends one message once it is ready, and exits when its parent disconnects. */
export interface Child<Ready> extends AsyncDisposable {
  readonly ready: Ready;
  readonly pid: number | undefined;
}

/** @param entry a module that calls `serveParent` */
export async function startChild<Ready>(entry: URL, args: readonly string[] = []): Promise<Child<Ready>> {
  const child = fork(entry, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once("message", (message) => resolve(message as Ready));
    child.once("exit", (code) => reject(new Error(`${entry.href} exited with ${code} before it was ready`)));
  });
  return {
    ready,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** In the child: reports that it is ready, and exits when the parent has exited or disconnects. */
export function serveParent(ready: object): void {
  process.once("disconnect", () => process.exit());
  process.send?.(ready);
}
