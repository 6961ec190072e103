import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { egressRefusal } from "./egress.ts";
import type { EgressPolicy } from "./egress.ts";
import { FetchError } from "./fetch-error.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a name. Rejects as `dns.lookup` does. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/**
 * Opens sockets to permitted addresses only. A name is resolved once, its addresses are judged, and the
 * socket gets those that passed: between the judging and the opening nothing can change. Every connection
 * of every redirect comes through here, names, literal addresses and all.
 */
export function createConnector(policy: EgressPolicy, resolve: Resolve): buildConnector.connector {
  return (options, callback) => {
    permittedAddresses(policy, resolve, options).then(
      // A connector each: `lookup` is told neither the port nor what the policy made of the name.
      (addresses) => buildConnector({ allowH2: false, ...pinnedTo(addresses) })(options, callback),
      (error: Error) => callback(error, null),
    );
  };
}

/** The resolver of the system: `/etc/hosts` counts, as it does for every other program. */
export async function resolveBySystem(hostname: string): Promise<readonly ResolvedAddress[]> {
  const addresses = await lookup(hostname, { all: true, order: "verbatim" });
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

async function permittedAddresses(
  policy: EgressPolicy,
  resolve: Resolve,
  { hostname, protocol, port }: buildConnector.Options,
): Promise<readonly ResolvedAddress[]> {
  const portNumber = port === "" ? defaultPorts[protocol] : Number(port);
  if (portNumber === undefined) throw new FetchError("egress-refused", `${protocol} has no port`);
  const found = await addressesOf(hostname, resolve);
  const judged = found.map((each) => ({
    each,
    refusal: egressRefusal(policy, { hostname, address: each.address, port: portNumber }),
  }));
  const permitted = judged.filter(({ refusal }) => refusal === undefined).map(({ each }) => each);
  if (permitted.length > 0) return permitted;
  throw refused(hostname, portNumber, judged[0]?.refusal);
}

const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

async function addressesOf(hostname: string, resolve: Resolve): Promise<readonly ResolvedAddress[]> {
  const family = isIP(hostname);
  if (family === 4 || family === 6) return [{ address: hostname, family }];
  try {
    return await resolve(hostname);
  } catch (error) {
    throw new FetchError("fetch-failed", `the name ${hostname} cannot be resolved`, { cause: error });
  }
}

/** Which address a name has inside of the installation's network is not for the workflow to know. */
function refused(hostname: string, port: number, refusal: string | undefined): FetchError {
  if (refusal === undefined) return new FetchError("fetch-failed", `the name ${hostname} has no address`);
  const what = isIP(hostname) === 0 ? `${hostname} is a name of` : `${hostname} is`;
  return new FetchError(
    "egress-refused",
    `connections to ${hostname} at port ${port} are refused: ${what} ${refusal}`,
  );
}

function pinnedTo(addresses: readonly ResolvedAddress[]): {
  readonly lookup: LookupFunction;
  readonly autoSelectFamily: true;
} {
  const [first] = addresses;
  return {
    autoSelectFamily: true,
    lookup: (_hostname, options, callback) => {
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? "", first?.family ?? 4);
    },
  };
}
