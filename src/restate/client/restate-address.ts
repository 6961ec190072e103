import { Agent } from "undici";

/** Where an API of Restate's is: at a URL, or behind a Unix socket, where the URL's host is only a name. */
export interface RestateAddress {
  readonly url: string;
  readonly socketPath?: string;
}

/** Opens connections to an address, and keeps them for the next requests. */
export function connectTo({ socketPath }: RestateAddress): Agent {
  return new Agent(socketPath === undefined ? {} : { connect: { socketPath } });
}

/** For people. */
export function describeAddress({ url, socketPath }: RestateAddress): string {
  return socketPath ?? url;
}
