import { describe, expect, test } from "vitest";
import { parseHostPattern } from "../domain/host-pattern.ts";
import { placeholdersOf } from "./secret-placeholder.ts";
import { createEnvelope } from "./secrets.ts";
import type { SecretSource } from "./secrets.ts";
import { orders } from "./testing/executions.ts";

const value = 'se"cret value/4711';
const source: SecretSource = {
  find: (_workflowId, name) =>
    name === "KEY" ? { value, hosts: [parseHostPattern("api.example.com")] } : undefined,
};
const placeholders = placeholdersOf(orders.seed);
const key = placeholders.of("KEY");

function envelope() {
  return createEnvelope(source, { workflowId: "orders", placeholders });
}

function message(given: { url?: string; headers?: [string, string][]; body?: string }) {
  return {
    url: new URL(given.url ?? "https://api.example.com/"),
    headers: given.headers ?? [],
    body: Buffer.from(given.body ?? ""),
  };
}

function bodyOf(type: string, body: string): string {
  const sent = envelope().reveal(message({ headers: [["Content-Type", type]], body }));
  return Buffer.from(sent.body).toString();
}

describe("a secret is put in", () => {
  test("a header, as it is", () => {
    const sent = envelope().reveal(message({ headers: [["authorization", `Bearer ${key}`]] }));
    expect(sent.headers).toEqual([["authorization", `Bearer ${value}`]]);
  });

  test("basic authentication, which hides it in base 64", () => {
    const basic = Buffer.from(`user:${key}`).toString("base64");
    const sent = envelope().reveal(message({ headers: [["authorization", `Basic ${basic}`]] }));
    const [, encoded = ""] = sent.headers[0]?.[1].split(" ") ?? [];
    expect(Buffer.from(encoded, "base64").toString()).toBe(`user:${value}`);
  });

  test("the query, encoded for it", () => {
    const sent = envelope().reveal(message({ url: `https://api.example.com/?a=${key}&b=1` }));
    expect(sent.url.searchParams.get("a")).toBe(value);
    expect(sent.url.searchParams.get("b")).toBe("1");
  });

  test("a body, in the way of its content type", () => {
    expect(JSON.parse(bodyOf("application/json; charset=utf-8", JSON.stringify({ key })))).toEqual({
      key: value,
    });
    expect(new URLSearchParams(bodyOf("application/x-www-form-urlencoded", `key=${key}`)).get("key")).toBe(
      value,
    );
    expect(bodyOf("text/plain", `ü ${key} ü`)).toBe(`ü ${value} ü`);
  });

  test("a body of any bytes, which it leaves alone", () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const body = Buffer.concat([bytes, Buffer.from(key), bytes]);
    const sent = envelope().reveal({ ...message({}), body });
    expect(Buffer.from(sent.body)).toEqual(Buffer.concat([bytes, Buffer.from(value), bytes]));
  });
});

describe("a secret is not put in", () => {
  test.each([
    [
      "another host",
      `https://evil.example/?a=${key}`,
      "the secret KEY may not be sent to https://evil.example",
    ],
    [
      "a name that begins as its host does",
      `https://api.example.com.evil.example/?a=${key}`,
      "may not be sent",
    ],
    ["plain HTTP", `http://api.example.com/?a=${key}`, "may not be sent to http://api.example.com"],
    ["another port", `https://api.example.com:444/?a=${key}`, "may not be sent"],
  ])("what goes to %s", (_where, url, text) => {
    const refusal = expect.objectContaining({
      code: "secret-refused",
      message: expect.stringContaining(text),
    });
    expect(() => envelope().reveal(message({ url }))).toThrow(refusal);
  });

  test("the place of one that does not exist", () => {
    const missing = placeholders.of("MISSING");
    expect(() => envelope().reveal(message({ headers: [["a", missing]] }))).toThrow("has no secret MISSING");
  });

  test("the placeholder of another execution, or of nobody", () => {
    const foreign = placeholdersOf(new Uint8Array(32).fill(8)).of("KEY");
    const headers: [string, string][] = [
      ["a", foreign],
      ["b", "secret_KEY_00000000000000000000000000000000"],
    ];
    expect(envelope().reveal(message({ headers })).headers).toEqual(headers);
  });
});

describe("what comes back", () => {
  test.each([
    ["as it is", value],
    ["in a URL", encodeURIComponent(value)],
    ["in a form", new URLSearchParams({ value }).toString().slice("value=".length)],
    ["in JSON", JSON.stringify(value).slice(1, -1)],
    ["in a URL, in small letters", encodeURIComponent(value).replaceAll(/%../g, (hex) => hex.toLowerCase())],
    ["in JSON, its slashes escaped", JSON.stringify(value).slice(1, -1).replaceAll("/", "\\/")],
    ["in HTML", value.replace('"', "&quot;")],
    ["in base 64", Buffer.from(value).toString("base64")],
    ["in hexadecimal", Buffer.from(value).toString("hex")],
    ["in hexadecimal, in capitals", Buffer.from(value).toString("hex").toUpperCase()],
  ])("has the placeholder where a server echoes the secret %s", (_how, echo) => {
    const used = envelope();
    used.reveal(message({ headers: [["a", key]] }));
    expect(used.redactText(`<${echo}>`)).toBe(`<${key}>`);
    expect(Buffer.from(used.redactBytes(Buffer.from(`ü<${echo}>`))).toString()).toBe(`ü<${key}>`);
  });

  test.each(["", "u", "us", "use", "user:"])(
    "has it nowhere in what a server encoded in base 64, behind %j",
    (before) => {
      const used = envelope();
      used.reveal(message({ headers: [["a", key]] }));
      for (const encoding of ["base64", "base64url"] as const) {
        const echo = Buffer.from(`${before}${value}, and more`).toString(encoding);
        const told = [used.redactText(echo), Buffer.from(used.redactBytes(Buffer.from(echo))).toString()];
        for (const text of told) {
          expect(text).toContain(key);
          // At its ends it shares characters with what is beside it.
          expect(Buffer.from(text, "base64").toString("latin1")).not.toContain(value.slice(2, -2));
        }
      }
    },
  );

  test("is ASCII where servers escape the rest of it", () => {
    const text = "pässwörd-4711";
    const secrets: SecretSource = {
      find: () => ({ value: text, hosts: [parseHostPattern("api.example.com")] }),
    };
    const used = createEnvelope(secrets, { workflowId: "orders", placeholders });
    used.reveal(message({ headers: [["a", key]] }));
    expect(used.redactText("p\\u00e4ssw\\u00f6rd-4711")).toBe(key);
  });

  test("is left alone where no secret was sent", () => {
    const unused = envelope();
    const bytes = Buffer.from(value);
    expect(unused.redactText(value)).toBe(value);
    expect(unused.redactBytes(bytes)).toBe(bytes);
  });
});
