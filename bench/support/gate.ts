import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server in this process that holds requests until it is opened. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Resolves when `count` requests are held. */
  holds(count: number): Promise<void>;
  /** Answers all held requests. */
  open(): void;
}

export async function startGate(): Promise<Gate> {
  const held: ServerResponse[] = [];
  let onHeld: (() => void) | undefined;
  const server = createServer((request, response) => {
    request.resume();
    held.push(response);
    onHeld?.();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async holds(count) {
      while (held.length < count) await new Promise<void>((resolve) => (onHeld = resolve));
    },
    open() {
      for (const response of held.splice(0)) response.end('{"count":1}');
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
