import { expect } from "vitest";
import { completed } from "../behaviour.ts";
import type { Behaviour } from "../behaviour.ts";

export const fetching: readonly Behaviour[] = [
  {
    name: "fetch_json",
    area: "fetch",
    title: "JSON and headers, sent and received",
    shown: {
      typescript: 'fetch(url, { method: "POST", body: JSON.stringify(order), headers })',
      python: "await fetch(url, json=order, headers=headers)",
    },
    differs:
      "The response's `json()` and `text()` are awaited in TypeScript only. In Python, `method` is POST if there is a body.",
    source: {
      typescript: `export async function run(ctx, { url }) {
  const headers = { "content-type": "application/json", "x-test": "yes" };
  const response = await fetch(url + "/echo", { method: "POST", headers, body: JSON.stringify({ ä: [1, null] }) });
  const { type, test, body } = await response.json();
  return [response.status, response.ok, response.headers.get("Content-Type"), type, test, JSON.parse(body)];
}`,
      python: `
import json
from duranium import fetch

async def run(ctx, payload):
    response = await fetch(payload["url"] + "/echo", json={"ä": [1, None]}, headers={"x-test": "yes"})
    echo = response.json()
    return [response.status, response.ok, response.headers["Content-Type"], echo["type"], echo["test"],
            json.loads(echo["body"])]
`,
    },
    outcome: completed([200, true, "application/json", "application/json", "yes", { ä: [1, null] }]),
  },
  {
    name: "fetch_form",
    area: "fetch",
    title: "Forms, query parameters and basic authentication",
    shown: {
      typescript: "body: new URLSearchParams({ … })",
      python: "data={…}, params={…}, auth=(user, password)",
    },
    source: {
      typescript: `export async function run(ctx, { url }) {
  const address = new URL(url + "/echo");
  address.search = new URLSearchParams({ q: "a b" });
  const headers = { authorization: "Basic " + btoa("u:p") };
  const body = new URLSearchParams({ name: "ü", n: "1" });
  const echo = await (await fetch(address, { method: "POST", headers, body })).json();
  return [echo.query, echo.type.split(";")[0], echo.authorization, echo.body];
}`,
      python: `
from duranium import fetch

async def run(ctx, payload):
    response = await fetch(payload["url"] + "/echo", params={"q": "a b"}, data={"name": "ü", "n": 1}, auth=("u", "p"))
    echo = response.json()
    return [echo["query"], echo["type"].split(";")[0], echo["authorization"], echo["body"]]
`,
    },
    outcome: completed(["q=a+b", "application/x-www-form-urlencoded", "Basic dTpw", "name=%C3%BC&n=1"]),
  },
  {
    name: "fetch_bytes",
    area: "fetch",
    title: "Bytes, and text in the charset of the response",
    shown: { typescript: "await response.arrayBuffer()", python: "response.content" },
    differs: "`text()` is always decoded as UTF-8 in TypeScript, as the Fetch standard requires.",
    source: {
      typescript: `export async function run(ctx, { url }) {
  const bytes = await (await fetch(url + "/bytes")).arrayBuffer();
  const latin = await (await fetch(url + "/latin")).arrayBuffer();
  return [...new Uint8Array(bytes), new TextDecoder("latin1").decode(latin)];
}`,
      python: `
from duranium import fetch

async def run(ctx, payload):
    response = await fetch(payload["url"] + "/bytes")
    return [*response.content, (await fetch(payload["url"] + "/latin")).text()]
`,
    },
    outcome: completed([0, 255, 128, 10, "ü"]),
  },
  {
    name: "fetch_status",
    area: "fetch",
    title: "An error status is a response, not a failure",
    shown: { typescript: "if (!response.ok) …", python: "response.raise_for_status()" },
    source: {
      typescript: `export async function run(ctx, { url }) {
  const response = await fetch(url + "/broken");
  return [response.status, response.ok];
}`,
      python: `
from duranium import ResponseError, fetch

async def run(ctx, payload):
    response = await fetch(payload["url"] + "/broken")
    try:
        response.raise_for_status()
    except ResponseError as error:
        return [error.status, response.ok]
`,
    },
    outcome: completed([503, false]),
  },
  {
    name: "fetch_timeout",
    area: "fetch",
    title: "A timeout of a request",
    shown: { typescript: "fetch(url, { timeout: 2_000 })", python: "await fetch(url, timeout=2)" },
    differs: "Python raises `FetchTimeoutError`, which is a `TimeoutError`.",
    source: {
      typescript: `export async function run(ctx, { url }) {
  return await fetch(url + "/never", { timeout: 50 }).catch(({ name }) => name === "TimeoutError");
}`,
      python: `
from duranium import fetch

async def run(ctx, payload):
    try:
        await fetch(payload["url"] + "/never", timeout=0.05)
    except TimeoutError:
        return True
`,
    },
    outcome: completed(true),
  },
  {
    name: "fetch_redirect",
    area: "fetch",
    title: "Redirects, followed or not",
    shown: {
      typescript: 'fetch(url, { redirect: "manual" })',
      python: 'await fetch(url, redirect="manual")',
    },
    source: {
      typescript: `export async function run(ctx, { url }) {
  const followed = await fetch(url + "/away");
  const manual = await fetch(url + "/away", { redirect: "manual" });
  return [followed.redirected, await followed.json(), manual.status, manual.headers.get("location")];
}`,
      python: `
from duranium import fetch

async def run(ctx, payload):
    followed = await fetch(payload["url"] + "/away")
    manual = await fetch(payload["url"] + "/away", redirect="manual")
    return [followed.redirected, followed.json(), manual.status, manual.headers["location"]]
`,
    },
    outcome: completed([true, "moved", 302, "/prompt?moved"]),
  },
  {
    name: "fetch_retry",
    area: "fetch",
    title: "Retries of a request, as one step",
    shown: {
      typescript: "fetch(url, { retry: { limit: 3 } })",
      python: 'await fetch(url, retry={"limit": 3})',
    },
    source: {
      typescript: `export async function run(ctx, { url, name }) {
  const response = await fetch(url + "/flaky?" + name, { retry: { limit: 3, delay: 5 } });
  return [response.status, await response.json()];
}`,
      python: `
from duranium import fetch

async def run(ctx, payload):
    response = await fetch(f"{payload['url']}/flaky?{payload['name']}", retry={"limit": 3, "delay": "5ms"})
    return [response.status, response.json()]
`,
    },
    outcome: completed([200, 3]),
    async check(_, { steps }) {
      expect(steps.filter(({ name }: { name: string }) => name.startsWith("fetch"))).toHaveLength(1);
    },
  },
  {
    name: "fetch_refused",
    area: "fetch",
    title: "An address that is not allowed",
    shown: { typescript: "a `TypeError` with a `cause`", python: "a `FetchError` with a `code`" },
    differs: "TypeScript rejects with a `TypeError`, as the Fetch standard requires.",
    source: {
      typescript: `export async function run() {
  return await fetch("http://169.254.169.254/").catch(({ name, message }) => [name, message]);
}`,
      python: `
from duranium import FetchError, fetch

async def run(ctx, payload):
    try:
        await fetch("http://169.254.169.254/")
    except FetchError as error:
        return [type(error).__name__, str(error)]
`,
    },
    outcome: {
      typescript: completed(["TypeError", expect.stringContaining("169.254.169.254")]),
      python: completed(["FetchError", expect.stringContaining("169.254.169.254")]),
    },
  },
  {
    name: "fetch_concurrent",
    area: "fetch",
    title: "Several requests at the same time",
    shown: { typescript: "await Promise.all([…])", python: "await asyncio.gather(…)" },
    source: {
      typescript: `export async function run(ctx, { url }) {
  const answers = await Promise.all(["/slow", "/prompt?b", "/prompt?c"].map((path) => fetch(url + path)));
  return await Promise.all(answers.map((answer) => answer.json()));
}`,
      python: `
import asyncio
from duranium import fetch

async def run(ctx, payload):
    answers = await asyncio.gather(*(fetch(payload["url"] + path) for path in ("/slow", "/prompt?b", "/prompt?c")))
    return [answer.json() for answer in answers]
`,
    },
    outcome: completed(["slow", "b", "c"]),
  },
  {
    // A module of Python has the name `secrets`.
    name: "secret_values",
    area: "fetch",
    title: "Secrets, which leave the sandbox as placeholders",
    shown: { typescript: "ctx.secrets.API_KEY", python: "ctx.secrets.API_KEY" },
    source: {
      typescript: `export async function run(ctx, { url }) {
  const headers = { "x-test": ctx.secrets.API_KEY };
  const isPlaceholder = /^secret_API_KEY_[0-9a-f]{32}$/.test(ctx.secrets.API_KEY);
  const { body } = await (await fetch(url + "/echo", { method: "POST", headers, body: ctx.secrets.API_KEY })).json();
  const signature = await ctx.secrets.hmacSha256("API_KEY", "data");
  return [isPlaceholder, body === ctx.secrets.API_KEY, new Uint8Array(signature)[0]];
}`,
      python: `
import re
from duranium import fetch

async def run(ctx, payload):
    is_placeholder = re.fullmatch("secret_API_KEY_[0-9a-f]{32}", ctx.secrets.API_KEY) is not None
    response = await fetch(payload["url"] + "/echo", data=ctx.secrets.API_KEY, headers={"x-test": ctx.secrets.API_KEY})
    signature = await ctx.secrets.hmac_sha256("API_KEY", "data")
    return [is_placeholder, response.json()["body"] == ctx.secrets.API_KEY, signature[0]]
`,
    },
    outcome: completed([true, true, 0xcd]),
    async check({ target }) {
      const sent = target.seen.filter(({ body }) => body === "sk-1234567890");
      expect(sent.length).toBeGreaterThan(0);
      expect(sent[0]?.headers["x-test"]).toBe("sk-1234567890");
    },
  },
];
