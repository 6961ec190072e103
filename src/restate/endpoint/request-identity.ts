import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http2";
import { jwtVerify } from "jose";

/**
 * Request identity: Restate signs every request to an executor with an Ed25519 key, and the executor rejects all other
 * requests. https://docs.restate.dev/services/security#request-identity
 */

/**
 * Creates a private key in this file unless it exists, as PEM that only the owner of the file can read. The public key is
 * written to `<file>.pub`, for executors on other machines.
 */
export function ensureIdentityKey(privateKeyFile: string): void {
  if (existsSync(privateKeyFile)) return;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(`${privateKeyFile}.pub`, publicKey.export({ type: "spki", format: "pem" }));
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  writeFileSync(privateKeyFile, pem, { mode: 0o600, flag: "wx" });
}

/**
 * Reads the public key.
 *
 * @param keyFile PEM of the private or the public key
 * @throws if the file cannot be read, or contains a key of another type
 */
export function readIdentityKey(keyFile: string): KeyObject {
  const pem = readFileSync(keyFile, "utf8");
  const key = pem.includes("PRIVATE KEY") ? createPublicKey(createPrivateKey(pem)) : createPublicKey(pem);
  if (key.asymmetricKeyType !== "ed25519")
    throw new Error(`Cannot use the key in ${keyFile}: it is not an Ed25519 key`);
  return key;
}

/** Returns whether Restate signed a request to `path` with these headers; without a promise if the token is cached. */
export type IdentityCheck = (path: string, headers: IncomingHttpHeaders) => boolean | Promise<boolean>;

/**
 * Scheme v1: a JWT (RFC 7519) that is valid for a minute, signed with EdDSA (RFC 8037), whose audience is the path. Restate
 * issues one for each path, workflow and second, so most requests bring a token that was verified before. Verified tokens
 * are cached until they expire.
 */
export function createIdentityCheck(key: KeyObject): IdentityCheck {
  /** The expiry of each verified token, in seconds since the Unix epoch. */
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

/** Removes the prefix of the path, since Restate or a reverse proxy may have removed a part of the executor URL's path. */
function signedPath(path: string): string {
  return /\/(?:invoke\/[^/]+\/[^/]+|discover)$/.exec(path)?.[0] ?? path;
}

/** A token takes about half a kilobyte, so the cache is limited to about 1 MB. */
const maxVerified = 2_000;

async function expiryOf(token: string, path: string, key: KeyObject): Promise<number | undefined> {
  const wanted = { algorithms: ["EdDSA"], audience: path, requiredClaims: ["exp", "nbf", "iat"] };
  try {
    return (await jwtVerify(token, key, wanted)).payload.exp;
  } catch {
    return undefined;
  }
}
