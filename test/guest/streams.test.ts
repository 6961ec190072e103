import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";
import type { PlayedResponse } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

/** What a workflow returns that reads the response to its one fetch, `res`. */
function read(body: string, response: PlayedResponse = { body: "one two three" }): unknown {
  const source = `export async function run(ctx) { const res = await fetch("https://a.test/"); ${body} }`;
  const { result, failure } = play(source, { respond: () => response });
  expect(failure).toBeUndefined();
  return result;
}

describe("the body of a response", () => {
  test("the body of a response can be read twice with tee", () => {
    expect(
      read(`
        const [one, other] = res.body.tee();
        const text = (stream) => new Response(stream).text();
        return [await text(one), await text(other), res.bodyUsed];`),
    ).toEqual(["one two three", "one two three", true]);
  });

  test("the body of a response can be cloned after its body property was read", () => {
    expect(
      read("void res.body; const copy = res.clone(); return [await copy.text(), await res.text()];"),
    ).toEqual(["one two three", "one two three"]);
  });

  test("a BYOB reader receives at least the bytes that it waits for", () => {
    expect(
      read(`
        const reader = res.body.getReader({ mode: "byob" }); const texts = [];
        for (;;) {
          const { done, value } = await reader.read(new Uint8Array(6), { min: 6 });
          texts.push(new TextDecoder().decode(value));
          if (done) return texts;
        }`),
    ).toEqual(["one tw", "o thre", "e"]);
  });

  test("the body of a response can be iterated, and left midway", () => {
    expect(
      read(`
        for await (const chunk of res.body) { if (chunk.length > 0) break; }
        return [res.bodyUsed, res.body.locked];`),
    ).toEqual([true, false]);
  });

  test.each(["text", "json", "arrayBuffer", "bytes", "blob", "formData"])(
    "the body of a response is used after %s(), and cannot be read again",
    (method) => {
      const body = method === "json" ? "[1]" : "a=1";
      const headers = [["content-type", "application/x-www-form-urlencoded"]] as const;
      expect(
        read(
          `
          const before = res.bodyUsed;
          await res.${method}();
          const again = await res.text().catch((error) => error.name);
          const cloned = (() => { try { return res.clone(); } catch (error) { return error.name; } })();
          return [before, res.bodyUsed, again, cloned, res.body.locked];`,
          { body, headers },
        ),
      ).toEqual([false, true, "TypeError", "TypeError", true]);
    },
  );

  test("a body that was read in part cannot be read as a whole", () => {
    expect(
      read(`
        const reader = res.body.getReader(); await reader.read(); reader.releaseLock();
        return res.text().catch((error) => error.name);`),
    ).toBe("TypeError");
  });
});

describe("pipes", () => {
  test.each(["pipeTo", "pipeThrough"])("%s ends as soon as its signal aborts", (method) => {
    const target = method === "pipeTo" ? "new WritableStream()" : "new TransformStream()";
    const source = `
export async function run(ctx) {
  let cancelled;
  const stalled = new ReadableStream({ pull: () => new Promise(() => {}), cancel(reason) { cancelled = reason.name; } });
  const piped = stalled.${method}(${target}, { signal: AbortSignal.timeout(1000) });
  const ended = piped instanceof Promise ? piped : piped.getReader().read();
  const failure = await ended.then(() => "no failure", (error) => error.name);
  return [failure, cancelled];
}`;
    expect(play(source).result).toEqual(["TimeoutError", "TimeoutError"]);
  });

  test("a transformer is notified when its readable side is cancelled", () => {
    const source = `
export async function run(ctx) {
  let told;
  const { readable } = new TransformStream({ cancel(reason) { told = reason; } });
  await readable.cancel("enough");
  return told;
}`;
    expect(play(source).result).toBe("enough");
  });
});

test.each([
  "ReadableStream",
  "WritableStream",
  "TransformStream",
  "CompressionStream",
  "DecompressionStream",
])("getters of %s.prototype throw a TypeError without a stream", (name) => {
  const source = `
export function run() {
  const getters = Object.values(Object.getOwnPropertyDescriptors(${name}.prototype)).filter(({ get }) => get);
  return getters.map(({ get }) => { try { return get.call(${name}.prototype); } catch (error) { return error.name; } });
}`;
  const { result, failure } = play(source);
  expect(failure).toBeUndefined();
  expect(new Set(result as string[])).toEqual(new Set(["TypeError"]));
});
