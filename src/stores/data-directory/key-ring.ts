import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/**
 * Encryption at rest: AES-256-GCM (NIST SP 800-38D) with a master key. There may be several keys: the first one
 * encrypts and all decrypt, so that keys can be rotated while data is encrypted with old ones.
 */
export interface KeyRing {
  /** @param about what the text belongs to: a box can be opened only with the same value */
  seal(text: string, about: string): Box;
  /** @throws {Error} if the key is missing, or the box was modified */
  open(box: Box, about: string): string;
  /** True if the key of this `Box.keyId` is available. */
  has(keyId: string): boolean;
  /** True if the box is not encrypted with the current key. */
  isStale(box: Box): boolean;
}

export interface Box {
  /** Identifies the key without revealing anything about it: 8 hexadecimal digits. */
  readonly keyId: string;
  /** Nonce, ciphertext and tag. */
  readonly bytes: Uint8Array;
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * @param text keys of 32 bytes in base64 or hexadecimal, separated by commas or white space, the current one first
 * @throws {Error} if one of them is invalid
 */
export function parseKeys(text: string): readonly Buffer[] {
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map(parseKey);
  if (keys.length === 0) throw new Error("no key is given");
  return keys;
}

/** A new key in base 64. */
export function generateKey(): string {
  return randomBytes(keyBytes).toString("base64");
}

/** The content of a key file, which only its owner can read. A missing file is created with a new key. */
export function ensureKeyFile(path: string): string {
  if (!existsSync(path)) writeFileSync(path, `${generateKey()}\n`, { mode: 0o600, flag: "wx" });
  return readFileSync(path, "utf8");
}

/** Replaces the keys in a file atomically. */
export function replaceKeyFile(path: string, keys: readonly string[]): void {
  const next = `${path}.next`;
  writeFileSync(next, `${keys.join("\n")}\n`, { mode: 0o600 });
  renameSync(next, path);
}

/**
 * @param keys the current one first
 * @param reload called once for a missing key, because another process may have rotated the keys
 */
export function createKeyRing(keys: readonly Buffer[], reload?: () => readonly Buffer[]): KeyRing {
  let byId = new Map(keys.map((key) => [idOf(key), key]));

  function look(keyId: string): Buffer | undefined {
    if (!byId.has(keyId) && reload !== undefined) byId = new Map(reload().map((key) => [idOf(key), key]));
    return byId.get(keyId);
  }

  function find(keyId: string): Buffer {
    const key = look(keyId);
    if (key === undefined) throw new Error(`the master key ${keyId} is missing`);
    return key;
  }

  function current(): readonly [id: string, key: Buffer] {
    const [first] = byId;
    if (first === undefined) throw new Error("there is no master key");
    return first;
  }

  return {
    seal(text, about) {
      const [keyId, key] = current();
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return { keyId, bytes: Buffer.concat([nonce, sealed, cipher.getAuthTag()]) };
    },
    open({ keyId, bytes }, about) {
      const box = Buffer.from(bytes);
      const decipher = createDecipheriv("aes-256-gcm", find(keyId), box.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(about)).setAuthTag(box.subarray(-tagBytes));
      const sealed = box.subarray(nonceBytes, -tagBytes);
      return Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8");
    },
    has: (keyId) => look(keyId) !== undefined,
    isStale: ({ keyId }) => keyId !== current()[0],
  };
}

function parseKey(text: string): Buffer {
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? "hex" : "base64");
  if (key.length !== keyBytes) throw new Error(`a key has ${keyBytes} bytes, in base64 or hexadecimal`);
  return key;
}

function idOf(key: Uint8Array): string {
  return createHash("sha256").update("duranium master key").update(key).digest("hex").slice(0, 8);
}
