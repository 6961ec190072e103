import { DuraniumError } from "./errors.ts";

/**
 * Hosts that something may be sent to: `api.stripe.com`, `*.example.com` (every name under it, and not itself),
 * `api.example.com:8443`. It means HTTPS on port 443, unless a port, or `http://` in front, says otherwise; the port
 * `*` is any.
 */
export interface HostPattern {
  readonly text: string;
  readonly protocol: "https:" | "http:";
  /** Lower case, without its `*.`. */
  readonly host: string;
  readonly hasSubdomains: boolean;
  /** `*` is any. */
  readonly port: string;
}

const form = /^(?:(https?):\/\/)?(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/;

/** @throws {DuraniumError} `invalid-request` */
export function parseHostPattern(text: string): HostPattern {
  const [, scheme = "https", wildcard, host, port] = form.exec(text.toLowerCase()) ?? [];
  if (host === undefined) {
    throw new DuraniumError(
      "invalid-request",
      `${JSON.stringify(text.slice(0, 80))} names no hosts: write api.example.com, *.example.com, api.example.com:8443 or http://127.0.0.1:*`,
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

/** Whether a URL, as the URL standard parsed it, leads to one of the hosts. */
export function matchesHost(url: URL, pattern: HostPattern): boolean {
  if (url.protocol !== pattern.protocol) return false;
  const port = url.port === "" ? defaultPorts[pattern.protocol] : url.port;
  if (pattern.port !== "*" && pattern.port !== port) return false;
  // A name may end in the root's dot.
  const hostname = url.hostname.replace(/\.$/, "");
  return pattern.hasSubdomains ? hostname.endsWith(`.${pattern.host}`) : hostname === pattern.host;
}

const defaultPorts = { "https:": "443", "http:": "80" } as const;
