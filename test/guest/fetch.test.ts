import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";
import type { PlayedRequest, PlayedResponse } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

const run = (body: string): string => `export async function run(ctx) {\n${body}\n}`;

describe("a request", () => {
  test("a request without options is GET, without headers and body", () => {
    expect(play(run('await fetch("https://a.test/x?y=1#z");')).requests).toEqual([
      { method: "GET", url: "https://a.test/x?y=1", headers: [], redirect: "follow", body: "" },
    ]);
  });

  test("a request has the method, headers, redirect mode and body of its options", () => {
    const source = run(`await fetch(new URL("https://a.test/"), {
      method: "post", redirect: "manual", headers: { "X-Order": "1", accept: "*/*" }, body: "ä",
    });`);
    expect(play(source).requests).toEqual([
      {
        method: "POST",
        url: "https://a.test/",
        headers: [
          ["accept", "*/*"],
          ["content-type", "text/plain;charset=UTF-8"],
          ["x-order", "1"],
        ],
        redirect: "manual",
        body: "ä",
      },
    ]);
  });

  test("a request accepts ky's retry options, fills in their defaults, and accepts a timeout", () => {
    const source = run(`
      await fetch("https://a.test/", { retry: 3, timeout: 500 });
      await fetch("https://a.test/", {
        retry: { methods: ["post"], delay: 10, backoffLimit: Infinity, maxRetryAfter: 5000, jitter: true },
        method: "POST",
        timeout: false,
      });
      await fetch("https://a.test/", { retry: true, timeout: 120_000 });
      await fetch("https://a.test/", { retry: 0, timeout: 0 });
      await fetch("https://a.test/", { retry: { limit: 0 }, timeout: null });
    `);
    const defaults = {
      limit: 2,
      methods: ["GET", "PUT", "HEAD", "DELETE", "OPTIONS"],
      statusCodes: [408, 413, 429, 500, 502, 503, 504],
      afterStatusCodes: [413, 429, 503],
      delay: 1000,
      jitter: false,
      retryOnTimeout: false,
    };
    const [first, second, third, ...others] = play(source).requests;
    expect(third).toMatchObject({ retry: defaults });
    expect(first).toMatchObject({ retry: { ...defaults, limit: 3 }, timeout: 500 });
    expect(second).toMatchObject({
      retry: { ...defaults, methods: ["POST"], delay: 10, maxRetryAfter: 5000, jitter: true },
    });
    for (const other of others) expect(other).not.toHaveProperty("retry");
    for (const other of [second, third, ...others]) expect(other).not.toHaveProperty("timeout");
  });

  test.each([
    ["{ retry: 21 }", "retry.limit is a whole number from 0 to 20 (maxFetchRetries), not 21"],
    ["{ retry: 'often' }", "retry is a number or an object of options, not often"],
    ["{ retry: { delay: () => 1 } }", "retry.delay is a number of milliseconds, not a function: functions"],
    ["{ retry: { delay: Infinity } }", "retry.delay is a number of milliseconds, not Infinity"],
    ["{ retry: { shouldRetry: true } }", "retry.shouldRetry is not supported: there are limit, methods"],
    ["{ retry: { statusCodes: [503, '504'] } }", "retry.statusCodes is a list of HTTP statuses"],
    ["{ retry: { methods: 'GET' } }", "retry.methods is a list of HTTP methods"],
    ["{ retry: { jitter: 1 } }", "retry.jitter is true or false, not 1"],
    ["{ timeout: -1 }", "timeout is a number of milliseconds, or false, not -1"],
    ["{ timeout: '1s' }", "timeout is a number of milliseconds"],
  ])("a request with %s fails with a TypeError that states the problem", (options, message) => {
    const { failure, requests } = play(run(`await fetch("https://a.test/", ${options});`));
    expect(failure).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(requests).toEqual([]);
  });

  test.each([
    ["'text'", "text", "text/plain;charset=UTF-8"],
    ["new URLSearchParams({ a: 'ä b' })", "a=%C3%A4+b", "application/x-www-form-urlencoded;charset=UTF-8"],
    ["new Blob(['blob'], { type: 'a/b' })", "blob", "a/b"],
    ["new Blob(['blob']).stream()", "blob", undefined],
    ["new TextEncoder().encode('xbytes').subarray(1)", "bytes", undefined],
    ["new TextEncoder().encode('buffer').buffer", "buffer", undefined],
    ["new DataView(new TextEncoder().encode('view').buffer)", "view", undefined],
    ["ReadableStream.from([new Uint8Array([65]), new Uint8Array([66])])", "AB", undefined],
    ["new Response('piped').body.pipeThrough(new TransformStream())", "piped", undefined],
    ["{ toString: () => 'said' }", "said", "text/plain;charset=UTF-8"],
  ])("a request can have the body %s", (body, sent, type) => {
    const [request] = play(
      run(`await fetch("https://a.test/", { method: "PUT", duplex: "half", body: ${body} });`),
    ).requests;
    expect(request?.body).toBe(sent);
    expect(new Map(request?.headers).get("content-type")).toBe(type);
  });

  test("a request can have a form as its body", () => {
    const source = run(`
      const form = new FormData();
      form.append("name", "ä");
      form.append("file", new File(["content"], "a.txt", { type: "text/plain" }));
      await fetch("https://a.test/", { method: "POST", body: form });
    `);
    const [request] = play(source).requests;
    const type = new Map(request?.headers).get("content-type") ?? "";
    const boundary = type.replace("multipart/form-data; boundary=", "");
    expect(request?.body).toBe(
      [
        `--${boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\nä\r\n`,
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n`,
        `Content-Type: text/plain\r\n\r\ncontent\r\n--${boundary}--\r\n`,
      ].join(""),
    );
  });

  test("a fetch accepts a Request, even of the author's subclass, and options that override it", () => {
    const source = run(`
      class Authorized extends Request {
        constructor(url, init) { super(url, init); this.headers.set("authorization", "Bearer x"); }
      }
      const request = new Authorized("https://a.test/", { method: "POST", body: "one" });
      await fetch(request.clone());
      await fetch(request, { body: "two", headers: { a: "b" } });
      return [request instanceof Request, request instanceof Authorized, request.bodyUsed];
    `);
    const { result, requests } = play(source);
    expect(result).toEqual([true, true, false]);
    expect(requests.map(({ body, headers }) => [body, headers.map(([name]) => name)])).toEqual([
      ["one", ["authorization", "content-type"]],
      ["two", ["a", "content-type"]],
    ]);
  });

  test("requests reach the host in program order", () => {
    const source = run(`await Promise.all([1, 2, 3].map((n) =>
      fetch("https://a.test/" + n, n === 2 ? { method: "POST", body: "now" } : {})));`);
    expect(play(source)).toMatchObject({
      calls: ["fetch GET https://a.test/1", "fetch POST https://a.test/2", "fetch GET https://a.test/3"],
      turns: 4,
    });
  });

  test("a request whose stream waits for another request is sent after it", () => {
    const source = run(`
      const body = new ReadableStream({ async pull(controller) {
        controller.enqueue(await (await fetch("https://a.test/source")).bytes());
        controller.close();
      } });
      await fetch("https://a.test/target", { method: "POST", body, duplex: "half" });
    `);
    const { calls, requests } = play(source, { respond: () => ({ body: "copied" }) });
    expect(calls).toEqual(["fetch GET https://a.test/source", "fetch POST https://a.test/target"]);
    expect(requests[1]?.body).toBe("copied");
  });

  test.each([
    ['"/relative"', 'Cannot request "/relative": it is no absolute URL'],
    ['"https://name:word@a.test/"', "a name and password in the URL are not sent"],
    ['"https://a.test/", { body: "x" }', "A GET request to https://a.test/ cannot have a body"],
    ['"https://a.test/", { method: "a b" }', '"a b" is no HTTP method'],
    ['"https://a.test/", { method: "trace" }', "The method TRACE cannot be requested"],
    ['"https://a.test/", { redirect: "maybe" }', 'redirect is "follow", "error" or "manual"'],
    ['"https://a.test/", { signal: 5 }', "The signal is no AbortSignal"],
    ['"https://a.test/", { headers: { "a b": "c" } }', "Invalid header name"],
    [
      '"https://a.test/", { method: "POST", duplex: "half", body: ReadableStream.from(["text"]) }',
      "gives Uint8Array chunks",
    ],
    [
      '"https://a.test/", { method: "POST", duplex: "half", body: ReadableStream.from((function* () { throw new TypeError("broken stream"); })()) }',
      "broken stream",
    ],
  ])("an invalid request rejects with a TypeError: fetch(%s)", (args, message) => {
    const { result, calls } = play(
      run(`return fetch(${args}).catch((error) => [error.name, error.message]);`),
    );
    expect(result).toEqual(["TypeError", expect.stringContaining(message)]);
    expect(calls).toEqual([]);
  });
});

describe("a response", () => {
  test("a response has status, url, headers and body", () => {
    const source = run(`
      const response = await fetch("https://a.test/#top");
      const { status, ok, url, redirected, type, bodyUsed, statusText } = response;
      return { status, ok, url, redirected, type, bodyUsed, statusText, json: await response.json(), used: response.bodyUsed,
        header: response.headers.get("Content-Type"), isResponse: response instanceof Response };
    `);
    expect(play(source, { respond: answer }).result).toEqual({
      status: 418,
      ok: false,
      url: "https://a.test/",
      redirected: false,
      type: "basic",
      bodyUsed: false,
      statusText: "",
      json: { a: "ä" },
      used: true,
      header: "application/json",
      isResponse: true,
    });
  });

  test("a response has the URL to which a redirect led", () => {
    const source = run(
      'const { url, redirected } = await fetch("https://a.test/moved"); return [url, redirected];',
    );
    expect(play(source, { respond: answer }).result).toEqual(["https://b.test/here", true]);
  });

  test.each([
    ["text()", '{"a":"ä"}'],
    ["json()", { a: "ä" }],
    ["bytes().then((bytes) => [bytes instanceof Uint8Array, bytes.length])", [true, 10]],
    ["arrayBuffer().then((buffer) => buffer.byteLength)", 10],
    [
      "blob().then(async (blob) => [blob.type, blob.size, await blob.text()])",
      ["application/json", 10, '{"a":"ä"}'],
    ],
    [
      "formData().catch((error) => error.message)",
      'The body is no form: its content type is "application/json"',
    ],
  ])("a response can be read with %s", (read, result) => {
    expect(play(run(`return (await fetch("https://a.test/")).${read};`), { respond: answer }).result).toEqual(
      result,
    );
  });

  test("a response can be read as a stream, and iterated", () => {
    const source = run(`
      let text = "";
      for await (const part of (await fetch("https://a.test/")).body.pipeThrough(new TextDecoderStream())) text += part;
      return text;
    `);
    expect(play(source, { respond: answer }).result).toBe('{"a":"ä"}');
  });

  test("a response can be read once, or cloned and read twice", () => {
    const source = run(`
      const response = await fetch("https://a.test/");
      const copy = response.clone();
      const first = await response.text();
      const again = await response.text().catch((error) => error.name);
      const clone = (() => { try { return response.clone(); } catch (error) { return error.name; } })();
      return [first === await copy.text(), again, clone, copy.url, copy.status];
    `);
    expect(play(source, { respond: answer }).result).toEqual([
      true,
      "TypeError",
      "TypeError",
      "https://a.test/",
      418,
    ]);
  });

  test("a response can be read into the author's buffers, to its end", () => {
    const source = run(`
      const chunks = [];
      for (const response of [await fetch("https://a.test/"), new Response("")]) {
        const reader = response.body.getReader({ mode: "byob" });
        for (;;) {
          const { done, value } = await reader.read(new Uint8Array(2));
          if (done) break;
          chunks.push(new TextDecoder().decode(value));
        }
      }
      return chunks;
    `);
    expect(play(source, { respond: () => ({ body: "abcde" }) }).result).toEqual(["ab", "cd", "e"]);
  });

  test("a response cannot be read while a reader holds its stream", () => {
    const source = run(`
      const response = await fetch("https://a.test/");
      const reader = response.body.getReader();
      const refused = await response.text().catch((error) => error.name);
      await reader.read();
      return [refused, response.bodyUsed];
    `);
    expect(play(source, { respond: answer }).result).toEqual(["TypeError", true]);
  });

  test("a response that is not JSON rejects with a SyntaxError", () => {
    const source = run('return (await fetch("https://a.test/moved")).json().catch((error) => error.name);');
    expect(play(source, { respond: answer }).result).toBe("SyntaxError");
  });

  test.each([101, 103, 204, 205, 304])("a response with the status %d has no body", (status) => {
    const source = run(
      'const r = await fetch("https://a.test/"); return [r.status, r.body, await r.text()];',
    );
    expect(play(source, { respond: () => ({ status }) }).result).toEqual([status, null, ""]);
  });

  test("a response keeps each of several cookies", () => {
    const headers = [
      ["set-cookie", "a=1"],
      ["x-a", "1"],
      ["set-cookie", "b=2"],
      ["x-a", "2"],
    ] as const;
    const source = run(
      'const { headers } = await fetch("https://a.test/"); return [headers.getSetCookie(), headers.get("x-a")];',
    );
    expect(play(source, { respond: () => ({ headers }) }).result).toEqual([["a=1", "b=2"], "1, 2"]);
  });

  test("a form response is read as a form", () => {
    const source = run(`
      const form = new FormData();
      form.append("text", "ä\\nb");
      form.append("file", new File(["con\\r\\ntent"], 'a"b.txt', { type: "x/y" }));
      const read = await new Response(form).formData();
      const file = read.get("file");
      const encoded = await new Response(new URLSearchParams("a=1&b=2&a=3")).formData();
      return [read.get("text"), file.name, file.type, await file.text(), file instanceof File, encoded.getAll("a")];
    `);
    expect(play(source).result).toEqual(["ä\r\nb", 'a"b.txt', "x/y", "con\r\ntent", true, ["1", "3"]]);
  });
});

describe("a Response that the author creates", () => {
  test("a Response can be created as JSON, as an error and as a redirect", () => {
    const source = run(`
      const json = Response.json({ a: 1 }, { status: 201 });
      const moved = Response.redirect("https://a.test/x", 303);
      const failed = Response.error();
      return [json.status, json.headers.get("content-type"), await json.json(), moved.status,
        moved.headers.get("location"), failed.type, failed.status];
    `);
    expect(play(source).result).toEqual([
      201,
      "application/json",
      { a: 1 },
      303,
      "https://a.test/x",
      "error",
      0,
    ]);
  });

  test.each([
    ["null, { status: 199 }", "RangeError"],
    ["null, { status: 600 }", "RangeError"],
    ["null, { status: 'x' }", "RangeError"],
    ["'x', { status: 204 }", "TypeError"],
  ])("an invalid Response is refused: new Response(%s)", (args, name) => {
    expect(play(run(`new Response(${args});`)).failure).toMatchObject({ name });
  });
});

describe("a fetch that fails", () => {
  const cause = { name: "Error", message: "connect ECONNREFUSED 192.0.2.1:443", code: "ECONNREFUSED" };
  const error = { name: "TypeError", message: "fetch failed", code: "fetch-failed", cause };

  test("a failed fetch rejects with a TypeError that states the reason", () => {
    const source = run(
      `try { await fetch("https://a.test/"); } catch (error) {
        const { message, code, cause } = error;
        return [error instanceof TypeError, message, code, cause instanceof Error, cause.message, cause.code, Object.keys(error)];
      }`,
    );
    expect(play(source, { respond: () => ({ error }) }).result).toEqual([
      true,
      "fetch failed",
      "fetch-failed",
      true,
      cause.message,
      "ECONNREFUSED",
      ["code"],
    ]);
  });

  test("an uncaught failure of a fetch fails the execution at the line of the fetch", () => {
    const source =
      "\nexport async function run() {\n  await load();\n}\nasync function load() {\n  await fetch('https://a.test/');\n}";
    expect(play(source, { respond: () => ({ error }) }).failure).toMatchObject({
      ...error,
      stack: "at load (workflow.js:6:9)\nat run (workflow.js:3:9)",
    });
  });

  test("a failed fetch can be repeated", () => {
    let attempts = 0;
    const source = run(`
      for (let attempt = 1; ; attempt += 1) {
        try { return [attempt, await (await fetch("https://a.test/")).text()]; }
        catch (error) { if (attempt === 3) throw error; await ctx.sleep(2 ** attempt * 100); }
      }
    `);
    const respond = (): PlayedResponse => ((attempts += 1) < 3 ? { error } : { body: "at last" });
    expect(play(source, { respond })).toMatchObject({
      result: [3, "at last"],
      calls: [
        "fetch GET https://a.test/",
        "sleep 200",
        "fetch GET https://a.test/",
        "sleep 400",
        "fetch GET https://a.test/",
      ],
    });
  });
});

describe("a fetch with a signal", () => {
  test("a fetch with an aborted signal makes no host call", () => {
    const source = run(
      'return fetch("https://a.test/", { signal: AbortSignal.abort("why") }).catch((reason) => reason);',
    );
    expect(play(source)).toMatchObject({ result: "why", calls: [] });
  });

  test("a fetch whose signal aborts is abandoned, and rejects with an AbortError", () => {
    const source = run(`
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 5);
      return fetch("https://a.test/", { signal: controller.signal })
        .catch((error) => [error.name, error instanceof DOMException]);
    `);
    expect(play(source)).toMatchObject({ result: ["AbortError", true], abandoned: [1] });
  });

  test("a fetch that times out rejects with a TimeoutError", () => {
    const source = run(
      'return fetch("https://a.test/", { signal: AbortSignal.timeout(5) }).catch((error) => [error.name, performance.now()]);',
    );
    expect(play(source)).toMatchObject({
      result: ["TimeoutError", 5],
      calls: ["timer 5", "fetch GET https://a.test/"],
    });
  });

  test("a fetch whose signal aborts while its body is read is never sent", () => {
    const source = run(`
      const controller = new AbortController();
      const body = new ReadableStream({ async pull() { await ctx.sleep(1000); } });
      setTimeout(() => controller.abort(), 5);
      return fetch("https://a.test/", { method: "POST", body, duplex: "half", signal: controller.signal }).catch(({ name }) => name);
    `);
    expect(play(source)).toMatchObject({ result: "AbortError", requests: [] });
  });

  test("a signal that aborts after the fetch changes nothing", () => {
    const source = run(`
      const controller = new AbortController();
      const response = await fetch("https://a.test/", { signal: controller.signal });
      controller.abort();
      return response.text();
    `);
    expect(play(source, { respond: () => ({ body: "kept" }) })).toMatchObject({
      result: "kept",
      abandoned: [],
    });
  });

  test("a fetch follows a signal of another library", () => {
    const source = run(`
      const listeners = [];
      const signal = { aborted: false, reason: undefined, addEventListener: (type, listener) => listeners.push(listener) };
      setTimeout(() => { signal.aborted = true; signal.reason = "theirs"; listeners.forEach((listener) => listener()); }, 5);
      return fetch("https://a.test/", { signal }).catch((reason) => reason);
    `);
    expect(play(source)).toMatchObject({ result: "theirs", abandoned: [1] });
  });
});

describe("concurrent fetches", () => {
  const get = 'const get = async (name) => (await fetch("https://a.test/" + name)).text();\n';

  test.each([
    ["Promise.all([get('slow'), get('fast')])", ["slow", "fast"]],
    ["Promise.race([get('slow'), get('fast')])", "fast"],
    ["Promise.any([get('bad'), get('slow'), get('fast')])", "fast"],
    ["Promise.all([get('slow'), get('bad')]).catch(({ message }) => message)", "bad"],
    [
      "Promise.allSettled([get('bad'), get('fast')]).then((all) => all.map(({ status }) => status))",
      ["rejected", "fulfilled"],
    ],
    ["Array.fromAsync((async function* () { yield await get('a'); yield await get('b'); })())", ["a", "b"]],
  ])("concurrent fetches resolve as in the language: %s", (expression, result) => {
    expect(play(run(`${get}return ${expression};`), { respond: race }).result).toEqual(result);
  });
});

function answer({ url }: PlayedRequest): PlayedResponse {
  if (url.endsWith("/moved")) return { url: "https://b.test/here", redirected: true, body: "there" };
  return { status: 418, headers: [["content-type", "application/json"]], body: '{"a":"ä"}' };
}

function race({ url }: PlayedRequest): PlayedResponse {
  const name = new URL(url).pathname.slice(1);
  if (name === "bad") return { error: { name: "TypeError", message: "bad" } };
  return { body: name, afterMs: name === "slow" ? 50 : 10 };
}
