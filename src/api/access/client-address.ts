import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import proxyaddr from "proxy-addr";
import type { ApiContext } from "../contract/context.ts";

/** Where a request came from. */
export type ClientAddress = (context: ApiContext) => string;

/**
 * The address of the client: of the connection, or, where that is one of `trustedProxies`, what the proxy said in
 * `X-Forwarded-For`. What anybody else says there is not believed.
 *
 * @param trustedProxies addresses and ranges: `10.0.0.0/8`, `loopback`
 * @throws {TypeError} where one of them is neither
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyaddr.compile([...trustedProxies]);
  return ({ env }) => {
    const incoming = (env as { incoming?: IncomingMessage } | undefined)?.incoming;
    return incoming?.socket.remoteAddress === undefined ? "unknown" : proxyaddr(incoming, isTrusted);
  };
}

/** Who has one address of IPv6 has 2^64 of them: those count as one. */
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
