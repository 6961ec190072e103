import { DuraniumError } from "./errors.ts";

/**
 * A pattern for hosts: `api.stripe.com`, `*.example.com` (all its subdomains, but not the domain itself),
 * `api.example.com:8443`. It means HTTPS on port 443, unless it has a port or the prefix `http://`. The port `*` matches any
 * port.
 */
export interface HostPattern {
  readonly text: string;
  readonly protocol: "https:" | "http:";
  /** Lower case, without its `*.`. */
  readonly host: string;
  readonly hasSubdomains: boolean;
  /** `*` matches any port. */
  readonly port: string;
}

const form = /^(?:(https?):\/\/)?(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/;

/** @throws {DuraniumError} `invalid-request` */
export function parseHostPattern(text: string): HostPattern {
  const [, scheme = "https", wildcard, host, port] = form.exec(text.toLowerCase()) ?? [];
  if (host === undefined) {
    throw new DuraniumError(
      "invalid-request",
      `Invalid host pattern ${JSON.stringify(text.slice(0, 80))}: use api.example.com, *.example.com, api.example.com:8443 or http://127.0.0.1:*`,
    );
  }
  return {
    text,
    protocol: scheme === "http" ? "http:" : "https:",
    host,
    hasSubdomains: wildcard !== undefined,
    port: port ?? defaultPorts[scheme === "http" ? "http:" : "https:"],
  };
}

/** True if the URL matches the pattern. */
export function matchesHost(url: URL, pattern: HostPattern): boolean {
  if (url.protocol !== pattern.protocol) return false;
  const port = url.port === "" ? defaultPorts[pattern.protocol] : url.port;
  if (pattern.port !== "*" && pattern.port !== port) return false;
  // A fully qualified name may end with a dot.
  const hostname = url.hostname.replace(/\.$/, "");
  return pattern.hasSubdomains ? hostname.endsWith(`.${pattern.host}`) : hostname === pattern.host;
}

const defaultPorts = { "https:": "443", "http:": "80" } as const;
