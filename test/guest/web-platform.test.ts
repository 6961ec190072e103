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

describe("a fetch of a URL that needs no network asks nothing of the host:", () => {
  test.each([
    ["data:text/html;charset=utf-8,%3Cp%3E%C3%A9", ["<p>é", "text/html;charset=utf-8"]],
    ["data:;base64,aGk=", ["hi", "text/plain;charset=US-ASCII"]],
    ["data:image/svg+xml,<svg/>#part", ["<svg/>", "image/svg+xml"]],
  ])("%s", (url, expected) => {
    const body = `const res = await fetch(${JSON.stringify(url)}); return [await res.text(), res.headers.get("content-type")];`;
    const { result, calls } = play(`export async function run(ctx) { ${body} }`);
    expect(result).toEqual(expected);
    expect(calls).toEqual([]);
  });

  test("a blob's, until it is revoked", () => {
    const body = `
      const url = URL.createObjectURL(new Blob(["hi"], { type: "text/plain" }));
      const read = async () => { const res = await fetch(url); return [await res.text(), res.headers.get("content-type")]; };
      const before = await read();
      URL.revokeObjectURL(url);
      return [url.startsWith("blob:"), before, await read().catch((error) => error.name)];`;
    expect(run(body)).toEqual([true, ["hi", "text/plain"], "TypeError"]);
  });

  test.each(["data:text/plain", "data:;base64,*", "blob:null/none"])("%s is a TypeError", (url) => {
    expect(run(`return fetch(${JSON.stringify(url)})`)).toBe("TypeError");
  });
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
    [sha("sha256", "other"), "TypeError"],
    [`${sha("sha256", "body")} ${sha("sha512", "other")}`, "TypeError"],
  ])("%s of a response comes to %s", (integrity, expected) => {
    const body = `return (await fetch("https://a.test/", { integrity: ${JSON.stringify(integrity)} })).text();`;
    expect(run(body, { respond: () => ({ body: "body" }) })).toBe(expected);
  });
});

test("headers of a response that was received cannot be changed, and a copy of them can", () => {
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
])("members of %s that are taken from their objects throw a TypeError, and end no execution", (name) => {
  const body = `
      const outcome = (act) => { try { act(); return "done"; } catch (error) { return error.name; } };
      const descriptors = Object.entries(Object.getOwnPropertyDescriptors(${name}.prototype));
      const getters = descriptors.filter(([, { get }]) => get);
      return getters.flatMap(([, { get }]) => [${name}.prototype, {}, undefined].map((receiver) => outcome(() => get.call(receiver))));`;
  const outcomes = run(body) as readonly string[];
  expect(Array.isArray(outcomes)).toBe(true);
  expect(outcomes.filter((outcome) => outcome !== "TypeError" && outcome !== "done")).toEqual([]);
});
