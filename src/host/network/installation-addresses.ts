import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import type { Resolve } from "./name-resolver.ts";

/**
 * The addresses of this installation and its Restate. A client with access to Restate's ports can read and replace all data,
 * so no exception of the egress policy opens them to workflows.
 */
export interface InstallationAddresses {
  /** Returns whether the address belongs to the installation itself. */
  include(address: string, port: number): Promise<boolean>;
}

export interface InstallationOptions {
  /** Ports of this machine, on any of its addresses. */
  readonly localPorts: readonly number[];
  /** Listeners on other machines, by the host names in the configuration. */
  readonly remote: readonly { readonly hostname: string; readonly port: number }[];
  readonly resolve: Resolve;
  /** The addresses of this machine's network interfaces. */
  readonly interfaceAddresses?: () => readonly string[];
}

export function createInstallationAddresses({
  localPorts,
  remote,
  resolve,
  interfaceAddresses = addressesOfInterfaces,
}: InstallationOptions): InstallationAddresses {
  async function isRemote(address: string, port: number): Promise<boolean> {
    const candidates = remote.filter((listener) => listener.port === port);
    const found = await Promise.all(
      candidates.map(async ({ hostname }) => await addressesOf(hostname, resolve)),
    );
    return found.some((addresses) => addresses === undefined || addresses.includes(address));
  }

  return {
    async include(given, port) {
      if (!ipaddr.isValid(given)) return false;
      const address = normalised(given);
      if (localPorts.includes(port) && isLocal(address, interfaceAddresses)) return true;
      return await isRemote(address, port);
    },
  };
}

/** Returns undefined if the addresses are unknown: then any address may be one of them. */
async function addressesOf(hostname: string, resolve: Resolve): Promise<readonly string[] | undefined> {
  if (ipaddr.isValid(hostname)) return [normalised(hostname)];
  try {
    return (await resolve(hostname)).map(({ address }) => normalised(address));
  } catch {
    return undefined;
  }
}

/** Linux routes the unspecified address and 127.0.0.0/8 to the machine itself. */
function isLocal(address: string, interfaceAddresses: () => readonly string[]): boolean {
  const range = ipaddr.parse(address).range();
  if (range === "loopback" || range === "unspecified") return true;
  return interfaceAddresses().some((each) => normalised(each) === address);
}

function addressesOfInterfaces(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
}

/** Returns the canonical form of an address: IPv4 for mapped IPv6, and without a zone. */
function normalised(address: string): string {
  return ipaddr.process(address.replace(/%.*$/, "")).toString();
}
