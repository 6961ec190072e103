import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { egressDenialReason } from "./egress.ts";
import type { Destination, EgressPolicy } from "./egress.ts";
import { FetchError } from "./fetch-error.ts";
import type { ResolvedAddress, Resolve } from "./name-resolver.ts";

export interface ConnectorOptions {
  readonly policy: EgressPolicy;
  readonly resolve: Resolve;
  /** The workflow that owns the sockets. */
  readonly workflowId: string;
}

/**
 * Opens sockets to permitted addresses only. A name is resolved once, its addresses are checked, and the socket gets only the
 * permitted ones, so a name cannot change its addresses between the check and the connection. Every connection, also of
 * redirects and to literal addresses, is made here.
 */
export function createConnector(connectorOptions: ConnectorOptions): buildConnector.connector {
  return (options, callback) => {
    permittedAddresses(connectorOptions, options).then(
      // A connector for each connection, because `lookup` receives neither the port nor the policy's decision on the name.
      (addresses) => buildConnector({ allowH2: false, ...pinnedTo(addresses) })(options, callback),
      (error: Error) => callback(error, null),
    );
  };
}

async function permittedAddresses(
  { policy, resolve, workflowId }: ConnectorOptions,
  { hostname, protocol, port }: buildConnector.Options,
): Promise<readonly ResolvedAddress[]> {
  const portNumber = port === "" ? defaultPorts[protocol] : Number(port);
  if (portNumber === undefined) throw new FetchError("egress-refused", `${protocol} has no port`);
  const found = await addressesOf(hostname, resolve, workflowId);
  const judged = await Promise.all(
    found.map(async (each) => ({
      each,
      refusal: await refusalOf(policy, { hostname, address: each.address, port: portNumber }),
    })),
  );
  const permitted = judged.filter(({ refusal }) => refusal === undefined).map(({ each }) => each);
  if (permitted.length > 0) return permitted;
  throw refused(hostname, portNumber, judged[0]?.refusal);
}

/** Refuses addresses of the installation first, which no rule of the operator can allow, and then applies the rules. */
async function refusalOf(policy: EgressPolicy, destination: Destination): Promise<string | undefined> {
  const isOurs = await policy.installation?.include(destination.address, destination.port);
  return isOurs === true ? "an address of this installation" : egressDenialReason(policy, destination);
}

const defaultPorts: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

async function addressesOf(
  hostname: string,
  resolve: Resolve,
  workflowId: string,
): Promise<readonly ResolvedAddress[]> {
  const family = isIP(hostname);
  if (family === 4 || family === 6) return [{ address: hostname, family }];
  try {
    return await resolve(hostname, workflowId);
  } catch (error) {
    throw new FetchError("fetch-failed", `the name ${hostname} cannot be resolved`, { cause: error });
  }
}

/** The message omits the address of a name, because it could reveal the installation's internal network. */
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
