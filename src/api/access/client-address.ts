import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import proxyaddr from "proxy-addr";
import type { ApiContext } from "../contract/context.ts";

/** The address of the client that sent a request. */
export type ClientAddress = (context: ApiContext) => string;

/**
 * The address of the client: that of the connection, or, if the connection comes from one of `trustedProxies`, the one
 * in `X-Forwarded-For`. The header is ignored on other connections.
 *
 * @param trustedProxies addresses and ranges: `10.0.0.0/8`, `loopback`
 * @throws {TypeError} if an entry is neither
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyaddr.compile([...trustedProxies]);
  return ({ env }) => {
    const incoming = (env as { incoming?: IncomingMessage } | undefined)?.incoming;
    return incoming?.socket.remoteAddress === undefined ? "unknown" : proxyaddr(incoming, isTrusted);
  };
}

/** A client with one IPv6 address usually controls 2^64 of them, so these count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::")
    ? Array.from({ length: 8 - before.length - after.length }, () => "0")
    : [];
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
