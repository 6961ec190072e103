/** `publicEncrypt` and `privateDecrypt` with OAEP, their default padding. */
import { Buffer } from "node:buffer";
import { bytesOf } from "./bytes.ts";
import { subtle } from "./compute.ts";
import { digestName } from "./digest-name.ts";
import { createPrivateKey, createPublicKey, cryptoKeyOf } from "./key-object.ts";
import { unavailableError } from "../unavailable.ts";

const oaepPadding = 4;

interface OaepOptions {
  readonly padding?: number;
  readonly oaepHash?: string;
  readonly oaepLabel?: NodeJS.ArrayBufferView;
}

function schemeOf(key: unknown, name: string): { readonly importing: object; readonly using: object } {
  const options = (typeof key === "object" && key !== null ? key : {}) as OaepOptions;
  if ((options.padding ?? oaepPadding) !== oaepPadding)
    throw unavailableError("crypto", `${name} with another padding than OAEP`);
  const label = options.oaepLabel === undefined ? {} : { label: bytesOf(options.oaepLabel) };
  return {
    importing: { name: "RSA-OAEP", hash: digestName(options.oaepHash ?? "sha1") },
    using: { name: "RSA-OAEP", ...label },
  };
}

export function publicEncrypt(key: unknown, data: unknown): Buffer {
  const { importing, using } = schemeOf(key, "publicEncrypt");
  return Buffer.from(
    subtle().encrypt(using, cryptoKeyOf(createPublicKey(key), importing, ["encrypt"]), bytesOf(data)),
  );
}

export function privateDecrypt(key: unknown, data: unknown): Buffer {
  const { importing, using } = schemeOf(key, "privateDecrypt");
  return Buffer.from(
    subtle().decrypt(using, cryptoKeyOf(createPrivateKey(key), importing, ["decrypt"]), bytesOf(data)),
  );
}
