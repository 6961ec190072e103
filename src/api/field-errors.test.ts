import { describe, expect, test } from "vitest";
import { maxFieldErrorLength, maxFieldErrors } from "./contract/limits.ts";
import type { ProblemBody } from "./http/problem-schema.ts";
import { type AskOptions, readProblem, testApi } from "./testing/test-api.ts";

describe("the problem document of a request that breaks several rules", () => {
  test("lists each error with a pointer to its place in the body", async () => {
    const json = {
      name: "",
      scopes: ["fly"],
      workflows: ["orders", "No Slug"],
      expiresAt: "soon",
      "a/b~c é": 1,
    };
    const problem = await refused("POST", "/api-keys", { json });
    expect(problem.code).toBe("invalid-request");
    expect(placesOf(problem)).toEqual([
      "#/name",
      "#/scopes/0",
      "#/workflows/1",
      "#/expiresAt",
      "#/a~1b~0c%20%C3%A9",
    ]);
    expect(problem.errors).toContainEqual({
      pointer: "#/workflows/1",
      detail: 'Invalid workflow ID "No Slug": use a lower-case letter, then up to 62 of a-z, 0-9 and "-"',
    });
  });

  test("lists errors of the path, query, headers and body together", async () => {
    const secret = await refused("PUT", "/workflows/orders/secrets/lower?x=1", {
      json: { value: "short", hosts: ["two words", "api.example.com"] },
    });
    expect(placesOf(secret)).toEqual(["name", "x", "#/value", "#/hosts/0"]);
    const execution = await refused("POST", "/workflows/orders/execute?entry-point=-", {
      headers: { "idempotency-key": "two words" },
    });
    expect(placesOf(execution)).toEqual(["entry-point", "idempotency-key"]);
    expect(execution.errors?.[1]).toHaveProperty("header", "idempotency-key");
  });

  test("a single error has its own code and place", async () => {
    const query = await refused("GET", "/executions?workflow=No");
    expect([query.code, placesOf(query)]).toEqual(["invalid-workflow-id", ["workflow"]]);
    const webhook = await refused("POST", "/workflows/orders/webhooks", { json: { entryPoint: "-" } });
    expect([webhook.code, placesOf(webhook)]).toEqual(["invalid-entry-point", ["#/entryPoint"]]);
  });

  test("other problems list no field errors", async () => {
    const { ask } = testApi();
    for (const [method, path] of [
      ["GET", "/workflows/missing"],
      ["GET", "/executions/42"],
      ["POST", "/workflows/orders/activate"],
    ] as const)
      expect(await readProblem(await ask(method, path))).not.toHaveProperty("errors");
  });

  test("the number and size of listed errors are limited", async () => {
    const long = "x/".repeat(20_000);
    const names = Array.from({ length: 500 }, (_, index) => [`../${index}`, ""] as const);
    const json = { files: { ...Object.fromEntries(names), [long]: "" }, entry: long, [long]: 1 };
    const problem = await refused("POST", "/workflows/orders/deploy", { json });
    expect(problem.errors).toHaveLength(maxFieldErrors);
    expect(JSON.stringify(problem).length).toBeLessThan(maxFieldErrors * 3 * maxFieldErrorLength);
    expect(problem.detail).toMatch(/; and \d+ more$/);
  });
});

async function refused(method: string, path: string, request: AskOptions = {}): Promise<ProblemBody> {
  return await readProblem(await testApi().ask(method, path, request));
}

function placesOf({ errors = [] }: ProblemBody): readonly (string | undefined)[] {
  return errors.map(({ pointer, parameter, header }) => pointer ?? parameter ?? header);
}
