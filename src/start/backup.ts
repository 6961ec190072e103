import { join } from "node:path";
import { makeBackup } from "../backup/backup.ts";
import type { InstallationPaths } from "../backup/backup.ts";
import { openControlSocket } from "../backup/control.ts";
import type { BackupRequest } from "../backup/control.ts";
import type { Manifest } from "../backup/manifest.ts";
import type { Config } from "../config/config.ts";
import type { RestateServer } from "../restate/server/restate-server.ts";
import { packageVersion } from "./parts.ts";
import type { Parts } from "./parts.ts";

/** The paths that a backup reads and a restore writes. */
export function installationPaths(config: Config, withMasterKey = true): InstallationPaths {
  const isEmbedded = config.restate.kind === "embedded";
  return {
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    artifactsDir: config.artifactsDir,
    restateDir: isEmbedded ? join(config.dataDir, "restate") : undefined,
    masterKeyFile: withMasterKey && config.masterKey === undefined ? config.masterKeyFile : undefined,
    identityKeyFile: isEmbedded ? config.restate.identityKeyFile : undefined,
  };
}

/** The executors of this installation. */
export interface DrainableExecutor {
  drain(timeoutMs: number): Promise<void>;
  reopen(): void;
}

/** Makes backups of this running installation for commands on the same machine. Backups run one at a time. */
export async function serveBackups(
  parts: Parts,
  server: RestateServer,
  executor: DrainableExecutor,
): Promise<void> {
  const { config, stack, log } = parts;
  let last: Promise<unknown> = Promise.resolve();
  const backUp = async ({ file, withMasterKey }: BackupRequest) => {
    const manifest = await makeBackup({
      paths: installationPaths(config, withMasterKey),
      file,
      release: packageVersion(),
      whileStopped: async (work) => await whileQuiet(work, server, executor, config.drainTimeoutMs),
    });
    return backupLine(file, manifest, config);
  };
  const socket = await openControlSocket(config.dataDir, async (request) => {
    const backup = last.then(async () => await backUp(request));
    last = backup.catch(() => {});
    return await backup;
  });
  if (socket !== undefined) stack.use(socket);
  else
    log.warn("the path of the data directory is too long for a Unix socket: stop Duranium to make a backup");
}

/** Waits for the effects in flight before Restate stops, so that they are journaled and need not run again. */
async function whileQuiet<T>(
  work: () => Promise<T>,
  server: RestateServer,
  executor: DrainableExecutor,
  drainTimeoutMs: number,
): Promise<T> {
  await executor.drain(drainTimeoutMs);
  try {
    return await server.whileStopped(work);
  } finally {
    executor.reopen();
  }
}

/** The message about a finished backup. */
export function backupLine(
  file: string,
  { files, hasExecutions, hasMasterKey }: Manifest,
  { objectStorage }: Pick<Config, "objectStorage">,
): string {
  return [
    `Backup made and verified: ${file}, ${Object.keys(files).length} files`,
    ...(hasExecutions
      ? []
      : ["Executions are not part of it: back up the data of your Restate server as well"]),
    ...(objectStorage === undefined
      ? []
      : [`Artifacts are not part of it: protect the bucket "${objectStorage.bucket}" as well`]),
    hasMasterKey
      ? "It has the master key, and with it every secret: keep it as you keep those"
      : "The master key is not part of it: without that key the secrets cannot be decrypted",
  ].join("\n");
}
