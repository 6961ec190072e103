import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createClientAddress } from "../api/access/client-address.ts";
import type { ClientAddress } from "../api/access/client-address.ts";
import type { Config } from "../config/config.ts";
import { messageOf } from "../domain/errors.ts";
import { parseHostRates } from "../api/workflows/operator-rates.ts";
import type { HostRates } from "../domain/automation/host-rates.ts";
import { parseEgressAllow } from "../host/network/egress.ts";
import type { EgressPolicy } from "../host/network/egress.ts";
import { readIdentityKey } from "../restate/endpoint/request-identity.ts";
import { hasPidFile } from "../restate/server/pid-file.ts";
import { PortTakenError } from "../restate/server/restate-process.ts";
import { parseKeys } from "../stores/data-directory/key-ring.ts";

/**
 * Checks what is cheap to check in a configuration: values that only their modules can parse, key files, and ports. It runs
 * before the web UI and the engine are built, which takes long.
 *
 * @throws an error that names the variable
 */
export async function checkStart(config: Config): Promise<void> {
  parseTrustedProxies(config);
  parseEgress(config);
  parseEgressRate(config);
  checkMasterKey(config);
  checkIdentityKey(config);
  await checkPorts(config);
}

export function parseTrustedProxies({ trustedProxies }: Config): ClientAddress {
  return withErrorPrefix("DURANIUM_TRUSTED_PROXIES", () => createClientAddress(trustedProxies));
}

export function parseEgress({ egressAllow }: Config): EgressPolicy {
  return withErrorPrefix("DURANIUM_EGRESS_ALLOW", () => parseEgressAllow(egressAllow));
}

export function parseEgressRate({ egressRate }: Config): HostRates {
  return withErrorPrefix("DURANIUM_EGRESS_RATE", () => parseHostRates(egressRate));
}

/** @param source the variable or the path of the file, for the message */
export function withErrorPrefix<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${source} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** Replaces the errors of `listen` by errors that name the variable to change. */
export async function withPortErrors<T>(
  variable: string,
  port: number,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") throw new PortTakenError(variable, port);
    if (code === "EACCES")
      throw new Error(`Cannot listen on port ${port}: permission denied. Set ${variable} to another port`, {
        cause: error,
      });
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      const host = variable === "PORT" ? "HOST" : "DURANIUM_EXECUTOR_HOST";
      throw new Error(`${host} is not an address of this machine: ${messageOf(error)}`, { cause: error });
    }
    throw error;
  }
}

/** A missing file is not an error here: the start creates it, unless stored data depend on it. */
function checkMasterKey({ masterKey, masterKeyFile }: Config): void {
  if (masterKey !== undefined) withErrorPrefix("DURANIUM_MASTER_KEY", () => parseKeys(masterKey));
  else if (existsSync(masterKeyFile))
    withErrorPrefix(masterKeyFile, () => parseKeys(readFileSync(masterKeyFile, "utf8")));
}

function checkIdentityKey({ restate, role }: Config): void {
  const { identityKeyFile } = restate;
  if (role === "api" || identityKeyFile === undefined) return;
  if (restate.kind === "external" || existsSync(identityKeyFile))
    withErrorPrefix("RESTATE_IDENTITY_KEY", () => readIdentityKey(identityKeyFile));
}

async function checkPorts(config: Config): Promise<void> {
  const { api, executor, restate, role } = config;
  await assertPortFree("PORT", api);
  if (role !== "api") await assertPortFree("DURANIUM_EXECUTOR_PORT", executor);
  // A server that outlived its process may still hold its ports. The start waits until it has ended.
  if (restate.kind === "external" || restate.ports === undefined) return;
  if (hasPidFile(join(config.dataDir, "restate"))) return;
  const host = "127.0.0.1";
  await assertPortFree("RESTATE_INGRESS_PORT", { host, port: restate.ports.ingress });
  await assertPortFree("RESTATE_ADMIN_PORT", { host, port: restate.ports.admin });
  await assertPortFree("RESTATE_NODE_PORT", { host, port: restate.ports.node });
}

async function assertPortFree(variable: string, { host, port }: Config["api"]): Promise<void> {
  await withPortErrors(variable, port, async () => {
    const probe = createServer();
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject).listen(port, host, () => probe.close(() => resolve()));
    });
  });
}
