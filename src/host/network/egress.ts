import ipaddr from "ipaddr.js";
import type { InstallationAddresses } from "./installation-addresses.ts";

/**
 * The egress policy: fetches of workflows may reach every address of the public internet, and other addresses only if the
 * operator allows them.
 *
 * The policy checks resolved addresses, and the socket is opened to exactly the checked addresses (`connector.ts`). So neither
 * an unusual notation of an address nor a changed DNS record can bypass it.
 */
export interface EgressPolicy {
  readonly allow: readonly AllowRule[];
  /** Addresses that are always refused. Absent if there is no installation, as in a preview. */
  readonly installation?: InstallationAddresses;
}

/** One entry of the list: hosts and a port. */
interface AllowRule {
  readonly matches: (destination: Destination) => boolean;
  readonly port: number | "*";
}

/** A socket that is about to be opened. */
export interface Destination {
  /** The normalized host of the URL: a name, or an address without brackets. */
  readonly hostname: string;
  /** One of the addresses of `hostname`. */
  readonly address: string;
  readonly port: number;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Returns why a socket may not be opened, as the end of "… is a private address", or undefined if it may. The ranges are those
 * of RFC 6890 and its successors, as implemented by `ipaddr.js`. An address in none of them is public.
 */
export function egressDenialReason(policy: EgressPolicy, destination: Destination): string | undefined {
  if (policy.allow.some((rule) => permits(rule, destination))) return undefined;
  if (!ipaddr.isValid(destination.address)) return "no address";
  const address = ipaddr.parse(destination.address);
  if (metadataAddresses.has(address.toString())) return "the address of a metadata service";
  const range: string = address.range();
  if (range === "unicast" && isGlobal(address)) return undefined;
  return rangeNames[range] ?? "an address that is not public";
}

/**
 * Reads `DURANIUM_EGRESS_ALLOW`: entries `host:port`, separated by commas. A host is a name, an address or
 * a range in CIDR notation, IPv6 in brackets; the port may be `*`. `127.0.0.1:*`, `localhost:3000`,
 * `10.0.0.0/8:*`, `[::1]:8080`, `[fd00::/8]:*`. A name opens whatever it resolves to.
 *
 * @throws {Error} names the entry that cannot be read
 */
export function parseEgressAllow(text: string): EgressPolicy {
  const entries = text.split(",").map((entry) => entry.trim());
  return { allow: entries.filter((entry) => entry !== "").map(parseRule) };
}

/** Addresses of cloud metadata services. */
const metadataAddresses: ReadonlySet<string> = new Set([
  // Azure: a public address that the host of the virtual machine serves.
  "168.63.129.16",
  // The others are in refused ranges anyway, and are listed for a precise message.
  "169.254.169.254",
  "100.100.100.200",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
]);

const rangeNames: Readonly<Record<string, string>> = {
  unspecified: "the unspecified address",
  broadcast: "a broadcast address",
  multicast: "a multicast address",
  linkLocal: "a link-local address",
  loopback: "a loopback address",
  carrierGradeNat: "a carrier-grade NAT address",
  private: "a private address",
  uniqueLocal: "a private address",
  deprecatedSiteLocal: "a private address",
  reserved: "a reserved address",
  ipv4Mapped: "an IPv4 address in IPv6 form",
  rfc6145: "an IPv4 address in IPv6 form",
  rfc6052: "an IPv4 address in IPv6 form",
  "6to4": "an IPv4 address in IPv6 form",
  teredo: "an IPv4 address in IPv6 form",
};

/** IANA allocates IPv6 addresses from 2000::/3 only. The deprecated `::a.b.c.d` is outside of it. */
const globalIpv6 = ipaddr.parseCIDR("2000::/3");

function isGlobal(address: Address): boolean {
  return address.kind() === "ipv4" || address.match(globalIpv6);
}

function permits(rule: AllowRule, destination: Destination): boolean {
  return (rule.port === "*" || rule.port === destination.port) && rule.matches(destination);
}

function parseRule(entry: string): AllowRule {
  const [, bracketed, plain, rest = "", port = ""] = rulePattern.exec(entry) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw unreadable(entry, "write host:port, with * for every port");
  return { matches: parseHost(entry, `${host}${rest}`), port: parsePort(entry, port) };
}

/** `[address]` or `[address/bits]` or `[address]/bits` or anything without a colon; then `:port`. */
const rulePattern = /^(?:\[([^[\]]*:[^[\]]*)\]|([^[\]:/]+))(\/\d+)?:(\*|\d+)$/;

function parseHost(entry: string, host: string): AllowRule["matches"] {
  if (host.includes("/")) return inRange(parseRange(entry, host));
  if (isAddress(host)) return inRange([ipaddr.parse(host), host.includes(":") ? 128 : 32]);
  if (!namePattern.test(host) || looksLikeAddress(host)) {
    throw unreadable(entry, `"${host}" is not a host name, address or range`);
  }
  return ({ hostname }) => withoutFinalDot(hostname) === withoutFinalDot(host.toLowerCase());
}

const namePattern = /^(?=.{1,253}$)[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*\.?$/i;

function parseRange(entry: string, host: string): [Address, number] {
  const [base = ""] = host.split("/");
  if (!isAddress(base) || !ipaddr.isValidCIDR(host)) throw unreadable(entry, `"${host}" is not a range`);
  return ipaddr.parseCIDR(host);
}

/** The operator's list accepts addresses in canonical notation only: no octal numbers, no missing parts. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** URL parsers treat a host whose last part is a number as an address, so such a name could never match. */
function looksLikeAddress(host: string): boolean {
  return /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i.test(host);
}

function inRange([base, bits]: [Address, number]): AllowRule["matches"] {
  return ({ address }) => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.parse(address);
    return parsed.kind() === base.kind() && parsed.match(base, bits);
  };
}

function withoutFinalDot(name: string): string {
  return name.replace(/\.$/, "");
}

function parsePort(entry: string, text: string): number | "*" {
  if (text === "*") return "*";
  const port = Number(text);
  if (port >= 1 && port <= 65_535) return port;
  throw unreadable(entry, `${text} is not a port: use 1 to 65535, or *`);
}

function unreadable(entry: string, why: string): Error {
  return new Error(`Cannot read "${entry}" in the list of allowed destinations: ${why}`);
}
