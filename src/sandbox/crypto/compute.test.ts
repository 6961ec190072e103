import {
  createCipheriv,
  createECDH,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  pbkdf2Sync,
  privateDecrypt,
  publicEncrypt,
  constants,
  scryptSync,
  sign,
  verify,
} from "node:crypto";
import type { CipherGCM, KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { compute } from "./compute.ts";

/** Every result is compared with that of Node's own cryptography, which is OpenSSL's. */

const sizes = [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 1_000, 65_537, 5_000_000];
const smallSizes = sizes.filter((size) => size <= 65_537);

function ask(operation: string, parameters: object, ...inputs: readonly Uint8Array[]): Buffer {
  const result = compute({ operation, parameters: JSON.stringify(parameters), inputs }, () => true);
  return Buffer.from(result ?? []);
}

function fuelFor(operation: string, parameters: object, ...inputs: readonly Uint8Array[]): number {
  let charged = 0;
  const withhold = (fuel: number) => {
    charged += fuel;
    return false;
  };
  compute({ operation, parameters: JSON.stringify(parameters), inputs }, withhold);
  return charged;
}

/** The same bytes every time. */
function bytes(length: number, salt = 1): Buffer {
  const block = createHash("sha512").update(`${salt}`).digest();
  return Buffer.alloc(length, block);
}

const nodeHashes = {
  "SHA-1": "sha1",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
  "SHA-512/224": "sha512-224",
  "SHA-512/256": "sha512-256",
  "SHA3-224": "sha3-224",
  "SHA3-256": "sha3-256",
  "SHA3-384": "sha3-384",
  "SHA3-512": "sha3-512",
  MD5: "md5",
  "RIPEMD-160": "ripemd160",
  "BLAKE2b-512": "blake2b512",
  "BLAKE2s-256": "blake2s256",
} as const;

describe.each(Object.entries(nodeHashes))("%s", (hash, nodeName) => {
  test.each(["SHA-1", "SHA-256", "SHA-512"].includes(hash) ? sizes : smallSizes)(
    `${hash} and its HMAC of %i bytes match Node's`,
    (size) => {
      const data = bytes(size);
      expect(ask("digest", { hash }, data)).toEqual(createHash(nodeName).update(data).digest());
      const key = bytes(size % 300, 2);
      expect(ask("hmac", { hash }, key, data)).toEqual(createHmac(nodeName, key).update(data).digest());
    },
  );

  test(`HKDF and PBKDF2 with ${hash} match Node's`, () => {
    const [key, salt, info] = [bytes(20), bytes(30, 2), bytes(40, 3)];
    const derived = Buffer.from(hkdfSync(nodeName, key, salt, info, 100));
    expect(ask("hkdf", { hash, bytes: 100 }, key, salt, info)).toEqual(derived);
    const stretched = pbkdf2Sync(key, salt, 37, 100, nodeName);
    expect(ask("pbkdf2", { hash, iterations: 37, bytes: 100 }, key, salt)).toEqual(stretched);
  });
});

test("scrypt matches Node's", () => {
  const options = { cost: 1_024, blockSize: 8, parallelization: 2 };
  const derived = scryptSync(bytes(9), bytes(20, 2), 77, options);
  expect(ask("scrypt", { ...options, bytes: 77 }, bytes(9), bytes(20, 2))).toEqual(derived);
});

describe.each([16, 24, 32])("AES with a key of %i bytes", (keyBytes) => {
  const key = bytes(keyBytes, 7);
  const iv = bytes(16, 8);

  test.each(keyBytes === 32 ? sizes : smallSizes)(
    `AES-${keyBytes * 8} in CBC, ECB and CTR over %i bytes matches Node's`,
    (size) => {
      const data = bytes(size);
      for (const mode of ["cbc", "ecb", "ctr"]) {
        const cipher = createCipheriv(`aes-${keyBytes * 8}-${mode}`, key, mode === "ecb" ? null : iv);
        const sealed = Buffer.concat([cipher.update(data), cipher.final()]);
        const parameters = { direction: "encrypt", padding: "pkcs7", counterBits: 128 };
        const ivs = mode === "ecb" ? [] : [iv];
        expect(ask(`aes-${mode}`, parameters, key, ...ivs, data).equals(sealed)).toBe(true);
        const opened = ask(`aes-${mode}`, { ...parameters, direction: "decrypt" }, key, ...ivs, sealed);
        expect(opened.equals(data)).toBe(true);
      }
    },
  );

  test.each([
    [12, 16, 0],
    [12, 16, 5_000_000],
    [12, 4, 1_000],
    [12, 13, 17],
    [16, 12, 65_537],
    [8, 15, 31],
    [64, 16, 100],
  ])(
    `AES-${keyBytes * 8}-GCM with an IV of %i bytes and a tag of %i over %i bytes matches Node's`,
    (ivBytes, tagBytes, size) => {
      const data = bytes(size);
      const nonce = bytes(ivBytes, 9);
      const additional = bytes(size % 50, 10);
      const name = `aes-${keyBytes * 8}-gcm`;
      const cipher = createCipheriv(name, key, nonce, { authTagLength: tagBytes } as object) as CipherGCM;
      cipher.setAAD(additional);
      const sealed = Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
      const inputs = [key, nonce, additional];
      expect(ask("aes-gcm", { direction: "encrypt", tagBytes }, ...inputs, data).equals(sealed)).toBe(true);
      expect(ask("aes-gcm", { direction: "decrypt", tagBytes }, ...inputs, sealed).equals(data)).toBe(true);
      for (const place of [0, sealed.length - 1]) {
        const broken = Buffer.from(sealed);
        broken[place] = (broken[place] ?? 0) ^ 1;
        expect(() => ask("aes-gcm", { direction: "decrypt", tagBytes }, ...inputs, broken)).toThrow(/./);
      }
    },
  );

  test.each([16, 24, 32, 64, 4_000])(
    `AES-${keyBytes * 8} key wrapping of %i bytes matches Node's`,
    (size) => {
      const data = bytes(size);
      const cipher = createCipheriv(`id-aes${keyBytes * 8}-wrap`, key, Buffer.alloc(8, 0xa6));
      const wrapped = Buffer.concat([cipher.update(data), cipher.final()]);
      expect(ask("aes-kw", { direction: "encrypt" }, key, data)).toEqual(wrapped);
      expect(ask("aes-kw", { direction: "decrypt" }, key, wrapped)).toEqual(data);
    },
  );
});

test("a counter shorter than its block wraps within its bits", () => {
  const key = bytes(16);
  const counter = Buffer.concat([bytes(15), Buffer.of(0xfe)]);
  const data = Buffer.alloc(4 * 16);
  const stream = ask("aes-ctr", { counterBits: 8 }, key, counter, data);
  const blockOf = (last: number) => {
    const decipher = createCipheriv("aes-128-ecb", key, null);
    return decipher.update(Buffer.concat([counter.subarray(0, 15), Buffer.of(last)]));
  };
  expect(stream).toEqual(Buffer.concat([0xfe, 0xff, 0x00, 0x01].map(blockOf)));
  expect(() => ask("aes-ctr", { counterBits: 1 }, key, counter, data)).toThrow("too short");
});

function numbersOf(key: KeyObject): Buffer[] {
  const jwk = key.export({ format: "jwk" }) as Record<string, string>;
  return ["n", "e", "d", "p", "q", "dp", "dq", "qi"].map((name) => Buffer.from(jwk[name] ?? "", "base64url"));
}

describe.each([1_024, 2_048, 3_072, 4_096])("RSA of %i bits", (modulusLength) => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  const key = numbersOf(privateKey);
  const message = Buffer.concat([Buffer.of(0), bytes(modulusLength / 8 - 1)]);
  const options = { padding: constants.RSA_NO_PADDING };

  test(`RSA of ${modulusLength} bits with the public key matches Node's`, () => {
    const power = publicEncrypt({ key: publicKey, ...options }, message);
    expect(ask("rsa-public", {}, ...key.slice(0, 2), message)).toEqual(power);
  });

  test(`RSA of ${modulusLength} bits with the private key matches Node's, and an inconsistent key is rejected`, () => {
    const root = privateDecrypt({ key: privateKey, ...options }, message);
    expect(ask("rsa-private", {}, ...key, message)).toEqual(root);
    const broken = key.with(5, bytes(key[5]?.length ?? 0));
    expect(() => ask("rsa-private", {}, ...broken, message)).toThrow("inconsistent");
  });

  test(`a prime of an RSA key of ${modulusLength} bits passes the primality test, and the modulus fails it`, () => {
    const [n = bytes(1), , , p = bytes(1)] = key;
    expect(ask("prime", { rounds: 8 }, p)).toEqual(Buffer.of(1));
    expect(ask("prime", { rounds: 1 }, n)).toEqual(Buffer.of(0));
  });
});

const nistCurves = [
  ["P-256", "prime256v1", "sha256"],
  ["P-384", "secp384r1", "sha384"],
  ["P-521", "secp521r1", "sha512"],
] as const;

describe.each(nistCurves)("%s", (curve, nodeCurve, hash) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: nodeCurve });
  const jwk = privateKey.export({ format: "jwk" }) as Record<"d" | "x" | "y", string>;
  const [d, x, y] = [jwk.d, jwk.x, jwk.y].map((part) => Buffer.from(part, "base64url")) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const point = Buffer.concat([Buffer.of(4), x, y]);

  test(`points of ${curve} match Node's, and a point off the curve is rejected`, () => {
    expect(ask("ec-public", { curve }, d)).toEqual(point);
    expect(ask("ec-point", { curve }, point)).toEqual(point);
    const compressed = Buffer.concat([Buffer.of(2 + ((y.at(-1) ?? 0) & 1)), x]);
    expect(ask("ec-point", { curve }, compressed)).toEqual(point);
    const off = Buffer.from(point);
    off[off.length - 1] = (off.at(-1) ?? 0) ^ 1;
    expect(() => ask("ec-point", { curve }, off)).toThrow("The inputs of ec-point are invalid");
  });

  test(`ECDSA with ${curve} is deterministic and verifies Node's signatures`, () => {
    const data = bytes(1_000);
    const digest = createHash(hash).update(data).digest();
    const signature = ask("ecdsa-sign", { curve }, d, digest);
    expect(ask("ecdsa-sign", { curve }, d, digest)).toEqual(signature);
    const options = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
    expect(verify(hash, data, options, signature)).toBe(true);
    for (let i = 0; i < 8; i += 1) {
      const theirs = sign(hash, data, { key: privateKey, dsaEncoding: "ieee-p1363" });
      expect(ask("ecdsa-verify", { curve }, point, digest, theirs)).toEqual(Buffer.of(1));
    }
    expect(ask("ecdsa-verify", { curve }, point, digest, Buffer.alloc(signature.length))).toEqual(
      Buffer.of(0),
    );
    expect(ask("ecdsa-verify", { curve }, point, bytes(20), signature)).toEqual(Buffer.of(0));
  });

  test(`ECDH with ${curve} matches Node's`, () => {
    const other = createECDH(nodeCurve);
    const secret = other.generateKeys() && other.computeSecret(point);
    expect(ask("ecdh", { curve }, d, other.getPublicKey())).toEqual(secret);
  });
});

test("ECDSA signatures follow RFC 6979", () => {
  const d = Buffer.from("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "hex");
  const digest = createHash("sha256").update("sample").digest();
  expect(ask("ecdsa-sign", { curve: "P-256" }, d, digest).toString("hex").toUpperCase()).toBe(
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
  );
});

describe.each(["Ed25519", "Ed448"] as const)("%s", (curve) => {
  const { privateKey } = generateKeyPairSync(curve.toLowerCase() as "ed25519");
  const [d, x] = okpNumbers(privateKey);

  test.each([0, 1, 1_000, 5_000_000])(`${curve} signatures of %i bytes match Node's`, (size) => {
    const data = bytes(size);
    const signature = sign(null, data, privateKey);
    expect(ask("ed-public", { curve }, d)).toEqual(x);
    expect(ask("ed-sign", { curve }, d, data)).toEqual(signature);
    expect(ask("ed-verify", { curve }, x, data, signature)).toEqual(Buffer.of(1));
    expect(ask("ed-verify", { curve }, x, bytes(size + 1), signature)).toEqual(Buffer.of(0));
  });
});

test("a key of small order verifies no signature", () => {
  const identity = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
  const signature = Buffer.concat([identity, Buffer.alloc(32)]);
  expect(ask("ed-verify", { curve: "Ed25519" }, identity, bytes(9), signature)).toEqual(Buffer.of(0));
});

test.each(["X25519", "X448"] as const)("a shared secret of %s matches Node's", (curve) => {
  const ours = generateKeyPairSync(curve.toLowerCase() as "x25519").privateKey;
  const theirs = generateKeyPairSync(curve.toLowerCase() as "x25519");
  const [d, x] = okpNumbers(ours);
  const secret = diffieHellman({ privateKey: theirs.privateKey, publicKey: createPublicKey(ours) });
  expect(ask("x-shared", { curve }, d, okpNumbers(theirs.privateKey)[1])).toEqual(secret);
  expect(ask("ed-public", { curve }, d)).toEqual(x);
  expect(() => ask("x-shared", { curve }, d, Buffer.alloc(x.length))).toThrow(/invalid/);
});

function okpNumbers(key: KeyObject): [Buffer, Buffer] {
  const { d, x } = key.export({ format: "jwk" }) as { d: string; x: string };
  return [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
}

describe("a computation request", () => {
  test.each<[string, string, object, Uint8Array[]]>([
    ["an unknown operation", "format", {}, []],
    ["a name of every object", "constructor", {}, []],
    ["an unknown hash", "digest", { hash: "__proto__" }, [bytes(1)]],
    ["no hash", "digest", {}, [bytes(1)]],
    ["a negative number of bytes", "pbkdf2", { hash: "SHA-1", iterations: 1, bytes: -1 }, []],
    ["no iterations", "pbkdf2", { hash: "SHA-1", iterations: 0, bytes: 1 }, []],
    ["a fraction", "pbkdf2", { hash: "SHA-1", iterations: 1.5, bytes: 1 }, []],
    ["too many bytes", "hkdf", { hash: "SHA-256", bytes: 255 * 32 + 1 }, []],
    [
      "more memory than there is",
      "scrypt",
      { cost: 2 ** 20, blockSize: 8, parallelization: 1, bytes: 1 },
      [],
    ],
    ["a cost that is no power of two", "scrypt", { cost: 3, blockSize: 8, parallelization: 1, bytes: 1 }, []],
    ["a key of no length", "aes-gcm", { direction: "encrypt", tagBytes: 16 }, []],
    ["another direction", "aes-kw", { direction: "toString" }, [bytes(16), bytes(16)]],
    ["no modulus", "rsa-public", {}, []],
    ["an even modulus", "rsa-public", {}, [Buffer.of(4), Buffer.of(3), Buffer.of(2)]],
    ["a modulus of one", "rsa-public", {}, [Buffer.of(1), Buffer.of(3), Buffer.of(2)]],
    ["a huge modulus", "rsa-public", {}, [bytes(100_000), Buffer.of(3), Buffer.of(2)]],
    ["a huge exponent", "rsa-public", {}, [bytes(257), bytes(100_000), Buffer.of(2)]],
    ["a key of zeros", "rsa-private", {}, Array.from({ length: 9 }, () => Buffer.alloc(32))],
    ["no point", "ecdh", { curve: "P-256" }, [bytes(32)]],
    ["the private key zero", "ec-public", { curve: "P-256" }, [Buffer.alloc(32)]],
    ["a short message", "ed-verify", { curve: "Ed25519" }, []],
  ])("a computation request that is %s is refused", (_, operation, parameters, inputs) => {
    expect(() => ask(operation, parameters, ...inputs)).toThrow(
      expect.objectContaining({ name: "ComputationError" }),
    );
  });

  test.each([["null"], ["[]x"], [""], ['"SHA-256"']])(
    "a computation request with the parameters %s is refused",
    (parameters) => {
      const request = { operation: "digest", parameters, inputs: [] };
      expect(() => compute(request, () => true)).toThrow("JSON object");
    },
  );

  test("a computation is paid before it runs, in proportion to the work", () => {
    const pbkdf2 = { hash: "SHA-512", iterations: 2 ** 31 - 1, bytes: 1_000_000 };
    expect(fuelFor("pbkdf2", pbkdf2, bytes(8))).toBeGreaterThan(1e15);
    expect(fuelFor("pbkdf2", { ...pbkdf2, iterations: 600_000, bytes: 64 })).toBeLessThan(10e9);
    const megabyte = bytes(1_000_000);
    expect(fuelFor("digest", { hash: "SHA-256" }, megabyte)).toBeLessThan(20e6);
    expect(fuelFor("digest", { hash: "SHA-256" }, bytes(10_000_000))).toBeGreaterThan(100e6);
    expect(
      fuelFor("aes-gcm", { direction: "encrypt", tagBytes: 16 }, bytes(32), bytes(12), bytes(0), megabyte),
    ).toBeLessThan(100e6);
    const rsaKey = (length: number) => {
      const half = bytes(length / 2);
      return [
        bytes(length + 1),
        Buffer.of(1, 0, 1),
        bytes(length),
        half,
        half,
        half,
        half,
        half,
        bytes(length),
      ];
    };
    const odd = (key: Buffer[]) =>
      key.with(0, Buffer.concat([key[0]?.subarray(1) ?? bytes(1), Buffer.of(1)]));
    expect(fuelFor("rsa-private", {}, ...odd(rsaKey(256)))).toBeLessThan(30e6);
    expect(fuelFor("rsa-private", {}, ...odd(rsaKey(2_046)))).toBeGreaterThan(1e9);
  });
});
