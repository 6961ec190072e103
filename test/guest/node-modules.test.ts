import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import { createNativeBundler } from "../../src/sandbox/compile/bundler/native-bundler.ts";
import { compute } from "../../src/sandbox/crypto/compute.ts";
import { instantiateCore } from "../../src/sandbox/instances/glue.ts";
import { compiledTestEngine } from "../support/engine.ts";

/** Made anew for each run of the tests. */
const rsaKey = generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey.export({
  type: "pkcs8",
  format: "pem",
});
const limits = { fuel: 20e9, memoryPages: 1_024 };
const context = {
  workflowId: "node-modules",
  version: 1,
  executionId: "inv_1nodemodules",
  seed: new Uint8Array(32),
  now: 0,
  callbackUrl: "https://callbacks.invalid/",
};

/** What each body returns or throws, in the engine, as `inspect` of Node writes it. */
async function inSandbox(bodies: readonly string[]): Promise<readonly string[]> {
  const functions = bodies.map((body) => `() => { ${body} }`).join(",\n");
  const text = `${outcomes}\nconst { inspect } = require("util");\nexports.run = () => outcomes([${functions}], inspect);`;
  await using bundler = createNativeBundler();
  const { code } = await bundler.bundle({ entry: "a.cjs", files: { "a.cjs": text } });
  const guest = instantiateCore(await compiledTestEngine(), () => defaultExecutionLimits, compute);
  guest.meter.begin(limits);
  expect(guest.evaluate(code)).toBeUndefined();
  guest.meter.begin(limits);
  const { completion } = guest.run(context, new TextEncoder().encode("null"));
  return JSON.parse(new TextDecoder().decode(completion?.json)) as string[];
}

const outcomes = `function outcomes(bodies, inspect) {
  const options = { depth: 6, breakLength: Infinity };
  return bodies.map((body) => {
    try { return inspect(body(), options); } catch (error) { return "throws " + error.name + " " + (error.code ?? error.message); }
  });
}`;

function inNode(bodies: readonly string[]): readonly string[] {
  const require = createRequire(import.meta.url);
  const functions = bodies.map((body) => `() => { ${body} }`).join(",\n");
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- the same text as in the bundle
  const run = new Function(
    "require",
    `${outcomes}\nreturn outcomes([${functions}], require("util").inspect);`,
  );
  return run(require) as string[];
}

const bytes = "Buffer.from(Array.from({ length: 1000 }, (_, at) => (at * 7) % 256))";
const hashes = [
  "md5",
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
  "sha512-256",
  "sha3-256",
  "sha3-512",
  "RSA-SHA256",
  "SHA-256",
  "ripemd160",
];
const ciphers: readonly (readonly [string, number, number])[] = [
  ["aes-128-cbc", 16, 16],
  ["aes-192-cbc", 24, 16],
  ["aes-256-cbc", 32, 16],
  ["aes-128-ctr", 16, 16],
  ["aes-256-ctr", 32, 16],
  ["aes-256-ecb", 32, 0],
  ["AES-256-CBC", 32, 16],
];
const crypto = 'const c = require("crypto");';

const cases: readonly (readonly [string, readonly string[]])[] = [
  [
    "hashes",
    hashes.map(
      (name) => `${crypto} return c.createHash("${name}").update("a").update(${bytes}).digest("hex");`,
    ),
  ],
  [
    "forms of hashes",
    [
      `${crypto} const h = c.createHash("sha256").update("a"); return [h.copy().update("b").digest("base64"), h.digest("base64url")];`,
      `${crypto} const h = c.createHash("sha256"); h.digest(); h.digest();`,
      `${crypto} const h = c.createHash("sha256"); h.digest(); h.update("a");`,
      `${crypto} c.createHash("nothing");`,
      `${crypto} c.createHash("sha256").update(5);`,
      `${crypto} return c.createHash("md5").update("é", "latin1").digest();`,
      `${crypto} return c.hash("sha1", "a");`,
      `${crypto} return c.createHash("sha256").update("6162", "hex").digest("latin1");`,
    ],
  ],
  [
    "HMAC",
    ["md5", "sha1", "sha256", "sha512"].flatMap((name) => [
      `${crypto} return c.createHmac("${name}", "key").update(${bytes}).digest("hex");`,
      `${crypto} return c.createHmac("${name}", Buffer.alloc(200, 1)).update("").digest("base64");`,
      `${crypto} return c.createHmac("${name}", c.createSecretKey(Buffer.from("key"))).update("a").digest("hex");`,
    ]),
  ],
  [
    "comparing",
    [
      `${crypto} return [c.timingSafeEqual(Buffer.from("abc"), Buffer.from("abc")), c.timingSafeEqual(Buffer.from("abc"), new Uint8Array([97, 98, 100]))];`,
      `${crypto} c.timingSafeEqual(Buffer.from("abc"), Buffer.from("abcd"));`,
      `${crypto} c.timingSafeEqual("abc", Buffer.from("abc"));`,
    ],
  ],
  [
    "deriving",
    [
      `${crypto} return c.pbkdf2Sync("password", "salt", 1000, 40, "sha512").toString("hex");`,
      `${crypto} return c.pbkdf2Sync("password", "salt", 2, 20, "sha1");`,
      `${crypto} c.pbkdf2Sync("password", "salt", 0, 20, "sha1");`,
      `${crypto} c.pbkdf2Sync("password", "salt", 1, 20, "nothing");`,
      `${crypto} return c.scryptSync("password", "salt", 64, { N: 1024, r: 8, p: 1 }).toString("hex");`,
      `${crypto} return Buffer.from(c.hkdfSync("sha256", "key", "salt", "info", 42)).toString("hex");`,
    ],
  ],
  [
    "ciphers",
    ciphers.flatMap(([name, key, iv]) => [
      `${crypto} const e = c.createCipheriv("${name}", Buffer.alloc(${key}, 1), ${iv === 0 ? "null" : `Buffer.alloc(${iv}, 2)`}); return e.update("text é", "utf8", "hex") + e.update(${bytes}, null, "hex") + e.final("hex");`,
      `${crypto} const e = c.createCipheriv("${name}", Buffer.alloc(${key}, 1), ${iv === 0 ? "null" : `Buffer.alloc(${iv}, 2)`}); const d = c.createDecipheriv("${name}", Buffer.alloc(${key}, 1), ${iv === 0 ? "null" : `Buffer.alloc(${iv}, 2)`}); const b = Buffer.concat([e.update(${bytes}), e.final()]); return Buffer.concat([d.update(b), d.final()]).equals(${bytes});`,
    ]),
  ],
  [
    "authenticated ciphers and their errors",
    [
      `${crypto} const e = c.createCipheriv("aes-256-gcm", Buffer.alloc(32), Buffer.alloc(12)); e.setAAD(Buffer.from("aad")); return [e.update("text", "utf8", "hex") + e.final("hex"), e.getAuthTag().toString("hex")];`,
      `${crypto} const d = c.createDecipheriv("aes-256-gcm", Buffer.alloc(32), Buffer.alloc(12)); d.setAuthTag(Buffer.alloc(16)); d.update("00", "hex"); try { d.final(); return "no error"; } catch (error) { return error.message; }`,
      `${crypto} c.createCipheriv("aes-256-cbc", Buffer.alloc(31), Buffer.alloc(16));`,
      `${crypto} c.createCipheriv("aes-256-cbc", Buffer.alloc(32), Buffer.alloc(15));`,
      `${crypto} const d = c.createDecipheriv("aes-128-cbc", Buffer.alloc(16), Buffer.alloc(16)); d.update(Buffer.alloc(15)); try { d.final(); return "no error"; } catch (error) { return typeof error.message; }`,
    ],
  ],
  [
    "random values, by their form",
    [
      `${crypto} return [c.randomBytes(16).length, Buffer.isBuffer(c.randomBytes(1)), /^[0-9a-f-]{36}$/.test(c.randomUUID()), Number.isInteger(c.randomInt(5))];`,
      `${crypto} return [c.randomInt(3, 4), c.randomFillSync(Buffer.alloc(4)).length];`,
      `${crypto} c.randomInt(4, 3);`,
      `${crypto} c.randomBytes(-1);`,
    ],
  ],
  [
    "keys and signatures",
    [
      `${crypto} const k = c.createPrivateKey(${JSON.stringify(rsaKey)}); const s = c.createSign("RSA-SHA256").update("a").sign(k, "hex"); return [s, c.createVerify("RSA-SHA256").update("a").verify(c.createPublicKey(k), s, "hex")];`,
      `${crypto} const k = c.createPrivateKey(${JSON.stringify(rsaKey)}); return [k.type, k.asymmetricKeyType, c.createPublicKey(k).export({ type: "spki", format: "pem" }), k.export({ format: "jwk" }).n];`,
      `${crypto} return c.sign("sha256", Buffer.from("a"), ${JSON.stringify(rsaKey)}).toString("base64");`,
    ],
  ],
  [
    "buffer",
    [
      `const b = ${bytes}; return [b.readUInt32BE(1), b.readInt16LE(3), b.readDoubleBE(5), b.readBigUInt64LE(9), b.indexOf("p"), b.subarray(2, 9).toString("hex"), b.swap16().toString("base64", 0, 30)];`,
      `return [Buffer.from("aé日😀").toString("latin1"), Buffer.byteLength("aé日😀"), Buffer.from("ff0", "hex"), Buffer.from("a=b-_", "base64"), Buffer.compare(Buffer.from("a"), Buffer.from("b"))];`,
      `const b = Buffer.alloc(12); b.writeInt32LE(-5, 0); b.writeFloatBE(1.5, 4); b.fill("xy", 8); return [b, b.toJSON().data.length, b.equals(Buffer.from(b))];`,
      `Buffer.alloc(2).readUInt32LE(0);`,
      `Buffer.alloc(2).writeUInt8(300);`,
      `Buffer.from(5);`,
      `return [Buffer.concat([Buffer.from("a"), Buffer.from("b")], 3), Buffer.from("abc").includes("bc"), Buffer.from([1, 2, 3]).reverse(), Buffer.isEncoding("UTF-16LE")];`,
    ],
  ],
  [
    "util",
    [
      `const u = require("util"); return [u.inspect({ a: [1, { b: new Map([[1, new Set(["x"])]]) }], c: 1n, d: Symbol("s"), e() {}, get f() { return 1; } }), u.inspect("it's"), u.inspect(new Error("x").message)];`,
      `const u = require("util"); return [u.format("%s %d %i %f %j %o %O %%", "a", 1.5, 2.7, "3.5", { a: 1 }, [1], { b: 2 }), u.format("a", "b", { c: 1 }), u.format("%s", null, undefined)];`,
      `const u = require("util"); return [u.isDeepStrictEqual({ a: [1, NaN] }, { a: [1, NaN] }), u.isDeepStrictEqual([0], [-0]), u.types.isDate(new Date()), u.inspect(new Date(0)), u.inspect([,1]), u.inspect(Object.create(null))];`,
      `const u = require("util"); class A { constructor() { this.self = this; } } return [u.inspect(new A()), u.inspect(new (class extends Array {})(3)), u.inspect(Buffer.from("ab")), u.inspect(new Uint8Array(3))];`,
      `const u = require("util"); return [u.inspect("x".repeat(200)).length, u.inspect(Array.from({ length: 120 }, (_, i) => i)).slice(-40), u.inspect({ a: { b: { c: { d: 1 } } } }), u.stripVTControlCharacters("\\u001b[31mx")];`,
    ],
  ],
  [
    "path, url and querystring",
    [
      `const p = require("path"); return [p.join("/a", "..", "b", "./c"), p.resolve("/a", "../b"), p.relative("/a/b", "/a/c/d"), p.parse("/x/y.tar.gz"), p.format({ dir: "/a", base: "b" }), p.extname(".x"), p.normalize("a//b/../c/"), p.isAbsolute("a")];`,
      `const u = require("url"); return [u.parse("http://u:p@a.test:80/b?c=d#e", true).query.c, u.format({ protocol: "https", host: "a.test", pathname: "/b", query: { c: 1 } }), u.resolve("http://a.test/b/c", "../d"), u.fileURLToPath("file:///a%20b"), u.pathToFileURL("/a b").href];`,
      `const q = require("querystring"); return [{ ...q.parse("a=1&a=2&b=%C3%A9&c") }, q.stringify({ a: [1, 2], b: "é &", c: true, d: null }), q.escape("a b"), q.unescape("%41")];`,
    ],
  ],
  [
    "events, string_decoder and assert",
    [
      `const { EventEmitter } = require("events"); const e = new EventEmitter(), got = []; e.once("a", (x) => got.push(x)); e.on("a", (x) => got.push(-x)); e.prependListener("a", () => got.push("first")); return [e.emit("a", 1), e.emit("a", 2), e.emit("b"), got, e.listenerCount("a"), e.eventNames()];`,
      `const { EventEmitter } = require("events"); new EventEmitter().emit("error", new RangeError("x"));`,
      `const { StringDecoder } = require("string_decoder"); const d = new StringDecoder("utf8"); return [d.write(Buffer.from([0xe2, 0x82])), d.write(Buffer.from([0xac])), d.end(Buffer.from([0xe2])), new StringDecoder("base64").end(Buffer.from("ab"))];`,
      `const a = require("assert"); a.deepStrictEqual({ a: 1 }, { a: 1 }); a.strictEqual(1, 2);`,
      `const a = require("assert"); a.throws(() => { throw new TypeError("x"); }, TypeError); a.ok(0);`,
      `const a = require("assert"); a.deepEqual([1, "2"], [1, 2]); a.notDeepStrictEqual([1], ["1"]); a.match("abc", /z/);`,
    ],
  ],
  [
    "diagnostics_channel",
    [
      `const d = require("diagnostics_channel"); const c = d.channel("a"), got = []; const f = (m, n) => got.push([m, n]); d.subscribe("a", f); c.publish(1); return [c === d.channel("a"), got, d.hasSubscribers("a"), c.unsubscribe(f), c.unsubscribe(f), c.hasSubscribers, d.hasSubscribers("b")];`,
      `const d = require("diagnostics_channel"); return d.tracingChannel("t").traceSync(function (a) { return [this, a]; }, {}, "me", 2);`,
      `const d = require("diagnostics_channel"); const t = d.tracingChannel("t"), got = []; const on = (e) => (m) => got.push([e, { ...m, error: m.error?.name }]); t.subscribe({ start: on("start"), end: on("end"), error: on("error") }); t.traceSync(() => 5, { a: 1 }); try { t.traceSync(() => { throw new RangeError("x"); }, {}); } catch (error) { got.push(error.name); } return got;`,
      `const d = require("diagnostics_channel"); const t = d.tracingChannel("t"), got = []; const on = (e) => (m) => got.push([e, { ...m, error: m.error?.name }]); t.subscribe({ start: on("start"), end: on("end"), asyncStart: on("asyncStart"), asyncEnd: on("asyncEnd"), error: on("error") }); t.traceCallback((a, done) => done(null, a + 1), -1, { b: 2 }, null, 3, (error, value) => got.push([error, value])); t.traceCallback((done) => done(new TypeError("no")), 0, {}, null, (error) => got.push(error.name)); return got;`,
      `const d = require("diagnostics_channel"); const { AsyncLocalStorage } = require("async_hooks"); const s = new AsyncLocalStorage(); const c = d.channel("s"); c.bindStore(s, (m) => m * 2); return [c.runStores(4, (x) => [s.getStore(), x], null, 9), s.getStore(), c.unbindStore(s), c.hasSubscribers];`,
      `require("diagnostics_channel").subscribe("a", 5);`,
    ],
  ],
];

describe("a module of Node gives what Node's gives:", () => {
  /** Of all cases in one bundle, because to bundle Node's modules takes most of the time. */
  let results: readonly string[];
  beforeAll(async () => {
    results = await inSandbox(cases.flatMap(([, bodies]) => bodies));
  });

  test.each(cases)("%s", (name, bodies) => {
    const before = cases.slice(
      0,
      cases.findIndex(([other]) => other === name),
    );
    const first = before.reduce((count, [, others]) => count + others.length, 0);
    expect(results.slice(first, first + bodies.length)).toEqual(inNode(bodies));
  });
});
