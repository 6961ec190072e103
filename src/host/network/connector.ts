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
  /** Whose sockets these are. */
  readonly workflowId: string;
}

/**
 * Opens sockets to permitted addresses only. A name is resolved once, its addresses are judged, and the
 * socket gets those that passed: between the judging and the opening nothing can change. Every connection
 * of every redirect comes through here, names, literal addresses and all.
 */
export function createConnector(connectorOptions: ConnectorOptions): buildConnector.connector {
  return (options, callback) => {
    permittedAddresses(connectorOptions, options).then(
      // A connector each: `lookup` is told neither the port nor what the policy made of the name.
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

/** What no rule of the operator opens, and then what none of them opens here. */
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
