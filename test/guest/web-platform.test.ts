import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";
import type { PlayOptions } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

function run(body: string, options?: PlayOptions): unknown {
  const { result, failure } = play(`export async function run(ctx) {\n${body}\n}`, options);
  return failure === undefined ? result : failure.name;
}

describe("arguments of the platform", () => {
  test.each([
    [`new Response("a", "text").ok`, "TypeError"],
    [`new Response("a", null).status`, 200],
    [`Response.json(1, 5)`, "TypeError"],
    [`Response.json(1, { status: 204 })`, "TypeError"],
    [`Response.json(1, { status: 201, get body() { throw 1; } }).status`, 201],
    [`Response.redirect("https://a.test/", { toString() { throw new RangeError("no"); } })`, "RangeError"],
    [`new Blob(["abcdef"]).slice(1, Infinity).size`, 5],
    [`new Blob(["abcdef"]).slice(-Infinity, 2, 10).type`, "10"],
    [`new Blob(["abcdef"]).slice(1, 3n)`, "TypeError"],
    [`new TextEncoder().encode({ toString() { throw new RangeError("no"); } })`, "RangeError"],
    [`new TextEncoder().encode({ toString: () => "a" }).length`, 1],
    [`new TextEncoder().encode().length`, 0],
    [`new Headers().append({ toString() { throw new RangeError("no"); } })`, "TypeError"],
    [`new Date(0).toLocaleString("")`, "RangeError"],
    [`new Date("Created: May 5, 2026 3:04 pm").toISOString()`, "2026-05-05T15:04:00.000Z"],
    [`new Date("Thu, 05 Feb 2026 10:20:30 GMT").getTime()`, Date.UTC(2026, 1, 5, 10, 20, 30)],
    [`Date.parse(new Date(5000).toString())`, 5000],
    [`Date.parse("02/05/2026")`, Date.parse("02/05/2026 UTC")],
    [`String(new Date("2026-02-30"))`, String(new Date("2026-02-30Z"))],
  ])("arguments are converted as in Node: %s", (expression, expected) => {
    expect(run(`return ${expression}`)).toBe(expected);
  });
});

describe("classes that the engine lacks", () => {
  test("a PerformanceObserver receives marks and measures in a separate task", () => {
    const body = `
      performance.mark("before");
      const seen = [];
      const observer = new PerformanceObserver((list, same) =>
        seen.push(list.getEntries().map(({ name }) => name), list.getEntriesByName("m").length, same === observer));
      observer.observe({ type: "mark", buffered: true });
      observer.observe({ type: "measure" });
      performance.mark("after"); performance.measure("m");
      const isLater = seen.length === 0;
      await new Promise((resolve) => setTimeout(resolve));
      observer.disconnect(); performance.mark("late");
      await new Promise((resolve) => setTimeout(resolve));
      return [isLater, ...seen, PerformanceObserver.supportedEntryTypes];`;
    expect(run(body)).toEqual([true, ["before", "after", "m"], 1, true, ["mark", "measure"]]);
  });

  test.each([
    ["new PerformanceObserver(() => {}).observe({})", "TypeError"],
    [
      "(() => { const it = new PerformanceObserver(() => {}); it.observe({ type: 'mark' }); it.observe({ entryTypes: ['mark'] }); })()",
      "InvalidModificationError",
    ],
    ["new QuotaExceededError('a', { quota: 1, requested: 2 }).code", 22],
    ["new QuotaExceededError('a', { quota: 2, requested: 1 })", "RangeError"],
    ["structuredClone(new QuotaExceededError('a', { quota: 1 })).quota", 1],
    ["new ErrorEvent('error', { error: 5, lineno: '3' }).lineno", 3],
    ["new CloseEvent('close', { code: 1001, wasClean: 1 }).wasClean", true],
  ])("classes that the engine lacks behave as in the standard: %s", (expression, expected) => {
    expect(run(`return ${expression}`)).toBe(expected);
  });
});

describe("a fetch of a URL that needs no network", () => {
  test.each([
    ["data:text/html;charset=utf-8,%3Cp%3E%C3%A9", ["<p>é", "text/html;charset=utf-8"]],
    ["data:;base64,aGk=", ["hi", "text/plain;charset=US-ASCII"]],
    ["data:image/svg+xml,<svg/>#part", ["<svg/>", "image/svg+xml"]],
  ])("a fetch of %s makes no host call", (url, expected) => {
    const body = `const res = await fetch(${JSON.stringify(url)}); return [await res.text(), res.headers.get("content-type")];`;
    const { result, calls } = play(`export async function run(ctx) { ${body} }`);
    expect(result).toEqual(expected);
    expect(calls).toEqual([]);
  });

  test("a blob URL can be fetched until it is revoked", () => {
    const body = `
      const url = URL.createObjectURL(new Blob(["hi"], { type: "text/plain" }));
      const read = async () => { const res = await fetch(url); return [await res.text(), res.headers.get("content-type")]; };
      const before = await read();
      URL.revokeObjectURL(url);
      return [url.startsWith("blob:"), before, await read().catch((error) => error.name)];`;
    expect(run(body)).toEqual([true, ["hi", "text/plain"], "TypeError"]);
  });

  test.each(["data:text/plain", "data:;base64,*", "blob:null/none"])(
    "a fetch of %s rejects with a TypeError",
    (url) => {
      expect(run(`return fetch(${JSON.stringify(url)})`)).toBe("TypeError");
    },
  );
});

function sha(name: string, text: string): string {
  return `${name}-${createHash(name).update(text).digest("base64")}`;
}

describe("integrity", () => {
  test.each([
    [sha("sha256", "body"), "body"],
    [`md5-x ${sha("sha512", "body")} ${sha("sha256", "other")}`, "body"],
    [`${sha("sha384", "other")} ${sha("sha384", "body")}`, "body"],
    ["unknown-x", "body"],
    [sha("sha512", "body").replace(/=+$/, ""), "body"],
    [sha("sha512", "body").replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""), "body"],
    [sha("sha256", "other"), "TypeError"],
    [`${sha("sha256", "body")} ${sha("sha512", "other")}`, "TypeError"],
  ])("the integrity %s of a response gives %s", (integrity, expected) => {
    const body = `return (await fetch("https://a.test/", { integrity: ${JSON.stringify(integrity)} })).text();`;
    expect(run(body, { respond: () => ({ body: "body" }) })).toBe(expected);
  });
});

test("headers of a received response are immutable, and a copy of them is not", () => {
  const body = `
    const res = await fetch("https://a.test/");
    const tried = ["append", "set", "delete"].map((method) => { try { res.headers[method]("a", "b"); return "done"; } catch (error) { return error.name; } });
    const copy = new Headers(res.headers); copy.set("a", "b");
    const own = new Response("x"); own.headers.set("a", "b");
    return [tried, copy.get("a"), own.headers.get("a"), [...res.headers].length];`;
  expect(run(body, { respond: () => ({ headers: [["x", "y"]] }) })).toEqual([
    ["TypeError", "TypeError", "TypeError"],
    "b",
    "b",
    1,
  ]);
});

test.each<[expression: string, result: unknown]>([
  [
    '(() => { const h = new Headers(); h.append("cookie", "a=1"); h.append("Cookie", "b=2"); return h.get("cookie"); })()',
    "a=1; b=2",
  ],
  ["String(new URLSearchParams(null))", "null="],
  [
    'new Response("", { headers: { "content-type": "Text/HTML; Charset=UTF-8" } }).blob().then(({ type }) => type)',
    "text/html;charset=utf-8",
  ],
  [
    '(() => { const u = new URL("http://a.test/p"); u.hostname = "example.com:8080"; return u.href; })()',
    "http://a.test/p",
  ],
  [
    '(() => { const u = new URL("http://a.test/p"); u.hostname = "[::1]"; return u.href; })()',
    "http://[::1]/p",
  ],
  [
    '(() => { const f = structuredClone([new File(["x"], "a.txt", { type: "a/b", lastModified: 5 })])[0]; return [f instanceof File, f.name, f.type, f.lastModified]; })()',
    [true, "a.txt", "a/b", 5],
  ],
  ['structuredClone(new Map([["k", new Blob(["x"], { type: "a/b" })]])).get("k").type', "a/b"],
  [
    "(() => { try { structuredClone({ r: new Response() }); } catch (error) { return error.name; } })()",
    "DataCloneError",
  ],
  [
    "(() => { try { structuredClone({ s: Symbol() }); } catch (error) { return error.name; } })()",
    "DataCloneError",
  ],
  [
    "new Promise((resolve) => { const r = new FileReader(); r.onload = () => resolve(r.result); r.readAsDataURL(new Blob(['hi'], { type: 'text/plain' })); })",
    "data:text/plain;base64,aGk=",
  ],
  [
    "new Promise((resolve) => { const r = new FileReader(); const seen = []; for (const type of ['loadstart', 'progress', 'load', 'loadend']) r.addEventListener(type, (e) => { seen.push([type, e.loaded]); if (type === 'loadend') resolve(seen); }); r.readAsText(new Blob(['hi'])); })",
    [
      ["loadstart", 0],
      ["progress", 2],
      ["load", 2],
      ["loadend", 2],
    ],
  ],
  [
    "(() => { performance.mark('a', { detail: { x: 1 } }); return [performance.measure('m', 'a').duration, performance.getEntriesByName('a')[0].detail.x, performance.getEntriesByType('mark')[0] instanceof PerformanceMark]; })()",
    [0, 1, true],
  ],
  [
    "(() => { try { performance.mark('a', { startTime: -1 }); } catch (error) { return error.name; } })()",
    "TypeError",
  ],
  ["Object.prototype.toString.call(console)", "[object console]"],
  [
    "(() => { const order = []; const c = new AbortController(); const s = AbortSignal.any([c.signal]); c.signal.onabort = () => order.push('source', s.aborted); s.onabort = () => order.push('any'); c.abort(); return order; })()",
    ["source", true, "any"],
  ],
  ["Object.keys(URL.prototype).includes('href') && Object.keys(Response.prototype).includes('status')", true],
])("%s", (expression, result) => {
  expect(run(`return ${expression};`)).toEqual(result);
});

test.each([
  "URL",
  "URLSearchParams",
  "Headers",
  "Blob",
  "FormData",
  "Request",
  "Response",
  "Event",
  "AbortSignal",
])("members of %s that are called on other objects throw a TypeError, and end no execution", (name) => {
  const body = `
      const outcome = (act) => { try { act(); return "done"; } catch (error) { return error.name; } };
      const descriptors = Object.entries(Object.getOwnPropertyDescriptors(${name}.prototype));
      const getters = descriptors.filter(([, { get }]) => get);
      return getters.flatMap(([, { get }]) => [${name}.prototype, {}, undefined].map((receiver) => outcome(() => get.call(receiver))));`;
  const outcomes = run(body) as readonly string[];
  expect(Array.isArray(outcomes)).toBe(true);
  expect(outcomes.filter((outcome) => outcome !== "TypeError" && outcome !== "done")).toEqual([]);
});

describe("a request", () => {
  test("a request has its own signal, which aborts with the given one", () => {
    const body = `
      const { signal } = new AbortController(), controller = new AbortController();
      const request = new Request("https://a.test/", { signal: controller.signal });
      const copy = request.clone();
      const own = [request.signal !== controller.signal, request.signal === request.signal, copy.signal !== request.signal];
      controller.abort("late");
      const aborted = [request.signal.reason, copy.signal.reason, new Request(request).signal.reason];
      const caught = await fetch(request).catch((reason) => reason);
      return [own, aborted, caught, new Request("https://a.test/").signal.aborted];`;
    expect(run(body)).toEqual([[true, true, true], ["late", "late", "late"], "late", false]);
  });

  test("a request created from another one takes over its stream", () => {
    const body = `
      const first = new Request("https://a.test/", { method: "POST", body: "text" });
      const stream = first.body;
      const second = new Request(first);
      return [first.body === stream, second.body !== stream, first.bodyUsed, stream.locked, await second.text()];`;
    expect(run(body)).toEqual([true, true, true, true, "text"]);
  });

  test.each([
    [`new Request("https://a.test/", { mode: "no-cors", method: "PUT" })`, "TypeError"],
    [`fetch("https://a.test/", { method: "POST", body: new ReadableStream() })`, "TypeError"],
    [`new Request("https://a.test/", { mode: "no-cors", method: "POST" }).mode`, "no-cors"],
  ])("a request gives the expected result: %s gives %s", (expression, expected) => {
    expect(run(`return ${expression};`)).toBe(expected);
  });

  test.each([
    ["{}", undefined],
    [`{ referrer: "https://b.test/page?q#part" }`, "https://b.test/"],
    [`{ referrer: "https://a.test/page?q#part" }`, "https://a.test/page?q"],
    [`{ referrer: "https://b.test/page?q#part", referrerPolicy: "unsafe-url" }`, "https://b.test/page?q"],
    [`{ referrer: "https://b.test/page", referrerPolicy: "same-origin" }`, undefined],
    [`{ referrer: "https://b.test/page", referrerPolicy: "no-referrer" }`, undefined],
    [`{ referrer: "https://a.test/page", headers: { Referer: "https://c.test/" } }`, "https://a.test/page"],
    [`{ headers: { Referer: "https://c.test/" } }`, "https://c.test/"],
  ])("a request with %s is sent with the referer %s, as in Node", (init, expected) => {
    const { requests } = play(`export async function run() { await fetch("https://a.test/", ${init}); }`);
    expect(Object.fromEntries(requests[0]?.headers ?? [])["referer"]).toBe(expected);
  });
});

describe("a response", () => {
  test.each(["https://a.test/", "data:,text"])("a response to HEAD of %s has no body", (url) => {
    const body = `const res = await fetch(${JSON.stringify(url)}, { method: "HEAD" }); return [res.body, await res.text()];`;
    expect(run(body)).toEqual([null, ""]);
  });

  test("a cloned response gives copies of the chunks of its stream", () => {
    const body = `
      const chunk = new Uint8Array([1, 2]);
      const res = new Response(new ReadableStream({ start: (c) => { c.enqueue(chunk); c.close(); } }));
      const clone = res.clone();
      const { value: copied } = await clone.body.getReader().read();
      const { value: same } = await res.body.getReader().read();
      return [same === chunk, copied === chunk, [...copied]];`;
    expect(run(body)).toEqual([true, false, [1, 2]]);
  });

  test("a response is read unchanged even if all objects have a then method", () => {
    const body = `
      const res = new Response(new Uint8Array([1, 2]));
      const chunks = [];
      Object.prototype.then = (resolve) => { delete Object.prototype.then; resolve({ done: false, value: new Uint8Array([9]) }); };
      await res.body.pipeTo(new WritableStream({ write: (chunk) => void chunks.push(...chunk) }));
      delete Object.prototype.then;
      return chunks;`;
    expect(run(body)).toEqual([1, 2]);
  });
});

test("a file that a form creates from a blob has the current time, and a renamed file keeps its time", () => {
  const body = `
    const form = new FormData();
    form.append("blob", new Blob(["a"]));
    form.set("named", new Blob(["b"]), "b.txt");
    form.append("file", new File(["c"], "c.txt", { type: "text/x", lastModified: 5 }), "d.txt");
    return [...form.values()].map(({ name, type, lastModified }) => [name, type, lastModified === Date.now() || lastModified]);`;
  expect(run(body)).toEqual([
    ["blob", "", true],
    ["b.txt", "", true],
    ["d.txt", "text/x", 5],
  ]);
});

test("a message transfers its buffers", () => {
  const body = `
    const { port1, port2 } = new MessageChannel();
    const buffer = new ArrayBuffer(4);
    const got = new Promise((resolve) => { port2.onmessage = ({ data }) => resolve(data.byteLength); });
    port1.postMessage(buffer, [buffer]);
    return [buffer.byteLength, await got];`;
  expect(run(body)).toEqual([0, 4]);
});

test.each([
  ["///a.test/path", "https://b.test/", "https://a.test/path"],
  ["/\\\\/a.test", "http://b.test/x", "http://a.test/"],
  ["//a.test", "https://b.test/", "https://a.test/"],
  ["/a/b", "https://b.test/x", "https://b.test/a/b"],
  ["///etc", "file:///x", "file:///etc"],
])("the URL %s resolved against %s is %s", (url, base, expected) => {
  expect(run(`return new URL(${JSON.stringify(url)}, ${JSON.stringify(base)}).href;`)).toBe(expected);
});
