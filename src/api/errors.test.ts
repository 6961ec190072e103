import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../domain/errors.ts";
import {
  maxFileNameLength,
  maxIdempotencyKeyLength,
  maxJsonDepth,
  maxPageItems,
  maxPayloadBytes,
} from "../domain/limits.ts";
import {
  maxApiKeyNameLength,
  maxCursorLength,
  maxDeployBytes,
  maxDeployFiles,
  maxRequestBytes,
} from "./contract/limits.ts";
import { type AskOptions, readProblem, testApi } from "./testing/test-api.ts";

type Asked = readonly [method: string, path: string, request?: AskOptions];

/** The request, and the problem document that it gets. A workflow `order-sync` with one version exists. */
type Row = readonly [what: string, asked: Asked, status: `${number} ${ErrorCode}`, detail: string];

const row = (...row: Row): Row => row;

const deploy = "/workflows/order-sync/deploy";
const execute = "/workflows/order-sync/execute";
const activate = "/workflows/order-sync/activate";
const aStranger = "/executions/inv_999999999999999999999999";
const typed = (contentType: string, body: AskOptions["body"] & {}): AskOptions => ({
  body,
  headers: { "content-type": contentType },
});
const files = (names: readonly string[], entry?: string): AskOptions => ({
  json: { files: Object.fromEntries(names.map((name) => [name, "export const run = 1"])), entry },
});

const rows: readonly Row[] = [
  // Paths.
  ["an unknown path", ["GET", "/nothing/here"], "404 route-not-found", "No route for /nothing/here"],
  ["an extra slash", ["GET", "/workflows/"], "404 route-not-found", "No route for /workflows/"],
  [
    "a method that the path does not support",
    ["PUT", "/workflows"],
    "405 method-not-allowed",
    "use GET, HEAD, OPTIONS",
  ],
  [
    "an invalid percent-encoding in a path",
    ["GET", "/workflows/%zz"],
    "400 invalid-request",
    'path "/workflows/%zz"',
  ],
  ["a path that is not UTF-8", ["GET", "/workflows/%ff"], "400 invalid-request", 'path "/workflows/%ff"'],
  [
    "an invalid workflow ID",
    ["GET", "/workflows/Order_Sync"],
    "400 invalid-workflow-id",
    'Invalid workflow ID "Order_Sync"',
  ],
  [
    "a workflow id with an encoded slash",
    ["GET", "/workflows/a%2Fb"],
    "400 invalid-workflow-id",
    'Invalid workflow ID "a/b"',
  ],
  ["an unknown workflow", ["GET", "/workflows/missing"], "404 workflow-not-found", '"missing"'],
  ["deleting an unknown workflow", ["DELETE", "/workflows/missing"], "404 workflow-not-found", '"missing"'],
  [
    "an unknown version",
    ["GET", "/workflows/order-sync/versions/2"],
    "404 version-not-found",
    "no version 2",
  ],
  ...["0", "-1", "1.0", "1e3", "latest", "99999999999"].map((version) =>
    row(
      `the version ${version}`,
      ["GET", `/workflows/order-sync/versions/${version}`],
      "404 version-not-found",
      `Version "${version}" not found`,
    ),
  ),
  [
    "the component of an unknown version",
    ["GET", "/workflows/order-sync/versions/2/component.wasm"],
    "404 version-not-found",
    "no version 2",
  ],
  [
    "a malformed execution ID",
    ["GET", "/executions/42"],
    "404 execution-not-found",
    'Execution "42" not found',
  ],
  ["an unknown execution", ["GET", aStranger], "404 execution-not-found", "no execution"],
  [
    "cancelling an unknown execution",
    ["POST", `${aStranger}/cancel`],
    "404 execution-not-found",
    "no execution",
  ],
  [
    "retrying an unknown execution",
    ["POST", `${aStranger}/retry`],
    "404 execution-not-found",
    "no execution",
  ],
  ["an unknown API key", ["DELETE", "/api-keys/missing"], "404 api-key-not-found", '"missing"'],

  // Query parameters.
  [
    "an unknown query parameter",
    ["GET", "/workflows?page=2"],
    "400 invalid-request",
    'query parameter "page" is not known',
  ],
  [
    "a query parameter of a route without parameters",
    ["GET", "/workflows/order-sync?verbose"],
    "400 invalid-request",
    'query parameter "verbose" is not known',
  ],
  [
    "a repeated query parameter",
    ["GET", "/executions?workflow=a&workflow=b"],
    "400 invalid-request",
    'query parameter "workflow" is given twice',
  ],
  [
    "an invalid percent-encoding in a query parameter",
    ["GET", "/executions?workflow=%E0%A4%A"],
    "400 invalid-request",
    'query parameter "workflow" is not percent-encoded',
  ],
  ...["0", "-1", "ten", "1.5", `${maxPageItems + 1}`, ""].map((limit) =>
    row(
      `a limit of "${limit}"`,
      ["GET", `/workflows?limit=${limit}`],
      "400 invalid-request",
      'parameter "limit": use a whole number',
    ),
  ),
  [
    "a cursor that the list did not make",
    ["GET", "/workflows?cursor=mine"],
    "400 invalid-cursor",
    "Cannot read the cursor",
  ],
  [
    "a cursor that is too long",
    ["GET", `/workflows?cursor=${"c".repeat(maxCursorLength + 1)}`],
    "400 invalid-request",
    'query parameter "cursor"',
  ],
  [
    "an unknown status",
    ["GET", "/executions?status=done"],
    "400 invalid-request",
    'query parameter "status"',
  ],
  ["a filter by what is no workflow id", ["GET", "/executions?workflow=A"], "400 invalid-workflow-id", '"A"'],
  [
    "an invalid entry point",
    ["POST", `${execute}?entry-point=a%20b`],
    "400 invalid-entry-point",
    'Invalid entry point "a b"',
  ],

  // Headers.
  [
    "an idempotency key that is too long",
    ["POST", execute, { headers: { "idempotency-key": "k".repeat(maxIdempotencyKeyLength + 1) } }],
    "400 invalid-request",
    'header "idempotency-key": use 1 to 255 visible',
  ],
  [
    "an idempotency key with a space",
    ["POST", execute, { headers: { "idempotency-key": "a b" } }],
    "400 invalid-request",
    'header "idempotency-key"',
  ],

  // Bodies in general.
  [
    "a form, as sent by curl -d",
    ["POST", execute, typed("application/x-www-form-urlencoded", '{"orderId":1}')],
    "415 unsupported-media-type",
    "With curl, add: -H 'content-type: application/json'",
  ],
  [
    "an invalid content type",
    ["POST", execute, typed("json", "{}")],
    "415 unsupported-media-type",
    'type "json"',
  ],
  [
    "a charset other than UTF-8",
    ["POST", execute, typed("application/json; charset=latin1", "{}")],
    "415 unsupported-media-type",
    'charset "latin1"',
  ],
  [
    "a compressed body",
    [
      "POST",
      execute,
      { body: "{}", headers: { "content-type": "application/json", "content-encoding": "gzip" } },
    ],
    "415 unsupported-media-type",
    'content-encoding "gzip"',
  ],
  [
    "bytes that are not UTF-8",
    ["POST", execute, typed("application/json", new Uint8Array([0x22, 0xff, 0x22]))],
    "400 invalid-request",
    "it is not UTF-8",
  ],
  [
    "a body that is not JSON",
    ["POST", execute, typed("application/json", '{\n  "orderId": 1,\n}')],
    "400 invalid-json",
    "(line 3 column 1)",
  ],
  [
    "JSON that ends too early",
    ["POST", execute, typed("application/json", '{"orderId": ')],
    "400 invalid-json",
    "Unexpected end of JSON input",
  ],
  [
    "JSON that is nested too deep",
    ["POST", execute, typed("application/json", "[".repeat(maxJsonDepth + 1))],
    "400 invalid-json",
    `deeper than ${maxJsonDepth} levels`,
  ],
  [
    "4 MiB of opening brackets",
    ["POST", execute, typed("application/json", "[".repeat(maxPayloadBytes))],
    "400 invalid-json",
    `deeper than ${maxJsonDepth} levels`,
  ],
  [
    "a payload above the limit",
    ["POST", execute, typed("application/json", `"${"x".repeat(maxPayloadBytes - 1)}"`)],
    "413 body-too-large",
    `larger than ${maxPayloadBytes} bytes`,
  ],
  [
    "a request body above the limit of its route",
    ["POST", activate, typed("application/json", " ".repeat(maxRequestBytes + 1))],
    "413 body-too-large",
    `larger than ${maxRequestBytes} bytes`,
  ],

  // Deploys.
  [
    "a deploy without a content type",
    ["POST", deploy, typed("", new TextEncoder().encode("export const run = 1"))],
    "415 unsupported-media-type",
    "text/typescript",
  ],
  [
    "a deploy above the limit",
    ["POST", deploy, typed("text/typescript", "x".repeat(maxDeployBytes + 1))],
    "413 body-too-large",
    `larger than ${maxDeployBytes} bytes`,
  ],
  [
    "a deploy with an invalid workflow ID",
    ["POST", "/workflows/Orders/deploy", typed("text/typescript", "export const run = 1")],
    "400 invalid-workflow-id",
    '"Orders"',
  ],
  ["a deploy without a source", ["POST", deploy, { json: {} }], "400 invalid-request", 'body "source"'],
  [
    "an empty deploy",
    ["POST", deploy, typed("text/typescript", "")],
    "400 invalid-request",
    "the body: it is empty",
  ],
  ["a deploy that is a list", ["POST", deploy, { json: [] }], "400 invalid-request", "the body"],
  [
    "a deploy with an unknown key",
    ["POST", deploy, { json: { source: "export const run = 1", name: "x" } }],
    "400 invalid-request",
    'body "name" is not known',
  ],
  [
    "a deploy with a source and files",
    ["POST", deploy, { json: { source: "", files: { "a.ts": "" } } }],
    "400 invalid-request",
    'body "source" is not known',
  ],
  ["a deploy with no files", ["POST", deploy, files([])], "400 invalid-request", "one file at least"],
  [
    "a deploy with too many files",
    ["POST", deploy, files(Array.from({ length: maxDeployFiles + 1 }, (_, index) => `${index}.ts`))],
    "400 invalid-request",
    `${maxDeployFiles} files at most`,
  ],
  [
    "a deploy of a file that is an array",
    ["POST", deploy, { json: { files: "a.ts" } }],
    "400 invalid-request",
    'body "files"',
  ],
  [
    "a deploy without an entry file",
    ["POST", deploy, files(["a.ts", "b.ts"])],
    "400 invalid-request",
    'body "entry": say which of the files exports run',
  ],
  [
    "a deploy whose entry file is missing",
    ["POST", deploy, files(["a.ts", "b.ts"], "c.ts")],
    "400 invalid-request",
    'body "entry": there is no such file',
  ],
  ...[
    "../a.ts",
    "lib/../../a.ts",
    "/etc/passwd",
    "./a.ts",
    "lib//a.ts",
    "lib/",
    "lib\\a.ts",
    "C:/a.ts",
    "a\u0000.ts",
    "a\ud800.ts",
    "__proto__/a.ts",
  ].map((name) =>
    row(
      `a deploy of a file named ${JSON.stringify(name)}`,
      ["POST", deploy, files([name])],
      "400 invalid-request",
      "use a relative path",
    ),
  ),
  [
    "a deploy of a file named __proto__",
    ["POST", deploy, typed("application/json", '{"files":{"__proto__":"x","a.ts":"run"}}')],
    "400 invalid-request",
    'body "files.__proto__"',
  ],
  [
    "a deploy of a file with a name that is too long",
    ["POST", deploy, files([`${"a".repeat(maxFileNameLength - 2)}.ts`])],
    "400 invalid-request",
    "255 characters at most",
  ],
  [
    "a deploy of a file that is not text",
    ["POST", deploy, { json: { files: { "a.ts": 1 } } }],
    "400 invalid-request",
    'body "files.a.ts"',
  ],
  [
    "a deploy that does not export run",
    ["POST", deploy, typed("text/typescript", "export const walk = 1")],
    "422 missing-run",
    "does not export run",
  ],

  // Small requests.
  ["activating without a version", ["POST", activate, { json: {} }], "400 invalid-request", 'body "version"'],
  ["activating nothing", ["POST", activate], "400 invalid-request", "the body: it is empty"],
  ...[0, 1.5, "1", null].map((version) =>
    row(
      `activating the version ${JSON.stringify(version)}`,
      ["POST", activate, { json: { version } }],
      "400 invalid-request",
      'body "version"',
    ),
  ),
  [
    "activating an unknown version",
    ["POST", activate, { json: { version: 9 } }],
    "404 version-not-found",
    "no version 9",
  ],
  [
    "a retry from the failed step without a failed step",
    ["POST", `${aStranger}/retry`, { json: { from: "middle" } }],
    "400 invalid-request",
    'body "from"',
  ],
  ["an API key without a name", ["POST", "/api-keys", { json: {} }], "400 invalid-request", 'body "name"'],
  ...["", " ci", "ci ", "c\ni", "c".repeat(maxApiKeyNameLength + 1)].map((name) =>
    row(
      `an API key named ${JSON.stringify(name.slice(0, 8))}`,
      ["POST", "/api-keys", { json: { name } }],
      "400 invalid-request",
      'body "name": use',
    ),
  ),
  [
    "a key named like a prototype property",
    ["POST", "/api-keys", typed("application/json", '{"name":"ci","__proto__":{}}')],
    "400 invalid-request",
    'body "__proto__" is not known',
  ],
];

describe("a problem document is returned for", () => {
  test.each(rows)("%s", async (_what, [method, path, request], status, detail) => {
    const { ask, logged } = testApi();
    await ask("POST", deploy, { json: { source: "export const run = 1" } });
    const response = await ask(method, path, request);
    const problem = await readProblem(response);
    expect(`${response.status} ${problem.code}`).toBe(status);
    expect(problem.detail).toContain(detail);
    expect(problem.instance).toBe(new URL(path, "http://localhost").pathname);
    expect(logged).toEqual([]);
  });
});
