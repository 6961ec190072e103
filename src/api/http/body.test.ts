import { describe, expect, test } from "vitest";
import { maxJsonDepth } from "../../domain/limits.ts";
import { jsonValue } from "../contract/fields.ts";
import { jsonValueBody, readText } from "./body.ts";

const options = { maxBytes: 8, accepts: ["application/json", "text/typescript"], mayBeEmpty: true };

describe("readText", () => {
  test("a body at the limit is read, and one byte more is rejected with 413", async () => {
    expect(await readText(post("12345678"), options)).toEqual({
      mediaType: "application/json",
      text: "12345678",
    });
    await expect(readText(post("123456789"), options)).rejects.toMatchObject({ code: "body-too-large" });
  });

  test("the limit counts bytes, not characters", async () => {
    expect((await readText(post("ääää"), options)).text).toBe("ääää");
    await expect(readText(post("äääää"), options)).rejects.toMatchObject({ code: "body-too-large" });
  });

  test("a Content-Length above the limit is rejected before the body is read", async () => {
    const stream = new ReadableStream(
      { pull: () => expect.unreachable("the body was read") },
      { highWaterMark: 0 },
    );
    const headers = { "content-type": "application/json", "content-length": "9" };
    const request = new Request("http://localhost/", {
      method: "POST",
      body: stream,
      headers,
      duplex: "half",
    });
    await expect(readText(request, options)).rejects.toMatchObject({ code: "body-too-large" });
  });

  test("reading stops when a body without Content-Length exceeds the limit", async () => {
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          chunks += 1;
          controller.enqueue(new Uint8Array(3));
        },
      },
      { highWaterMark: 0 },
    );
    await expect(readText(post(endless), options)).rejects.toMatchObject({ code: "body-too-large" });
    expect(chunks).toBe(3);
  });

  test("a body whose connection closes early is a client error", async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error("aborted"));
      },
    });
    await expect(readText(post(broken), options)).rejects.toMatchObject({ code: "invalid-request" });
  });

  test("characters split over chunks are decoded", async () => {
    const bytes = new TextEncoder().encode("a€b");
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await readText(post(pieces), options)).text).toBe("a€b");
  });

  test.each([
    ["application/json", "application/json"],
    ["Application/JSON; charset=UTF-8", "application/json"],
    ['application/json; charset="utf-8"', "application/json"],
    ["application/json; charset=us-ascii", "application/json"],
    ["application/vnd.shop.order+json", "application/vnd.shop.order+json"],
    ["text/typescript;charset=utf8", "text/typescript"],
  ])("the content type %s is accepted", async (header, mediaType) => {
    expect((await readText(post("{}", header), options)).mediaType).toBe(mediaType);
  });

  test("a body without a content type is parsed as JSON", async () => {
    const body = new TextEncoder().encode("{}");
    const request = new Request("http://localhost/", { method: "POST", body });
    expect(request.headers.get("content-type")).toBeNull();
    expect(await readText(request, options)).toEqual({ mediaType: undefined, text: "{}" });
  });

  test("an empty body needs no content type", async () => {
    expect(await readText(post("", "text/plain"), options)).toEqual({ mediaType: undefined, text: "" });
    await expect(readText(post(""), { ...options, mayBeEmpty: false })).rejects.toMatchObject({
      code: "invalid-request",
      message: "Cannot read the body: it is empty",
    });
  });

  test("a byte order mark is removed", async () => {
    expect((await readText(post("\ufeff{}"), options)).text).toBe("{}");
  });
});

describe("jsonValueBody", () => {
  const body = jsonValueBody({ schema: jsonValue }, 1_000);

  test.each(["null", "true", "-1.5e3", '"text"', "[]", '{"a":[{"b":null}]}'])("parses %s", async (json) => {
    expect(await body.read(post(json))).toEqual(JSON.parse(json));
  });

  test("an empty body is null", async () => {
    expect(await body.read(post("", "application/x-www-form-urlencoded"))).toBeNull();
    expect(await body.read(new Request("http://localhost/", { method: "POST" }))).toBeNull();
  });

  test("a key named __proto__ is an ordinary key", async () => {
    const value = await body.read(post('{"__proto__":{"admin":true}}'));
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect((value as { admin?: boolean }).admin).toBeUndefined();
  });

  test("nesting at the limit is accepted", async () => {
    const json = `${"[".repeat(maxJsonDepth)}${"]".repeat(maxJsonDepth)}`;
    expect(JSON.stringify(await body.read(post(json)))).toBe(json);
  });
});

function post(body: string | ReadableStream, contentType = "application/json"): Request {
  return new Request("http://localhost/", {
    method: "POST",
    body,
    headers: { "content-type": contentType },
    duplex: "half",
  });
}
