import { chmodSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { messageOf } from "../domain/errors.ts";
import { maxSocketPathBytes } from "../domain/limits.ts";

/**
 * A socket in the data directory by which a command on the same machine requests a backup from a running installation.
 * A process that can open the socket can also read the data directory, so no other authentication is needed.
 */
export type ControlSocket = AsyncDisposable;

/** A request to the socket. */
export interface BackupRequest {
  /** The absolute path of the backup. */
  readonly file: string;
  readonly withMasterKey: boolean;
}

/** Makes the backup and resolves to lines for the operator. */
export type BackupHandler = (request: BackupRequest) => Promise<string>;

const maxRequestBytes = 64 * 1_024;

function socketPathIn(dataDir: string): string {
  return join(dataDir, "control.sock");
}

/**
 * The caller holds the lock on the data directory, so an existing socket was left by a killed process.
 *
 * @returns `undefined` if the path is too long for a socket
 */
export async function openControlSocket(
  dataDir: string,
  backup: BackupHandler,
): Promise<ControlSocket | undefined> {
  const path = socketPathIn(dataDir);
  if (Buffer.byteLength(path) > maxSocketPathBytes) return undefined;
  rmSync(path, { force: true });
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, backup));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  chmodSync(path, 0o600);
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Requests a backup from the installation that runs on a data directory.
 *
 * @returns its lines for the operator, or `undefined` if no installation is running there
 * @throws the error that prevented the backup
 */
export async function requestBackup(dataDir: string, backup: BackupRequest): Promise<string | undefined> {
  const { status, text } = await post(socketPathIn(dataDir), JSON.stringify(backup));
  if (status === undefined) return undefined;
  if (status !== 200) throw new Error(text);
  return text;
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  backup: BackupHandler,
): Promise<void> {
  try {
    const lines = await backup(JSON.parse(await textOf(incoming)) as BackupRequest);
    outgoing.writeHead(200).end(lines);
  } catch (error) {
    outgoing.writeHead(500).end(messageOf(error));
  }
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxRequestBytes) throw new Error(`the message has more than ${maxRequestBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

interface Answer {
  /** Absent if no process listens on the socket. */
  readonly status?: number;
  readonly text: string;
}

async function post(socketPath: string, body: string): Promise<Answer> {
  return await new Promise<Answer>((resolve, reject) => {
    const outgoing = request({ socketPath, method: "POST", path: "/backup" }, (incoming) => {
      textOf(incoming).then((text) => resolve({ status: incoming.statusCode ?? 500, text }), reject);
    });
    outgoing.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve({ text: "" });
      else reject(error);
    });
    outgoing.end(body);
  });
}
