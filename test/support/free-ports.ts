import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { Server } from "node:net";

/**
 * Free ports that no other process of the tests uses. They are below the range of ephemeral ports: otherwise, an
 * instance that is stopped and started again would sometimes find its port in use by another connection. Above 10080
 * there is no port that browsers block (https://fetch.spec.whatwg.org/#port-blocking).
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = ownPorts.pop();
    if (port === undefined) ownPorts.push(...(await claimPorts()));
    else if (await isFree(port)) ports.push(port);
  }
  return ports;
}

const portRange = { first: 11_000, last: 32_767, atOnce: 64 };
const ownPorts: number[] = [];

/** Claims a block of ports by listening on its first one as long as this process runs. Returns the others. */
async function claimPorts(): Promise<number[]> {
  const { first, last, atOnce } = portRange;
  const claim = first + atOnce * randomInt(Math.floor((last - first) / atOnce));
  const server = await listenOn(claim);
  server?.unref();
  return server === undefined ? [] : Array.from({ length: atOnce - 1 }, (_, index) => claim + 1 + index);
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once("error", () => resolve(undefined)).listen(port, "127.0.0.1", () => resolve(server));
  });
}
