import { chmodSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { messageOf } from "../domain/errors.ts";
import { maxSocketPathBytes } from "../domain/limits.ts";

/**
 * The socket in the data directory by which a command on the same machine asks a running installation for a backup. Whoever
 * can open the socket can read the data directory anyway: there is no other authentication.
 */
export type ControlSocket = AsyncDisposable;

/** What the socket can be asked for. */
export interface BackupRequest {
  /** The file that is made. Absolute. */
  readonly file: string;
  readonly withMasterKey: boolean;
}

/** Answers with lines for the operator. */
export type BackupHandler = (request: BackupRequest) => Promise<string>;

const maxRequestBytes = 64 * 1_024;

function socketPathIn(dataDir: string): string {
  return join(dataDir, "control.sock");
}

/**
 * The caller holds the lock on the data directory, so a socket that is there is one that a killed process left.
 *
 * @returns `undefined` where the path is too long for a socket
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
 * Asks the installation that runs on a data directory for a backup.
 *
 * @returns its lines for the operator, or `undefined` where none runs there
 * @throws what kept it from making the backup
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
  /** Absent where nothing listens. */
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
