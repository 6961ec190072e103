import { describe, expect, test } from "vitest";
import { parseHostPattern } from "../../domain/host-pattern.ts";
import type { Envelope } from "../network/envelope.ts";
import { placeholdersOf } from "../seed/secret-placeholder.ts";
import { orders } from "../testing/executions.ts";
import { createEnvelope } from "./secrets.ts";
import type { SecretSource } from "./secrets.ts";

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

async function redactedBody(used: Envelope, body: string): Promise<string> {
  return Buffer.from(await used.redactBytes(Buffer.from(body), Infinity)).toString();
}

async function bodyOf(type: string, body: string): Promise<string> {
  const sent = await envelope().reveal(message({ headers: [["Content-Type", type]], body }));
  return Buffer.from(sent.body).toString();
}

describe("a placeholder is replaced in", () => {
  test("a header, as plain text", async () => {
    const sent = await envelope().reveal(message({ headers: [["authorization", `Bearer ${key}`]] }));
    expect(sent.headers).toEqual([["authorization", `Bearer ${value}`]]);
  });

  test("basic authentication, within base64", async () => {
    const basic = Buffer.from(`user:${key}`).toString("base64");
    const sent = await envelope().reveal(message({ headers: [["authorization", `Basic ${basic}`]] }));
    const [, encoded = ""] = sent.headers[0]?.[1].split(" ") ?? [];
    expect(Buffer.from(encoded, "base64").toString()).toBe(`user:${value}`);
  });

  test("the query, percent-encoded", async () => {
    const sent = await envelope().reveal(message({ url: `https://api.example.com/?a=${key}&b=1` }));
    expect(sent.url.searchParams.get("a")).toBe(value);
    expect(sent.url.searchParams.get("b")).toBe("1");
  });

  test("a body, encoded for its content type", async () => {
    expect(JSON.parse(await bodyOf("application/json; charset=utf-8", JSON.stringify({ key })))).toEqual({
      key: value,
    });
    expect(
      new URLSearchParams(await bodyOf("application/x-www-form-urlencoded", `key=${key}`)).get("key"),
    ).toBe(value);
    expect(await bodyOf("text/plain", `ü ${key} ü`)).toBe(`ü ${value} ü`);
  });

  test("a body of arbitrary bytes, which stay unchanged", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const body = Buffer.concat([bytes, Buffer.from(key), bytes]);
    const sent = await envelope().reveal({ ...message({}), body });
    expect(Buffer.from(sent.body)).toEqual(Buffer.concat([bytes, Buffer.from(value), bytes]));
  });
});

describe("a placeholder is not replaced in", () => {
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
  ])("a request to %s", async (_where, url, text) => {
    const refusal = expect.objectContaining({
      code: "secret-refused",
      message: expect.stringContaining(text),
    });
    await expect(envelope().reveal(message({ url }))).rejects.toThrow(refusal);
  });

  test("a request with a placeholder of a missing secret", async () => {
    const missing = placeholders.of("MISSING");
    await expect(envelope().reveal(message({ headers: [["a", missing]] }))).rejects.toThrow(
      "has no secret MISSING",
    );
  });

  test("a request with the placeholder of another execution, or an invalid one", async () => {
    const foreign = placeholdersOf(new Uint8Array(32).fill(8)).of("KEY");
    const headers: [string, string][] = [
      ["a", foreign],
      ["b", "secret_KEY_00000000000000000000000000000000"],
    ];
    expect((await envelope().reveal(message({ headers }))).headers).toEqual(headers);
  });
});

describe("a response", () => {
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
  ])("has the placeholder if a server echoes the secret %s", async (_how, echo) => {
    const used = envelope();
    await used.reveal(message({ headers: [["a", key]] }));
    expect(used.redactText(`<${echo}>`)).toBe(`<${key}>`);
    expect(await redactedBody(used, `ü<${echo}>`)).toBe(`ü<${key}>`);
  });

  test.each(["", "u", "us", "use", "user:"])(
    "does not contain the secret within base64 text, after %j",
    async (before) => {
      const used = envelope();
      await used.reveal(message({ headers: [["a", key]] }));
      for (const encoding of ["base64", "base64url"] as const) {
        const echo = Buffer.from(`${before}${value}, and more`).toString(encoding);
        const told = [used.redactText(echo), await redactedBody(used, echo)];
        for (const text of told) {
          expect(text).toContain(key);
          // At its ends it shares characters with what is beside it.
          expect(Buffer.from(text, "base64").toString("latin1")).not.toContain(value.slice(2, -2));
        }
      }
    },
  );

  test("recognizes a secret whose characters are escaped", async () => {
    const text = "pässwörd-4711";
    const secrets: SecretSource = {
      find: () => ({ value: text, hosts: [parseHostPattern("api.example.com")] }),
    };
    const used = createEnvelope(secrets, { workflowId: "orders", placeholders });
    await used.reveal(message({ headers: [["a", key]] }));
    expect(used.redactText("p\\u00e4ssw\\u00f6rd-4711")).toBe(key);
  });

  test("does not contain the secret in a header, in either encoding", async () => {
    const text = "pässwörd-4711";
    const secrets: SecretSource = {
      find: () => ({ value: text, hosts: [parseHostPattern("api.example.com")] }),
    };
    const used = createEnvelope(secrets, { workflowId: "orders", placeholders });
    await used.reveal(message({ headers: [["a", key]] }));
    for (const encoding of ["latin1", "utf8"] as const) {
      expect(used.redactText(`<${Buffer.from(text, encoding).toString("latin1")}>`)).toBe(`<${key}>`);
    }
    expect(used.redactText(`→ ${text}`)).toBe(`→ ${key}`);
  });

  test("is unchanged if no secret was sent", async () => {
    const unused = envelope();
    const bytes = Buffer.from(value);
    expect(unused.redactText(value)).toBe(value);
    expect(await unused.redactBytes(bytes, bytes.length)).toBe(bytes);
  });
});

describe("secrets whose replacement grows", () => {
  const names = Array.from({ length: 20 }, (_, index) => `K${index}`);

  test("values that contain each other's placeholders become one placeholder", async () => {
    // Replaced in sequence, eight bytes would grow until the process runs out of memory.
    const values = Object.fromEntries(
      names.map((name, index) => [name, `secret_K${index === 0 ? 19 : index - 1}`]),
    );
    const { used, reveal } = envelopeOf({ ...values, K0: "secret_K" });
    await reveal();
    expect(await redactedBody(used, "secret_K")).toBe(placeholders.of("K0"));
    expect(used.redactText("secret_K")).toBe(placeholders.of("K0"));
  });

  test("a body full of a short secret is rejected by the size of the result", async () => {
    const { used, reveal } = envelopeOf({ SHORT: "eightchr" });
    await reveal();
    const body = Buffer.from("eightchr".repeat(2 * 1024 * 1024));
    const refusal = { code: "limit-exceeded", message: expect.stringContaining("fetchResponseBytes") };
    await expect(used.redactBytes(body, body.length)).rejects.toMatchObject(refusal);
    const atLimit = placeholders.of("SHORT").length * 3;
    expect(await used.redactBytes(Buffer.from("eightchr".repeat(3)), atLimit)).toHaveLength(atLimit);
    await expect(used.redactBytes(Buffer.from("eightchr".repeat(3)), atLimit - 1)).rejects.toMatchObject(
      refusal,
    );
  });

  test("the redaction of twenty similar secrets does not block the thread", async () => {
    const values = Object.fromEntries(names.map((name, index) => [name, `${"a".repeat(200 + index)}b`]));
    const { used, reveal } = envelopeOf(values);
    await reveal();
    let pauses = 0;
    const ticking = setInterval(() => (pauses += 1), 1);
    const body = Buffer.alloc(8 * 1024 * 1024, "a");
    expect(await used.redactBytes(body, body.length)).toBe(body);
    clearInterval(ticking);
    // In one piece it took two seconds, without any.
    expect(pauses).toBeGreaterThan(8);
  });

  test("too many placeholders in a request are rejected before they are replaced", async () => {
    const large = "x".repeat(16 * 1024);
    const { used } = envelopeOf({ LARGE: large });
    const body = placeholders.of("LARGE").repeat(1_000);
    const refusal = expect.objectContaining({ code: "limit-exceeded" });
    await expect(used.reveal(message({ body }))).rejects.toThrow(refusal);
    const headers: [string, string][] = Array.from({ length: 5 }, () => ["a", placeholders.of("LARGE")]);
    await expect(used.reveal(message({ headers }))).rejects.toThrow(refusal);
    await expect(used.reveal(message({ headers: headers.slice(0, 3) }))).resolves.toBeDefined();
  });

  test("a value that is another placeholder is not replaced again", async () => {
    const { used } = envelopeOf({ A: placeholders.of("B").repeat(100), B: "b".repeat(1_000) });
    const sent = await used.reveal(message({ body: placeholders.of("A") }));
    expect(Buffer.from(sent.body).toString()).toBe(placeholders.of("B").repeat(100));
  });

  test("too many large secrets in one request are rejected", async () => {
    const { reveal } = envelopeOf(Object.fromEntries(names.map((name) => [name, name.repeat(2_000)])));
    await expect(reveal()).rejects.toThrow("maxRevealedSecretBytes");
  });
});

/** Values by name; each may be sent to the host of the tests. */
function envelopeOf(values: Readonly<Record<string, string>>) {
  const secrets: SecretSource = {
    find: (_workflowId, name) => ({
      value: values[name] ?? "",
      hosts: [parseHostPattern("api.example.com")],
    }),
  };
  const used = createEnvelope(secrets, { workflowId: "orders", placeholders });
  const reveal = async () =>
    await used.reveal(message({ headers: Object.keys(values).map((name) => ["a", placeholders.of(name)]) }));
  return { used, reveal };
}
