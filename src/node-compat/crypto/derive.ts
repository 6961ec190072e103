/** Derives keys from passwords and secrets. */
import { bytesOf, callLater, assertRange } from "./bytes.ts";
import { compute } from "./compute.ts";
import { derivationDigestName } from "./digest-name.ts";
import { KeyObject } from "./key-object.ts";

type Done<T> = (error: Error | null, value?: T) => void;

export function pbkdf2Sync(
  password: unknown,
  salt: unknown,
  iterations: number,
  bytes: number,
  digest: string,
): Buffer {
  assertRange("iterations", iterations, { min: 1, max: 2 ** 31 - 1 });
  return compute(
    "pbkdf2",
    { hash: derivationDigestName(digest), iterations, bytes },
    bytesOf(password),
    bytesOf(salt),
  );
}

export function pbkdf2(
  password: unknown,
  salt: unknown,
  iterations: number,
  bytes: number,
  digest: string,
  done: Done<Buffer>,
): void {
  callLater(() => pbkdf2Sync(password, salt, iterations, bytes, digest), done);
}

export interface ScryptOptions {
  readonly N?: number;
  readonly cost?: number;
  readonly r?: number;
  readonly blockSize?: number;
  readonly p?: number;
  readonly parallelization?: number;
}

export function scryptSync(
  password: unknown,
  salt: unknown,
  bytes: number,
  options: ScryptOptions = {},
): Buffer {
  const cost = options.N ?? options.cost ?? 16_384;
  const blockSize = options.r ?? options.blockSize ?? 8;
  const parallelization = options.p ?? options.parallelization ?? 1;
  return compute("scrypt", { cost, blockSize, parallelization, bytes }, bytesOf(password), bytesOf(salt));
}

export function scrypt(
  password: unknown,
  salt: unknown,
  bytes: number,
  options: ScryptOptions | Done<Buffer>,
  done?: Done<Buffer>,
): void {
  const given = typeof options === "function" ? {} : options;
  callLater(
    () => scryptSync(password, salt, bytes, given),
    typeof options === "function" ? options : (done as Done<Buffer>),
  );
}

export function hkdfSync(
  digest: string,
  key: unknown,
  salt: unknown,
  info: unknown,
  bytes: number,
): ArrayBuffer {
  const secret = key instanceof KeyObject ? key.material : bytesOf(key);
  const derived = compute(
    "hkdf",
    { hash: derivationDigestName(digest), bytes },
    secret,
    bytesOf(salt),
    bytesOf(info),
  );
  return new Uint8Array(derived).buffer;
}

export function hkdf(
  digest: string,
  key: unknown,
  salt: unknown,
  info: unknown,
  bytes: number,
  done: Done<ArrayBuffer>,
): void {
  callLater(() => hkdfSync(digest, key, salt, info, bytes), done);
}
