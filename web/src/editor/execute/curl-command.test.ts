import { expect, test } from "vitest";
import { curlCommand } from "./curl-command.ts";

test("the command sends the request of the panel and waits for the result", () => {
  const request = { workflowId: "orders", payload: { n: 1 }, entryPoint: "a/b", idempotencyKey: "order-1" };
  expect(curlCommand("http://127.0.0.1:3000", request).split(" \\\n  ")).toEqual([
    "curl 'http://127.0.0.1:3000/workflows/orders/execute?entry-point=a%2Fb'",
    '--header "authorization: Bearer $DURANIUM_API_KEY"',
    "--header 'content-type: application/json'",
    "--header 'prefer: wait=20'",
    "--header 'idempotency-key: order-1'",
    `--data-binary '{"n":1}'`,
  ]);
});

test("quotes in a payload or a key are escaped for the shell", () => {
  const request = { workflowId: "orders", payload: "it's", entryPoint: "", idempotencyKey: "a'$(date)" };
  const command = curlCommand("http://127.0.0.1:3000", request);
  expect(command).toContain(`'idempotency-key: a'\\''$(date)'`);
  expect(command).toContain(`--data-binary '"it'\\''s"'`);
});

test("the command of a later start does not wait", () => {
  const request = { workflowId: "orders", payload: 1, entryPoint: "", idempotencyKey: "", delay: "PT1H" };
  const command = curlCommand("http://127.0.0.1:3000", request);
  expect(command).toContain("/workflows/orders/execute?delay=PT1H'");
  expect(command).not.toContain("prefer");
});
