import { expect, test } from "vitest";
import { causeOf } from "./failure-cause.ts";
import type { WorkflowId } from "../ids.ts";

const orders = "orders" as WorkflowId;

function causeWith(message: string, stack = "at total (orders.ts:12:7)\nat run (orders.ts:3:9)") {
  return causeOf(orders, "workflow-failed", { name: "TypeError", message, stack });
}

test("a cause names the error and the innermost place in the author's files", () => {
  const stack = "at parse (node_modules/csv/index.js:4:1)\nat total (orders.ts:12:7)";
  expect(causeWith("x is not a number", stack)).toEqual({
    failureId: expect.stringMatching(/^[0-9a-f]{16}$/),
    code: "workflow-failed",
    name: "TypeError",
    message: "x is not a number",
    at: { file: "orders.ts", line: 12 },
  });
  expect(causeWith("x", "at orders.ts:4:1").at).toEqual({ file: "orders.ts", line: 4 });
  expect(causeOf(orders, "out-of-memory", { name: "Error", message: "x" })).not.toHaveProperty("at");
});

test.each([
  ["numbers", "Order 4711 not found", "Order 12 not found"],
  ["addresses", "No user ann@example.com", "No user bob.b@mail.example.org"],
  ["UUIDs", "Key 0c7f2f0e-6a3b-4c1d-9d1e-1a2b3c4d5e6f", "Key 1c7f2f0e-6a3b-4c1d-9d1e-ffffffffffff"],
  ["digests", "Blob deadbeef01 is gone", "Blob 0123456789abcdef is gone"],
  ["executions", "inv_1gdiJtL0bTjQ0W6O9ODv3AkSz failed", "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFf failed"],
])("messages that differ in %s have the same cause", (_, one, other) => {
  expect(causeWith(one).failureId).toBe(causeWith(other).failureId);
});

test("a line that moves within its function does not change the cause, and another function does", () => {
  const { failureId } = causeWith("x");
  expect(causeWith("x", "at total (orders.ts:14:2)").failureId).toBe(failureId);
  expect(causeWith("x", "at tax (orders.ts:12:7)").failureId).not.toBe(failureId);
  expect(causeWith("y").failureId).not.toBe(failureId);
  const ofAnother = causeOf("refunds" as WorkflowId, "workflow-failed", { name: "TypeError", message: "x" });
  expect(ofAnother.failureId).not.toBe(causeWith("x", "").failureId);
});

test("a huge message is shortened, and takes no time", () => {
  const { message } = causeWith("a1".repeat(1_000_000), "at (((".repeat(10_000));
  expect(message).toHaveLength(500);
});
