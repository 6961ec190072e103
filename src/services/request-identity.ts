import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import baseX from "base-x";

/**
 * The request identity: Restate signs every request to an executor with an Ed25519 key, and an executor takes
 * nothing else. https://docs.restate.dev/services/security#request-identity
 */

const base58 = baseX("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

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
 * The public key as Restate's SDKs want it: `publickeyv1_…`.
 *
 * @param keyFile PEM of the private or of the public key
 * @throws where the file cannot be read, or is of another kind of key
 */
export function readIdentityKey(keyFile: string): string {
  const pem = readFileSync(keyFile, "utf8");
  const key = pem.includes("PRIVATE KEY") ? createPublicKey(createPrivateKey(pem)) : createPublicKey(pem);
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`${keyFile} holds no Ed25519 key`);
  return `publickeyv1_${base58.encode(rawBytes(key))}`;
}

/** RFC 8037, section 2: `x` is the public key itself. */
function rawBytes(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
}
