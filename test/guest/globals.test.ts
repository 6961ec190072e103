import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner, startedAt } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

const run = (body: string): string => `export async function run(ctx) {\n${body}\n}`;
const evaluate = (expression: string): unknown => play(run(`return ${expression};`)).result;

describe("Date", () => {
  test.each([
    ["Date.now()", startedAt],
    ["new Date().getTime()", startedAt],
    ["Date()", "Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)"],
    ["Date(5)", "Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)"],
    ["new Date(5).getTime()", 5],
    ["String(new Date(undefined).getTime())", "NaN"],
    ["new Date(2020, 1, 3).toISOString()", "2020-02-03T00:00:00.000Z"],
    ["new Date(new Date(5)).getTime()", 5],
    ["Date.parse('2020-01-01T00:00:00Z')", 1_577_836_800_000],
    ["Date.UTC(2020, 0)", 1_577_836_800_000],
    ["Date.length", 7],
    ["Date.name", "Date"],
    ["new Date() instanceof Date", true],
    ["new Date().constructor === Date", true],
    ["Object.prototype.toString.call(new Date())", "[object Date]"],
    ["Reflect.construct(Date, []).getTime()", startedAt],
    ["Reflect.construct(Date, [], Array) instanceof Array", true],
    ["new (class Day extends Date { year() { return this.getFullYear(); } })().year()", 2026],
    ["structuredClone(new Date()).getTime()", startedAt],
  ])("Date behaves as in the language, by the guest's clock: %s", (expression, result) => {
    expect(evaluate(expression)).toEqual(result);
  });
});

describe("events", () => {
  test("listeners are called in order, once if requested, and no longer after stopImmediatePropagation", () => {
    const source = run(`
      const target = new EventTarget(); const seen = [];
      target.addEventListener("x", () => seen.push("once"), { once: true });
      target.addEventListener("x", { handleEvent(event) { seen.push(this.name, event.type, event.target === target); }, name: "object" });
      target.addEventListener("x", (event) => { seen.push("stop"); event.stopImmediatePropagation(); });
      target.addEventListener("x", () => seen.push("never"));
      target.dispatchEvent(new Event("x")); target.dispatchEvent(new CustomEvent("x", { detail: 1 }));
      return seen;
    `);
    expect(play(source).result).toEqual(["once", "object", "x", true, "stop", "object", "x", true, "stop"]);
  });

  test("defaultPrevented reports a call of preventDefault", () => {
    const source = run(`
      const target = new EventTarget();
      target.addEventListener("x", (event) => event.preventDefault());
      target.addEventListener("y", (event) => event.preventDefault(), { passive: true });
      return [target.dispatchEvent(new Event("x", { cancelable: true })), target.dispatchEvent(new Event("x")),
        target.dispatchEvent(new Event("y", { cancelable: true }))];
    `);
    expect(play(source).result).toEqual([false, true, true]);
  });

  test("listeners that were removed, manually or by a signal, are not called", () => {
    const source = run(`
      const target = new EventTarget(); const seen = []; const controller = new AbortController();
      const listener = () => seen.push("removed");
      target.addEventListener("x", listener); target.addEventListener("x", listener, true);
      target.addEventListener("x", () => seen.push("aborted"), { signal: controller.signal });
      target.removeEventListener("x", listener); controller.abort();
      target.dispatchEvent(new Event("x"));
      return seen;
    `);
    expect(play(source).result).toEqual(["removed"]);
  });

  test("a listener that throws fails the execution", () => {
    const source = run(`
      const target = new EventTarget();
      target.addEventListener("x", () => { throw new Error("in a listener"); });
      target.dispatchEvent(new Event("x"));
      await new Promise(() => {});
    `);
    expect(play(source).failure).toMatchObject({ message: "in a listener" });
  });

  test("a class that extends EventTarget can dispatch events", () => {
    const source = run(`
      class Cart extends EventTarget { add(item) { this.dispatchEvent(new CustomEvent("add", { detail: item })); } }
      const cart = new Cart(); let got;
      cart.addEventListener("add", ({ detail }) => { got = detail; });
      cart.add("book");
      return got;
    `);
    expect(play(source).result).toBe("book");
  });

  test("the timeStamp of an event is the time since the execution started", () => {
    expect(play(run('await ctx.sleep(25); return new Event("x").timeStamp;')).result).toBe(25);
  });
});

describe("abort signals", () => {
  test("an abort signal notifies its listeners once, with a reason", () => {
    const source = run(`
      const controller = new AbortController(); const { signal } = controller; const seen = [];
      signal.onabort = () => seen.push("attribute");
      signal.addEventListener("abort", ({ type }) => seen.push(type));
      controller.abort("why"); controller.abort("again");
      return [seen, signal.aborted, signal.reason];
    `);
    expect(play(source).result).toEqual([["attribute", "abort"], true, "why"]);
  });

  test.each([
    ["AbortSignal.abort().reason.name", "AbortError"],
    ["AbortSignal.abort(5).reason", 5],
    ["AbortSignal.any([]).aborted", false],
    ["AbortSignal.any([AbortSignal.abort('a'), AbortSignal.abort('b')]).reason", "a"],
    [
      "(() => { try { AbortSignal.abort(new RangeError('x')).throwIfAborted(); } catch ({ name }) { return name; } })()",
      "RangeError",
    ],
    ["(() => { try { new AbortSignal(); } catch ({ name }) { return name; } })()", "TypeError"],
    ["new AbortController().signal.throwIfAborted() === undefined", true],
    ["AbortSignal.abort() instanceof EventTarget", true],
    [
      "(() => { const c = new AbortController(); const any = AbortSignal.any([new AbortController().signal, c.signal]); c.abort(1); return any.reason; })()",
      1,
    ],
  ])("AbortSignal behaves as in the standard: %s", (expression, result) => {
    expect(evaluate(expression)).toEqual(result);
  });
});

describe("classes of platform objects", () => {
  test.each([
    ["new FormData()", "FormData"],
    ["new Headers()", "Headers"],
    ["new URL('https://a.test/')", "URL"],
    ["new URLSearchParams()", "URLSearchParams"],
    ["new Request('https://a.test/')", "Request"],
    ["new Response()", "Response"],
    ["new Blob([])", "Blob"],
    ["new File([], 'a')", "File"],
    ["new ReadableStream()", "ReadableStream"],
    ["new WritableStream()", "WritableStream"],
    ["new TransformStream()", "TransformStream"],
    ["new TextDecoderStream()", "TextDecoderStream"],
    ["new AbortController().signal", "AbortSignal"],
    ["new Event('a')", "Event"],
    ["new MessageEvent('message', { data: 1 })", "MessageEvent"],
    ["new MessageChannel()", "MessageChannel"],
    ["new DOMException()", "DOMException"],
    ["performance", "Performance"],
  ])("%s has the tag and the class name of the standard", (expression, name) => {
    expect(
      evaluate(`[Object.prototype.toString.call(${expression}), (${expression}).constructor.name]`),
    ).toEqual([`[object ${name}]`, name]);
  });

  test("a message event has the posted data", () => {
    expect(
      evaluate(
        "(({ data, lastEventId, origin, ports }) => [data, lastEventId, origin, ports])(new MessageEvent('message', { data: [1], lastEventId: '5' }))",
      ),
    ).toEqual([[1], "5", "", []]);
  });
});

describe("the console", () => {
  test("the console writes its arguments at its levels", () => {
    const source = run(
      'console.log("a", 1); console.info({ b: [10n] }); console.debug(null); console.warn(new Set([1])); console.error(undefined); console.log();',
    );
    expect(play(source).lines).toEqual([
      ["info", "a", 1],
      ["info", { b: ["10n"] }],
      ["debug", null],
      ["warn", { "[Set]": [1] }],
      ["error", "undefined"],
      ["info"],
    ]);
  });

  test("the console shows errors with the author's frames", () => {
    const { lines } = play(
      "\nexport function run() {\n  console.error('it failed', new TypeError('no'));\n}",
    );
    expect(lines).toEqual([
      [
        "error",
        "it failed",
        { name: "TypeError", message: "no", stack: "TypeError: no\n    at run (workflow.js:3:30)" },
      ],
    ]);
  });

  test("the console substitutes arguments into format strings", () => {
    const source = run('console.log("%s owes %d%%", "Ann", 5, { left: true }); console.warn("%j", [1]);');
    expect(play(source).lines).toEqual([
      ["info", "Ann owes 5%", { left: true }],
      ["warn", "[1]"],
    ]);
  });

  test("the console counts, groups, asserts, traces and measures by the guest's clock", () => {
    const source = run(`
      console.count(); console.count("x"); console.count(); console.countReset(); console.count();
      console.group("outer"); console.log("in"); console.group(); console.log(1); console.groupEnd(); console.groupEnd(); console.log("out");
      console.assert(true, "not said"); console.assert(false, "said");
      console.time("t"); await ctx.sleep(30); console.timeLog("t", "so far"); console.timeEnd("t"); console.timeEnd("t");
      console.table([{ a: 1 }]); console.dir({ a: 1 }, {}); console.trace("here");
    `);
    expect(play(source).lines).toEqual([
      ["info", "default: 1"],
      ["info", "x: 1"],
      ["info", "default: 2"],
      ["info", "default: 1"],
      ["info", "outer"],
      ["info", "  in"],
      ["info", "    ", 1],
      ["info", "out"],
      ["error", "Assertion failed", "said"],
      ["info", "t: 30ms", "so far"],
      ["info", "t: 30ms"],
      ["warn", 'There is no timer "t"'],
      ["info", [{ a: 1 }]],
      ["info", { a: 1 }],
      ["debug", "Trace:", "here", expect.stringMatching(/^\n {4}at run \(workflow\.js:\d+:\d+\)$/)],
    ]);
  });

  test.each([
    "'x'.repeat(1e6)",
    "'ä'.repeat(1e5)",
    "'\\u0001'.repeat(1e5)",
    "Array.from({ length: 1e5 }, (_, i) => i)",
    "Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => ['\\u0001key' + i, [i]]))",
    "Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => ({})))",
  ])("the console cuts lines to 16 KiB: %s", (expression) => {
    const [line] = play(run(`console.log(${expression});`)).lines;
    expect(new TextEncoder().encode(JSON.stringify(line?.slice(1))).length).toBeLessThanOrEqual(16 * 1024);
    expect(JSON.stringify(line)).toContain("…");
  });

  test.each([
    "new Proxy({}, { ownKeys() { throw new Error('hidden'); } })",
    "{ get a() { throw 1; } }",
    "{ toJSON() { throw 1; } }",
    "Object.create(null)",
    "globalThis",
    "[ctx, fetch, Response, new Response('x'), new Request('https://a.test/'), new URL('https://a.test/')]",
  ])("console.log(%s) never throws", (expression) => {
    expect(play(run(`console.log(${expression}); return "on";`)).result).toBe("on");
  });
});

describe("performance", () => {
  test("performance.measure measures between marks", () => {
    const source = run(`
      performance.mark("a"); await ctx.sleep(25); performance.mark("b", { detail: 1 });
      const { duration, startTime } = performance.measure("m", "a", "b");
      const other = performance.measure("n", { start: 5, duration: 7 });
      performance.clearMarks("a");
      return [duration, startTime, other.duration, performance.getEntries().map(({ name }) => name), performance.toJSON()];
    `);
    expect(play(source).result).toEqual([25, 0, 7, ["m", "n", "b"], { timeOrigin: startedAt }]);
  });

  test("performance.measure refuses a missing mark", () => {
    expect(play(run('performance.measure("m", "never");')).failure).toMatchObject({ name: "SyntaxError" });
  });
});

describe("the globals", () => {
  test.each([
    ["new WeakRef({ a: 1 }).deref().a", 1],
    [
      "(() => { const r = new FinalizationRegistry(() => {}); const t = {}; r.register({}, 1, t); return [r.unregister(t), r.unregister(t)]; })()",
      [true, false],
    ],
    ["new File(['a'], 'n').lastModified", startedAt],
    ["new File(['a'], 'n', { lastModified: 5 }).lastModified", 5],
    ["new File([], 'n') instanceof File && new File([], 'n') instanceof Blob", true],
    ["new Blob(['a', 'b']).slice(1).text()", "b"],
    ["Array.fromAsync(new Blob(['ab']).stream()).then(([chunk]) => [...chunk])", [97, 98]],
    ["URL.canParse('/x')", false],
    ["URL.parse('/x', 'https://a.test').href", "https://a.test/x"],
    ["URL.parse('/x')", null],
    ["crypto.subtle.digest('SHA-256', new Uint8Array()).then((d) => new Uint8Array(d)[0])", 0xe3],
    ["structuredClone(new Map([[1, { a: 2 }]])).get(1).a", 2],
    ["atob(btoa('abc'))", "abc"],
    [
      "new Response(new Response('abc').body.pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip'))).text()",
      "abc",
    ],
    [
      "[typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics, typeof location]",
      Array(4).fill("undefined"),
    ],
    ["self === globalThis", true],
  ])("the globals behave as in the standard: %s", (expression, result) => {
    expect(evaluate(expression)).toEqual(result);
  });

  test("a workflow can replace the globals", () => {
    const source = run('globalThis.fetch = async () => new Response("mine"); return (await fetch()).text();');
    expect(play(source)).toMatchObject({ result: "mine", calls: [] });
  });
});

describe("the functions of the globals", () => {
  test("no function of the globals ends the instance, whatever its arguments are", () => {
    const owners = evaluate(listOwners) as string[];
    expect(owners.length).toBeGreaterThan(100);
    expect(owners.filter((owner) => !unsafe.includes(owner) && endsInstance(owner))).toEqual([]);
  });
});

/**
 * Prototypes of the engine of which some methods end the instance when they are called on the prototype
 * itself. A workflow that does so harms only itself.
 */
const unsafe = ["URL", "URLSearchParams", "CompressionStream", "DecompressionStream"].map(
  (name) => `${name}.prototype`,
);

/** The paths of all objects with functions or getters that can be reached from the globals by names. */
const listOwners = `(() => {
  const seen = new Set(); const owners = new Set();
  const walk = (object, path) => {
    if (object === null || !["object", "function"].includes(typeof object) || seen.has(object)) return;
    seen.add(object);
    for (const key of Object.getOwnPropertyNames(object)) {
      const { value, get } = Object.getOwnPropertyDescriptor(object, key);
      if (typeof (value ?? get) === "function") owners.add(path.join("."));
      walk(value, [...path, key]);
    }
  };
  walk(globalThis, []);
  return [...owners];
})()`;

/** Calls and constructs every function of an object, in an instance of its own. */
function endsInstance(owner: string): boolean {
  const source = run(`
    const keys = ${JSON.stringify(owner === "" ? [] : owner.split("."))};
    const owner = keys.reduce((object, key) => object[key], globalThis);
    const { apply, construct } = Reflect; const ignore = () => {};
    for (const { value, get } of Object.values(Object.getOwnPropertyDescriptors(owner))) {
      if (typeof (value ?? get) !== "function") continue;
      for (const args of [[], [1], [{}], ["a", "b"], [() => { throw new Error("called"); }], [new Uint8Array(3)]]) {
        try { apply(get ?? value, owner, args).catch(ignore); } catch {}
        try { if (value) construct(value, args); } catch {}
      }
    }
  `);
  try {
    play(source);
    return false;
  } catch {
    return true;
  }
}

describe("import() in dynamically evaluated code", () => {
  test.each([
    `eval("import('./a.js')")`,
    `(0, eval)("import('node:fs')")`,
    `new Function("return import('https://a.test/x.js')")()`,
    `new Function("return import('workflow.js', { with: { type: 'json' } })")()`,
    `(async () => { const AsyncFunction = (async () => {}).constructor; return await new AsyncFunction("return await import('')")(); })()`,
  ])("import() in dynamically evaluated code is rejected: %s", (expression) => {
    const { result, failure } = play(
      run(`return await ${expression}.then(() => "loaded", ({ name }) => name);`),
    );
    expect(failure).toBeUndefined();
    expect(result).toMatch(/^(?:Reference|Type)?Error$/);
  });
});
