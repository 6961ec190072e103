import type { webcrypto } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

/**
 * WebCrypto in the sandbox against that of Node: each program runs in both, with the same keys and data, and answers the same.
 */

let play: Awaited<ReturnType<typeof createGuestRunner>>;
let fixtures: Record<string, unknown>;

beforeAll(async () => {
  play = await createGuestRunner();
  fixtures = await makeFixtures();
});

/** What programs have at hand, in the sandbox and in Node. */
const helpers = `
  const { subtle } = crypto;
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => new Uint8Array((text.match(/../g) ?? []).map((byte) => parseInt(byte, 16)));
  const bytes = (length, salt = 1) => { const all = new Uint8Array(length); for (let i = 0, x = salt; i < length; i++) { x = (Math.imul(x, 1103515245) + 12345) >>> 0; all[i] = x >>> 16; } return all; };
  const attempt = async (act) => { try { return await act(); } catch (error) { return error instanceof DOMException ? error.name : error.constructor.name; } };
  const shown = (key) => ({ type: key.type, extractable: key.extractable, usages: [...key.usages].sort(), algorithm: { ...key.algorithm, ...(key.algorithm.publicExponent ? { publicExponent: hex(key.algorithm.publicExponent) } : {}) }, is: key instanceof CryptoKey, tag: String(key) });
  const sorted = (jwk) => Object.fromEntries(Object.entries({ ...jwk, ...(jwk.key_ops ? { key_ops: [...jwk.key_ops].sort() } : {}) }).sort(([a], [b]) => (a < b ? -1 : 1)));
  const exported = async (format, key) => { const data = await subtle.exportKey(format, key); return format === "jwk" ? sorted(data) : hex(data); };
`;

async function inNode(program: string): Promise<unknown> {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- the same text runs in the sandbox
  const run = new Function("fixtures", `return (async () => { ${helpers} ${program} })();`) as (
    fixtures: unknown,
  ) => Promise<unknown>;
  return JSON.parse(JSON.stringify((await run(fixtures)) ?? null)) as unknown;
}

function inSandbox(program: string): unknown {
  const { result, failure } = play(`export async function run(ctx, fixtures) { ${helpers} ${program} }`, {
    payload: fixtures,
  });
  if (failure !== undefined) throw new Error(`${failure.name}: ${failure.message}\n${failure.stack}`);
  return result;
}

/** Keys that Node made, in all formats, as hexadecimal or JWK. */
async function makeFixtures(): Promise<Record<string, unknown>> {
  const kinds: readonly [string, object, webcrypto.KeyUsage[]][] = [
    [
      "rsa",
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
        hash: "SHA-256",
      },
      ["sign", "verify"],
    ],
    ["P-256", { name: "ECDSA", namedCurve: "P-256" }, ["sign", "verify"]],
    ["P-384", { name: "ECDSA", namedCurve: "P-384" }, ["sign", "verify"]],
    ["P-521", { name: "ECDSA", namedCurve: "P-521" }, ["sign", "verify"]],
    ["Ed25519", { name: "Ed25519" }, ["sign", "verify"]],
    ["X25519", { name: "X25519" }, ["deriveBits"]],
  ];
  const entries = kinds.map(async ([kind, algorithm, usages]) => {
    const made = (await crypto.subtle.generateKey(
      algorithm as webcrypto.AlgorithmIdentifier,
      true,
      usages,
    )) as webcrypto.CryptoKeyPair;
    const data = Uint8Array.of(1, 2, 3);
    const signature = usages.includes("sign")
      ? await crypto.subtle.sign({ name: algorithm["name" as never], hash: "SHA-256" }, made.privateKey, data)
      : new ArrayBuffer();
    const { key_ops: _private, ...privateJwk } = await crypto.subtle.exportKey("jwk", made.privateKey);
    const { key_ops: _public, ...publicJwk } = await crypto.subtle.exportKey("jwk", made.publicKey);
    return [
      kind,
      {
        pkcs8: hexOf(await crypto.subtle.exportKey("pkcs8", made.privateKey)),
        spki: hexOf(await crypto.subtle.exportKey("spki", made.publicKey)),
        raw: kind === "rsa" ? "" : hexOf(await crypto.subtle.exportKey("raw", made.publicKey)),
        privateJwk,
        publicJwk,
        signature: hexOf(signature),
      },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes as Uint8Array).toString("hex");
}

const programs: readonly [string, string][] = [
  [
    "HMAC with a key that is a JWK, a key of bytes, and keys of other lengths",
    `const results = [];
    for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
      const algorithm = { name: "HMAC", hash };
      const alg = "HS" + hash.slice(4);
      const jwk = { kty: "oct", k: "a2V5", alg };
      const key = await subtle.importKey("jwk", jwk, algorithm, true, ["sign", "verify"]);
      const data = new TextEncoder().encode("data");
      const mac = await subtle.sign("HMAC", key, data);
      results.push(hex(mac), await subtle.verify("hmac", key, mac, data), await subtle.verify("HMAC", key, mac.slice(1), data));
      results.push(shown(key), await exported("jwk", key), await exported("raw", key));
      for (const length of [1, 20, 63, 64, 65, 128, 129, 1000]) {
        const raw = await subtle.importKey("raw", bytes(length), algorithm, false, ["sign"]);
        results.push(hex(await subtle.sign("HMAC", raw, bytes(length * 7))), shown(raw));
      }
    }
    return results;`,
  ],
  [
    "digests of up to 5 MB",
    `const results = [];
    for (const hash of ["SHA-1", "sha-256", { name: "SHA-384" }, "SHA-512"])
      for (const length of [0, 1, 55, 56, 64, 111, 112, 128, 1000, 65537])
        results.push(hex(await subtle.digest(hash, bytes(length))));
    const large = new Uint8Array(5000000).fill(7);
    results.push(hex(await subtle.digest("SHA-256", large)), hex(await subtle.digest("SHA-1", large.buffer)), hex(await subtle.digest("SHA-512", new DataView(large.buffer, 5, 3000000))));
    return results;`,
  ],
  [
    "AES in each mode, with each key, up to 2 MB",
    `const results = [];
    for (const length of [128, 192, 256]) {
      const iv = bytes(16, 3);
      for (const algorithm of [{ name: "AES-CBC", iv }, { name: "AES-CTR", counter: iv, length: 64 }, { name: "AES-GCM", iv }, { name: "AES-GCM", iv: bytes(12), additionalData: bytes(5), tagLength: 96 }]) {
        const key = await subtle.importKey("raw", bytes(length / 8, 2), algorithm.name, true, ["encrypt", "decrypt"]);
        results.push(shown(key), await exported("jwk", key), await exported("raw", key));
        for (const size of [0, 1, 15, 16, 17, 1000, ...(length === 256 ? [2000000] : [])]) {
          const data = new Uint8Array(size).fill(9);
          const sealed = await subtle.encrypt(algorithm, key, data);
          results.push(hex(await subtle.digest("SHA-256", sealed)), sealed.byteLength);
          const opened = await subtle.decrypt(algorithm, key, sealed);
          results.push(opened.byteLength, hex(await subtle.digest("SHA-256", opened)));
          const broken = new Uint8Array(sealed); broken[0] ^= 1;
          if (algorithm.name === "AES-GCM") results.push(await attempt(() => subtle.decrypt(algorithm, key, broken)));
        }
      }
    }
    return results;`,
  ],
  [
    "AES-KW, around keys in each format",
    `const results = [];
    const wrapping = await subtle.importKey("raw", bytes(32), "AES-KW", false, ["wrapKey", "unwrapKey"]);
    const secret = await subtle.importKey("raw", bytes(16, 5), "AES-GCM", true, ["encrypt"]);
    const wrapped = await subtle.wrapKey("raw", secret, wrapping, "AES-KW");
    results.push(hex(wrapped));
    const back = await subtle.unwrapKey("raw", wrapped, wrapping, "AES-KW", "AES-GCM", true, ["encrypt"]);
    results.push(shown(back), await exported("raw", back));
    const asJwk = await subtle.wrapKey("jwk", secret, wrapping, "AES-KW");
    results.push(await exported("raw", await subtle.unwrapKey("jwk", asJwk, wrapping, "AES-KW", "AES-GCM", true, ["encrypt"])));
    const gcm = { name: "AES-GCM", iv: bytes(12) };
    const sealing = await subtle.importKey("raw", bytes(32), "AES-GCM", false, ["wrapKey", "unwrapKey"]);
    const pkcs8 = await subtle.importKey("pkcs8", unhex(fixtures["P-256"].pkcs8), { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
    const sealed = await subtle.wrapKey("pkcs8", pkcs8, sealing, gcm);
    results.push(hex(sealed), await exported("pkcs8", await subtle.unwrapKey("pkcs8", sealed, sealing, gcm, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"])));
    results.push(await attempt(() => subtle.unwrapKey("raw", wrapped.slice(8), wrapping, "AES-KW", "AES-GCM", true, ["encrypt"])));
    return results;`,
  ],
  [
    "HKDF and PBKDF2, as bits and as keys",
    `const results = [];
    for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
      for (const algorithm of [{ name: "HKDF", hash, salt: bytes(16), info: bytes(7) }, { name: "PBKDF2", hash, salt: bytes(16), iterations: 1000 }]) {
        const key = await subtle.importKey("raw", bytes(33), algorithm.name, false, ["deriveBits", "deriveKey"]);
        results.push(shown(key), await attempt(() => subtle.exportKey("raw", key)));
        for (const length of [0, 8, 128, 256, 1000, 1024, 7]) results.push(await attempt(async () => hex(await subtle.deriveBits(algorithm, key, length))));
        results.push(await attempt(() => subtle.deriveBits(algorithm, key, null)));
        for (const type of [{ name: "AES-GCM", length: 256 }, { name: "HMAC", hash, length: 160 }, { name: "HMAC", hash }]) {
          const derived = await subtle.deriveKey(algorithm, key, type, true, [type.name === "HMAC" ? "sign" : "encrypt"]);
          results.push(shown(derived), await exported("raw", derived));
        }
      }
    }
    return results;`,
  ],
  [
    "keys of RSA in each format, and signatures that are the same every time",
    `const results = [];
    const { rsa } = fixtures;
    for (const [name, usages] of [["RSASSA-PKCS1-v1_5", ["sign", "verify"]], ["RSA-PSS", ["sign", "verify"]], ["RSA-OAEP", ["decrypt", "encrypt"]]])
      for (const hash of ["SHA-1", "SHA-256", "SHA-512"]) {
        const algorithm = { name, hash };
        const { alg: _, ...privateJwk } = rsa.privateJwk;
        const privateKey = await subtle.importKey("pkcs8", unhex(rsa.pkcs8), algorithm, true, [usages[0]]);
        const fromJwk = await subtle.importKey("jwk", privateJwk, algorithm, true, [usages[0]]);
        const publicKey = await subtle.importKey("spki", unhex(rsa.spki), algorithm, true, [usages[1]]);
        results.push(shown(privateKey), shown(publicKey), await exported("jwk", privateKey), await exported("jwk", publicKey), await exported("pkcs8", fromJwk), await exported("spki", publicKey));
        const data = bytes(100000);
        if (name === "RSASSA-PKCS1-v1_5") results.push(hex(await subtle.sign(name, privateKey, data)));
        if (name !== "RSA-OAEP") {
          const parameters = { name, saltLength: 20 };
          const signature = await subtle.sign(parameters, privateKey, data);
          results.push(await subtle.verify(parameters, publicKey, signature, data), await subtle.verify(parameters, publicKey, signature, bytes(5)), await subtle.verify(parameters, publicKey, bytes(256), data));
          results.push(await subtle.verify({ name, saltLength: 0 }, publicKey, await subtle.sign({ name, saltLength: 0 }, privateKey, data), data));
          if (name === "RSA-PSS") results.push(hex(await subtle.sign({ name, saltLength: 0 }, privateKey, data)));
        } else {
          const label = bytes(9);
          const sealed = await subtle.encrypt({ name, label }, publicKey, bytes(50));
          results.push(hex(await subtle.decrypt({ name, label }, privateKey, sealed)), await attempt(() => subtle.decrypt({ name }, privateKey, sealed)), await attempt(() => subtle.encrypt(name, publicKey, bytes(256))));
        }
      }
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const theirs = await subtle.importKey("jwk", rsa.publicJwk, algorithm, true, ["verify"]);
    results.push(await subtle.verify(algorithm, theirs, unhex(rsa.signature), Uint8Array.of(1, 2, 3)));
    return results;`,
  ],
  [
    "keys on curves in each format, and signatures of the other side",
    `const results = [];
    for (const namedCurve of ["P-256", "P-384", "P-521"]) {
      const made = fixtures[namedCurve];
      const ecdsa = { name: "ECDSA", namedCurve };
      const ecdh = { name: "ECDH", namedCurve };
      const signing = await subtle.importKey("pkcs8", unhex(made.pkcs8), ecdsa, true, ["sign"]);
      const verifying = await subtle.importKey("spki", unhex(made.spki), ecdsa, true, ["verify"]);
      const raw = await subtle.importKey("raw", unhex(made.raw), ecdsa, true, ["verify"]);
      const jwk = await subtle.importKey("jwk", made.privateJwk, ecdsa, true, ["sign"]);
      for (const key of [signing, jwk]) results.push(shown(key), await exported("pkcs8", key), await exported("jwk", key));
      for (const key of [verifying, raw]) results.push(shown(key), await exported("spki", key), await exported("jwk", key), await exported("raw", key));
      for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
        const signature = await subtle.sign({ name: "ECDSA", hash }, signing, bytes(1000));
        results.push(signature.byteLength, await subtle.verify({ name: "ECDSA", hash }, verifying, signature, bytes(1000)), await subtle.verify({ name: "ECDSA", hash }, verifying, signature, bytes(999)), await subtle.verify({ name: "ECDSA", hash }, verifying, signature.slice(1), bytes(1000)));
      }
      results.push(await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, verifying, unhex(made.signature), Uint8Array.of(1, 2, 3)));
      const mine = await subtle.importKey("pkcs8", unhex(made.pkcs8), ecdh, false, ["deriveBits", "deriveKey"]);
      const theirs = await subtle.importKey("raw", unhex(made.raw), ecdh, true, []);
      results.push(shown(theirs));
      for (const length of [8, 128, 256, null, 12, 4096]) results.push(await attempt(async () => hex(await subtle.deriveBits({ name: "ECDH", public: theirs }, mine, length))));
      results.push(await exported("raw", await subtle.deriveKey({ name: "ECDH", public: theirs }, mine, { name: "AES-CBC", length: 128 }, true, ["encrypt"])));
    }
    return results;`,
  ],
  [
    "Ed25519 and X25519",
    `const results = [];
    const made = fixtures.Ed25519;
    const signing = await subtle.importKey("pkcs8", unhex(made.pkcs8), "Ed25519", true, ["sign"]);
    const jwk = await subtle.importKey("jwk", made.privateJwk, { name: "ed25519" }, true, ["sign"]);
    const verifying = await subtle.importKey("raw", unhex(made.raw), "Ed25519", true, ["verify"]);
    const spki = await subtle.importKey("spki", unhex(made.spki), "Ed25519", true, ["verify"]);
    for (const key of [signing, jwk]) results.push(shown(key), await exported("pkcs8", key), await exported("jwk", key));
    for (const key of [verifying, spki]) results.push(shown(key), await exported("spki", key), await exported("jwk", key), await exported("raw", key));
    for (const size of [0, 1, 1000, 100000]) {
      const signature = await subtle.sign("Ed25519", signing, bytes(size));
      results.push(hex(signature), await subtle.verify("Ed25519", verifying, signature, bytes(size)), await subtle.verify("Ed25519", verifying, signature, bytes(size + 1)), await subtle.verify("Ed25519", verifying, bytes(3), bytes(size)));
    }
    const x = fixtures.X25519;
    const mine = await subtle.importKey("pkcs8", unhex(x.pkcs8), "X25519", true, ["deriveBits", "deriveKey"]);
    const theirs = await subtle.importKey("raw", unhex(x.raw), "X25519", true, []);
    results.push(shown(mine), shown(theirs), await exported("jwk", mine), await exported("pkcs8", mine), await exported("spki", theirs));
    for (const length of [128, 256, null, 512]) results.push(await attempt(async () => hex(await subtle.deriveBits({ name: "X25519", public: theirs }, mine, length))));
    const low = await subtle.importKey("raw", new Uint8Array(32), "X25519", true, []);
    results.push(await attempt(() => subtle.deriveBits({ name: "X25519", public: low }, mine, 256)));
    return results;`,
  ],
  [
    "what is wrong, by the names of errors",
    `const results = [];
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const key = await subtle.importKey("raw", bytes(16), hmac, false, ["sign"]);
    const aes = await subtle.importKey("raw", bytes(16), "AES-GCM", true, ["encrypt"]);
    const ec = { name: "ECDSA", namedCurve: "P-256" };
    const { privateJwk, publicJwk, raw, pkcs8, spki } = fixtures["P-256"];
    const acts = [
      () => subtle.digest("MD5", bytes(1)),
      () => subtle.digest("SHA-256", "text"),
      () => subtle.digest("SHA-256"),
      () => subtle.digest({}, bytes(1)),
      () => subtle.digest(undefined, bytes(1)),
      () => subtle.sign("HMAC", {}, bytes(1)),
      () => subtle.sign("AES-GCM", key, bytes(1)),
      () => subtle.sign("RSA-PSS", key, bytes(1)),
      () => subtle.verify("HMAC", key, bytes(1), bytes(1)),
      () => subtle.exportKey("raw", key),
      () => subtle.exportKey("pkcs8", aes),
      () => subtle.exportKey("text", aes),
      () => subtle.encrypt({ name: "AES-GCM" }, aes, bytes(1)),
      () => subtle.encrypt({ name: "AES-GCM", iv: bytes(12), tagLength: 100 }, aes, bytes(1)),
      () => subtle.encrypt({ name: "AES-CBC", iv: bytes(16) }, aes, bytes(1)),
      () => subtle.decrypt({ name: "AES-GCM", iv: bytes(12) }, aes, bytes(32)),
      () => subtle.importKey("raw", bytes(15), "AES-GCM", true, ["encrypt"]),
      () => subtle.importKey("raw", bytes(16), "AES-GCM", true, []),
      () => subtle.importKey("raw", bytes(16), "AES-GCM", true, ["sign"]),
      () => subtle.importKey("raw", bytes(16), "AES-GCM", true, ["read"]),
      () => subtle.importKey("raw", bytes(16), "AES-XYZ", true, ["encrypt"]),
      () => subtle.importKey("raw", { kty: "oct" }, "AES-GCM", true, ["encrypt"]),
      () => subtle.importKey("raw", bytes(16), { name: "HMAC" }, true, ["sign"]),
      () => subtle.importKey("raw", bytes(0), hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "oct", k: "!!" }, hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "oct" }, hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "RSA", k: "a2V5" }, hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "oct", k: "a2V5", alg: "HS512" }, hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "oct", k: "a2V5", ext: false }, hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "oct", k: "a2V5", key_ops: ["verify"] }, hmac, true, ["sign"]),
      () => subtle.importKey("jwk", { kty: "oct", k: "a2V5", use: "enc" }, hmac, true, ["sign"]),
      () => subtle.importKey("pkcs8", bytes(100), ec, true, ["sign"]),
      () => subtle.importKey("pkcs8", unhex(pkcs8).slice(0, -1), ec, true, ["sign"]),
      () => subtle.importKey("spki", unhex(pkcs8), ec, true, ["verify"]),
      () => subtle.importKey("spki", unhex(spki), { name: "ECDSA", namedCurve: "P-384" }, true, ["verify"]),
      () => subtle.importKey("spki", unhex(spki), { name: "ECDSA", namedCurve: "P-257" }, true, ["verify"]),
      () => subtle.importKey("spki", unhex(spki), ec, true, ["sign"]),
      () => subtle.importKey("raw", unhex(raw).fill(9, 40), ec, true, ["verify"]),
      () => subtle.importKey("raw", unhex(raw).slice(1), ec, true, ["verify"]),
      () => subtle.importKey("jwk", { ...privateJwk, x: publicJwk.y }, ec, true, ["sign"]),
      () => subtle.importKey("jwk", { ...publicJwk, crv: "P-384" }, ec, true, ["verify"]),
      () => subtle.importKey("jwk", privateJwk, ec, true, []),
      () => subtle.importKey("raw", bytes(31), "Ed25519", true, ["verify"]),
      () => subtle.importKey("raw", bytes(32), "HKDF", true, ["deriveBits"]),
      () => subtle.importKey("raw", bytes(32), "PBKDF2", false, ["sign"]),
      () => subtle.generateKey({ name: "AES-GCM", length: 100 }, true, ["encrypt"]),
      () => subtle.generateKey({ name: "AES-GCM" }, true, ["encrypt"]),
      () => subtle.generateKey({ name: "AES-GCM", length: 128 }, true, []),
      () => subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 0 }, true, ["sign"]),
      () => subtle.generateKey({ name: "ECDSA", namedCurve: "K-1" }, true, ["sign"]),
      () => subtle.generateKey(ec, true, ["verify"]),
      () => subtle.generateKey({ name: "RSA-PSS", modulusLength: 1024, publicExponent: Uint8Array.of(1), hash: "SHA-256" }, true, ["sign"]),
      () => subtle.generateKey("PBKDF2", true, ["deriveBits"]),
    ];
    for (const [index, act] of acts.entries()) results.push([index, await attempt(async () => { await act(); return "done"; })]);
    return results;`,
  ],
];

describe("WebCrypto", () => {
  test.each(programs)("WebCrypto gives the same results as Node's for %s", async (_, program) => {
    expect(inSandbox(program)).toEqual(await inNode(program));
  });
});

describe("keys generated in the sandbox", () => {
  const generated = `
    const algorithms = [
      [{ name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]],
      [{ name: "HMAC", hash: "SHA-512" }, ["sign", "verify"]],
      [{ name: "ECDSA", namedCurve: "P-256" }, ["sign", "verify"]],
      [{ name: "ECDSA", namedCurve: "P-521" }, ["sign", "verify"]],
      [{ name: "ECDH", namedCurve: "P-384" }, ["deriveBits"]],
      [{ name: "Ed25519" }, ["sign", "verify"]],
      [{ name: "X25519" }, ["deriveBits"]],
      [{ name: "RSA-PSS", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" }, ["sign", "verify"]],
      [{ name: "RSA-OAEP", modulusLength: 1031, publicExponent: Uint8Array.of(3), hash: "SHA-1" }, ["encrypt", "decrypt"]],
    ];
    const keys = [];
    for (const [algorithm, usages] of algorithms) {
      const made = await subtle.generateKey(algorithm, true, usages);
      for (const key of made.privateKey ? [made.publicKey, made.privateKey] : [made])
        keys.push({ algorithm: shown(key).algorithm, shown: shown(key), jwk: await subtle.exportKey("jwk", key) });
      if (made.privateKey && usages.includes("sign")) {
        const parameters = { name: algorithm.name, hash: "SHA-256", saltLength: 32 };
        keys.at(-1).signature = hex(await subtle.sign(parameters, made.privateKey, bytes(100)));
      }
    }
    return keys;`;

  interface Made {
    readonly algorithm: Record<string, unknown>;
    readonly shown: { readonly usages: webcrypto.KeyUsage[]; readonly type: string };
    readonly jwk: webcrypto.JsonWebKey;
    readonly signature?: string;
  }

  test("generated keys have the same form as Node's, and are the same in a replay", async () => {
    const keys = inSandbox(generated) as Made[];
    expect(inSandbox(generated)).toEqual(keys);
    expect(keys).toHaveLength(16);
    const data = (await inNode("return hex(bytes(100));")) as string;
    let publicKey: CryptoKey | undefined;
    for (const { algorithm, shown, jwk, signature } of keys) {
      const key = await crypto.subtle.importKey("jwk", jwk, algorithm as never, true, shown.usages);
      expect(await crypto.subtle.exportKey("jwk", key)).toMatchObject(jwk);
      if (signature !== undefined) {
        const parameters = { name: String(algorithm["name"]), hash: "SHA-256", saltLength: 32 };
        const signed = Buffer.from(signature, "hex");
        expect(
          await crypto.subtle.verify(parameters, publicKey as CryptoKey, signed, Buffer.from(data, "hex")),
        ).toBe(true);
      }
      if (shown.type === "public") publicKey = key;
    }
  });

  test("generated keys differ in another execution, and do not depend on other random numbers", () => {
    const program = `${helpers} return [await exported("raw", await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"])), crypto.getRandomValues(new Uint8Array(4)).join()];`;
    const source = `export async function run(ctx, fixtures) { ${program} }`;
    const [one, other] = [7, 8].map(
      (byte) => play(source, { context: { seed: new Uint8Array(32).fill(byte) } }).result,
    );
    expect(one).not.toEqual(other);
    const alone = play("export function run() { return crypto.getRandomValues(new Uint8Array(4)).join(); }", {
      context: { seed: new Uint8Array(32).fill(7) },
    });
    expect((one as string[])[1]).toBe(alone.result);
  });
});

describe("properties that a workflow replaces", () => {
  test("properties that a workflow replaces affect neither keys nor results", () => {
    const { result } = play(`export async function run() {
      const key = await crypto.subtle.importKey("raw", new Uint8Array(16), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const sign = async () => new Uint8Array(await crypto.subtle.sign("HMAC", key, new Uint8Array(3))).toHex();
      const before = await sign();
      key.algorithm.hash.name = "SHA-1";
      key.algorithm.name = "AES-GCM";
      key.usages.push("verify");
      for (const name of ["length", "buffer", "byteOffset", "byteLength"])
        Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), name + "2", { get() { throw new Error("seen"); } });
      Uint8Array.prototype.toHex2 = () => "00";
      return [before === await sign(), await crypto.subtle.verify("HMAC", key, new Uint8Array(32), new Uint8Array()).catch((error) => error.name)];
    }`);
    expect(result).toEqual([true, "InvalidAccessError"]);
  });

  test("a workflow cannot call key constructors, or methods on other objects", () => {
    const { result } = play(`export async function run() {
      const outcome = (act) => { try { return String(act()); } catch (error) { return error.name; } };
      return [
        outcome(() => new CryptoKey()), outcome(() => new SubtleCrypto()), outcome(() => CryptoKey.prototype.type),
        String(crypto.subtle), crypto.subtle === crypto.subtle, crypto.subtle instanceof SubtleCrypto,
        Object.keys(globalThis).includes("crypto"), Object.getOwnPropertyNames(SubtleCrypto.prototype).length,
      ];
    }`);
    expect(result).toEqual([
      "TypeError",
      "TypeError",
      "TypeError",
      "[object SubtleCrypto]",
      true,
      true,
      expect.any(Boolean),
      13,
    ]);
  });
});
