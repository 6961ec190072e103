import { beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../src/base/sha256.ts";
import type { DriveResult } from "../../src/host/driver/driver.ts";
import type { Guest } from "../../src/host/guest.ts";
import { driveGuest } from "../../src/host/testing/scripted-drive.ts";
import { createEngineStore } from "../../src/sandbox/engine/engine-store.ts";
import type { Image } from "../../src/sandbox/instances/engine-state.ts";
import { createInstance } from "../../src/sandbox/instances/instance.ts";
import type { Instance, LoadedEngine } from "../../src/sandbox/instances/instance.ts";
import { bytesOf, imageOf, loadTestEngine } from "../../src/sandbox/testing/images.ts";
import { openEnginesDirectory } from "../support/open-engine.ts";

/**
 * Workflows that got out of their realm: `outer(code)` evaluates in the one of the bindings, in which the memory and the
 * host's functions lie about. No way there is known, so their engine was built with one. Nothing inside of an instance is
 * a boundary: where this leads is what is prevented, since the host takes what holds to the protocol, and nothing else.
 */
const escape = `
const bytes = (text) => new TextEncoder().encode(text);
const outer = (code) => outside.Function("return " + code)();
const host = (name) => outside.host[name];
const memory = () => new Uint8Array(outside.memory.buffer);
`;

const honest = "export const run = (ctx, payload) => ({ payload, leaked: globalThis.leaked });";

/** Its actions are its payload, so that one image serves all cases. */
const hostile = `${escape}
export const run = (ctx, payload) => (0, eval)("(async (ctx, bytes, outer, host, memory) => {" + payload + "})")(ctx, bytes, outer, host, memory);`;

let engine: LoadedEngine;
let honestImage: Image;
let hostileImage: Image;
beforeAll(async () => {
  engine = await loadTestEngine(createEngineStore({ directory: await openEnginesDirectory() }));
  honestImage = await imageOf(engine, honest);
  hostileImage = await imageOf(engine, hostile);
});

interface Attacked {
  readonly result: DriveResult;
  readonly instance: Instance;
  readonly commands: readonly string[];
}

/** Runs `body` as that of an async function in the workflow. */
async function attack(body: string): Promise<Attacked> {
  const instance = createInstance(engine);
  instance.reset(hostileImage);
  const { result, journal } = await driveGuest(guestOf(instance, body));
  return { result, instance, commands: journal.record.commands.map(({ name }) => name) };
}

function guestOf(instance: Instance, body: string): Guest {
  return {
    fuelUsed: 0,
    run: async (context) => instance.enter((core) => core.run(context, bytesOf(body))),
    settle: async (settlement) => instance.enter((core) => core.settle(settlement)),
    cancel: async (now) => instance.enter((core) => core.cancel(now)),
    [Symbol.dispose]() {},
  };
}

describe("a workflow that escaped from its realm", () => {
  test("can access the engine's memory and the host's five functions", async () => {
    const { result } = await attack(
      'return [memory().length > 9e6, ["call", "abandon", "complete", "fail", "log"].map((name) => typeof host(name))]',
    );
    expect(result).toEqual({ kind: "completed", value: [true, Array.from({ length: 5 }, () => "function")] });
  });

  test.each([
    ["uses an id twice", 'host("call")(0, "timer", bytes(\'{"durationMs":1}\'), bytes("")); ctx.sleep(1);'],
    [
      "uses an id of later before",
      'host("call")(9, "timer", bytes(\'{"durationMs":1}\'), bytes("")); ctx.sleep(1);',
    ],
    ["asks for an operation that there is not", 'host("call")(0, "exec", bytes("{}"), bytes(""));'],
    ["asks for one that every object has", 'host("call")(0, "__proto__", bytes("{}"), bytes(""));'],
    ["sends what is no JSON", 'host("call")(0, "timer", bytes("{"), bytes(""));'],
    [
      "sends a body where there is none",
      'host("call")(0, "timer", bytes(\'{"durationMs":1}\'), bytes("x"));',
    ],
    ["sends arguments of its own", 'host("call")(0, "timer", bytes(\'{"durationMs":1,"x":1}\'), bytes(""));'],
    ["abandons a call that was not made", 'host("abandon")(7);'],
    ["ends with what is no JSON", 'host("complete")(bytes("{"));'],
    ["fails without a message", 'host("fail")(bytes("{}"));'],
    ["fails with a list", 'host("fail")(bytes("[]"));'],
  ])("and %s, fails without any effect", async (_what, body) => {
    const { result, commands } = await attack(`${body} await new Promise(() => {});`);
    expect(result).toMatchObject({ kind: "failed", code: "guest-protocol-violated" });
    expect(commands).toEqual(["cancellation"]);
  });

  test.each([
    [
      "a result",
      'host("complete")(bytes(\'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}\'))',
    ],
    ["a failure", 'host("fail")(bytes(\'{"name":"E","message":"m","__proto__":{"polluted":1},"code":7}\'))'],
    [
      "a console line",
      'host("log")("info", bytes(\'[{"__proto__":{"polluted":1}}]\')); host("complete")(bytes("1"))',
    ],
  ])("and passes %s with prototype keys, modifies no prototype", async (_what, body) => {
    const { result } = await attack(`${body}; await new Promise(() => {});`);
    expect(result.kind).not.toBe("cancelled");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test.each([
    ["says so", 'host("complete")(bytes("[".repeat(300) + "]".repeat(300)));'],
    [
      "floods its host",
      'for (let id = 0; id < 1001; id++) host("call")(id, "timer", bytes(\'{"durationMs":1}\'), bytes(""));',
    ],
    [
      "sends bodies without end",
      'const body = new Uint8Array(8 << 20); for (let id = 0; id < 5; id++) host("call")(id, "effect", bytes(\'{"key":"a"}\'), body);',
    ],
    ["has a name without end", 'host("call")(0, "x".repeat(1e6), bytes("{}"), bytes(""));'],
    ["takes back without end", 'ctx.sleep(1); for (let i = 0; i < 2001; i++) host("abandon")(0);'],
  ])("and %s, exceeds a limit", async (_what, body) => {
    const { result, commands } = await attack(`${body} await new Promise(() => {});`);
    expect(result).toMatchObject({ kind: "failed", code: "limit-exceeded" });
    expect(commands).toEqual(["cancellation"]);
  });

  test("and writes endless console lines, keeps the first ones and a note about dropped lines", async () => {
    const { result } = await attack(
      'for (let i = 0; i < 2500; i++) host("log")("info", bytes("[1]")); return 1;',
    );
    expect(result).toEqual({ kind: "completed", value: 1 });
  });

  test.each([
    ["fills its memory with ones", "memory().fill(255);"],
    ["empties its memory", "memory().fill(0);"],
    [
      "turns every byte of its memory around",
      "const all = memory(); for (let i = 0; i < all.length; i++) all[i] ^= 255;",
    ],
    ["calls the engine's exports from inside", 'outer("export_run(1, 2, 3, 4, 5)");'],
  ])("and %s, fails alone, and its instance is discarded", async (_what, body) => {
    const { result, instance } = await attack(body);
    expect(result).toMatchObject({
      kind: "failed",
      code: expect.stringMatching(/^(sandbox-crashed|out-of-fuel|out-of-memory)$/) as string,
    });
    expect(instance.isReusable).toBe(false);
  });

  test("and corrupts its memory, leaves no change for the next workflow", async () => {
    const { instance } = await attack(`
      globalThis.leaked = "leaked"; outer("globalThis.leaked = 'leaked'");
      const all = memory(); const { length } = all;
      all.fill(7, length - 65536);
      return 1;`);
    instance.reset(honestImage);
    const fresh = createInstance(engine);
    fresh.reset(honestImage);
    expect(stateDigest(instance)).toBe(stateDigest(fresh));
  });

  test("finds no clock and no randomness: its view is the same on every run", async () => {
    const body = `
      const seen = () => outer("[Date.now(), new Date().getTime(), Math.random(), Math.random()]").map(Number);
      const first = seen();
      await ctx.sleep(1000);
      return [first, seen()];`;
    const [one, other] = [await attack(body), await attack(body)];
    expect(one.result.kind).toBe("completed");
    expect(other.result).toEqual(one.result);
    expect(stateDigest(other.instance)).toBe(stateDigest(one.instance));
  });
});

describe("a workflow that replaces the prototypes of typed arrays", () => {
  /** Every method of typed arrays records its calls and receivers. */
  const eavesdropper = `
    const { apply, ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
    const typed = Object.getPrototypeOf(Uint8Array.prototype);
    const getBuffer = getOwnPropertyDescriptor(typed, "buffer").get;
    const getLength = getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
    const isView = ArrayBuffer.isView;
    const heard = { calls: 0, largest: 0, strangers: 0 };
    function listen(self, caller) {
      heard.calls += 1;
      if (isView(self)) heard.largest = Math.max(heard.largest, apply(getLength, apply(getBuffer, self, []), []));
      if (caller !== null && !(caller instanceof Function)) heard.strangers += 1;
    }
    function overhear(heardOf) {
      return function overheard(...values) {
        listen(this, overheard.caller);
        return apply(heardOf, this, values);
      };
    }
    const listenTo = (owner) => {
      for (const key of ownKeys(owner)) {
        const own = getOwnPropertyDescriptor(owner, key);
        if (!own.configurable || key === "constructor") continue;
        if (own.get) defineProperty(owner, key, { ...own, get: overhear(own.get) });
        else if (typeof own.value === "function") defineProperty(owner, key, { ...own, value: overhear(own.value) });
      }
    };
    exports.run = async (ctx) => {
      const prototypes = [typed, Uint8Array, ArrayBuffer, TextEncoder, TextDecoder].map((type) => type.prototype ?? type);
      prototypes.forEach(listenTo);
      console.log("knock", 1);
      await ctx.sleep(1);
      await new Response(new Uint8Array(5)).arrayBuffer();
      return { ...heard, outside: typeof outside };
    };`;

  test("sees neither the engine's memory nor another realm", async () => {
    const real = await loadTestEngine();
    const instance = createInstance(real);
    instance.reset(await imageOf(real, eavesdropper));
    const { result } = await driveGuest(guestOf(instance, ""));
    expect(result).toEqual({
      kind: "completed",
      value: { calls: expect.any(Number), largest: expect.any(Number), strangers: 0, outside: "undefined" },
    });
    const { value } = result as unknown as {
      readonly value: { readonly calls: number; readonly largest: number };
    };
    expect(value.calls).toBeGreaterThan(0);
    expect(value.largest).toBeLessThan(65_536);
  });
});

describe("the return value of a workflow", () => {
  test.each([
    [
      "the same on every read",
      "let n = 0; return { get a() { return ++n; }, get b() { return ++n; } };",
      { a: 1, b: 2 },
    ],
    [
      "what grows while it is read",
      "const list = [1]; list[0] = { toJSON() { list.push(2); return 1; } }; return list;",
      undefined,
    ],
    [
      "what goes while it is read",
      "const o = { get a() { delete o.b; return 1; }, b: 2 }; return o;",
      undefined,
    ],
    [
      "a proxy with other keys each time",
      "let n = 0; return new Proxy({}, { ownKeys: () => ['k' + n++], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => 1 });",
      undefined,
    ],
    ["lone surrogates", 'return "\\ud800" + "\\udc00\\udc00";', "\ud800\udc00\udc00"],
    ["no number", "return { n: NaN };", undefined],
    ["what is not finite", "return [Infinity, -Infinity];", undefined],
    ["itself", "const o = {}; o.o = o; return o;", undefined],
    ["a key named __proto__", 'return JSON.parse(\'{"__proto__":{"polluted":1}}\');', undefined],
    ["a getter that throws", "return { get a() { throw new Error('no'); } };", undefined],
    ["a toJSON that throws", "return { toJSON() { throw 1; } };", undefined],
    ["a toJSON that is itself", "const o = { toJSON() { return o; } }; return o;", undefined],
    [
      "nesting without end by toJSON",
      "const deeper = () => ({ a: { toJSON: deeper } }); return deeper();",
      undefined,
    ],
    [
      "a revoked proxy",
      "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy;",
      undefined,
    ],
    [
      "a list whose length lies",
      "return new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 32 : 1) });",
      undefined,
    ],
    ["nesting of ten thousand", "let o = 1; for (let i = 0; i < 1e4; i++) o = [o]; return o;", undefined],
  ])("can be %s: it becomes a result or a failure", async (_what, body, expected) => {
    const { result } = await attack(body);
    expect(["completed", "failed"]).toContain(result.kind);
    if (result.kind === "failed")
      expect(result.code).toMatch(/^(workflow-failed|limit-exceeded|out-of-memory|out-of-fuel)$/);
    if (expected !== undefined) expect(result).toEqual({ kind: "completed", value: expected });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

function stateDigest(instance: Instance): string {
  const { memory, globals } = instance.state();
  return `${digestOf(memory)} ${globals.join(" ")}`;
}
