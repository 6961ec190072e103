import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import vm from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import nodeExports from "../../../node-compat/node-exports.json" with { type: "json" };
import { createNativeBundler, readShims } from "../bundler/native-bundler.ts";

const bundler = createNativeBundler();
afterAll(async () => await bundler[Symbol.asyncDispose]());
const require = createRequire(import.meta.url);

/** What the bodies of functions come to: what they `require` is bundled, or is Node's own. */
async function inBundle(...bodies: readonly string[]): Promise<unknown> {
  const functions = bodies.map((body) => `async () => { ${body} }`).join(",\n");
  const { code } = await bundler.bundle({
    entry: "a.js",
    files: { "a.js": `export const run = () => Promise.all([${functions}].map((each) => each()));` },
  });
  return await evaluate(new TextDecoder().decode(code));
}

async function evaluate(code: string): Promise<unknown> {
  let run: (() => unknown) | undefined;
  const define = (exports: { readonly run: () => unknown }) => {
    ({ run } = exports);
  };
  const globals = Object.getOwnPropertyNames(globalThis).filter(
    (name) => !["process", "Buffer", "global", "globalThis"].includes(name),
  );
  const context = Object.fromEntries(
    globals
      .filter((name) => !(name in realm))
      .map((name) => [name, Reflect.get(globalThis, name) as unknown]),
  );
  vm.runInNewContext(code, { ...context, __duranium_define: define });
  return JSON.parse(JSON.stringify(await run?.())) as unknown;
}

/** What a fresh context has of its own. */
const realm = vm.runInNewContext(
  "Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, true]))",
) as object;

async function inNode(...bodies: readonly string[]): Promise<unknown> {
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
    ...args: string[]
  ) => (require: unknown) => Promise<unknown>;
  const values = await Promise.all(
    bodies.map(async (body) => await new AsyncFunction("require", body)(require)),
  );
  return JSON.parse(JSON.stringify(values)) as unknown;
}

const texts = '["", "a", "é", "日本語", "a\\u0000b", "\\ud800", "😀".repeat(50)]';

describe("a Node module in the sandbox", () => {
  test.each([
    [
      "buffer",
      `const { Buffer } = require("node:buffer"); return ${texts}.flatMap((text) => ["utf8", "hex", "base64", "base64url", "latin1", "ascii", "utf16le", "ucs2", "binary"].flatMap((encoding) => [Buffer.from(text, encoding).toString("hex"), Buffer.from(text).toString(encoding), Buffer.byteLength(text, encoding)]));`,
    ],
    [
      "buffer, of base64 as others write it",
      `return ["YQ", "YQ==", "Y Q=\\n=", "-_8", "+/8=", "YQ==YQ==", "Y", "ab!cd"].map((text) => [Buffer.from(text, "base64").toString("hex"), Buffer.from(text, "base64url").toString("hex")]);`,
    ],
    [
      "buffer, of numbers and copies",
      `const b = Buffer.alloc(24); b.writeDoubleBE(1.5, 0); b.writeBigInt64LE(-5n, 8); b.writeUIntBE(0x123456, 16, 3); b.write("zz", 20); b.write("YWI=", 22, "base64"); return [b.toString("hex"), b.readDoubleBE(0), String(b.readBigInt64LE(8)), b.indexOf("zz"), b.subarray(20, 22).equals(Buffer.from("zz")), JSON.stringify(b.subarray(0, 3)), Buffer.concat([b, b], 30).length, Buffer.compare(b, Buffer.alloc(1)), b.includes(0x12), Buffer.isBuffer(b), Buffer.isEncoding("base64url"), [...Buffer.from([257, -1, 3.7])], Buffer.name];`,
    ],
    [
      "events",
      `const { EventEmitter, once } = require("events"); const e = new EventEmitter(); const seen = []; e.on("x", (v) => seen.push(v)); e.prependOnceListener("x", (v) => seen.push("first" + v)); const next = once(e, "x"); e.emit("x", 1); e.emit("x", 2); return [seen, await next, e.listenerCount("x"), (() => { try { e.emit("error", new Error("e")); } catch (error) { return error.message; } })()];`,
    ],
    [
      "events, as the classes of old inherit it",
      `const { inherits } = require("util"); const EventEmitter = require("events"); function Old() { EventEmitter.call(this); } inherits(Old, EventEmitter); const old = new Old(); let got; old.on("a", (v) => { got = v; }); old.emit("a", 7); return [got, old instanceof EventEmitter];`,
    ],
    [
      "util.inspect and format",
      `const { inspect, format } = require("util"); class A { b = 1; } return [inspect({ a: [1, "x", null, undefined, new Map([[1, { b: new Set([2]) }]])], d: new Date(0), r: /x/g, s: Symbol("q"), n: -0, big: 5n }), inspect(new A()), inspect("it's"), inspect([1, 2, 3].fill("long text ".repeat(9))), inspect({ a: { b: { c: { d: 1 } } } }), inspect({ a: { b: { c: { d: 1 } } } }, { depth: null }), format("%s %d %i %j %o %%", "a", "4.5", 4.5, { x: 1 }, [1], "rest", { y: 2 })];`,
    ],
    [
      "util.isDeepStrictEqual and types",
      `const util = require("util"); return [util.isDeepStrictEqual({ a: [1, new Map([[1, 2]])] }, { a: [1, new Map([[1, 2]])] }), util.isDeepStrictEqual([1], ["1"]), util.isDeepStrictEqual({ a: undefined }, {}), util.isDeepStrictEqual(NaN, NaN), util.types.isDate(new Date()), util.types.isDate({}), util.types.isNumberObject(5), util.types.isNumberObject(Object(5)), util.types.isPromise(Promise.resolve()), util.types.isTypedArray(new Uint8Array()), util.types.isUint8Array(new Int8Array()), util.types.isAsyncFunction(async () => 1), util.types.isGeneratorFunction(function* () {}), util.types.isNativeError(new TypeError()), util.types.isRegExp(/a/), util.types.isMap(new Map()), util.types.isSet(new Map()), util.stripVTControlCharacters("\\u001b[31mred\\u001b[0m")];`,
    ],
    [
      "util.promisify, callbackify, deprecate and inherits",
      `const util = require("util"); const add = (a, b, done) => done(null, a + b); const back = util.callbackify(async (x) => x * 2); return [await util.promisify(add)(1, 2), await util.promisify(back)(4), await util.promisify((done) => done(new Error("no")))().catch((e) => e.message), typeof util.debuglog("x")];`,
    ],
    [
      "streams",
      `class Old { constructor() { require("stream").call(this); } } if (new Old()._readableState !== undefined || typeof require("stream").Readable !== "function") return "no Stream"; const { Readable, Transform, PassThrough, pipeline, Writable } = require("stream"); const { text } = require("stream/consumers"); const up = new Transform({ transform(chunk, _, done) { done(null, String(chunk).toUpperCase()); } }); const chunks = []; await require("stream/promises").pipeline(Readable.from(["a", "b", "c"]), up, new Writable({ write(chunk, _, done) { chunks.push(String(chunk)); done(); } })); return [chunks, await text(Readable.from(["x", "y"])), await new Promise((resolve) => pipeline(new Readable({ read() { this.destroy(new Error("broken")); } }), new PassThrough(), (error) => resolve(error.message))), await Readable.from([1, 2, 3]).map((n) => n * 2).toArray()];`,
    ],
    [
      "string_decoder",
      `const { StringDecoder } = require("string_decoder"); const d = new StringDecoder("utf8"); return [d.write(Buffer.from([0xe6, 0x97])), d.write(Buffer.from([0xa5, 0x61])), d.end(Buffer.from([0xc3]))];`,
    ],
    [
      "path",
      `const path = require("path"); return [path.join("/a", "../b", "./c/"), path.resolve("/x", "y", "..", "z"), path.relative("/a/b/c", "/a/d"), path.parse("/home/u/f.tar.gz"), path.format({ dir: "/d", base: "b" }), path.basename("/a/b.txt", ".txt"), path.extname(".bashrc"), path.normalize("a//b/../c/."), path.isAbsolute("C:\\\\x"), path.sep, path.posix === path];`,
    ],
    [
      "path.win32, and errors",
      `const { win32, posix } = require("path"); const paths = ["C:\\\\a\\\\..\\\\b/c.tar.gz", "c:x", "\\\\\\\\server\\\\share\\\\d", "/a/b/", "..\\\\x", "", "C:"];
        return [win32.sep, win32.delimiter, win32 === require("path/win32"), posix === require("path/posix"), win32.win32 === win32, win32.posix === posix, win32.relative("C:\\\\a\\\\b", "c:\\\\a\\\\d"), win32.join("a", "..", "b/c"), win32.resolve("C:\\\\a", "..", "b"), win32.toNamespacedPath("C:\\\\a\\\\b"), win32.format({ dir: "C:\\\\d", base: "b" }),
        ...paths.map((path) => [win32.normalize(path), win32.parse(path), win32.isAbsolute(path), win32.basename(path, ".gz"), win32.dirname(path)]), (() => { try { posix.join(1); } catch (e) { return [e.name, e.code]; } })()];`,
    ],
    [
      "querystring",
      `const qs = require("querystring"); return [qs.parse("a=1&b=2&a=3&c=%20x+y&d"), qs.stringify({ a: [1, 2], b: "ä b", c: true, d: undefined }), qs.escape("a b&c")];`,
    ],
    [
      "url",
      `const url = require("url"); return [url.parse("https://u:p@host.com:8080/p/a/t/h?query=string#hash", true).query.query, url.parse("/a?b=1").pathname, url.resolve("http://a.com/b/c", "../d"), url.format({ protocol: "https", host: "x.test", pathname: "/y", query: { z: 1 } }), url.fileURLToPath("file:///a/b%20c"), url.pathToFileURL("/a b").href, url.domainToASCII("español.com")];`,
    ],
    [
      "assert",
      `const assert = require("assert"); const failure = (f) => { try { f(); return "passed"; } catch (e) { return [e.code, e.name]; } }; return [failure(() => assert(0)), failure(() => assert.strictEqual(1, 2)), failure(() => assert.deepStrictEqual({ a: 1 }, { a: 1 })), failure(() => assert.throws(() => { throw new TypeError("x"); }, TypeError)), failure(() => assert.match("abc", /x/))];`,
    ],
    [
      "zlib",
      `const zlib = require("zlib"); const data = Buffer.from("hello ".repeat(1000)); const gz = zlib.gzipSync(data); return [zlib.gunzipSync(gz).equals(data), zlib.inflateSync(zlib.deflateSync(data)).length, zlib.inflateRawSync(zlib.deflateRawSync("x")).toString(), zlib.crc32 ? zlib.crc32("hello") : 0, await new Promise((resolve, reject) => zlib.gunzip(gz, (error, out) => (error ? reject(error) : resolve(out.length)))), zlib.constants.Z_BEST_SPEED];`,
    ],
    [
      "zlib, of views and buffers",
      `const zlib = require("zlib"); const bytes = new Uint8Array([0, 104, 105, 0]); return [bytes.subarray(1, 3), new DataView(bytes.buffer, 1, 2), bytes.buffer.slice(1, 3)].map((data) => zlib.inflateSync(new Uint8Array(zlib.deflateSync(data))).toString());`,
    ],
    [
      "timers and timers/promises",
      `const { setTimeout: later } = require("timers/promises"); const seen = []; for await (const tick of require("timers/promises").setInterval(1, "t")) { seen.push(tick); if (seen.length === 2) break; } const handle = require("timers").setTimeout(() => seen.push("never"), 5).unref(); clearTimeout(handle); return [await later(1, "value"), seen, await later(5000, 0, { signal: AbortSignal.abort() }).catch((e) => [e.name, e.code])];`,
    ],
    [
      "diagnostics_channel and perf_hooks",
      `const dc = require("diagnostics_channel"); const channel = dc.channel("c"); let got; channel.subscribe((m) => { got = m; }); channel.publish(3); return [got, channel.hasSubscribers, typeof require("perf_hooks").performance.now()];`,
    ],
    [
      "net and os",
      `const net = require("net"); return [["1.2.3.4", "1.2.3", "::1", "256.1.1.1", "fe80::1%eth0", "::ffff:1.2.3.4", "1::2::3", "x"].map((each) => net.isIP(each)), require("os").EOL, require("os").platform()];`,
    ],
    [
      "process",
      `return [process.platform, typeof process.hrtime.bigint(), process.argv.length >= 1, typeof process.nextTick, await new Promise((resolve) => process.nextTick(resolve, "ticked")), Object.prototype.toString.call(process), process.cwd().startsWith("/"), global === globalThis];`,
    ],
  ])("a Node module in the sandbox behaves as in Node: %s", async (_, body) => {
    expect(await inBundle(body)).toEqual(await inNode(body));
  });

  test("http.request and http.get over fetch behave as in Node", async () => {
    const server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      request.on("end", () => {
        response.writeHead(request.url === "/missing" ? 404 : 200, { "x-a": "1" });
        response.end(`${request.method} ${request.url} ${text}`);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const body = `
      const http = require("node:http");
      const ask = (options, write) => new Promise((resolve, reject) => {
        const request = http.request(options, (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk) => { text += chunk; });
          response.on("end", () => resolve([response.statusCode, response.headers["x-a"], text]));
        });
        request.on("error", (error) => resolve(typeof error.code));
        write(request);
      });
      return [
        await ask({ port: ${port}, path: "/a?b=1", method: "POST", headers: { "Content-Type": "text/plain" } }, (request) => { request.write("one"); request.end("two"); }),
        await ask("http://127.0.0.1:${port}/missing", (request) => request.end()),
        await ask("http://127.0.0.1:1/", (request) => request.end()),
      ];`;
    try {
      expect(await inBundle(body)).toEqual([
        [[200, "1", "POST /a?b=1 onetwo"], [404, "1", "GET /missing "], "string"],
      ]);
    } finally {
      server.close();
    }
  });

  test("AsyncLocalStorage keeps its context across awaits, timers and concurrent calls, as in Node", async () => {
    const body = `
      const { AsyncLocalStorage } = require("node:async_hooks");
      const storage = new AsyncLocalStorage();
      const work = async (name, ms) => storage.run(name, async () => {
        await null;
        const before = storage.getStore();
        await new Promise((resolve) => setTimeout(resolve, ms));
        return [before, storage.getStore(), await new Promise((resolve) => setTimeout(() => resolve(storage.getStore()), 1))];
      });
      async function* generate() { await null; yield storage.getStore(); }
      const generated = await storage.run("g", async () => { for await (const store of generate()) return store; });
      const { bind } = AsyncLocalStorage;
      return [await Promise.all([work("a", 5), work("b", 1)]), storage.getStore() ?? "none", generated, storage.run("x", () => bind(() => storage.getStore()))()];`;
    expect(await inBundle(body)).toEqual(await inNode(body));
  });
});

describe("an unsupported function of Node", () => {
  test("unsupported functions can be imported by every name of Node's module", async () => {
    const imports = Object.entries(nodeExports.modules).map(([name, { functions, others, values }], at) => {
      const names = [...functions, ...others, ...Object.keys(values)].map(
        (each) => `${each} as _${at}_${each}`,
      );
      return `import whole${at} from "node:${name}"; import { ${names.join(", ")} } from "node:${name}"; use(whole${at}, ${functions.map((each) => `_${at}_${each}`).join(", ")});`;
    });
    const text = `const used = []; function use(...values) { used.push(...values.map((value) => typeof value)); } ${imports.join("\n")} export const run = () => used.filter((type) => type === "undefined").length;`;
    const { code } = await bundler.bundle({ entry: "a.js", files: { "a.js": text } });
    expect(await evaluate(new TextDecoder().decode(code))).toBe(0);
  });

  test("calling an unsupported function throws with an alternative and Node's code", async () => {
    const failure =
      "const failure = (f) => { try { return f(); } catch (e) { return [e.code, e.message]; } };";
    expect(
      await inBundle(
        `${failure} const fs = require("fs"); return [fs.existsSync("/x"), failure(() => fs.readFileSync("/x")), failure(() => fs.writeFileSync("/x", "")), await fs.promises.readFile("/y").catch((e) => e.code), fs.constants.R_OK];`,
        `${failure} return [failure(() => require("net").connect(80)), failure(() => new (require("tls").TLSSocket)()), failure(() => require("child_process").execSync("ls")), failure(() => process.exit(1))];`,
        `class Mine extends require("net").Socket {} return typeof Mine;`,
      ),
    ).toEqual([
      [
        false,
        [
          "ENOENT",
          'Cannot use readFileSync("/x") of node:fs in a workflow. A workflow has no file system: import the file as text, keep values in ctx.state, or fetch it.',
        ],
        [
          "ERR_NOT_AVAILABLE",
          "Cannot use writeFileSync of node:fs in a workflow. A workflow has no file system: import the file as text, keep values in ctx.state, or fetch it.",
        ],
        "ENOENT",
        4,
      ],
      [
        [
          "ERR_NOT_AVAILABLE",
          "Cannot use connect of node:net in a workflow. A workflow opens no sockets: use fetch.",
        ],
        [
          "ERR_NOT_AVAILABLE",
          "Cannot use TLSSocket of node:tls in a workflow. A workflow opens no sockets: use fetch.",
        ],
        [
          "ERR_NOT_AVAILABLE",
          "Cannot use execSync of node:child_process in a workflow. A workflow starts no processes: call another workflow with ctx.call, or a service with fetch.",
        ],
        [
          "ERR_NOT_AVAILABLE",
          "Cannot use exit of node:process in a workflow. A workflow is no process: return from run to end it, and throw to fail it.",
        ],
      ],
      "function",
    ]);
  });
});

async function sizeOf(text: string): Promise<number> {
  return (await bundler.bundle({ entry: "a.js", files: { "a.js": text } })).code.length;
}

describe("a bundle", () => {
  test("a bundle contains only the Node modules that it uses", async () => {
    const plain = await sizeOf("export const run = () => 1;");
    expect(plain).toBeLessThan(2_000);
    expect(await sizeOf('import { isIP } from "node:net"; export const run = () => isIP("");')).toBeLessThan(
      6_000,
    );
    expect(await sizeOf('export const run = () => "process the Buffer";')).toBeLessThan(plain + 100);
    expect(await sizeOf("export const run = () => process.env.DEBUG;")).toBeLessThan(plain + 300);
  });

  test("process.env starts empty and keeps assigned values", async () => {
    expect(
      await inBundle(
        'process.env.A = "1"; return [process.env.A, Object.keys(process.env), require("process").env.A, process.env.HOME ?? "none"];',
      ),
    ).toEqual([["1", ["A"], "1", "none"]]);
  });

  test("a variable of a bundle takes precedence over a global of Node", async () => {
    expect(await inBundle("const Buffer = 1, process = 2; return Buffer + process;")).toEqual([3]);
  });
});

test("building Node's modules is deterministic", async () => {
  const { bundleShims } = await import("./bundle-shims.ts");
  const root = new URL("../../../node-compat/", import.meta.url).pathname;
  expect(await bundleShims(root)).toEqual(await readShims());
});
