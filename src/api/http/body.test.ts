import { describe, expect, test } from "vitest";
import { maxJsonDepth } from "../../domain/limits.ts";
import { jsonValueBody, readText } from "./body.ts";
import { jsonValue } from "./common-schema.ts";

const options = { maxBytes: 8, accepts: ["application/json", "text/typescript"], mayBeEmpty: true };

describe("readText", () => {
  test("reads a body of exactly the limit, and refuses one byte more", async () => {
    expect(await readText(post("12345678"), options)).toEqual({
      mediaType: "application/json",
      text: "12345678",
    });
    await expect(readText(post("123456789"), options)).rejects.toMatchObject({ code: "body-too-large" });
  });

  test("counts bytes, not characters", async () => {
    expect((await readText(post("ääää"), options)).text).toBe("ääää");
    await expect(readText(post("äääää"), options)).rejects.toMatchObject({ code: "body-too-large" });
  });

  test("refuses by its content-length what is too large, and reads none of it", async () => {
    const stream = new ReadableStream(
      { pull: () => expect.unreachable("somebody read the body") },
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

  test("stops reading a body without a length where it becomes too large", async () => {
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

  test("refuses a body whose connection ends before it does, which is no error of ours", async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error("aborted"));
      },
    });
    await expect(readText(post(broken), options)).rejects.toMatchObject({ code: "invalid-request" });
  });

  test("joins characters that arrive in pieces", async () => {
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
  ])("takes the content type %s", async (header, mediaType) => {
    expect((await readText(post("{}", header), options)).mediaType).toBe(mediaType);
  });

  test("takes a body without a content type for JSON", async () => {
    const body = new TextEncoder().encode("{}");
    const request = new Request("http://localhost/", { method: "POST", body });
    expect(request.headers.get("content-type")).toBeNull();
    expect(await readText(request, options)).toEqual({ mediaType: undefined, text: "{}" });
  });

  test("asks no content type of an empty body", async () => {
    expect(await readText(post("", "text/plain"), options)).toEqual({ mediaType: undefined, text: "" });
    await expect(readText(post(""), { ...options, mayBeEmpty: false })).rejects.toMatchObject({
      code: "invalid-request",
      message: "Cannot read the body: it is empty",
    });
  });

  test("leaves a byte order mark out", async () => {
    expect((await readText(post("\ufeff{}"), options)).text).toBe("{}");
  });
});

describe("jsonValueBody", () => {
  const body = jsonValueBody({ schema: jsonValue }, 1_000);

  test.each(["null", "true", "-1.5e3", '"text"', "[]", '{"a":[{"b":null}]}'])("reads %s", async (json) => {
    expect(await body.read(post(json))).toEqual(JSON.parse(json));
  });

  test("reads null from an empty body", async () => {
    expect(await body.read(post("", "application/x-www-form-urlencoded"))).toBeNull();
    expect(await body.read(new Request("http://localhost/", { method: "POST" }))).toBeNull();
  });

  test("keeps a key named __proto__ a key", async () => {
    const value = await body.read(post('{"__proto__":{"admin":true}}'));
    expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
    expect((value as { admin?: boolean }).admin).toBeUndefined();
  });

  test("reads nesting at its limit", async () => {
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
