import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http2";
import { jwtVerify } from "jose";

/**
 * The request identity: Restate signs every request to an executor with an Ed25519 key, and an executor takes
 * nothing else. https://docs.restate.dev/services/security#request-identity
 */

/**
 * Sees to it that there is a private key in this file, as PEM that only its owner can read. The public key is
 * beside it, in `<file>.pub`, for executors that run elsewhere.
 */
export function ensureIdentityKey(privateKeyFile: string): void {
  if (existsSync(privateKeyFile)) return;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(`${privateKeyFile}.pub`, publicKey.export({ type: "spki", format: "pem" }));
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(privateKeyFile, pem, { mode: 0o600, flag: "wx" });
}

/**
 * The public key.
 *
 * @param keyFile PEM of the private or of the public key
 * @throws where the file cannot be read, or is of another kind of key
 */
export function readIdentityKey(keyFile: string): KeyObject {
  const pem = readFileSync(keyFile, "utf8");
  const key = pem.includes("PRIVATE KEY") ? createPublicKey(createPrivateKey(pem)) : createPublicKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`${keyFile} holds no Ed25519 key`);
  return key;
}

/** Whether Restate signed a request to `path` with these headers; at once where that is known. */
export type IdentityCheck = (path: string, headers: IncomingHttpHeaders) => boolean | Promise<boolean>;

/**
 * Scheme v1: a JWT of a minute (RFC 7519), signed by EdDSA (RFC 8037), whose audience is the path. Restate makes one for
 * each path and workflow and second, so most requests bring one that was verified with a request before: it is not
 * verified again.
 */
export function createIdentityCheck(key: KeyObject): IdentityCheck {
  /** When they expire, in seconds since the Unix epoch. */
  const verified = new Map<string, number>();
  const verify = async (path: string, token: string): Promise<boolean> => {
    const expires = await expiryOf(token, path, key);
    if (expires === undefined) return false;
    if (verified.size >= maxVerified) verified.clear();
    verified.set(`${path} ${token}`, expires);
    return true;
  };
  return (requestedPath, headers) => {
    const path = signedPath(requestedPath);
    const token = headers["x-restate-jwt-v1"];
    if (headers["x-restate-signature-scheme"] !== "v1" || typeof token !== "string") return false;
    const expires = verified.get(`${path} ${token}`);
    return expires !== undefined && Date.now() < expires * 1_000 ? true : verify(path, token);
  };
}

/** Without what the executor's address begins with, of which Restate, or a proxy before us, may take something away. */
function signedPath(path: string): string {
  return /\/(?:invoke\/[^/]+\/[^/]+|discover)$/.exec(path)?.[0] ?? path;
}

/** Half a kilobyte each. */
const maxVerified = 2_000;

async function expiryOf(token: string, path: string, key: KeyObject): Promise<number | undefined> {
  const wanted = { algorithms: ["EdDSA"], audience: path, requiredClaims: ["exp", "nbf", "iat"] };
  try {
    return (await jwtVerify(token, key, wanted)).payload.exp;
  } catch {
    return undefined;
  }
}
