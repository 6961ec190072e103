import { Agent } from "undici";

/** The address of one of Restate's APIs: a URL, and optionally a Unix socket. With a socket, the URL's host is not resolved. */
export interface RestateAddress {
  readonly url: string;
  readonly socketPath?: string;
}

/** Returns an agent that connects to this address and reuses its connections. */
export function connectTo({ socketPath }: RestateAddress): Agent {
  return new Agent(socketPath === undefined ? {} : { connect: { socketPath } });
}

/** Returns the address as error messages show it. */
export function describeAddress({ url, socketPath }: RestateAddress): string {
  return socketPath ?? url;
}
